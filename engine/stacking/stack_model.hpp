#pragma once
#include <cstdint>
#include <vector>

#include "stacking/gap_terms.hpp"
#include "stacking/stack_state.hpp"

namespace lithiate::stacking {

/// What is beside the energies of single gaps.
struct Couplings {
  /// Energy of a border between patches of unequal registry, per length.
  double wall_eV_per_A = 0.0;
  /// Between the registries of a gap (row) and of the next one above (column), per cell; empty: 0.
  std::vector<std::vector<double>> next_gap_eV;
  /// Filled and empty gaps share one lattice: kappa * sum over gaps of (x_g - mean x)^2, per
  /// formula unit of a gap, x_g of the guests on octahedra. 0: off.
  double coherency_eV = 0.0;
};

/// One Hamiltonian over guests and registries (DESIGN "Layered hosts", level 2):
///   H = sum over gaps of E_r(slab below, gap, slab above) + next-gap terms + walls + coherency.
/// A set of sites counts 1/n for each of its n sites, in the registry of the patch that its site
/// lies in: a gap of one registry has exactly the energy of that registry, and at patch borders
/// (labels of sites are shared by all registries) nothing is counted twice or lost.
/// Immutable; any number of threads. Energies in units of 2^-44 eV.
class StackModel {
 public:
  /// Throws InputError if there are no registries or more than 32, if roles or glides are out of
  /// range, a map is not one-to-one, a coupling has another size, or if two sites of a set fall on
  /// one site of the stack.
  StackModel(const StackShape& shape, std::vector<GapTerms> registries,
             std::vector<GapGlide> glides, const Couplings& couplings = {});

  const StackLattice& lattice() const noexcept { return lattice_; }
  const std::vector<GapTerms>& registries() const noexcept { return registries_; }
  const std::vector<GapGlide>& glides() const noexcept { return glides_; }
  /// Numbers of the glides out of a registry.
  const std::vector<int>& glides_from(int registry) const noexcept {
    return glides_from_[static_cast<std::size_t>(registry)];
  }

  /// By every term once: O(stack).
  std::int64_t energy(const StackState& state) const noexcept;
  double energy_eV(const StackState& state) const noexcept {
    return static_cast<double>(energy(state)) * unit_eV;
  }
  /// Change of the energy if a guest came to or left this site.
  std::int64_t flip_delta(const StackState& state, SiteIndex site) const noexcept;
  /// Change of the energy if one patch had another registry, all guests on their labels.
  std::int64_t switch_delta(const StackState& state, int gap, int patch,
                            int registry) const noexcept;

 private:
  struct Other {          // another site of a set through some site
    std::int32_t offset;  // into cell_beyond_
    std::int32_t role;
    std::int64_t share;  // of the set's coefficient
  };
  struct Set {
    std::int32_t first = 0, last = 0;  // others_
    std::int64_t coefficient = 0, own_share = 0;
  };
  struct Sets {  // through one role, in one registry
    std::vector<Set> sets;
    std::vector<Other> others;
  };

  void add_sets(int registry);
  int offset_number(const std::array<int, 2>& offset);
  void list_reach();
  const Sets& sets(int registry, int role) const noexcept {
    return sets_[static_cast<std::size_t>(registry * lattice_.roles() + role)];
  }
  int beyond(const Other& other, int cell) const noexcept {
    return cell_beyond_[static_cast<std::size_t>(other.offset)][static_cast<std::size_t>(cell)];
  }
  bool all_occupied(const StackState& state, const Sets& s, const Set& set, int gap,
                    int cell) const noexcept;
  std::uint32_t registries_near(const StackState& state, int gap, int patch) const noexcept;
  std::int64_t slope(const StackState& state, int gap, int cell, int role) const noexcept;
  std::int64_t mixed_slope(const StackState& state, int gap, int cell, int role,
                           std::uint32_t present) const noexcept;
  std::int64_t shares_through(const StackState& state, int registry, int gap, int cell,
                              int role) const noexcept;
  std::int64_t next_gap(int below, int above) const noexcept;
  std::int64_t coherency(const StackState& state) const noexcept;
  std::int64_t coherency_delta(const StackState& state, SiteIndex site) const noexcept;
  std::int64_t coupling_energy(const StackState& state, int gap) const noexcept;

  StackLattice lattice_;
  std::vector<GapTerms> registries_;
  std::vector<GapGlide> glides_;
  std::vector<std::vector<int>> glides_from_;
  std::vector<Sets> sets_;  // [registry][role]
  std::vector<std::array<int, 2>> offsets_;
  std::vector<std::vector<std::int32_t>> cell_beyond_;  // [offset][cell]
  std::vector<std::vector<int>> patches_near_;          // per patch, itself first
  std::vector<std::int64_t> wall_;                      // per border of the lattice
  std::vector<std::vector<int>> borders_of_;            // per patch
  std::vector<std::int64_t> next_gap_;                  // [below][above], per patch; empty: none
  std::int64_t coherency_ = 0;                          // times gaps sum N_g^2 - (sum N_g)^2
};

}  // namespace lithiate::stacking
