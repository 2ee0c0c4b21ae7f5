#include "expansion/fit.hpp"

#include <fmt/format.h>

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/error.hpp"
#include "core/report.hpp"
#include "core/text.hpp"

namespace lithiate::expansion {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Correlations of one decoration computed in two cells differ by rounding only.
constexpr double same_feature = 1e-8;
/// Two calculations of one decoration may differ by this much (eV) without a word.
constexpr double same_energy_eV = 1e-4;
/// Singular values below this share of the largest count as zero.
constexpr double rank_tolerance = 1e-10;

struct Problem {
  MatrixXd X;
  VectorXd y, weights;
};

void check(const std::vector<TrainingPoint>& points, const FitConfig& config) {
  if (points.size() < 2)
    throw InputError(fmt::format("fit: {} structures: at least 2 needed", points.size()));
  InputReport report("fit");
  std::set<std::string> names;
  const Index n_features = points.front().features.size();
  for (const TrainingPoint& p : points) {
    if (!names.insert(p.name).second)
      report.fault(fmt::format("two structures are named {}", p.name));
    if (p.features.size() != n_features || n_features == 0)
      report.fault(fmt::format("{} has {} features, the first structure {}: must be equal, not 0",
                               p.name, p.features.size(), n_features));
    if (!std::isfinite(p.energy_eV) || !std::isfinite(p.x) || !p.features.allFinite())
      report.fault(
          fmt::format("{}: energy, composition or a feature is not a finite number", p.name));
    if (!std::isfinite(p.weight) || p.weight < 0.0)
      report.fault(fmt::format("{}: weight {}: must be at least 0", p.name, p.weight));
  }
  report.require(!config.candidates.empty(), "candidates", 0, "must be at least one");
  report.require(config.hull_scale_eV >= 0.0, "hull_scale_eV", config.hull_scale_eV,
                 "must be at least 0");
  report.require(config.bootstrap_draws == 0 || config.bootstrap_draws >= 2, "bootstrap_draws",
                 config.bootstrap_draws, "must be 0 or at least 2");
  report.throw_if_any();
}

/// The points at the given energies, then the anchors.
LowerHull hull_of(const std::vector<TrainingPoint>& points, const VectorXd& energy_eV,
                  const std::vector<HullPoint>& anchors) {
  std::vector<HullPoint> all;
  for (std::size_t i = 0; i < points.size(); ++i)
    all.push_back({points[i].x, energy_eV[static_cast<Index>(i)]});
  all.insert(all.end(), anchors.begin(), anchors.end());
  return LowerHull(std::move(all));
}

std::vector<int> numbered_vertices(const LowerHull& hull, std::size_t n_points) {
  std::vector<int> vertices = hull.vertices();
  const int n = static_cast<int>(n_points);
  for (int& v : vertices)
    if (v >= n) v = n - 1 - v;
  return vertices;
}

Problem assemble(const std::vector<TrainingPoint>& points, const FitConfig& config) {
  const Index n = std::ssize(points), p = points.front().features.size();
  Problem problem{MatrixXd(n, p), VectorXd(n), VectorXd(n)};
  for (Index i = 0; i < n; ++i) {
    const TrainingPoint& point = points[static_cast<std::size_t>(i)];
    problem.X.row(i) = point.features;
    problem.y[i] = point.energy_eV;
    problem.weights[i] = point.weight;
  }
  if (config.hull_scale_eV > 0.0) {
    const LowerHull hull = hull_of(points, problem.y, config.anchors);
    for (Index i = 0; i < n; ++i) {
      const double ratio = hull.distance_above(static_cast<int>(i)) / config.hull_scale_eV;
      problem.weights[i] /= 1.0 + ratio * ratio;
    }
  }
  return problem;
}

std::vector<std::string> warnings_of(const std::vector<TrainingPoint>& points, const Problem& p,
                                     int unpenalised) {
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double dE = points[j].energy_eV - points[i].energy_eV;
      const auto difference = points[i].features - points[j].features;
      if (difference.cwiseAbs().maxCoeff() < same_feature && std::abs(dE) > same_energy_eV)
        warnings.push_back(
            fmt::format("{} and {} have the same correlations but differ by {:.4f} eV",
                        points[i].name, points[j].name, dE));
    }
  std::vector<std::string> constant;
  for (Index j = unpenalised; j < p.X.cols(); ++j)
    if (p.X.col(j).maxCoeff() - p.X.col(j).minCoeff() < same_feature)
      constant.push_back(fmt::format("{}", j));
  if (!constant.empty())
    warnings.push_back(
        fmt::format("columns {} are the same in all structures: the set says nothing "
                    "about their coefficients",
                    joined(constant)));
  return warnings;
}

/// Rank and condition number of the columns in use, which have nonzero coefficients.
void describe_columns(const Problem& p, FitReport& report) {
  std::vector<Index> columns;
  for (Index j = 0; j < p.X.cols(); ++j)
    if (report.coefficients[j] != 0.0) columns.push_back(j);
  if (columns.empty()) return;
  MatrixXd A = p.weights.cwiseSqrt().asDiagonal() * p.X(Eigen::all, columns);
  for (Index j = 0; j < A.cols(); ++j) A.col(j).normalize();
  const VectorXd s = Eigen::JacobiSVD<MatrixXd>(A).singularValues();
  report.rank = static_cast<int>((s.array() > rank_tolerance * s[0]).count());
  report.condition_number =
      report.rank < A.cols() ? std::numeric_limits<double>::infinity() : s[0] / s[s.size() - 1];
}

