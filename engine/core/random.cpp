#include "core/random.hpp"

#include <Random123/philox.h>

#include <cmath>

#include "core/error.hpp"

namespace lithiate {

Random::Random(std::uint64_t seed, Purpose why, std::uint64_t place, std::uint64_t cycle) noexcept
    : key_{seed, static_cast<std::uint64_t>(why)}, counter_{0, 0, place, cycle} {}

void Random::refill() noexcept {
  const r123::Philox4x64::ctr_type counter{{counter_[0], counter_[1], counter_[2], counter_[3]}};
  const r123::Philox4x64::key_type key{{key_[0], key_[1]}};
  const auto block = r123::Philox4x64()(counter, key);
  for (std::size_t i = 0; i < 4; ++i) block_[i] = block[i];
  ++counter_[0];
  next_ = 0;
}

Random::Saved Random::saved() const noexcept {
  return {key_[0],
          key_[1],
          counter_[0],
          counter_[1],
          counter_[2],
          counter_[3],
          static_cast<std::uint64_t>(next_)};
}

Random Random::restored(const Saved& saved) {
  if (saved[6] > 4 || (saved[6] < 4 && saved[2] == 0))
    throw InputError("saved random stream: its place in a block is not one");
  Random random(saved[0], static_cast<Purpose>(saved[1]), saved[4], saved[5]);
  random.counter_ = {saved[2], saved[3], saved[4], saved[5]};
  if (saved[6] == 4) return random;
  --random.counter_[0];
  random.refill();
  random.next_ = static_cast<int>(saved[6]);
  return random;
}

double Random::normal() noexcept {
  const double radius = std::sqrt(-2.0 * std::log(uniform_nonzero()));
  return radius * std::cos(2.0 * M_PI * uniform());
}

}  // namespace lithiate
