#include "io/fit_file.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"
#include "core/log.hpp"
#include "io/expansion_file.hpp"
#include "io/read_structure.hpp"
#include "io/run_settings.hpp"

namespace lithiate::io {
namespace {

using expansion::Method;
using expansion::RegressionConfig;

std::vector<RegressionConfig> candidates_of(const Input& table, const RegressionConfig& base,
                                            long n_columns) {
  if (base.method == Method::rfe) {
    const auto most =
        table.integer("max_features", std::min<long>(n_columns - 1, 12), Range(1, 1'000'000));
    return feature_grid(base, static_cast<int>(most));
  }
  if (base.method == Method::ols || base.method == Method::ardr) return {base};
  const auto range = table.numbers("lambda", {1e-7, 1e-1});
  if (range.size() == 1 && range[0] >= 0.0) {
    RegressionConfig fixed = base;
    fixed.lambda = range[0];
    return {fixed};
  }
  if (range.size() != 2 || !(range[0] > 0.0) || !(range[1] > range[0]))
    table.fail("lambda", "expected one value, or the lowest and the highest of a grid");
  const auto steps = static_cast<int>(table.integer("lambda_steps", 13, Range(2, 10'000)));
  return lambda_grid(base, range[0], range[1], steps);
}

/// 0 (leave one out) or at least 2.
int read_folds(const Input& table, const std::string& key) {
  const auto folds = static_cast<int>(table.integer(key, 0, Range(0, 1'000'000)));
  if (folds == 1) table.fail(key, "expected 0 (leave one out) or at least 2");
  return folds;
}

cluster::Cutoffs read_cutoffs(const Input& entry) {
  const auto cutoffs_A = entry.numbers("cutoffs_A");
  for (const double cutoff_A : cutoffs_A)
    if (!(cutoff_A >= 0.0 && cutoff_A <= longest_cutoff_A))
      entry.fail("cutoffs_A", fmt::format("{} A: expected 0 to {} A", cutoff_A, longest_cutoff_A));
  return cutoffs_A;
}

expansion::FitConfig read_config(const Input& input, const Input& entry,
                                 const expansion::ClusterBasis& basis) {
  const Input table = entry.optional_table("regression").value_or(input.table("regression"));
  RegressionConfig base;
  const std::string method = table.text("method");
  base.method =
      at_place(table.where("method"), [&] { return expansion::regression_method(method); });
  base.standardize = table.boolean("standardize", false);
  PenaltyShape shape;
  shape.body = table.positive("penalty_body", shape.body);
  shape.decay_A = table.number("penalty_decay_A", shape.decay_A);
  base.penalty_per_column = penalties_of(basis, shape);
  base.unpenalised = static_cast<int>(table.integer("unpenalised", 1, Range(0, 1'000'000)));
  expansion::FitConfig config;
  config.candidates = candidates_of(table, base, static_cast<long>(basis.size()));
  config.folds = read_folds(table, "folds");
  config.inner_folds = read_folds(table, "inner_folds");
  config.hull_scale_eV = table.number("hull_scale_eV", 0.0);
  if (config.hull_scale_eV < 0.0) table.fail("hull_scale_eV", "expected 0 or more");
  config.bootstrap_draws =
      static_cast<int>(table.integer("bootstrap_draws", 200, Range(0, 1'000'000)));
  if (config.bootstrap_draws == 1) table.fail("bootstrap_draws", "expected 0 or at least 2");
  config.seed = input.seed();
  return config;
}

/// Reference states that are not among the mapped structures still end the hull, at E_f = 0.
void add_anchors(FitJob& job) {
  const auto mapped = [&](const std::string& name) {
    for (const TrainingEntry& entry : job.training.entries)
      if (entry.name == name) return true;
    return false;
  };
  if (!mapped(job.training.empty_name)) job.config.anchors.push_back({0.0, 0.0});
  if (!mapped(job.training.full_name)) job.config.anchors.push_back({1.0, 0.0});
}

std::vector<expansion::TrainingPoint> points_of(FitJob& job) {
  std::vector<expansion::TrainingPoint> points;
  for (const TrainingEntry& entry : job.training.entries) {
    const crystal::Decoration& d = entry.mapping.decoration;
    const crystal::Supercell cell(job.basis.prim, d.transformation);
    const double prims_per_fu = static_cast<double>(cell.n_cells()) / entry.formula_units;
    if (!points.empty() && std::abs(prims_per_fu - job.prims_per_fu) > 1e-9)
      throw InputError("training set: frame '" + entry.name +
                       "' has another ratio of prim cells to formula units than the first frame");
    job.prims_per_fu = prims_per_fu;
    expansion::TrainingPoint point{entry.name, entry.x, entry.formation_eV_per_fu,
                                   correlations(job.basis, d), entry.weight};
    for (std::size_t alpha = 0; alpha < job.basis.size(); ++alpha)
      point.features[static_cast<long>(alpha)] *= job.basis.multiplicity(alpha) * prims_per_fu;
    points.push_back(std::move(point));
  }
  return points;
}

/// More folds than structures are one fold each; enough must be left to fit and to choose.
void settle_folds(const Input& input, FitJob& job) {
  const auto n = static_cast<int>(job.points.size());
  if (job.config.folds > n) {
    log::warning(fmt::format("{}: folds = {} for {} structures: one is left out at a time",
                             job.name, job.config.folds, n));
    job.config.folds = 0;
  }
  const int folds = job.config.folds == 0 ? n : job.config.folds;
  const int left = n - (n + folds - 1) / folds;  // without the largest fold
  if (job.config.candidates.size() > 1 && left < 2)
    input.fail("training",
               fmt::format("{} structures map on prim '{}' and {} are left in a fold, expected at "
                           "least 2 to choose a setting from; give one lambda, or more structures",
                           n, job.basis.prim.name, left));
}

/// Two expansions under one name would overwrite each other's files.
void refuse_same(const Input& entry, const std::vector<FitJob>& jobs, const FitJob& job) {
  for (const FitJob& other : jobs) {
    if (other.name == job.name) entry.fail("name", "another [[expansion]] has this name already");
    if (other.output == job.output)
      entry.fail("output", "[[expansion]] '" + other.name + "' is written to this file already");
  }
}

/// Name and output of an expansion: both become file names in the -o folder.
void read_names(const Input& entry, FitJob& job) {
  job.name = read_file_name(entry, "name");
  job.output = read_file_name(entry, "output");
  if (!job.output.ends_with(".json") || job.output == "results.json")
    entry.fail("output", "expected a name that ends in .json and is not results.json");
}

}  // namespace

Eigen::VectorXd penalties_of(const expansion::ClusterBasis& basis, const PenaltyShape& shape) {
  Eigen::VectorXd c(static_cast<long>(basis.size()));
  for (std::size_t alpha = 0; alpha < basis.size(); ++alpha) {
    const auto& orbit = basis.orbits[basis.functions[alpha].orbit];
    const double n = static_cast<double>(orbit.size());
    const double reach = shape.decay_A > 0.0 ? std::exp(orbit.diameter_A / shape.decay_A) : 1.0;
    c[static_cast<long>(alpha)] =
        basis.multiplicity(alpha) * std::pow(shape.body, std::max(0.0, n - 1.0)) * reach;
  }
  return c;
}

std::vector<FitJob> read_fit_file(const std::filesystem::path& path,
                                  const std::vector<std::string>& overrides) {
  const Input input = Input::read(path, overrides);
  std::vector<FitJob> jobs;
  for (const Input& entry : input.tables("expansion")) {
    FitJob job;
    read_names(entry, job);
    refuse_same(entry, jobs, job);
    const auto prim = read_structure(entry.file("prim"));
    const std::string basis = entry.text("basis");
    const auto kind = at_place(entry.where("basis"), [&] { return cluster::basis_kind(basis); });
    const auto cutoffs_A = read_cutoffs(entry);
    job.basis = at_place(entry.where("cutoffs_A"),
                         [&] { return expansion::make_cluster_basis(prim, kind, cutoffs_A); });
    job.config = read_config(input, entry, job.basis);
    job.training = read_training_set(input, entry, prim);
    job.points = points_of(job);
    settle_folds(input, job);
    add_anchors(job);
    jobs.push_back(std::move(job));
  }
  if (jobs.empty()) input.fail("expansion", "expected at least one [[expansion]]");
  input.finish();
  return jobs;
}

}  // namespace lithiate::io
