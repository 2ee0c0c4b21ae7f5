#pragma once
#include <limits>
#include <vector>

#include "crystal/mapping.hpp"

namespace lithiate::crystal {

/// Position of a species in a site's list, or -1 if the site does not take it: the same name, or
/// the same element where `ignore_oxidation_states` is set and the list names the bare element, or
/// one charge state only and the atom none.
int species_on_site(const Site& site, const std::string& species, const MappingConfig& config);
bool allows_vacancy(const Site& site);

/// Atoms on the sites of one supercell.
struct Placement {
  std::vector<int> site_of;            ///< site of Supercell(prim, transformation) per atom
  std::vector<double> displacement_A;  ///< per atom, ideal metric, without the mean drift
  int misfits = 0;                     ///< atoms on sites that do not take them, for want of others
  double rms_A = std::numeric_limits<double>::infinity();
};

/// Best placement over all origins: one reference atom is tried on every site of the primitive cell
/// that takes it; atoms go to sites one-to-one at the least sum of squared displacements; the mean
/// drift is taken out and the assignment repeated. Sites without a vacancy are filled first.
/// REQUIRES: not more atoms than sites; every species is taken by some site.
Placement place_atoms(const Structure& prim, const Atoms& atoms, const Matrix3i& transformation,
                      const MappingConfig& config);

}  // namespace lithiate::crystal
