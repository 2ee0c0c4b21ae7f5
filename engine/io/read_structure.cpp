#include "io/read_structure.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "io/formats.hpp"
#include "io/input.hpp"
#include "io/read_atoms.hpp"

namespace lithiate::io {
namespace {

using crystal::Lattice;
using crystal::Structure;

Lattice read_lattice(const Input& input) {
  const auto parameters = input.optional_table("lattice");
  if (parameters && input.has("lattice_A"))
    input.fail("lattice_A", "expected either lattice_A or [lattice], not both");
  if (!parameters) return checked_lattice(input.matrix("lattice_A"), input.where("lattice_A"));
  const auto angle = [&](const char* key) {
    const double value = parameters->positive(key);
    if (!(value < 180.0)) parameters->fail(key, "expected below 180 degrees");
    return value;
  };
  const double a = parameters->positive("a_A"), b = parameters->positive("b_A"),
               c = parameters->positive("c_A");
  const double alpha = angle("alpha"), beta = angle("beta"), gamma = angle("gamma");
  try {
    return checked_lattice(
        Lattice::from_parameters(a, b, c, alpha, beta, gamma).columns().transpose(), "cell");
  } catch (const InputError& e) {
    input.fail("lattice", e.what());
  }
}

crystal::Site read_site(const Input& entry) {
  crystal::Site site;
  const auto fractional = entry.numbers("fractional");
  if (fractional.size() != 3) entry.fail("fractional", "expected three numbers");
  for (int k = 0; k < 3; ++k) {
    site.fractional[k] = fractional[static_cast<std::size_t>(k)];
    if (!(std::abs(site.fractional[k]) <= 1e3)) entry.fail("fractional", "expected at most 1000");
  }
  for (const std::string& name : entry.texts("species"))
    site.allowed.push_back(known_species(name, entry.where("species")));
  if (site.allowed.empty()) entry.fail("species", "expected at least one species");
  return site;
}

Structure read_prim_toml(const std::filesystem::path& path) {
  const Input input = Input::read(path);
  Structure structure;
  structure.name = input.text("name", path.stem().string());
  structure.source = input.text("source", "");
  structure.lattice = read_lattice(input);
  for (const Input& entry : input.tables("site")) structure.sites.push_back(read_site(entry));
  if (structure.sites.empty()) input.fail("site", "expected at least one [[site]]");
  input.finish();
  InputReport report(path.string());
  check(structure, report);
  report.throw_if_any();
  return structure;
}

Structure single(std::vector<OccupiedStructure> all, const std::filesystem::path& path,
                 bool partial_occupancy_as_allowed) {
  if (all.size() != 1)
    throw InputError(
        fmt::format("{}: holds {} structures, expected one", path.string(), all.size()));
  Structure structure = to_structure(all.front(), partial_occupancy_as_allowed);
  if (structure.name.empty()) structure.name = path.stem().string();
  return structure;
}

/// A TOML text in quotes: only what a basic string may hold.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return out + '"';
}

/// What is legal but hardly meant.
void warn_of_oddities(const Structure& s, const std::string& path) {
  for (std::size_t i = 0; i < s.sites.size(); ++i)
    if (s.sites[i].allowed.size() == 1 && s.sites[i].allowed.front() == crystal::vacancy)
      log::warning(fmt::format("{}: site {} allows Va only: it is always empty", path, i));
  constexpr double sparse_A3 = 1000.0;  // per site; solids have 5 to 50
  const double per_site_A3 = s.lattice.volume_A3() / static_cast<double>(s.sites.size());
  if (per_site_A3 > sparse_A3)
    log::warning(fmt::format("{}: the cell has {:.4g} A^3 per site; is the lattice in A?", path,
                             per_site_A3));
}

Structure read_any(const std::filesystem::path& path, bool partial_occupancy_as_allowed) {
  const TextFile file = TextFile::read_input(path);
  switch (detect_format(file)) {
    case Format::toml:
      return read_prim_toml(path);
    case Format::cif:
      return single(read_cif(file), path, partial_occupancy_as_allowed);
    case Format::json: {
      const nlohmann::json document = parse_json(file);
      const JsonView json(document, file.path());
      if (json.has("basis") || json.has("lattice_vectors")) return read_casm_prim(json);
      return single(read_pymatgen(json), path, partial_occupancy_as_allowed);
    }
    case Format::extxyz:
    case Format::poscar:
      break;
  }
  const auto atoms = read_atoms(path);
  if (atoms.size() != 1)
    throw InputError(fmt::format("{}: holds {} frames, expected one", path.string(), atoms.size()));
  return to_structure(atoms.front(), path.string());
}

}  // namespace

Structure read_structure(const std::filesystem::path& path, bool partial_occupancy_as_allowed) {
  Structure structure = read_any(path, partial_occupancy_as_allowed);
  warn_of_oddities(structure, path.string());
  return structure;
}

void write_prim_toml(std::ostream& out, const Structure& structure) {
  out << "name = " << quoted(structure.name) << "\nsource = " << quoted(structure.source)
      << "\nlattice_A = [  # rows are vectors\n";
  for (int i = 0; i < 3; ++i) {
    const crystal::Vector3d v = structure.lattice.columns().col(i);
    out << fmt::format("  [{}, {}, {}],\n", v[0], v[1], v[2]);
  }
  out << "]\n";
  for (const crystal::Site& site : structure.sites) {
    std::vector<std::string> species;
    for (const std::string& name : site.allowed) species.push_back(quoted(name));
    out << fmt::format("\n[[site]]\nfractional = [{}, {}, {}]\nspecies = [{}]\n",
                       site.fractional[0], site.fractional[1], site.fractional[2], joined(species));
  }
}

}  // namespace lithiate::io
