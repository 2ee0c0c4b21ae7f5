#include "kmc/thinning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

#include "core/error.hpp"
#include "kmc/hop_energies.hpp"

namespace lithiate::kmc {

std::optional<Thinning> Thinning::make(const model::LatticeModel& model,
                                       const model::HopTable& hops, const RateModel& rates,
                                       const State& state, const Random& random) {
  if (!HopEnergies::applies(model, hops)) return std::nullopt;
  auto energies = model::BinaryEnergies::make(model, hops.mobile_species(model),
                                              hops.reach() + hops.rate_reach());
  if (!energies) return std::nullopt;
  auto local = LocalRatePolynomials::make(hops, *energies);
  if (!local) return std::nullopt;
  energies->assign(model, state.occupation);
  return Thinning(model, hops, rates, state, random, std::move(*energies), std::move(*local));
}

Thinning::Thinning(const model::LatticeModel& model, const model::HopTable& hops,
                   const RateModel& rates, const State& state, const Random& random,
                   model::BinaryEnergies energies, LocalRatePolynomials local)
    : model_(model),
      hops_(hops),
      state_(state),
      random_(random),
      energies_(std::move(energies)),
      by_ions_(2 * std::ssize(state.site_of) <= model.n_sites()),
      chances_(model, hops, rates, energies_, std::move(local),
               by_ions_ ? HopChances::From::ion : HopChances::From::vacancy,
               HopChances::Bounds::own) {
  if (!by_ions_) {
    ion_at_ = ions_by_site(state_);
    for (SiteIndex site = 0; site < model_.n_sites(); ++site)
      if (!energies_.occupied(site)) vacancies_.push_back(site);
  }
  share_out();
}

void Thinning::resume(std::vector<SiteIndex> vacancies, std::int64_t trials) {
  auto sorted = vacancies;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != vacancies_ || trials < 0)
    throw InputError("kMC: the stored vacancies are not those of the occupation");
  vacancies_ = std::move(vacancies);
  trials_ = trials;
}

/// Divides the 64-bit numbers among the hops of a carrier by their bounds. Sublattices with a
/// smaller sum than the largest leave a rest, with which nothing is tried.
void Thinning::share_out() {
  double largest_Hz = 0.0;
  const auto sum_Hz = [](const std::vector<HopChances::Trial>& trials) {
    return std::accumulate(trials.begin(), trials.end(), 0.0,
                           [](double sum, const HopChances::Trial& t) { return sum + t.bound_Hz; });
  };
  for (int b = 0; b < hops_.n_sublattices(); ++b)
    largest_Hz = std::max(largest_Hz, sum_Hz(chances_.trials(b)));
  trial_rate_Hz_ = static_cast<double>(std::ssize(carriers())) * largest_Hz;
  constexpr double equal = 1e-12;
  for (int b = 0; b < hops_.n_sublattices(); ++b) {
    const auto& trials = chances_.trials(b);
    Shares& share = shares_.emplace_back();
    share.uniform = sum_Hz(trials) > largest_Hz * (1.0 - equal) &&
                    std::all_of(trials.begin(), trials.end(), [&](const auto& t) {
                      return std::abs(t.bound_Hz / trials[0].bound_Hz - 1.0) < equal;
                    });
    double before_Hz = 0.0;
    for (const auto& t : trials) {
      before_Hz += t.bound_Hz;
      share.ends.push_back(digits_of(before_Hz / largest_Hz));
    }
  }
}

void Thinning::advance_to(double time_s) noexcept {
  const double mean = trial_rate_Hz_ * (time_s - state_.time_s);
  if (mean > 0.0)
    run(std::poisson_distribution<std::int64_t>(mean)(random_),
        std::numeric_limits<std::int64_t>::max());
  state_.time_s = time_s;
}

