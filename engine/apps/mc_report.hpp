#pragma once
#include <optional>
#include <string>
#include <vector>

#include "io/mc_file.hpp"
#include "mc/density_of_states.hpp"

namespace lithiate::apps {

/// A ladder of replicas and what came of it.
struct LadderResult {
  double temperature_K = 0.0;                ///< of a ladder of voltages
  std::optional<double> x = {}, mu_eV = {};  ///< of a ladder of temperatures, if it has one
  std::vector<double> rungs = {};            ///< K or V
  mc::TemperingResult done = {};
};

/// Densities of states of one composition or voltage, from independent runs.
struct DensityResult {
  std::optional<double> x = {}, mu_eV = {};
  std::vector<mc::DensityOfStates> runs = {};
};

/// What a run of `mc` gave; the parts of other methods are empty.
struct McResult {
  std::vector<mc::StatePoint> points;
  std::vector<std::string> species;  ///< of StatePoint::species
  std::vector<LadderResult> ladders;
  std::vector<DensityResult> densities;
  double formula_units = 1.0;
};

/// results.json and the method's CSV files.
void write_mc(const std::string& folder, const io::McFile& file, const McResult& result);

}  // namespace lithiate::apps
