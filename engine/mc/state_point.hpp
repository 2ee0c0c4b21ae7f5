#pragma once
#include <vector>

#include "observe/estimate.hpp"

namespace lithiate::mc {

/// Averages at one temperature and chemical potential, per formula unit.
struct StatePoint {
  double temperature_K = 0.0, mu_eV = 0.0;
  observe::Estimate x;           ///< mobile species per formula unit
  observe::Estimate energy_eV;   ///< per formula unit
  observe::Estimate variance_n;  ///< (<N^2> - <N>^2) per formula unit
  std::int64_t sweeps = 0;       ///< after equilibration
  bool equilibrated = true;
  double acceptance = 0.0;
  std::vector<observe::Estimate> species;  ///< further species per formula unit, if counted
};

/// Time series of one state point, of the whole supercell.
struct Series {
  std::vector<double> n;  ///< of the mobile species
  std::vector<double> energy_eV;
  std::vector<std::vector<double>> species;  ///< numbers of further species
};

/// Averages without the equilibration, which is detected; StatePoint::sweeps counts entries.
StatePoint averages(const Series& series, double formula_units);

/// All members as numbers and back, for checkpoints. Throws InputError for other numbers.
std::vector<double> numbers(const StatePoint& point);
StatePoint state_point(const std::vector<double>& numbers);

}  // namespace lithiate::mc
