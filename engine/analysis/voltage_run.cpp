#include "analysis/voltage_run.hpp"

namespace lithiate::analysis {

EquilibriumConfig equilibrium_config(const model::Material& material) {
  EquilibriumConfig how;
  how.reference_voltage_V = material.reference_voltage_V();
  return how;
}

VoltageRun run_voltage(const model::Material& material, const SweepConfig& config,
                       Journal* journal) {
  VoltageRun run;
  run.sweeps = run_sweeps(material, config, journal);
  const EquilibriumConfig how = equilibrium_config(material);
  DqdvConfig differential;
  differential.molar_mass_g_per_mol = material.molar_mass_g_per_mol;
  differential.seed = config.seed;
  for (const double T : config.temperature_K) {
    run.equilibria.push_back(equilibrium(branches_at(run.sweeps, T), how));
    run.differential.push_back(dqdv(run.equilibria.back(), differential));
  }
  return run;
}

}  // namespace lithiate::analysis
