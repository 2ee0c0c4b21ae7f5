#include "io/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "io/read_atoms.hpp"
#include "io/run_settings.hpp"

namespace lithiate::io {
namespace {

using crystal::Atoms;

/// Of one cell: far above all-electron energies; squares of it stay finite.
constexpr double largest_energy_eV = 1e9;

/// What [training] and [reference] of the run file say, for all expansions of it.
struct Settings {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> energy_keys;
  std::string formula_unit_species, mobile, empty_name, full_name;
  std::vector<std::string> left_out;
  crystal::MappingConfig mapping;
};

Settings read_settings(const Input& input) {
  Settings s;
  const Input training = input.table("training"), reference = input.table("reference");
  s.files = read_files(training, "files");
  s.energy_keys = read_energy_keys(training, "energy_keys");
  s.formula_unit_species = training.text("formula_unit_species");
  s.mobile = training.text("mobile", "Li");
  if (training.has("leave_out")) s.left_out = training.texts("leave_out");
  s.empty_name = reference.text("empty");
  s.full_name = reference.text("full");
  if (const auto mapping = input.optional_table("mapping")) {
    s.mapping.max_strain = mapping->positive("max_strain", s.mapping.max_strain);
    s.mapping.max_displacement_A =
        mapping->positive("max_displacement_A", s.mapping.max_displacement_A);
  }
  return s;
}

const Atoms& named(const std::vector<Atoms>& frames, const std::string& name,
                   const Input& reference, const std::string& key) {
  std::vector<std::string> names;
  for (const Atoms& atoms : frames) {
    if (atoms.name == name) return atoms;
    names.push_back(atoms.name);
  }
  reference.fail(key, "no frame of the training files has this name" + did_you_mean(name, names));
}

/// A name under leave_out that matches nothing would leave the unwanted frame in.
void check_left_out(const Input& training, const std::vector<Atoms>& frames,
                    const std::vector<std::string>& left_out) {
  std::vector<std::string> names;
  for (const Atoms& atoms : frames) names.push_back(atoms.name);
  for (const std::string& name : left_out)
    if (std::find(names.begin(), names.end(), name) == names.end())
      training.fail("leave_out", "no frame of the training files is named '" + name + "'" +
                                     did_you_mean(name, names));
}

std::string frame_place(const Atoms& atoms) {
  return fmt::format("{}{}frame '{}'", atoms.where, atoms.where.empty() ? "" : ": ", atoms.name);
}

int formula_units(const Atoms& atoms, const std::string& species) {
  const int n = count_element(atoms, species);
  if (n == 0)
    throw InputError(
        fmt::format("{}: no '{}' to count formula units by", frame_place(atoms), species));
  return n;
}

double reference_energy(const std::vector<Atoms>& all, const Settings& s, const Input& reference,
                        const std::string& key, const std::string& name, double expected_x) {
  const Atoms& atoms = named(all, name, reference, key);
  const double x = lithium_per_fu(atoms, s.mobile, s.formula_unit_species);
  if (std::abs(x - expected_x) > 1e-9)
    reference.fail(key,
                   fmt::format("frame '{}' has x = {:.4g}, expected x = {}", name, x, expected_x));
  return energy_eV_per_fu(atoms, s.energy_keys, s.formula_unit_species);
}

void refuse_repeated_names(const std::vector<Atoms>& frames) {
  std::vector<std::string> names;
  for (const Atoms& atoms : frames) names.push_back(atoms.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    throw InputError("training set: two frames are named '" + *twice +
                     "', expected distinct names");
}

}  // namespace

double TrainingSet::x_min() const {
  double x = entries.front().x;
  for (const auto& e : entries) x = std::min(x, e.x);
  return x;
}

double TrainingSet::x_max() const {
  double x = entries.front().x;
  for (const auto& e : entries) x = std::max(x, e.x);
  return x;
}

std::vector<std::filesystem::path> read_files(const Input& table, const std::string& key) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : table.texts(key)) {
    const std::filesystem::path file = table.folder() / name;
    if (!std::filesystem::is_regular_file(file))
      table.fail(key, "no such file '" + file.string() + "'");
    files.push_back(file);
  }
  if (files.empty()) table.fail(key, "expected at least one file");
  return files;
}

