#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/report_page.hpp"

namespace lithiate::apps {

/// Figures from the CSV tables of a run folder; empty if the tables are not there.
std::vector<analysis::Figure> voltage_figures(const std::filesystem::path& folder);
std::vector<analysis::Figure> diffusion_figures(const std::filesystem::path& folder);
std::vector<analysis::Figure> fit_figures(const std::filesystem::path& folder);
/// The text of DIR/warning.txt, which a material folder may carry into its runs; empty if none.
std::string folder_warning(const std::filesystem::path& folder);

}  // namespace lithiate::apps
