#pragma once
#include <string>
#include <vector>

#include "crystal/structure.hpp"
#include "layers/net.hpp"

namespace lithiate::layers {

/// A site of a slab: its species in the order of the prim, z relative to the metal plane.
struct SlabSite {
  std::vector<std::string> species;
  Vector3d position_A;
};

/// One MX2 or MX3 slab of fixed handedness, periodic in the plane.
struct Slab {
  Vector3d a1_A, a2_A;          ///< in plane, z = 0, right-handed about +z
  std::vector<SlabSite> sites;  ///< metals, anions, own vacancies
};

/// Every species is an anion (N, P, As, O, S, Se, Te, F, Cl, Br, I; charges do not matter).
bool is_anion(const std::vector<std::string>& species);
/// Some species is neither an anion, nor a guest (Li, Na, K), nor the vacancy.
bool is_metal(const std::vector<std::string>& species);

/// What makes the stackings of a slab: the triangular nets of its three sheets. Relative to a
/// column of metal sites the lower anions lie at `hollow_A`, the upper ones at -hollow_A, modulo
/// the anion net.
struct Sheets {
  Net lattice;                     ///< of a1, a2
  Net net;                         ///< of one anion sheet: 1 (MX2) or 3 points (MX3) per cell
  std::vector<Vector3d> points_A;  ///< net vectors per cell: 0 or 0, R+, R-
  Vector3d column_A;  ///< lateral place of the honeycomb's vacancy, or of the metal without one
  Vector3d hollow_A;  ///< from a net point to the centre of a triangle of the net
  double bottom_A, top_A;  ///< mean heights of the anion sheets
};

/// Throws InputError with the reason unless the slab has two triangular anion sheets of equally
/// many (1 or 3) anions, metals between them in octahedra.
Sheets sheets(const Slab& slab);

}  // namespace lithiate::layers
