#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/report.hpp"
#include "crystal/lattice.hpp"

namespace lithiate::crystal {

/// The vacancy's name. `X`, `Vac` and `Vacancy` are read as this.
inline const std::string vacancy = "Va";
/// Spelling used inside: vacancies become `Va`, `Li+` becomes `Li1+`; anything else is kept.
std::string canonical_species(const std::string& name);
/// Element symbol of a species name ("Ni" of "Ni3+", "" of "Va"); nothing known of it: "".
std::string element_of(const std::string& species);
/// Standard atomic mass in g/mol (IUPAC 2021 abridged); 0 for the vacancy. Throws InputError.
double atomic_mass_g_per_mol(const std::string& species);

/// A crystallographic site and the species that may sit on it; one species means a spectator.
struct Site {
  Vector3d fractional;
  std::vector<std::string> allowed;
};

/// A primitive cell with allowed species per site: what cluster expansions are defined on.
struct Structure {
  std::string name;
  Lattice lattice;
  std::vector<Site> sites;
  std::string source;  ///< where the numbers come from, as printed in reports
};

/// Faults: no sites, unknown species, no species, repeated species, sites closer than 0.5 A.
void check(const Structure& structure, InputReport& report);

/// Atoms as a calculation or an experiment gives them: any positions, one species each.
struct Atoms {
  std::string name;
  Lattice lattice;
  std::vector<std::string> species;
  std::vector<Vector3d> fractional;
  std::map<std::string, std::string> info;  ///< key=value pairs of the file, as text
  std::string where = {};                   ///< file and line for messages; empty: not from a file
  /// Whole numbers per atom by name, for files that are looked at; size() of each.
  std::map<std::string, std::vector<int>> labels = {};

  std::size_t size() const noexcept { return species.size(); }
};

int count(const Atoms& atoms, const std::string& species);  ///< by exact species name
/// "Li2V2Cl6": elements in order of first appearance, oxidation states left out.
std::string formula(const Atoms& atoms);

}  // namespace lithiate::crystal