std::vector<GroundState> ground_states(const std::vector<TrainingPoint>& points, const Problem& p,
                                       const VectorXd& predicted_eV, const LowerHull& dft,
                                       const LowerHull& predicted) {
  std::vector<GroundState> states;
  for (int i = 0; i < static_cast<int>(points.size()); ++i) {
    const double x = points[static_cast<std::size_t>(i)].x;
    const auto same = std::find_if(states.begin(), states.end(), [&](const GroundState& g) {
      return std::abs(g.x - x) <= same_composition;
    });
    if (same == states.end()) {
      states.push_back({x, i, i});
    } else {
      if (p.y[i] < p.y[same->dft]) same->dft = i;
      if (predicted_eV[i] < predicted_eV[same->predicted]) same->predicted = i;
    }
  }
  for (GroundState& g : states) {
    g.dft_eV = p.y[g.dft];
    g.predicted_eV = predicted_eV[g.dft];
    g.order_error_eV = predicted_eV[g.dft] - predicted_eV[g.predicted];
    g.on_dft_hull = dft.on_hull(g.dft);
    g.on_predicted_hull = predicted.on_hull(g.dft);
  }
  std::sort(states.begin(), states.end(),
            [](const GroundState& a, const GroundState& b) { return a.x < b.x; });
  return states;
}

void validate(const Problem& p, const FitConfig& config, FitReport& report) {
  const Folds folds = make_folds(p.y.size(), config.folds, config.seed);
  const Selection selection = select(p.X, p.y, p.weights, config.candidates, folds);
  report.chosen = config.candidates[selection.chosen];
  report.cv_score_eV = selection.rmse;
  CrossValidation outer;
  if (config.candidates.size() == 1) {
    outer = cross_validate(p.X, p.y, p.weights, report.chosen, folds);
    outer.chosen.assign(folds.size(), 0);
  } else {
    outer = nested_cross_validate(p.X, p.y, p.weights, config.candidates, folds, config.inner_folds,
                                  config.seed);
  }
  report.cv_score_nested_eV = outer.rmse;
  report.held_out_eV = outer.predictions;
  for (const std::size_t c : outer.chosen) report.chosen_in_fold.push_back(config.candidates[c]);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Names structures whose held-out residual is far outside the spread of the others, which is taken
/// from the median so that an outlier does not hide itself.
void warn_of_outliers(const std::vector<TrainingPoint>& points, const Problem& p,
                      FitReport& report) {
  constexpr double far = 10.0, least_eV = 1e-3;
  std::vector<double> sizes;
  for (Index i = 0; i < p.y.size(); ++i) sizes.push_back(std::abs(report.held_out_eV[i] - p.y[i]));
  const double sigma_eV = 1.4826 * median(sizes);  // of a normal distribution
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > far * sigma_eV && sizes[i] > least_eV)
      report.warnings.push_back(
          fmt::format("{} is an outlier: the others predict it {:.4g} eV from its energy, {:.0f} "
                      "times their own spread; check that calculation",
                      points[i].name, sizes[i], sizes[i] / std::max(sigma_eV, 1e-12)));
}

void fit_all(const Problem& p, FitReport& report) {
  const Regression regression = regress(p.X, p.y, p.weights, report.chosen);
  report.coefficients = regression.coefficients;
  report.n_used = regression.n_used;
  report.predicted_eV = p.X * report.coefficients;
  report.residuals_eV = report.predicted_eV - p.y;
  report.rmse_eV = std::sqrt(report.residuals_eV.squaredNorm() / static_cast<double>(p.y.size()));
  report.weights = p.weights;
  if (!regression.converged)
    report.warnings.push_back(fmt::format("{} did not converge in {} iterations",
                                          describe(report.chosen), report.chosen.max_iterations));
  if (regression.rank_deficient)
    report.warnings.push_back(
        "the structures do not fix all coefficients: of all solutions the one "
        "with the smallest coefficients is taken");
  describe_columns(p, report);
}

}  // namespace

FitReport fit(const std::vector<TrainingPoint>& points, const FitConfig& config) {
  check(points, config);
  const Problem problem = assemble(points, config);
  FitReport report;
  report.warnings = warnings_of(points, problem, config.candidates.front().unpenalised);
  regress(problem.X, problem.y, problem.weights, config.candidates.front());  // refuses early
  validate(problem, config, report);
  fit_all(problem, report);
  warn_of_outliers(points, problem, report);
  const LowerHull dft = hull_of(points, problem.y, config.anchors);
  const LowerHull predicted = hull_of(points, report.predicted_eV, config.anchors);
  report.dft_hull = numbered_vertices(dft, points.size());
  report.predicted_hull = numbered_vertices(predicted, points.size());
  report.ground_states = ground_states(points, problem, report.predicted_eV, dft, predicted);
  if (config.bootstrap_draws > 0)
    report.posterior = bootstrap(problem.X, problem.y, problem.weights, report.chosen,
                                 config.bootstrap_draws, config.seed);
  return report;
}

}  // namespace lithiate::expansion
