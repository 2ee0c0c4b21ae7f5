#pragma once
#include <vector>

#include "analysis/branch.hpp"
#include "mc/run.hpp"

namespace lithiate::analysis {

/// A configuration met on a sweep.
struct Snapshot {
  double mu_eV = 0.0, x = 0.0;
  std::vector<model::Species> occupation;
};

/// How an ordered state inside the host gets a reference of its own: it is quenched at fixed mu to
/// `coldest` of the temperature, where phi = u - mu x without entropy, and heated back in `steps`
/// temperatures along d(phi/kT)/d(1/kT) = u - mu x.
struct HeatingConfig {
  double coldest = 0.05;
  int steps = 14;
  mc::SamplingConfig sampling;
  double step_eV = 0.01;      ///< between chemical potentials of the branches that leave it
  double x_tolerance = 0.01;  ///< the state must come back with this composition
};

/// Two branches per state, up and down in mu from the middle of the stretch of mu in which a sweep
/// showed it, both with that reference. Empty if the state is not met again after heating.
std::vector<Branch> heated_branches(const mc::Sampled& sampled, double temperature_K,
                                    const std::string& phase, const Snapshot& middle,
                                    double mu_min_eV, double mu_max_eV, const HeatingConfig& config,
                                    const Random& random);

/// MuPoint of a sampled state.
MuPoint mu_point(const mc::StatePoint& point);

}  // namespace lithiate::analysis
