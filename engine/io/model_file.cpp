#include "io/model_file.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "core/error.hpp"
#include "crystal/mapping.hpp"
#include "io/expansion_file.hpp"
#include "io/hops_file.hpp"
#include "io/read_atoms.hpp"
#include "io/read_structure.hpp"

namespace lithiate::io {
namespace {

using model::Material;
using model::Phase;

int formula_units(const Material& material, const Phase& phase) {
  const auto& prim = phase.expansion.basis.prim;
  const crystal::Supercell cell(prim, phase.host.transformation);
  int n = 0;
  for (std::int64_t h = 0; h < cell.n_sites(); ++h) {
    const auto& allowed = prim.sites[static_cast<std::size_t>(h % cell.n_basis())].allowed;
    const int frozen =
        phase.host.frozen.empty() ? -1 : phase.host.frozen[static_cast<std::size_t>(h)];
    const std::size_t species = frozen < 0 ? 0 : static_cast<std::size_t>(frozen);
    if ((allowed.size() == 1 || frozen >= 0) &&
        crystal::element_of(allowed[species]) == material.formula_unit_species)
      ++n;
  }
  return n;
}

void check_prim(const Input& entry, const Phase& phase) {
  const crystal::Structure prim = read_structure(entry.file("prim"));
  const auto& used = phase.expansion.basis.prim;
  const bool same = prim.sites.size() == used.sites.size() &&
                    (prim.lattice.columns() - used.lattice.columns()).norm() < 1e-6;
  if (!same)
    entry.fail("prim", "is not the structure that the expansion was fitted on ('" + used.name +
                           "'); refit with 'lithiate fit'");
}

Phase read_phase(const Input& entry, const Material& material) {
  Phase phase;
  phase.name = entry.text("name");
  phase.family = entry.text("family", phase.name);
  const ExpansionFile file = read_expansion(entry.file("expansion"));
  phase.expansion = file.expansion;
  phase.x_trained_min = file.number("x_trained_min", 0.0);
  phase.x_trained_max = file.number("x_trained_max", 1.0);
  phase.cv_score_nested_eV_per_fu = file.number("cv_score_nested_eV_per_fu", 0.0);
  phase.training_structures = static_cast<int>(file.number("structures", 0.0));
  if (entry.has("prim")) check_prim(entry, phase);
  if (entry.has("host")) {
    const auto atoms = read_atoms(entry.file("host"));
    phase.host = host_from_atoms(phase.expansion.basis.prim, atoms.front(), material.mobile);
  }
  phase.formula_units_per_host_cell = formula_units(material, phase);
  if (phase.formula_units_per_host_cell < 1)
    entry.fail("name", "the host of phase '" + phase.name + "' holds no '" +
                           material.formula_unit_species + "' to count formula units by");
  if (entry.has("hops")) read_hops(entry.file("hops"), material.mobile, phase);
  return phase;
}

void set_reference(const Input& entry, const ExpansionFile& file, Material& material, bool first) {
  const double empty = file.number("reference_empty_eV_per_fu"),
               full = file.number("reference_full_eV_per_fu");
  constexpr double same_eV = 1e-6;
  if (!first && (std::abs(empty - material.empty_eV_per_fu) > same_eV ||
                 std::abs(full - material.full_eV_per_fu) > same_eV))
    entry.fail("expansion",
               "was fitted to formation energies with other end members than the "
               "first phase's; all phases need one energy zero");
  material.empty_eV_per_fu = empty;
  material.full_eV_per_fu = full;
}

void read_lithium(const Input& input, Material& material) {
  const Input lithium = input.table("lithium");
  material.lithium_eV = lithium.number("energy_eV");
  material.lithium_role = lithium.text("role");
  material.lithium_source = lithium.text("source");
}

}  // namespace

double molar_mass_g_per_mol(const std::string& formula) {
  double mass = 0.0;
  std::size_t i = 0;
  while (i < formula.size()) {
    if (!std::isupper(static_cast<unsigned char>(formula[i])))
      throw InputError("formula '" + formula +
                       "': expected element symbols and counts, as in VCl3");
    std::size_t end = i + 1;
    while (end < formula.size() && std::islower(static_cast<unsigned char>(formula[end]))) ++end;
    std::size_t digits = end;
    while (digits < formula.size() &&
           (std::isdigit(static_cast<unsigned char>(formula[digits])) || formula[digits] == '.'))
      ++digits;
    const double n = digits > end ? std::stod(formula.substr(end, digits - end)) : 1.0;
    mass += n * crystal::atomic_mass_g_per_mol(formula.substr(i, end - i));
    i = digits;
  }
  return mass;
}

model::Host host_from_atoms(const crystal::Structure& prim, const crystal::Atoms& atoms,
                            const std::string& mobile) {
  const crystal::Mapping mapping = map_structure(prim, atoms, {});
  if (!mapping.accepted)
    throw InputError(fmt::format("host '{}' does not fit the prim '{}': {}", atoms.name, prim.name,
                                 mapping.reason));
  return model::frozen_host(prim, mapping.decoration, mobile);
}

Material read_material(const std::filesystem::path& file,
                       const std::vector<std::string>& overrides) {
  const Input input = Input::read(file, overrides);
  Material material;
  material.name = input.text("name");
  material.formula = input.text("formula");
  material.molar_mass_g_per_mol = molar_mass_g_per_mol(material.formula);
  material.mobile = input.text("mobile", "Li");
  material.formula_unit_species = input.text("formula_unit_species");
  material.x_max = input.positive("x_max");
  material.x_max_reason = input.text("x_max_reason");
  read_lithium(input, material);
  const auto entries = input.tables("phase");
  if (entries.empty()) input.fail("phase", "expected at least one [[phase]]");
  for (const Input& entry : entries) {
    material.phases.push_back(read_phase(entry, material));
    set_reference(entry, read_expansion(entry.file("expansion")), material,
                  material.phases.size() == 1);
  }
  input.finish();
  return material;
}

}  // namespace lithiate::io
