#include "mc/tempering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "parallel/threads.hpp"

namespace lithiate::mc {
namespace {

/// About a millisecond: waiting for each other costs threads more than that where cores are shared.
constexpr std::int64_t trials_worth_threads = 20'000;

}  // namespace

template <class Ensemble>
Tempering<Ensemble>::Tempering(const LatticeModel& model, const std::vector<Rung>& rungs,
                               const std::vector<Species>& occ, std::uint64_t seed,
                               std::uint64_t ladder)
    : model_(model),
      random_(seed, Purpose::replica_swap, ladder),
      replica_(rungs.size()),
      seen_(rungs.size(), neither),
      tried_(rungs.size() - 1),
      accepted_(rungs.size() - 1) {
  assert(rungs.size() > 1);
  for (std::size_t k = 0; k < rungs.size(); ++k)
    walks_.emplace_back(model, rungs[k].ensemble, occ, rungs[k].temperature_K,
                        Random(seed, Purpose::mc_step, ladder, k + 1));
  std::iota(replica_.begin(), replica_.end(), 0);
  note_ends();
}

template <class Ensemble>
void Tempering<Ensemble>::round(std::int64_t sweeps) {
  const auto run = [&](std::ptrdiff_t k, int) {
    for (std::int64_t s = 0; s < sweeps; ++s) walks_[static_cast<std::size_t>(k)].sweep();
  };
  if (sweeps * model_.n_sites() * std::ssize(walks_) >= trials_worth_threads) {
    parallel::for_each(std::ssize(walks_), run);
  } else {
    for (std::ptrdiff_t k = 0; k < std::ssize(walks_); ++k) run(k, 0);
  }
  for (auto k = static_cast<std::size_t>(rounds_ % 2); k + 1 < size(); k += 2) {
    ++tried_[k];
    const double exponent = swap_exponent(k);
    if (exponent < 0.0 && random_.uniform() >= std::exp(exponent)) continue;
    swap(k);
    ++accepted_[k];
  }
  note_ends();
  ++rounds_;
}

template <class Ensemble>
double Tempering<Ensemble>::potential_eV(std::size_t rung,
                                         std::size_t configuration) const noexcept {
  const auto& walk = walks_[configuration];
  return walk.energy_eV() - walks_[rung].ensemble().chemical_eV(walk.occupation());
}

template <class Ensemble>
double Tempering<Ensemble>::swap_exponent(std::size_t k) const noexcept {
  return walks_[k].beta() * (potential_eV(k, k) - potential_eV(k, k + 1)) +
         walks_[k + 1].beta() * (potential_eV(k + 1, k + 1) - potential_eV(k + 1, k));
}

template <class Ensemble>
void Tempering<Ensemble>::swap(std::size_t k) {
  walks_[k].exchange(walks_[k + 1]);
  std::swap(replica_[k], replica_[k + 1]);
}

template <class Ensemble>
double Tempering<Ensemble>::acceptance(std::size_t k) const noexcept {
  return tried_[k] > 0 ? static_cast<double>(accepted_[k]) / static_cast<double>(tried_[k]) : 0.0;
}

template <class Ensemble>
void Tempering<Ensemble>::note_ends() noexcept {
  auto& at_first = seen_[static_cast<std::size_t>(replica_.front())];
  auto& at_last = seen_[static_cast<std::size_t>(replica_.back())];
  round_trips_ += at_first == first_then_last;
  at_first = first;
  if (at_last == first) at_last = first_then_last;
}

template <class Ensemble>
void Tempering<Ensemble>::save(Archive& archive) const {
  for (std::size_t k = 0; k < size(); ++k) walks_[k].save(archive, fmt::format("rung{}-", k));
  const Random::Saved random = random_.saved();
  archive.put("random", std::vector<std::uint64_t>(random.begin(), random.end()));
  archive.put("replica", replica_);
  archive.put("seen", seen_);
  archive.put("tried", tried_);
  archive.put("accepted", accepted_);
  archive.put<std::int64_t>("rounds", {rounds_, round_trips_});
}

template <class Ensemble>
void Tempering<Ensemble>::restore(const Archive& archive) {
  const auto take = [&]<class T>(const char* name, std::vector<T>& into) {
    const auto& from = archive.get<T>(name);
    if (from.size() != into.size())
      throw InputError(fmt::format("checkpoint: '{}' is of another ladder", name));
    into = from;
  };
  for (std::size_t k = 0; k < size(); ++k) walks_[k].restore(archive, fmt::format("rung{}-", k));
  std::vector<std::uint64_t> random(Random::Saved{}.size());
  std::vector<std::int64_t> rounds(2);
  take("random", random);
  take("replica", replica_);
  take("seen", seen_);
  take("tried", tried_);
  take("accepted", accepted_);
  take("rounds", rounds);
  for (const std::int64_t replica : replica_)
    if (replica < 0 || replica >= std::ssize(replica_))
      throw InputError("checkpoint: 'replica' is of another ladder");
  Random::Saved saved{};
  std::copy(random.begin(), random.end(), saved.begin());
  random_ = Random::restored(saved);
  rounds_ = rounds[0];
  round_trips_ = rounds[1];
}

template class Tempering<SemiGrand>;
template class Tempering<Canonical>;
template class Tempering<NeutralSemiGrand>;

}  // namespace lithiate::mc