void Thinning::perform_hops(std::int64_t n, std::int64_t max_trials) noexcept {
  const std::int64_t before = trials_;
  run(max_trials, state_.hops + n);
  if (trials_ > before)
    state_.time_s +=
        std::gamma_distribution<double>(static_cast<double>(trials_ - before))(random_) /
        trial_rate_Hz_;
}

/// Random numbers are drawn in blocks so that what will be read is on its way from memory.
void Thinning::run(std::int64_t trials, std::int64_t until_hops) noexcept {
  constexpr std::int64_t block = 16;
  std::array<std::size_t, block> carrier;
  std::array<std::uint64_t, block> rest;
  const std::vector<SiteIndex>& all = carriers();
  const auto n = static_cast<std::uint64_t>(all.size());
  if (trial_rate_Hz_ <= 0.0) return;
  while (trials > 0 && state_.hops < until_hops) {
    const std::int64_t now = std::min(block, trials);
    for (std::size_t k = 0; k < static_cast<std::size_t>(now); ++k) {
      rest[k] = random_.bits();
      carrier[k] = static_cast<std::size_t>(take(rest[k], n));
      __builtin_prefetch(all.data() + carrier[k]);
      if (by_ions_) __builtin_prefetch(state_.cells_moved.data() + carrier[k], 1);
    }
    for (std::size_t k = 0; k < static_cast<std::size_t>(now); ++k)
      __builtin_prefetch(state_.occupation.data() + all[carrier[k]], 1);
    for (std::size_t k = 0; k < static_cast<std::size_t>(now) && state_.hops < until_hops; ++k) {
      attempt(carrier[k], rest[k]);
      ++trials_;
    }
    trials -= now;
  }
}

void Thinning::attempt(std::size_t carrier, std::uint64_t rest) noexcept {
  const SiteIndex site = carriers()[carrier];
  const int sublattice = hops_.sublattice(site);
  const auto& trials = chances_.trials(sublattice);
  const Shares& share = shares_[static_cast<std::size_t>(sublattice)];
  std::size_t chosen;
  if (share.uniform) {
    chosen = static_cast<std::size_t>(take(rest, trials.size()));
  } else {
    rest = random_.bits();
    const auto at = std::find_if(share.ends.begin(), share.ends.end(),
                                 [rest](std::uint64_t end) { return rest < end; });
    if (at == share.ends.end()) return;
    chosen = static_cast<std::size_t>(at - share.ends.begin());
    rest = random_.bits();
  }
  const HopChances::Chance chance = chance_of(trials[chosen], site);
  if (!below(rest, chance.threshold, random_)) return;
  state_.clamped += chance.clamped;
  move(trials[chosen], carrier, site);
}

double Thinning::total_rate_Hz() const noexcept {
  double sum_Hz = 0.0;
  for (const SiteIndex site : carriers())
    for (const auto& trial : chances_.trials(hops_.sublattice(site)))
      sum_Hz += 0x1p-64 * static_cast<double>(chance_of(trial, site).threshold) * trial.bound_Hz;
  return sum_Hz;
}

HopChances::Chance Thinning::chance_of(const HopChances::Trial& trial,
                                       SiteIndex site) const noexcept {
  const model::BitLattice& bits = energies_.bits();
  return chances_(energies_, trial, bits.position(site),
                  [&] { return bits.position(hops_.target(site, trial.to_site)); });
}

void Thinning::move(const HopChances::Trial& trial, std::size_t carrier, SiteIndex site) noexcept {
  const SiteIndex other = hops_.target(site, trial.to_site);
  if (by_ions_) {
    carry(state_, hops_, carrier, other, trial.hop);
  } else {
    const std::int32_t ion = std::exchange(ion_at_[static_cast<std::size_t>(other)], -1);
    ion_at_[static_cast<std::size_t>(site)] = ion;
    carry(state_, hops_, static_cast<std::size_t>(ion), site, trial.hop);
    vacancies_[carrier] = other;
  }
  energies_.flip(site);
  energies_.flip(other);
}

}  // namespace lithiate::kmc
