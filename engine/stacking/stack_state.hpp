#pragma once
#include <cstdint>
#include <vector>

#include "stacking/stack_lattice.hpp"

namespace lithiate::stacking {

/// Guests and registries of a stack, with what follows from them.
class StackState {
 public:
  /// Empty, every patch in registry 0.
  explicit StackState(const StackLattice& lattice)
      : occupied_(static_cast<std::size_t>(lattice.n_sites()), 0),
        registry_(static_cast<std::size_t>(lattice.gaps() * lattice.patches()), 0),
        guests_of_gap_(static_cast<std::size_t>(lattice.gaps()), 0),
        patches_(lattice.patches()) {}

  /// From what occupation() and registries() gave. Throws InputError for other sizes, numbers of
  /// guests other than 0 and 1, registries beyond `n_registries`.
  StackState(const StackLattice& lattice, const std::vector<std::uint8_t>& occupation,
             const std::vector<std::uint8_t>& registries, int n_registries);

  bool occupied(SiteIndex site) const noexcept {
    return occupied_[static_cast<std::size_t>(site)] != 0;
  }
  int registry(int gap, int patch) const noexcept { return registry_[slot(gap, patch)]; }
  std::int64_t guests() const noexcept { return guests_; }
  /// On the octahedra of one gap.
  std::int64_t guests_of_gap(int gap) const noexcept {
    return guests_of_gap_[static_cast<std::size_t>(gap)];
  }
  const std::vector<std::uint8_t>& occupation() const noexcept { return occupied_; }
  const std::vector<std::uint8_t>& registries() const noexcept { return registry_; }

  void flip(const StackLattice& lattice, SiteIndex site) noexcept {
    std::uint8_t& n = occupied_[static_cast<std::size_t>(site)];
    n ^= 1;
    const int change = n != 0 ? 1 : -1;
    guests_ += change;
    if (lattice.in_gap(site))
      guests_of_gap_[static_cast<std::size_t>(lattice.layer(site))] += change;
  }
  void set_registry(int gap, int patch, int registry) noexcept {
    registry_[slot(gap, patch)] = static_cast<std::uint8_t>(registry);
  }

  friend bool operator==(const StackState&, const StackState&) = default;

 private:
  std::size_t slot(int gap, int patch) const noexcept {
    return static_cast<std::size_t>(gap * patches_ + patch);
  }

  std::vector<std::uint8_t> occupied_, registry_;
  std::vector<std::int64_t> guests_of_gap_;
  std::int64_t guests_ = 0;
  int patches_;
};

}  // namespace lithiate::stacking
