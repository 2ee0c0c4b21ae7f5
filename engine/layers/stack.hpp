#pragma once
#include <string>
#include <vector>

#include "layers/registry.hpp"

namespace lithiate::layers {

/// What the guest sites of a gap become: sites with the guest and the vacancy, sites that are
/// always filled, or none.
enum class Filling { sites, full, empty };

/// One period of a stack, gap by gap from below; all vectors have the same length.
struct Stacking {
  std::vector<int> registries;    ///< positions in the list of registries
  std::vector<double> spacing_A;  ///< from metal plane to metal plane
  std::vector<Filling> filling;
};

/// The allowed species of the prim's first gap site, or {Li, Va} without one.
std::vector<std::string> guest_species(const crystal::Structure& prim, const OneSlab& taken);

/// The periodic stack: slab sites and then the gap sites above them, slab by slab; guests half-way
/// between the anion sheets. The sum of the shifts, shortest modulo a1 and a2, is the lateral part
/// of the third lattice vector. P3 gaps get every prism: neighbours, one hollow
/// vector apart, cannot be filled at once. Throws InputError for no gaps, full P3 gaps, spacings
/// with less than 0.5 A between anion sheets, and sites that overlap.
crystal::Structure stack(const Slab& slab, const std::vector<Registry>& known,
                         const Stacking& stacking, const std::vector<std::string>& guests);

}  // namespace lithiate::layers
