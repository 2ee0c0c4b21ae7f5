#pragma once
#include <filesystem>

namespace lithiate::apps {

/// Writes DIR/report.html from the results and tables that the verbs left in DIR: one
/// self-contained page. Throws InputError if DIR holds no results.json.
void write_report(const std::filesystem::path& folder);

/// Copies warning.txt of a material folder, if there is one, into its run.
void carry_warning(const std::filesystem::path& material, const std::filesystem::path& folder);

}  // namespace lithiate::apps
