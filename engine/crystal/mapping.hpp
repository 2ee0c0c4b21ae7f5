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
  Matrix3i transformation;          ///< columns: supercell vectors in prim vectors
  std::vector<Species> occupation;  ///< per site of Supercell(prim, transformation)
};

/// The limits separate what relaxes from what changes its structure. Set on LixNiO2 (31 relaxed
/// cells of the smol documentation) and LixVCl3 (17 GPAW cells): the right ones have strains up to
/// 0.073 (on a primitive cell 3 % too large), atoms up to 0.49 A away (five-coordinate Li) and rms
/// up to 0.23 A; glided slabs, Li in tetrahedra and other stackings have strains from 0.116, or
/// rms from 0.36 A and atoms from 0.68 A away. An octahedron's face lies 1.2 A from its centre.
struct MappingConfig {
  double max_strain = 0.10;              ///< largest principal stretch |lambda - 1| of the cell
  double max_displacement_A = 0.75;      ///< of any atom from its ideal site, drift taken out
  double max_rms_displacement_A = 0.30;  ///< of all atoms: catches slabs moved as a whole
  /// Elements that count as the same: species names are compared by element unless the prim lists
  /// oxidation states.
  bool ignore_oxidation_states = true;
};

/// A mapped structure, or the reason why not.
struct Mapping {
  bool accepted = false;
  std::string reason;  ///< of a refusal, with the atom and the figures
  Decoration decoration;
  double strain = 0.0;  ///< largest principal stretch |lambda - 1|
  double rms_displacement_A = 0.0;
  double max_displacement_A = 0.0;
  std::string worst_atom;  ///< "Li 3": element and 0-based index in the file
};

/// Maps relaxed atoms onto the ideal sites of prim: best supercell by strain, best origin and
/// assignment by displacement. Extra sites that allow the vacancy are filled with it.
/// Never throws for a structure that does not fit; the reason says what is wrong.
Mapping map_structure(const Structure& prim, const Atoms& atoms, const MappingConfig& config);

}  // namespace lithiate::crystal
