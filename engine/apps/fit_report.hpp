#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "apps/options.hpp"
#include "expansion/fit.hpp"
#include "io/expansion_file.hpp"
#include "io/fit_file.hpp"
#include "io/results.hpp"

namespace lithiate::apps {

/// A fit file, read and mapped.
struct MaterialFit {
  std::vector<io::FitJob> jobs;
  std::vector<std::string> overrides;
  std::vector<io::InputFile> inputs;
};
MaterialFit read_fit(const std::filesystem::path& file, const std::vector<std::string>& overrides);

/// Fits all, then writes expansion files, results.json and CSV tables into `folder`.
void fit_material(const MaterialFit& fit, const std::filesystem::path& folder);

/// One line for people.
std::string fit_summary(const io::FitJob& job, const expansion::FitReport& report);
/// The expansion with what later verbs need: trained range, reference energies, scores.
io::ExpansionFile expansion_file(const io::FitJob& job, const expansion::FitReport& report);
/// cv_score, cv_score_nested, excluded, formation_energies; with several expansions the names carry
/// the expansion's name as a word.
void set_fit_quantities(io::Results& results, const std::vector<io::FitJob>& jobs,
                        const std::vector<expansion::FitReport>& reports);
/// fit_NAME.csv (per structure) and mapping_NAME.csv.
void write_fit_tables(const std::filesystem::path& folder, const std::vector<io::FitJob>& jobs,
                      const std::vector<expansion::FitReport>& reports);

}  // namespace lithiate::apps
