#include "analysis/voltage_run.hpp"

namespace lithiate::analysis {

VoltageRun run_voltage(const model::Material& material, const SweepConfig& config,
                       Journal* journal) {
  VoltageRun run;
  run.sweeps = run_sweeps(material, config, journal);
  EquilibriumConfig how;
  how.reference_voltage_V = material.reference_voltage_V();
  DqdvConfig differential;
  differential.molar_mass_g_per_mol = material.molar_mass_g_per_mol;
  differential.seed = config.seed;
  for (const double T : config.temperature_K) {
    std::vector<Branch> branches;
    for (const PhaseSweeps& s : run.sweeps) {
      if (s.temperature_K != T) continue;
      branches.push_back(s.up);
      branches.push_back(s.down);
      branches.insert(branches.end(), s.heated.begin(), s.heated.end());
    }
    run.equilibria.push_back(equilibrium(branches, how));
    run.differential.push_back(dqdv(run.equilibria.back(), differential));
  }
  return run;
}

}  // namespace lithiate::analysis
