#include "io/fit_file.hpp"

#include <cmath>

#include "core/error.hpp"
#include "io/read_structure.hpp"

namespace lithiate::io {
namespace {

using expansion::Method;
using expansion::RegressionConfig;

std::vector<RegressionConfig> candidates_of(const Input& table, const RegressionConfig& base,
                                            long n_columns) {
  if (base.method == Method::rfe) {
    const auto most = table.integer("max_features", std::min<long>(n_columns - 1, 12));
    if (most < 1) table.fail("max_features", "expected at least 1");
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
  return lambda_grid(base, range[0], range[1], static_cast<int>(table.integer("lambda_steps", 13)));
}

expansion::FitConfig read_config(const Input& input, const Input& entry,
                                 const expansion::ClusterBasis& basis) {
  const Input table = entry.optional_table("regression").value_or(input.table("regression"));
  RegressionConfig base;
  base.method = expansion::regression_method(table.text("method"));
  base.standardize = table.boolean("standardize", false);
  PenaltyShape shape;
  shape.body = table.positive("penalty_body", shape.body);
  shape.decay_A = table.number("penalty_decay_A", shape.decay_A);
  base.penalty_per_column = penalties_of(basis, shape);
  base.unpenalised = static_cast<int>(table.integer("unpenalised", 1));
  expansion::FitConfig config;
  config.candidates = candidates_of(table, base, static_cast<long>(basis.size()));
  config.folds = static_cast<int>(table.integer("folds", 0));
  config.inner_folds = static_cast<int>(table.integer("inner_folds", 0));
  config.hull_scale_eV = table.number("hull_scale_eV", 0.0);
  config.bootstrap_draws = static_cast<int>(table.integer("bootstrap_draws", 200));
  config.seed = static_cast<std::uint64_t>(input.integer("seed", 1));
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
    job.name = entry.text("name");
    job.output = entry.text("output");
    const auto prim = read_structure(entry.file("prim"));
    job.basis = expansion::make_cluster_basis(prim, cluster::basis_kind(entry.text("basis")),
                                              entry.numbers("cutoffs_A"));
    job.config = read_config(input, entry, job.basis);
    job.training = read_training_set(input, entry, prim);
    job.points = points_of(job);
    add_anchors(job);
    jobs.push_back(std::move(job));
  }
  if (jobs.empty()) input.fail("expansion", "expected at least one [[expansion]]");
  input.finish();
  return jobs;
}

}  // namespace lithiate::io
