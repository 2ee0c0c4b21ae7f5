#include <fmt/format.h>

#include "apps/fit_report.hpp"
#include "apps/verb.hpp"
#include "core/log.hpp"
#include "io/directory.hpp"
#include "io/results.hpp"

namespace lithiate::apps {

MaterialFit read_fit(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  const io::ReadScope scope;
  MaterialFit fit{io::read_fit_file(file, overrides), overrides, {}};
  fit.inputs = scope.files();
  return fit;
}

void fit_material(const MaterialFit& fit, const std::filesystem::path& folder) {
  const auto& jobs = fit.jobs;
  std::vector<expansion::FitReport> reports;
  for (const io::FitJob& job : jobs) {
    reports.push_back(expansion::fit(job.points, job.config));
    for (const std::string& text : reports.back().warnings) log::warning(job.name + ": " + text);
    log::info(fit_summary(job, reports.back()));
  }
  for (std::size_t i = 0; i < jobs.size(); ++i)
    write_expansion(folder / jobs[i].output, expansion_file(jobs[i], reports[i]));
  io::Results results = io::Results::open(folder, "fit");
  results.inputs(fit.inputs);
  results.overrides(fit.overrides);
  results.seed(jobs.front().config.seed);
  set_fit_quantities(results, jobs, reports);
  write_fit_tables(folder, jobs, reports);
  results.save();
}

namespace {

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("fit");
  const MaterialFit fit = read_fit(options.arguments.front(), options.overrides());
  io::require_same_inputs(folder, {"fit"}, fit.inputs);
  const io::OutputFolder guard(folder);
  fit_material(fit, folder);
  return 0;
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
           {},
           run_options & ~with_threads},
          run};
}

}  // namespace lithiate::apps
