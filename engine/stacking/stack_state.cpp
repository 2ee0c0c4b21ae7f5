#include "stacking/stack_state.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace lithiate::stacking {

StackState::StackState(const StackLattice& lattice, const std::vector<std::uint8_t>& occupation,
                       const std::vector<std::uint8_t>& registries, int n_registries)
    : StackState(lattice) {
  const auto below = [](int limit) {
    return [limit](std::uint8_t value) { return value < limit; };
  };
  if (occupation.size() != occupied_.size() || registries.size() != registry_.size() ||
      !std::all_of(occupation.begin(), occupation.end(), below(2)) ||
      !std::all_of(registries.begin(), registries.end(), below(n_registries)))
    throw InputError("saved stack: occupation and registries are of another stack");
  registry_ = registries;
  for (SiteIndex site = 0; site < lattice.n_sites(); ++site)
    if (occupation[static_cast<std::size_t>(site)] != 0) flip(lattice, site);
}

}  // namespace lithiate::stacking
