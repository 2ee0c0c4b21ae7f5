#pragma once
#include <string>
#include <vector>

#include "core/journal.hpp"
#include "mc/metropolis.hpp"
#include "observe/estimate.hpp"

namespace lithiate::mc {

/// How long to sample one state point.
struct SamplingConfig {
  std::int64_t min_sweeps = 400;
  std::int64_t max_sweeps = 4000;
  double x_error = 0.002;  ///< stop at this standard error of x; 0: run to max_sweeps
};
void check(const SamplingConfig& config, InputReport& report);

/// Averages at one temperature and chemical potential, per formula unit.
struct StatePoint {
  double temperature_K = 0.0, mu_eV = 0.0;
  observe::Estimate x;           ///< mobile species per formula unit
  observe::Estimate energy_eV;   ///< per formula unit
  observe::Estimate variance_n;  ///< (<N^2> - <N>^2) per formula unit
  std::int64_t sweeps = 0;       ///< after equilibration
  bool equilibrated = true;
  double acceptance = 0.0;
};

/// What is sampled: a compiled supercell, the species that comes and goes, and its bound.
struct Sampled {
  const LatticeModel& model;
  std::string mobile;
  double formula_units;
  std::int64_t max_mobile;
  Journal* journal = nullptr;  ///< if given, state points are taken from it or kept in it
};

/// Semi-grand canonical sampling. `occ` is the start and becomes the last state; equilibration is
/// detected and left out.
StatePoint sample_semi_grand(const Sampled& sampled, double temperature_K, double mu_eV,
                             const SamplingConfig& config, std::vector<Species>& occ,
                             const Random& random);

/// Canonical sampling at the composition of `occ`; x has no error and variance_n is 0.
StatePoint sample_canonical(const Sampled& sampled, double temperature_K,
                            const SamplingConfig& config, std::vector<Species>& occ,
                            const Random& random);

}  // namespace lithiate::mc
