#include "io/read_atoms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/formats.hpp"

namespace lithiate::io {

namespace fs = std::filesystem;
using crystal::Atoms;

namespace {

bool starts_with_data_block(const TextFile& file) {
  for (std::size_t i = 0; i < file.n_lines(); ++i) {
    const std::string line = trimmed(file.line(i));
    if (line.empty() || line.front() == '#') continue;
    return line.rfind("data_", 0) == 0;
  }
  return false;
}

std::vector<Atoms> from_occupied(const std::vector<OccupiedStructure>& all) {
  std::vector<Atoms> atoms;
  for (const OccupiedStructure& occupied : all) atoms.push_back(to_atoms(occupied));
  return atoms;
}

std::vector<Atoms> read_json_atoms(const TextFile& file) {
  const nlohmann::json document = parse_json(file);
  return from_occupied(read_pymatgen(JsonView(document, file.path())));
}

}  // namespace

Format detect_format(const TextFile& file) {
  const fs::path path(file.path());
  std::string extension = path.extension().string(), stem = path.filename().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".xyz" || extension == ".extxyz") return Format::extxyz;
  if (extension == ".cif") return Format::cif;
  if (extension == ".json") return Format::json;
  if (extension == ".toml") return Format::toml;
  if (extension == ".vasp" || extension == ".poscar" || stem.rfind("POSCAR", 0) == 0 ||
      stem.rfind("CONTCAR", 0) == 0)
    return Format::poscar;
  if (starts_with_data_block(file)) return Format::cif;
  const std::string first = trimmed(file.line(0));
  if (first.rfind('{', 0) == 0 || first.rfind('[', 0) == 0) return Format::json;
  if (parse_integer(first) && file.n_lines() > 1 &&
      file.line(1).find("Lattice=") != std::string_view::npos)
    return Format::extxyz;
  if (file.n_lines() > 5 && parse_number(trimmed(file.line(1)))) return Format::poscar;
  throw InputError(file.path() +
                   ": unknown format, expected extended XYZ (.xyz), POSCAR (.vasp), CIF (.cif), "
                   "pymatgen or CASM JSON (.json) or prim.toml (.toml)");
}

std::vector<Atoms> read_atoms(const fs::path& path) {
  const TextFile file = TextFile::read_input(path);
  std::vector<Atoms> all;
  switch (detect_format(file)) {
    case Format::extxyz:
      all = read_extxyz(file);
      break;
    case Format::poscar:
      all.push_back(read_poscar(file));
      break;
    case Format::cif:
      all = from_occupied(read_cif(file));
      break;
    case Format::json:
      all = read_json_atoms(file);
      break;
    case Format::toml:
      throw InputError(file.path() + ": is TOML, expected a structure with one atom per site");
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].where.empty()) all[i].where = path.string();
    if (all[i].name.empty())
      all[i].name = all.size() == 1 ? path.stem().string()
                                    : fmt::format("{}_{:02d}", path.stem().string(), i);
  }
  return all;
}

}  // namespace lithiate::io
