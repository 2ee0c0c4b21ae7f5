#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "core/random.hpp"
#include "kmc/hop_energies.hpp"
#include "kmc/local_rates.hpp"
#include "kmc/rate_model.hpp"
#include "kmc/rate_tree.hpp"
#include "kmc/state.hpp"

namespace lithiate::kmc {

/// Exact serial kinetic Monte Carlo without rejections: Bortz, Kalos and Lebowitz, J. Comput.
/// Phys. 17, 10 (1975), residence times drawn. Keeps every rate: fast where rates differ by orders
/// of magnitude, and the reference of all other ways to sample. One thread each.
class RejectionFree {
 public:
  /// Keeps references to `model` and `hops`.
  RejectionFree(const model::LatticeModel& model, const model::HopTable& hops, RateModel rates,
                State state, Random random);

  /// Goes on with the next hop at a time already drawn.
  RejectionFree(const model::LatticeModel& model, const model::HopTable& hops, RateModel rates,
                State state, Random random, double next_hop_s);

  const State& state() const noexcept { return state_; }
  State& state() noexcept { return state_; }  ///< for its displacements; not to move ions
  const model::HopTable& hops() const noexcept { return hops_; }
  const model::LatticeModel& model() const noexcept { return model_; }
  const Random& random() const noexcept { return random_; }

  double total_rate_Hz() const noexcept { return tree_.total_Hz(); }
  double rate_Hz(model::EventIndex event) const noexcept { return tree_.rate_Hz(event); }
  /// Clock at the next hop, already drawn; infinity if no hop is possible.
  double next_hop_s() const noexcept { return next_hop_s_; }

  /// Moves the clock to the next hop and performs it. @return false, with the state unchanged, if
  /// no hop is possible.
  bool step() noexcept;
  /// Performs all hops up to this time and sets the clock to it. REQUIRES time_s >= the clock.
  void advance_to(double time_s) noexcept;
  /// Performs a given hop at the present clock and draws the next. REQUIRES rate_Hz(event) > 0.
  void perform(model::EventIndex event) noexcept;

  // For Basins, which moves ions to look at rates, and takes some over from the engine.

  /// An event as its sites and the number of its hop.
  struct Leap {
    SiteIndex from, to;
    int slot, number;
  };
  Leap leap(model::EventIndex event) const noexcept;
  /// The hop back.
  model::EventIndex reverse(const Leap& leap) const noexcept;
  bool clamped(model::EventIndex event, const Leap& leap) noexcept;
  /// Moves the ion as perform() does, neither counted nor followed by a draw.
  void shift(model::EventIndex event, const Leap& leap) noexcept;
  /// On a site, -1 if there is none.
  std::int32_t ion_at(SiteIndex site) const noexcept {
    return ion_at_[static_cast<std::size_t>(site)];
  }
  /// Lays down a rate until a hop changes it; holds from the next renew_clock().
  void override_rate(model::EventIndex event, double rate_Hz) noexcept {
    tree_.set(event, rate_Hz);
  }
  /// Draws the time of the next hop from the present clock and rates.
  void renew_clock() noexcept {
    tree_.flush();
    draw_next();
  }
  /// An event by its share of the rates.
  model::EventIndex choose() noexcept { return tree_.choose(random_.uniform()); }
  Random& random() noexcept { return random_; }

 private:
  void draw_next() noexcept;
  void renew_rates(SiteIndex source, int sublattice, std::span<const std::int16_t> slots) noexcept;
  template <class Rate>  // rate_Hz(event, hop number, target, its sublattice)
  void renew_rates_by(SiteIndex source, int sublattice, std::span<const std::int16_t> slots,
                      Rate rate_Hz) noexcept;
  void renew_rates_by_terms(SiteIndex source, int sublattice,
                            std::span<const std::int16_t> slots) noexcept;
  double dE_eV(model::EventIndex event, SiteIndex from, SiteIndex to,
               const model::Hop& hop) noexcept;
  bool clamped(int number, SiteIndex from, double dE_eV) const noexcept {
    return local_.empty() ? rates_.clamped(number, dE_eV)
                          : rates_.clamped(number, dE_eV, local_(state_.occupation, from, number));
  }
  bool occupied(SiteIndex site, int sublattice) const noexcept {
    return state_.occupation[static_cast<std::size_t>(site)] == hops_.mobile(sublattice);
  }
  bool vacant(SiteIndex site, int sublattice) const noexcept {
    return state_.occupation[static_cast<std::size_t>(site)] == hops_.vacancy(sublattice);
  }

  const model::LatticeModel& model_;
  const model::HopTable& hops_;
  RateModel rates_;
  LocalRates local_;
  bool interacting_;  // false: the model has no terms, and every energy change is zero
  State state_;
  std::vector<std::int32_t> ion_at_;     // per site, -1 where there is none
  std::optional<HopEnergies> energies_;  // if they apply; else energies are summed over terms
  RateTree tree_;
  Random random_;
  double next_hop_s_ = 0.0;
};

}  // namespace lithiate::kmc
