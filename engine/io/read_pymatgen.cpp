#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "io/formats.hpp"

namespace lithiate::io {
namespace {

using crystal::Matrix3d;
using crystal::Vector3d;

/// {"element": "Ni", "oxidation_state": 3, "occu": 0.5}
Occupant read_occupant(const JsonView& json) {
  std::string name = json.at("element").text();
  if (const auto charge = json.find("oxidation_state"); charge && charge->number() != 0.0) {
    const double z = charge->number();
    if (z != std::round(z) || std::abs(z) > 9) charge->fail("expected a whole oxidation state");
    name += fmt::format("{:.0f}{}", std::abs(z), z > 0 ? '+' : '-');
  }
  Occupant occupant{known_species(name, json.where()), 1.0};
  if (const auto occupancy = json.find("occu")) occupant.occupancy = occupancy->number();
  return occupant;
}

OccupiedSite read_site(const JsonView& json) {
  OccupiedSite site{json.at("abc").vector(), {}, json.where()};
  const JsonView species = json.at("species");
  for (std::size_t i = 0; i < species.size(); ++i)
    site.occupants.push_back(read_occupant(species.at(i)));
  if (site.occupants.empty()) species.fail("expected at least one species");
  return site;
}

OccupiedStructure read_plain(const JsonView& json) {
  OccupiedStructure structure;
  structure.where = json.where();
  const JsonView matrix = json.at("lattice").at("matrix");
  structure.lattice = checked_lattice(matrix.matrix(), matrix.where());
  const JsonView sites = json.at("sites");
  for (std::size_t i = 0; i < sites.size(); ++i) structure.sites.push_back(read_site(sites.at(i)));
  if (structure.sites.empty()) sites.fail("no sites");
  return structure;
}

OccupiedStructure read_one(const JsonView& json) {
  if (!json.has("structure")) {
    if (json.has("lattice") && json.has("sites")) return read_plain(json);
    json.fail("expected a pymatgen Structure or ComputedStructureEntry");
  }
  OccupiedStructure structure = read_plain(json.at("structure"));
  if (const auto energy = json.find("energy"))
    structure.info["energy"] = fmt::format("{}", energy->number());
  if (const auto correction = json.find("correction"); correction && correction->number() != 0.0)
    structure.info["correction"] = fmt::format("{}", correction->number());
  if (const auto id = json.find("entry_id"); id && id->is_text())
    structure.name = printable(id->text());
  return structure;
}

}  // namespace

std::vector<OccupiedStructure> read_pymatgen(const JsonView& json) {
  std::vector<OccupiedStructure> all;
  if (!json.is_array()) {
    all.push_back(read_one(json));
  } else {
    for (std::size_t i = 0; i < json.size(); ++i) all.push_back(read_one(json.at(i)));
    if (all.empty()) json.fail("an empty list, expected structures");
  }
  return all;
}

crystal::Structure read_casm_prim(const JsonView& json) {
  crystal::Structure prim;
  prim.name = json.at("title").text();
  prim.source = json.find("description") ? json.at("description").text() : "CASM prim.json";
  const JsonView vectors = json.at("lattice_vectors");
  prim.lattice = checked_lattice(vectors.matrix(), vectors.where());
  const JsonView mode = json.at("coordinate_mode");
  const bool cartesian = mode.text() == "Cartesian";
  if (!cartesian && mode.text() != "Fractional" && mode.text() != "Direct")
    mode.fail("expected Fractional, Direct or Cartesian");
  const JsonView basis = json.at("basis");
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const Vector3d v = basis.at(i).at("coordinate").vector();
    crystal::Site site{cartesian ? prim.lattice.fractional(v) : v, {}};
    const JsonView occupants = basis.at(i).at("occupants");
    for (std::size_t k = 0; k < occupants.size(); ++k)
      site.allowed.push_back(known_species(occupants.at(k).text(), occupants.at(k).where()));
    prim.sites.push_back(std::move(site));
  }
  InputReport report(json.where());
  check(prim, report);
  report.throw_if_any();
  return prim;
}

}  // namespace lithiate::io
