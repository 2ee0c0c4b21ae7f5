#pragma once
#include <span>
#include <string>
#include <vector>

#include "observe/estimate.hpp"
#include "stacking/stack_walk.hpp"

namespace lithiate::stacking {

/// Families (O1, O3) of a model's registries in order of first appearance.
std::vector<std::string> families(const StackModel& model);
/// Position in families() per registry.
std::vector<int> family_of_registry(const StackModel& model);

/// Patches of one gap that touch along borders and belong to one family.
struct Domain {
  int family = 0;
  int patches = 0;
};
std::vector<Domain> domains(const StackModel& model, const StackState& state, int gap);

/// What one state shows. Per family: [family] as in families().
struct StackObservation {
  double x = 0.0;                       ///< guests per formula unit
  double energy_eV = 0.0;               ///< per formula unit
  std::vector<double> fraction;         ///< of all patches, per family
  std::vector<double> x_of_gap;         ///< guests on octahedra per formula unit, per gap
  std::vector<double> domains_per_gap;  ///< per family
  std::vector<double> domain_patches;   ///< mean size of a domain per family; 0 without one
};
StackObservation observe_stack(const StackModel& model, const StackState& state, double energy_eV);

/// Averages at one chemical potential, the members as in StackObservation.
struct StackPoint {
  double temperature_K = 0.0, mu_eV = 0.0;
  observe::Estimate x, energy_eV;
  std::vector<observe::Estimate> fraction, x_of_gap, domains_per_gap, domain_patches;
  double glide_acceptance = 0.0;
  bool equilibrated = true;
};

struct StackSampling {
  std::int64_t sweeps = 2000;     ///< per point; the equilibration is detected and left out
  std::int64_t sample_every = 1;  ///< sweeps
};
void check(const StackSampling& sampling, InputReport& report);

/// Points along chemical potentials in the order given, each from the last state of the one before:
/// ascending and descending orders show hysteresis.
std::vector<StackPoint> sample_path(StackWalk& walk, std::span<const double> mu_eV,
                                    const StackSampling& sampling);

}  // namespace lithiate::stacking
