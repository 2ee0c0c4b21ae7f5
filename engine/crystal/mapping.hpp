#pragma once
#include <string>
#include <vector>

#include "crystal/structure.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::crystal {

using Species = std::uint8_t;  ///< position in a site's list of allowed species

/// Which species sit on the sites of a supercell: what a relaxed structure becomes once mapped.
struct Decoration {
  std::string name;
  Matrix3i transformation;           ///< columns: supercell vectors in prim vectors
  std::vector<Species> occupation;   ///< per site of Supercell(prim, transformation)
};

struct MappingConfig {
  double max_strain = 0.12;          ///< largest principal stretch |lambda - 1| of the cell
  double max_displacement_A = 0.9;   ///< of any atom from its ideal site, after strain and drift
  /// Elements that count as the same: species names are compared by element unless the prim lists
  /// oxidation states.
  bool ignore_oxidation_states = true;
};

/// A mapped structure, or the reason why not.
struct Mapping {
  bool accepted = false;
  std::string reason;                ///< of a refusal, with the atom and the figures
  Decoration decoration;
  double strain = 0.0;               ///< largest principal stretch |lambda - 1|
  double rms_displacement_A = 0.0;
  double max_displacement_A = 0.0;
  std::string worst_atom;            ///< "Li 3": element and 0-based index in the file
};

/// Maps relaxed atoms onto the ideal sites of prim: best supercell by strain, best origin and
/// assignment by displacement. Extra sites that allow the vacancy are filled with it.
/// Never throws for a structure that does not fit; the reason says what is wrong.
Mapping map_structure(const Structure& prim, const Atoms& atoms, const MappingConfig& config);

}  // namespace lithiate::crystal
