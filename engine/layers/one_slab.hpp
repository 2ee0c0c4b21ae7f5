#pragma once
#include <vector>

#include "layers/slab.hpp"

namespace lithiate::layers {

/// A prim with one slab per cell, taken apart. Laterally the slab keeps the origin of the prim; z
/// counts from the metal plane. A prim whose first two vectors span the plane z = 0 is left as it
/// lies; any other one is turned: its stacking axis to z, its first in-plane vector to x.
struct OneSlab {
  Slab slab;
  Vector3d third_A;                        ///< lattice vector to the next slab: shift + spacing
  std::vector<int> slab_sites, gap_sites;  ///< prim site numbers; slab_sites as slab.sites
  std::vector<Vector3d> gap_A;  ///< places of gap_sites above this slab, in the frame of the slab
};

/// Sheets are told by species (is_anion, is_metal): two anion sheets per cell, metals in the space
/// between them that has a site without guests, everything in the other space is a gap site.
/// Throws InputError with the reason if the prim is not layered with one slab per cell.
OneSlab take_apart(const crystal::Structure& prim);

}  // namespace lithiate::layers
