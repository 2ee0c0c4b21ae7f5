#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "kmc/hop_energies.hpp"
#include "kmc/rate_model.hpp"
#include "kmc/rate_tree.hpp"
#include "model/hop_table.hpp"
#include "model/lattice_model.hpp"

namespace lithiate::kmc {

using crystal::Matrix3d;
using crystal::Vector3d;
using model::SiteIndex;
using model::Species;

/// Where every ion is and how far it came. All but the clock are integers, so nothing drifts.
struct State {
  std::vector<Species> occupation;   ///< per site
  std::vector<std::int32_t> ion_at;  ///< per site; -1 if no mobile ion sits there
  std::vector<SiteIndex> site_of;    ///< per ion
  std::vector<SiteIndex> origin;     ///< per ion: its site at the last reset_displacements()
  std::vector<std::array<std::int32_t, 3>> cells_moved;  ///< per ion: host cells crossed since then
  std::vector<std::int64_t> hop_counts;                  ///< per hop of the network, since then
  double time_s = 0.0;
  std::int64_t hops = 0;     ///< since construction
  std::int64_t clamped = 0;  ///< of these, with a barrier that was not E_KRA + dE / 2
};

/// Exact serial kinetic Monte Carlo without rejections: Bortz, Kalos and Lebowitz, J. Comput.
/// Phys. 17, 10 (1975), residence times drawn. One thread per engine.
class KmcEngine {
 public:
  /// Keeps references to `model` and `hops`. Throws InputError if the occupation does not fit the
  /// model. Ions are numbered by ascending site.
  KmcEngine(const model::LatticeModel& model, const model::HopTable& hops, RateModel rates,
            std::vector<Species> occupation, Random random);

  const State& state() const noexcept { return state_; }
  const model::LatticeModel& model() const noexcept { return model_; }
  const model::HopTable& hops() const noexcept { return hops_; }
  const RateModel& rate_model() const noexcept { return rates_; }
  std::int64_t n_ions() const noexcept { return std::ssize(state_.site_of); }

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

  /// Unwrapped displacement of each ion in Angstrom since the last reset; `out` has n_ions()
  /// places.
  void displacements_A(std::span<Vector3d> out) const noexcept;
  Vector3d displacement_A(std::int64_t ion) const noexcept;
  /// Sum over all hops of dr dr^T (Angstrom^2) since the last reset.
  Matrix3d sum_squared_hops_A2() const noexcept;
  /// Displacements and hop counts begin again from zero here; the clock runs on.
  void reset_displacements() noexcept;

 private:
  void place_ions();
  void draw_next() noexcept;
  void move_ion(SiteIndex from, SiteIndex to, const model::Hop& hop) noexcept;
  void renew_rates(SiteIndex source, int sublattice, std::span<const std::int16_t> slots) noexcept;
  template <class Rate>  // rate_Hz(event, hop number, target, its sublattice)
  void renew_rates_by(SiteIndex source, int sublattice, std::span<const std::int16_t> slots,
                      Rate rate_Hz) noexcept;
  void renew_rates_by_terms(SiteIndex source, int sublattice,
                            std::span<const std::int16_t> slots) noexcept;
  double dE_eV(model::EventIndex event, SiteIndex from, SiteIndex to,
               const model::Hop& hop) noexcept;
  bool occupied(SiteIndex site, int sublattice) const noexcept {
    return state_.occupation[static_cast<std::size_t>(site)] == hops_.mobile(sublattice);
  }
  bool vacant(SiteIndex site, int sublattice) const noexcept {
    return state_.occupation[static_cast<std::size_t>(site)] == hops_.vacancy(sublattice);
  }

  const model::LatticeModel& model_;
  const model::HopTable& hops_;
  RateModel rates_;
  bool interacting_;  // false: the model has no terms, and every energy change is zero
  State state_;
  std::optional<HopEnergies> energies_;  // if they apply; else energies are summed over terms
  RateTree tree_;
  Random random_;
  double next_hop_s_ = 0.0;
};

}  // namespace lithiate::kmc
