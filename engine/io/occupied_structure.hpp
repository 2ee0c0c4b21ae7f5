#pragma once
#include <map>
#include <string>
#include <vector>

#include "crystal/structure.hpp"

namespace lithiate::io {

/// Sites with occupancies, as CIF and pymatgen files hold them, before it is decided whether they
/// are atoms or allowed species.
struct Occupant {
  std::string species;  ///< canonical
  double occupancy = 1.0;
};
struct OccupiedSite {
  crystal::Vector3d fractional;
  std::vector<Occupant> occupants;
  std::string where;  ///< "file:line" or "file: path", begins messages about this site
};
struct OccupiedStructure {
  std::string name;
  crystal::Lattice lattice;
  std::vector<OccupiedSite> sites;
  std::map<std::string, std::string> info;
  std::string where;  ///< of the whole
};

/// Atoms without the vacancies. Throws InputError for a partly occupied site, no atoms, or what
/// check_atoms refuses.
crystal::Atoms to_atoms(const OccupiedStructure& occupied);

/// Allowed species in the order of the file; the vacancy is added where occupancies sum to less
/// than 1. Throws InputError for a partly occupied site unless `partial_occupancy_as_allowed`, for
/// occupancies outside (0, 1], sums above 1, and for what crystal::check refuses.
crystal::Structure to_structure(const OccupiedStructure& occupied,
                                bool partial_occupancy_as_allowed);

/// Every atom as the one species of a site.
crystal::Structure to_structure(const crystal::Atoms& atoms, const std::string& where);

/// Lattice of three row vectors, with `where` in front of its complaints; vectors beyond 1e4 A and
/// cells thinner than 1 A are refused.
crystal::Lattice checked_lattice(const crystal::Matrix3d& rows_A, const std::string& where);

/// Canonical name of a species. Throws InputError "where: ..." for one that is neither an element
/// (with or without charge) nor the vacancy.
std::string known_species(const std::string& name, const std::string& where);

/// Throws InputError with the places for coordinates that are not finite or beyond 1e4 cells and
/// for atoms closer than 0.5 A. `where[i]` begins messages about atom i.
void check_atoms(const crystal::Atoms& atoms, const std::vector<std::string>& where);

/// Distance in Angstrom by the nearest image per axis; the shortest one if it is below 0.5 A in a
/// checked lattice.
double wrapped_distance_A(const crystal::Lattice& lattice, const crystal::Vector3d& a,
                          const crystal::Vector3d& b);

/// A text as one printable ASCII line: what a foreign file's title may become a name from.
std::string printable(const std::string& text);

}  // namespace lithiate::io
