#pragma once
#include <string>
#include <vector>

#include "layers/one_slab.hpp"

namespace lithiate::layers {

/// How two neighbouring slabs face each other.
struct Registry {
  std::string name;      ///< MX3: AAA, R+, R-, a, b, c, Pa, Pb, Pc; MX2: O1, O3, P3
  std::string stacking;  ///< O1, O3, P3
  Vector3d shift_A;      ///< of the upper slab against the lower one, z = 0, shortest modulo a1, a2
  /// Guest sites of a gap and a cell, lateral, relative to the lower slab's origin, z = 0: 3
  /// octahedra in MX3, 1 in MX2. In P3 both prisms of every net point, half of which can be filled:
  /// the first half shares faces with the lower slab's metal columns, the second with the upper's.
  std::vector<Vector3d> octahedra_A;
};

/// All shifts that put the facing anion sheets into close packing (O1: gap octahedra over metal
/// columns; O3: over anion columns of the lower slab) or on top of each other (P3): 9 for MX3, 3
/// for MX2, in the order of the names above. a, b, c (and R+, R-) ascend in angle from a1 - a2;
/// with a1, a2 at 120 degrees: a along a1 + a2, b = a + (R+), c = a + (R-). Octahedron 0 of O1
/// stands on the lower slab's vacancy (MX2: metal), 1 and 2 are displaced from it by R+ and R-;
/// that of O3 lies at that vacancy - a, the same for a, b and c. Throws InputError as sheets()
/// does.
std::vector<Registry> registries(const Slab& slab);

/// The registry of a prim. Throws InputError if its shift is none of them, distortions of up to a
/// quarter of the way between neighbouring ones apart.
int registry_of(const OneSlab& prim, const std::vector<Registry>& known);

/// Position of a name. Throws InputError with the known names.
int registry_named(const std::string& name, const std::vector<Registry>& known);

/// Number of metal sites (is_metal) of the two slabs that share a face with each site of
/// octahedra_A.
std::vector<int> shared_faces(const Slab& slab, const Registry& registry);

}  // namespace lithiate::layers
