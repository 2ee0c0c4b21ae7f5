#include "core/random.hpp"

#include <Random123/philox.h>

#include <cmath>

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

double Random::normal() noexcept {
  const double radius = std::sqrt(-2.0 * std::log(uniform_nonzero()));
  return radius * std::cos(2.0 * M_PI * uniform());
}

}  // namespace lithiate
