#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "kmc/hop_chances.hpp"
#include "kmc/state.hpp"

namespace lithiate::kmc {

/// Exact serial kinetic Monte Carlo by thinning (Lewis and Shedler, Nav. Res. Logist. Q. 26, 403
/// (1979)): every hop of every carrier, possible or not, is tried at a constant rate no smaller
/// than its own, and performed with the ratio of the two. The process is that of RejectionFree;
/// nothing but occupations is kept, so a trial costs the reading of one or two surroundings. Fast
/// where rates lie within a few orders of magnitude below their bounds. Carriers are the ions or,
/// if these are fewer, the vacancies. One thread each. No allocation after construction.
class Thinning {
 public:
  /// Nothing unless HopEnergies::applies(model, hops), or if terms are too large for
  /// BinaryEnergies or LocalRatePolynomials. Keeps references to `model` and `hops`.
  static std::optional<Thinning> make(const model::LatticeModel& model, const model::HopTable& hops,
                                      const RateModel& rates, const State& state,
                                      const Random& random);

  /// Sites of the vacancies in the order they are numbered; empty if the ions are tried.
  const std::vector<SiteIndex>& vacancies() const noexcept { return vacancies_; }
  /// Goes on from a stored run: its order of vacancies and count of trials. Throws InputError if
  /// they do not fit the occupation.
  void resume(std::vector<SiteIndex> vacancies, std::int64_t trials);

  const State& state() const noexcept { return state_; }
  State& state() noexcept { return state_; }  ///< for its displacements; not to move ions
  const Random& random() const noexcept { return random_; }

  /// Trials per second of the clock: the sum of all bounds.
  double trial_rate_Hz() const noexcept { return trial_rate_Hz_; }
  /// Sum of the rates of all possible hops; visits every carrier.
  double total_rate_Hz() const noexcept;
  /// Since construction.
  std::int64_t trials() const noexcept { return trials_; }
  /// Words read and groups counted by a trial of average cost.
  double reads_per_trial() const noexcept { return chances_.reads_per_trial(); }

  /// Tries at random times up to time_s, which becomes the clock. REQUIRES time_s >= the clock.
  void advance_to(double time_s) noexcept;
  /// Tries until n hops were performed or max_trials made; the clock becomes the last trial's.
  void perform_hops(std::int64_t n, std::int64_t max_trials) noexcept;

 private:
  struct Shares {  // per sublattice: how a carrier's trials divide among its hops
    std::vector<std::uint64_t> ends;  // of each part of all 64-bit numbers
    bool uniform = true;              // all parts are equal and nothing is left
  };

  Thinning(const model::LatticeModel& model, const model::HopTable& hops, const RateModel& rates,
           const State& state, const Random& random, model::BinaryEnergies energies,
           LocalRatePolynomials local);
  void share_out();

  const std::vector<SiteIndex>& carriers() const noexcept {
    return by_ions_ ? state_.site_of : vacancies_;
  }
  void run(std::int64_t trials, std::int64_t until_hops) noexcept;
  void attempt(std::size_t carrier, std::uint64_t rest) noexcept;
  HopChances::Chance chance_of(const HopChances::Trial& trial, SiteIndex site) const noexcept;
  void move(const HopChances::Trial& trial, std::size_t carrier, SiteIndex site) noexcept;

  const model::LatticeModel& model_;
  const model::HopTable& hops_;
  State state_;
  Random random_;
  model::BinaryEnergies energies_;  // n = 1 is the mobile species
  bool by_ions_;
  HopChances chances_;
  std::vector<SiteIndex> vacancies_;  // carriers, if not by ions; then also
  std::vector<std::int32_t> ion_at_;  // per site, -1 where there is none
  std::vector<Shares> shares_;        // per sublattice
  double trial_rate_Hz_ = 0.0;
  std::int64_t trials_ = 0;
};

}  // namespace lithiate::kmc
