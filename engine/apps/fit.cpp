#include <fmt/format.h>

#include "apps/fit_report.hpp"
#include "apps/verb.hpp"
#include "core/log.hpp"
#include "io/directory.hpp"
#include "io/results.hpp"

namespace lithiate::apps {

int fit_material(const Options& options, const std::filesystem::path& file,
                 const std::filesystem::path& folder) {
  std::vector<std::string> overrides = options.set;
  if (options.seed) overrides.push_back(fmt::format("seed={}", *options.seed));
  const std::vector<io::FitJob> jobs = io::read_fit_file(file, overrides);
  io::prepare_output_directory(folder);
  io::Results results = io::Results::open(folder, "fit");
  results.input(file);
  std::vector<expansion::FitReport> reports;
  for (const io::FitJob& job : jobs) {
    reports.push_back(expansion::fit(job.points, job.config));
    for (const std::string& text : reports.back().warnings) log::warning(job.name + ": " + text);
    log::info(fit_summary(job, reports.back()));
    write_expansion(folder / job.output, expansion_file(job, reports.back()));
  }
  set_fit_quantities(results, jobs, reports);
  write_fit_tables(folder, jobs, reports);
  results.save();
  return 0;
}

namespace {

int run(const Options& options) {
  return fit_material(options, options.arguments.front(), options.output_or_usage_error("fit"));
}

}  // namespace

Verb fit_verb() {
  return {{"fit",
           "FILE",
           1,
           1,
           "training set -> expansion files, fit report, hull",
           "  lithiate fit potentials/LixNiO2/fit.toml -o runs/fit\n"
           "  lithiate fit fit.toml -o runs/fit --set regression.method=ardr\n",
           {}},
          run};
}

}  // namespace lithiate::apps