std::map<std::string, std::vector<std::string>> read_select(const Input& table,
                                                            const std::vector<Atoms>& frames) {
  std::map<std::string, std::vector<std::string>> select;
  const auto chosen = table.optional_table("select");
  if (!chosen) return select;
  std::set<std::string> info_keys;
  for (const Atoms& atoms : frames)
    for (const auto& [key, value] : atoms.info) info_keys.insert(key);
  for (const std::string& key : chosen->keys()) {
    select[key] = chosen->texts(key);
    if (!info_keys.contains(key))
      chosen->fail(key, "no frame of the files has the info key '" + key + "'" +
                            did_you_mean(key, {info_keys.begin(), info_keys.end()}));
    std::set<std::string> values;
    for (const Atoms& atoms : frames)
      if (const auto at = atoms.info.find(key); at != atoms.info.end()) values.insert(at->second);
    for (const std::string& value : select[key])
      if (!values.contains(value))
        chosen->fail(key, fmt::format("no frame of the files has {} = '{}'{}", key, value,
                                      did_you_mean(value, {values.begin(), values.end()})));
  }
  return select;
}

std::vector<Atoms> select_frames(const std::vector<std::filesystem::path>& files,
                                 const std::map<std::string, std::vector<std::string>>& select) {
  std::vector<Atoms> chosen;
  for (const auto& file : files)
    for (Atoms& atoms : read_atoms(file)) {
      const bool passes = std::all_of(select.begin(), select.end(), [&](const auto& rule) {
        const auto at = atoms.info.find(rule.first);
        return at != atoms.info.end() &&
               std::find(rule.second.begin(), rule.second.end(), at->second) != rule.second.end();
      });
      if (passes) chosen.push_back(std::move(atoms));
    }
  return chosen;
}

int count_element(const Atoms& atoms, const std::string& element) {
  return static_cast<int>(std::count_if(
      atoms.species.begin(), atoms.species.end(),
      [&](const std::string& species) { return crystal::element_of(species) == element; }));
}

double lithium_per_fu(const Atoms& atoms, const std::string& mobile,
                      const std::string& formula_unit_species) {
  return static_cast<double>(count_element(atoms, mobile)) /
         formula_units(atoms, formula_unit_species);
}

double energy_eV_per_fu(const Atoms& atoms, const std::vector<std::string>& energy_keys,
                        const std::string& formula_unit_species) {
  double energy = 0.0;
  for (const std::string& key : energy_keys) {
    const auto at = atoms.info.find(key);
    if (at == atoms.info.end()) {
      std::vector<std::string> present;
      for (const auto& [name, value] : atoms.info) present.push_back(name);
      throw InputError(fmt::format("{}: no energy '{}' in the comment line{}", frame_place(atoms),
                                   key, did_you_mean(key, present)));
    }
    const auto value = parse_number(at->second);
    if (!value || std::abs(*value) > largest_energy_eV)
      throw InputError(fmt::format("{}: {} = {}: expected a finite energy in eV of at most {}",
                                   frame_place(atoms), key, at->second, largest_energy_eV));
    energy += *value;
  }
  return energy / formula_units(atoms, formula_unit_species);
}

TrainingSet read_training_set(const Input& input, const Input& expansion,
                              const crystal::Structure& prim) {
  const Settings s = read_settings(input);
  const Input reference = input.table("reference");
  TrainingSet set;
  set.empty_name = s.empty_name;
  set.full_name = s.full_name;
  const auto all = select_frames(s.files, {});
  refuse_repeated_names(all);
  check_left_out(input.table("training"), all, s.left_out);
  set.empty_eV_per_fu = reference_energy(all, s, reference, "empty", s.empty_name, 0.0);
  set.full_eV_per_fu = reference_energy(all, s, reference, "full", s.full_name, 1.0);
  for (const Atoms& atoms : select_frames(s.files, read_select(expansion, all))) {
    TrainingEntry entry{atoms.name, map_structure(prim, atoms, s.mapping),
                        0.0,        count_element(atoms, s.formula_unit_species),
                        0.0,        1.0};
    entry.x = lithium_per_fu(atoms, s.mobile, s.formula_unit_species);
    entry.formation_eV_per_fu = energy_eV_per_fu(atoms, s.energy_keys, s.formula_unit_species) -
                                (1.0 - entry.x) * set.empty_eV_per_fu -
                                entry.x * set.full_eV_per_fu;
    const bool left_out =
        std::find(s.left_out.begin(), s.left_out.end(), atoms.name) != s.left_out.end();
    if (left_out)
      set.excluded.push_back({atoms.name, "left out by training.leave_out"});
    else if (!entry.mapping.accepted)
      set.excluded.push_back({atoms.name, entry.mapping.reason});
    else
      set.entries.push_back(std::move(entry));
  }
  for (const Excluded& e : set.excluded) log::warning(e.name + " is not used: " + e.reason);
  if (set.entries.size() < 2)
    throw InputError(
        fmt::format("training set: {} structures map on prim '{}', expected at least 2",
                    set.entries.size(), prim.name));
  return set;
}

}  // namespace lithiate::io
