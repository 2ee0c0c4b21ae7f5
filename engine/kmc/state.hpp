#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/hop_table.hpp"

namespace lithiate::kmc {

using crystal::Matrix3d;
using crystal::Vector3d;
using model::SiteIndex;
using model::Species;

/// Where every ion is and how far it came. All but the clock are integers, so nothing drifts.
struct State {
  std::vector<Species> occupation;  ///< per site
  std::vector<SiteIndex> site_of;   ///< per ion
  std::vector<SiteIndex> origin;    ///< per ion: its site at the last reset_displacements()
  std::vector<std::array<std::int32_t, 3>> cells_moved;  ///< per ion: host cells crossed since then
  std::vector<std::int64_t> hop_counts;                  ///< per hop of the network, since then
  /// Mean number of the hops that a stay in a basin (Basins) leaves out, given where and when it
  /// ended; per hop of the network, since then.
  std::vector<double> expected_counts;
  double time_s = 0.0;
  std::int64_t hops = 0;     ///< since construction
  std::int64_t clamped = 0;  ///< of these, with a barrier that was not E_KRA + dE / 2
  double expected_hops = 0.0, expected_clamped = 0.0;  ///< the same of hops in basins
};

/// Hops since construction: performed, and expected of stays in basins.
std::int64_t all_hops(const State& state) noexcept;
std::int64_t all_clamped(const State& state) noexcept;

/// Ions numbered by ascending site, at rest. Throws InputError if the occupation does not fit the
/// model.
State initial_state(const model::LatticeModel& model, const model::HopTable& hops,
                    std::vector<Species> occupation);

/// Throws InputError unless a state could have come from a run of this model.
void check(const State& state, const model::LatticeModel& model, const model::HopTable& hops);

/// True if some ion has an empty site to go to.
bool can_hop(const State& state, const model::HopTable& hops) noexcept;

/// A number of the occupations, displacements and the clock: equal states have equal ones.
std::uint64_t hash(const State& state);

/// The ion on each site, -1 where there is none.
std::vector<std::int32_t> ions_by_site(const State& state);

/// Carries an ion to the empty site `to` along a hop of the network.
inline void relocate(State& state, const model::HopTable& hops, std::size_t ion, SiteIndex to,
                     int hop_number) noexcept {
  const model::Hop& hop = hops.network().hops[static_cast<std::size_t>(hop_number)];
  SiteIndex& site = state.site_of[ion];
  state.occupation[static_cast<std::size_t>(site)] = static_cast<Species>(hops.vacancy(hop.from));
  state.occupation[static_cast<std::size_t>(to)] = static_cast<Species>(hops.mobile(hop.to));
  site = to;
  auto& cells = state.cells_moved[ion];
  for (std::size_t i = 0; i < 3; ++i) cells[i] += hop.shift[static_cast<long>(i)];
}

/// relocate(), counted.
inline void carry(State& state, const model::HopTable& hops, std::size_t ion, SiteIndex to,
                  int hop_number) noexcept {
  relocate(state, hops, ion, to, hop_number);
  ++state.hop_counts[static_cast<std::size_t>(hop_number)];
  ++state.hops;
}

/// Unwrapped displacement of an ion in Angstrom since the last reset.
Vector3d displacement_A(const State& state, const model::LatticeModel& model, std::int64_t ion);
/// Those of all ions; `out` has a place for each.
void displacements_A(const State& state, const model::LatticeModel& model, std::span<Vector3d> out);
/// Sum over all hops of dr dr^T (Angstrom^2) since the last reset; of stays in basins its mean.
Matrix3d sum_squared_hops_A2(const State& state, const model::HopTable& hops);
/// Displacements and hop counts begin again from zero here; the clock runs on.
void reset_displacements(State& state);

}  // namespace lithiate::kmc
