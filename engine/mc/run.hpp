#pragma once
#include <string>
#include <vector>

#include "core/journal.hpp"
#include "mc/metropolis.hpp"
#include "mc/state_point.hpp"

namespace lithiate::mc {

/// How long to sample one state point.
struct SamplingConfig {
  std::int64_t min_sweeps = 400;
  std::int64_t max_sweeps = 4000;
  double x_error = 0.002;  ///< stop at this standard error of x; 0: run to max_sweeps
};
void check(const SamplingConfig& config, InputReport& report);

/// What is sampled: a compiled supercell, the species that comes and goes, and its bound.
struct Sampled {
  const LatticeModel& model;
  std::string mobile;
  double formula_units;
  std::int64_t max_mobile;
  Journal* journal = nullptr;  ///< if given, state points are taken from it or kept in it
  std::vector<std::string> counted = {};  ///< species of StatePoint::species
};

/// One more entry of a series.
void record(Series& series, const Sampled& sampled, const std::vector<Species>& occ,
            double energy_eV);

/// Semi-grand canonical sampling. `occ` is the start and becomes the last state; equilibration is
/// detected and left out.
StatePoint sample_semi_grand(const Sampled& sampled, double temperature_K, double mu_eV,
                             const SamplingConfig& config, std::vector<Species>& occ,
                             const Random& random);

/// Canonical sampling at the composition of `occ`; x has no error and variance_n is 0.
StatePoint sample_canonical(const Sampled& sampled, double temperature_K,
                            const SamplingConfig& config, std::vector<Species>& occ,
                            const Random& random);

/// Sampling with NeutralSemiGrand at the charge of `occ`.
StatePoint sample_neutral(const Sampled& sampled, const Charges& charges, double temperature_K,
                          const std::map<std::string, double>& mu_eV, const SamplingConfig& config,
                          std::vector<Species>& occ, const Random& random);

}  // namespace lithiate::mc
