#pragma once
#include <vector>

#include "stacking/phase_gap.hpp"
#include "stacking/stack_model.hpp"

namespace lithiate::stacking {

/// All registries of a layered material whose energies its phases give.
struct LayeredMaterial {
  std::vector<GapTerms> registries;
  std::vector<GapGlide> glides;        ///< between registries of the list
  std::vector<GapGeometry> geometry;   ///< per registry
  std::vector<std::string> made_from;  ///< per registry: the phase behind it
  StackShape cell;                     ///< one gap of one cell: sites, formula units, lengths
  double x_max = 1.0;                  ///< redox limit, guests per formula unit
};

/// A registry that is a rotated or mirrored image of a phase's own one (R- of R+; b, c of a) gets
/// that phase's terms through the isometry of the slab between them. Registries of no phase (P3)
/// are left out. Throws InputError as phase_gap() does, and if two phases have one registry or
/// counts of formula units differ.
LayeredMaterial layered_material(const model::Material& material);

}  // namespace lithiate::stacking
