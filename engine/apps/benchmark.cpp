#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/verb.hpp"
#include "benchmark/coverage.hpp"
#include "benchmark/suite.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::apps {
namespace {

constexpr std::uint64_t default_seed = 2024;

void save(const Options& options, const nlohmann::ordered_json& json) {
  const std::string path = options.value("json", "");
  if (path.empty()) return;
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  if (!file.flush()) throw Error("benchmark: cannot write '" + path + "'");
}

std::vector<std::string> split_ids(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  return split_words(text);
}

/// Exit code 4 unless every entry passes.
template <class Entries>
int verdict(const Entries& entries) {
  return std::all_of(entries.begin(), entries.end(), [](const auto& e) { return e.pass(); }) ? 0
                                                                                             : 4;
}

int run_exact(const Options& options) {
  const auto results = benchmark::run_exact(split_ids(options.value("only", "")),
                                            options.seed.value_or(default_seed));
  auto json = nlohmann::ordered_json::array();
  for (const benchmark::Result& r : results)
    json.push_back({{"id", r.id},
                    {"component", r.component},
                    {"quantity", r.quantity},
                    {"condition", r.condition},
                    {"unit", r.unit},
                    {"reference", r.reference},
                    {"reference_error", r.reference_error},
                    {"value", r.value},
                    {"error", r.error},
                    {"allowed_error", r.allowed_error},
                    {"verdict", r.verdict()},
                    {"source", r.source}});
  fmt::print("{}", benchmark::format_results(results));
  save(options, json);
  return verdict(results);
}

int run_coverage(const Options& options) {
  const auto all =
      benchmark::run_coverage(static_cast<int>(options.integer("seeds", 400, 1, 1'000'000)),
                              options.seed.value_or(default_seed));
  auto json = nlohmann::ordered_json::array();
  for (const benchmark::Coverage& c : all)
    json.push_back({{"lattice", c.lattice},
                    {"exact_f", c.exact_f},
                    {"seeds", c.seeds},
                    {"held", c.held},
                    {"expected", {c.least, c.most}},
                    {"verdict", c.pass() ? "pass" : "fail"}});
  fmt::print("{}", benchmark::format_coverage(all));
  save(options, json);
  return verdict(all);
}

int run(const Options& options) {
  const std::string suite = options.arguments.empty() ? "exact" : options.arguments.front();
  if (suite == "exact" && options.on("seeds"))
    throw UsageError("--seeds: belongs to the coverage suite");
  if (suite == "coverage" && options.on("only"))
    throw UsageError("--only: belongs to the exact suite");
  if (suite == "exact") return run_exact(options);
  if (suite == "coverage") return run_coverage(options);
  throw UsageError(fmt::format("benchmark suite '{}': expected exact or coverage{}", suite,
                               did_you_mean(suite, {"exact", "coverage"})));
}

}  // namespace

Verb benchmark_verb() {
  return {{"benchmark",
           "[SUITE]",
           0,
           1,
           "computed against known results: exact, coverage of error bars",
           "  lithiate benchmark exact --json exact.json\n"
           "  lithiate benchmark exact --only TC-05,EN-01\n"
           "  lithiate benchmark coverage\n",
           {{"json", "write the list of results here too", "FILE"},
            {"only", "rows of the exact suite, separated by commas", "IDS"},
            {"seeds", "runs per lattice of the coverage suite (default 400)", "N"}},
           with_seed | with_threads},
          run};
}

}  // namespace lithiate::apps
