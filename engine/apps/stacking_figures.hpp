#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "analysis/report_page.hpp"

namespace lithiate::apps {

/// Figures from stacking.csv and stacking_curves.csv of a run folder and the experiments and fitted
/// stacking energies of its results; empty if the tables are not there.
std::vector<analysis::Figure> stacking_figures(const std::filesystem::path& folder,
                                               const nlohmann::json& results);

}  // namespace lithiate::apps
