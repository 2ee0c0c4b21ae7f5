#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "observe/estimate.hpp"

namespace lithiate::mc {

/// Logarithm of the number of states by level of P = E - sum mu N (of the whole supercell), as one
/// run counted them: g of a level is proportional to visits times exp(log_weight).
struct DensityOfStates {
  struct Level {
    std::int64_t bin = 0;  ///< the same level in other runs
    double log_g = 0.0;
    double P_eV = 0.0, variance_eV2 = 0.0;  ///< of P over the states of the level
    double n = 0.0;                         ///< mean number of the mobile species
    double visits = 1.0;                    ///< share of the run
    double log_weight = 0.0;
  };
  std::vector<Level> levels;  ///< by ascending P_eV; sum exp(log_g) is the number of all states
  double ln_f = 0.0;          ///< last step of ln g before the counting
  std::int64_t sweeps = 0;    ///< before the counting
  bool converged = false;     ///< ln_f came down to what was asked for
};

/// Averages at one temperature, of the whole supercell.
struct Thermodynamics {
  double free_energy_eV = 0.0;    ///< -kT ln sum g exp(-P/kT)
  double P_eV = 0.0;              ///< <P>
  double entropy_kB = 0.0;        ///< (<P> - free energy) / T, absolute
  double heat_capacity_kB = 0.0;  ///< d<P>/dT at fixed chemical potentials
  double n = 0.0;                 ///< mobile atoms
};

/// Sums over levels; the spread within a level counts to second order in its width over kT. Throws
/// InputError if there is no level.
Thermodynamics thermodynamics(const DensityOfStates& density, double temperature_K);

/// The same with errors from independent runs, per formula unit.
struct ThermodynamicPoint {
  double temperature_K = 0.0;
  observe::Estimate free_energy_eV, P_eV, entropy_kB, heat_capacity_kB, x;
};
/// Of the visits averaged over the runs, by the jackknife over them: averages of the runs' results
/// would be off by the variance of ln g. REQUIRES two runs over the same states.
ThermodynamicPoint thermodynamic_point(std::span<const DensityOfStates> runs, double temperature_K,
                                       double formula_units);

/// All numbers of a density and back, for checkpoints. Throws InputError for another number.
std::vector<double> numbers(const DensityOfStates& density);
DensityOfStates density_of_states(const std::vector<double>& numbers);

}  // namespace lithiate::mc
