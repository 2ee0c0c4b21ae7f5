#pragma once
#include <map>

#include "io/point_files.hpp"
#include "mc/tempering_run.hpp"
#include "mc/wang_landau.hpp"

namespace lithiate::io {

/// Run file of `mc`: a method, an ensemble, and where to sample it.
struct McFile {
  enum class Method { metropolis, tempering, wang_landau };
  enum class Ensemble { canonical, semi_grand, neutral };

  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE
  PhaseChoice cell;
  Method method = Method::metropolis;
  Ensemble ensemble = Ensemble::canonical;
  std::string where;  ///< file:line:ensemble for messages
  std::vector<double> temperature_K;
  std::vector<double> x;                        ///< canonical
  std::vector<double> voltage_V;                ///< semi-grand: mu = V_reference - V
  std::map<std::string, double> mu_eV;          ///< neutral: by species
  std::map<std::string, int> oxidation_states;  ///< neutral: by species
  mc::SamplingConfig sampling;                  ///< of Metropolis
  mc::TemperingConfig tempering;
  bool along_voltage = false;  ///< ladders of voltages, else of temperatures
  mc::WangLandauConfig wang_landau;
  int runs = 4;  ///< independent densities of states
  std::uint64_t seed = 1;
};

/// Throws InputError with file:line:key.
McFile read_mc_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);

}  // namespace lithiate::io
