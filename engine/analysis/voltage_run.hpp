#pragma once
#include <vector>

#include "analysis/dqdv.hpp"
#include "analysis/equilibrium.hpp"
#include "analysis/hysteresis.hpp"
#include "analysis/sweeps.hpp"

namespace lithiate::analysis {

/// V(x, T) of a material: the sweeps of every phase and, at each temperature, their equilibrium.
struct VoltageRun {
  std::vector<PhaseSweeps> sweeps;      ///< phase by phase, temperature by temperature
  std::vector<Equilibrium> equilibria;  ///< one per temperature
  std::vector<Dqdv> differential;       ///< one per temperature
};

/// How the equilibrium of a material is made: its energy zero of voltages.
EquilibriumConfig equilibrium_config(const model::Material& material);

VoltageRun run_voltage(const model::Material& material, const SweepConfig& config,
                       Journal* journal = nullptr);

}  // namespace lithiate::analysis
