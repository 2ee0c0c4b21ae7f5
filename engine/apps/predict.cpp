#include <fmt/format.h>

#include <cmath>
#include <iostream>

#include "apps/verb.hpp"
#include "core/error.hpp"
#include "crystal/mapping.hpp"
#include "io/model_file.hpp"
#include "io/read_atoms.hpp"
#include "io/table_file.hpp"
#include "io/training_set.hpp"

namespace lithiate::apps {
namespace {

const model::Phase& chosen_phase(const model::Material& material, const std::string& name) {
  for (const model::Phase& phase : material.phases)
    if (name.empty() || phase.name == name) return phase;
  std::string known;
  for (const model::Phase& phase : material.phases) known += " " + phase.name;
  throw UsageError("--phase " + name + ": the model has" + known);
}

/// Energy of one frame per primitive cell, or an error that names it.
std::string line_for(const model::Material& material, const model::Phase& phase,
                     const crystal::Atoms& atoms) {
  const auto& prim = phase.expansion.basis.prim;
  const crystal::Mapping mapping = map_structure(prim, atoms, {});
  if (!mapping.accepted)
    throw InputError(fmt::format("{}: frame '{}' does not map on phase '{}': {}", atoms.where,
                                 atoms.name, phase.name, mapping.reason));
  const double x = io::lithium_per_fu(atoms, material.mobile, material.formula_unit_species);
  constexpr double slack = 1e-6;  // rounding of a ratio of whole numbers
  if (x > material.x_max + slack)
    throw InputError(fmt::format("frame '{}': x = {:.4f} above the redox limit {} ({})", atoms.name,
                                 x, material.x_max, material.x_max_reason));
  if (x < phase.x_trained_min - slack || x > phase.x_trained_max + slack)
    throw InputError(
        fmt::format("frame '{}': x = {:.4f} outside the trained range {:.4f} to {:.4f} of "
                    "phase '{}'",
                    atoms.name, x, phase.x_trained_min, phase.x_trained_max, phase.name));
  return fmt::format("{},{:.6f},{:.9f},{:.4f}\n", io::csv_field(atoms.name), x,
                     energy_eV_per_prim(phase.expansion, mapping.decoration),
                     mapping.max_displacement_A);
}

int run(const Options& options) {
  const model::Material material = io::read_material(options.arguments[0], options.set);
  const model::Phase& phase = chosen_phase(material, options.value("phase", ""));
  std::string out = "name,x,formation_energy_per_prim (eV),max_displacement (A)\n";
  for (const crystal::Atoms& atoms : io::read_atoms(options.arguments[1]))
    out += line_for(material, phase, atoms);
  std::cout << out;
  return 0;
}

}  // namespace

Verb predict_verb() {
  return {{"predict",
           "MODEL FILE",
           2,
           2,
           "energy per prim cell of every structure in a file, as CSV",
           "  lithiate predict potentials/LixNiO2/model.toml new.xyz > energies.csv\n"
           "  lithiate predict potentials/LixVCl3/model.toml new.xyz --phase O3\n",
           {{"phase", "phase of the model (default: the first)", "NAME"}},
           with_set},
          run};
}

}  // namespace lithiate::apps
