#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "crystal/mapping.hpp"
#include "expansion/cluster_basis.hpp"
#include "io/input.hpp"

namespace lithiate::io {

/// One relaxed calculation on its ideal sites.
struct TrainingEntry {
  std::string name;
  crystal::Mapping mapping;
  double x = 0.0;                    ///< mobile atoms per formula unit
  int formula_units = 1;             ///< in the frame's cell
  double formation_eV_per_fu = 0.0;  ///< E - (1 - x) E_empty - x E_full
  double weight = 1.0;
};

struct Excluded {
  std::string name, reason;
};

/// Calculations that map, those that do not (by name, with the reason), and the energy zero.
struct TrainingSet {
  std::vector<TrainingEntry> entries;
  std::vector<Excluded> excluded;
  double empty_eV_per_fu = 0.0, full_eV_per_fu = 0.0;
  std::string empty_name, full_name;
  double x_min() const;  ///< of the mapped entries
  double x_max() const;
};

/// The frames of all `files` that pass `select` (info key -> accepted values; empty: all).
std::vector<crystal::Atoms> select_frames(
    const std::vector<std::filesystem::path>& files,
    const std::map<std::string, std::vector<std::string>>& select);

/// Sum of the named energies of a frame (eV per cell), divided by its formula units. Throws
/// InputError if one is missing or not a finite number.
double energy_eV_per_fu(const crystal::Atoms& atoms, const std::vector<std::string>& energy_keys,
                        const std::string& formula_unit_species);
/// Number of atoms of an element, whatever its oxidation state.
int count_element(const crystal::Atoms& atoms, const std::string& element);
double lithium_per_fu(const crystal::Atoms& atoms, const std::string& mobile,
                      const std::string& formula_unit_species);
/// The table `select`. Throws InputError for a key or a value that no frame has.
std::map<std::string, std::vector<std::string>> read_select(
    const Input& table, const std::vector<crystal::Atoms>& frames);
/// Files listed under `key`, relative to the run file.
std::vector<std::filesystem::path> read_files(const Input& table, const std::string& key);

/// Reads [training], [reference] and [mapping] of a fit file and maps every frame on `prim`.
TrainingSet read_training_set(const Input& input, const Input& expansion,
                              const crystal::Structure& prim);

}  // namespace lithiate::io
