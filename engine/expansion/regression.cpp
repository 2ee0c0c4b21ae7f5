#include "expansion/regression.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::expansion {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double infinity = std::numeric_limits<double>::infinity();
/// A column whose part outside the unpenalised ones is smaller than this share of it is rounding.
constexpr double independent_part = 1e-10;
/// Lasso stops when the duality gap is this share of |y|^2, or when a sweep moves every coefficient
/// by rounding only.
constexpr double relative_gap = 1e-14;
constexpr double rounding = 4.0 * std::numeric_limits<double>::epsilon();

const std::vector<std::string>& method_names() {
  static const std::vector<std::string> names{"ols", "ridge", "lasso", "ardr", "rfe"};
  return names;
}

/// The penalised problem with weights, unpenalised columns and scales taken out of it.
struct Reduced {
  MatrixXd X;  // rows x penalised columns in use, scaled
  VectorXd y;
  VectorXd scale;              // b of the original column = b of the scaled one / scale
  std::vector<Index> columns;  // of the original matrix
  MatrixXd Z_to_X;             // least-squares coefficients of those columns on the unpenalised
  VectorXd Z_to_y;
  Index rank_Z = 0;
  double total_weight = 0.0;
};

/// Coefficients of the scaled problem.
struct Solution {
  VectorXd b;
  std::vector<bool> used;
  bool rank_deficient = false;
  bool converged = true;
};

void check(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
           const RegressionConfig& c) {
  if (X.rows() != y.size() || X.rows() != weights.size())
    throw InputError(fmt::format("regression: {} rows, {} values and {} weights: must be equal",
                                 X.rows(), y.size(), weights.size()));
  if (!X.allFinite() || !y.allFinite() || !weights.allFinite())
    throw InputError("regression: a feature, value or weight is not a finite number");
  if (weights.size() == 0 || weights.minCoeff() < 0.0 || weights.sum() <= 0.0)
    throw InputError("regression: weights must not be negative, and one must be above 0");
  if (c.unpenalised < 0 || c.unpenalised > X.cols())
    throw InputError(
        fmt::format("regression: unpenalised = {}: must be between 0 and the {} columns",
                    c.unpenalised, X.cols()));
  const auto rows = (weights.array() > 0.0).count();
  if (rows < c.unpenalised)
    throw InputError(fmt::format("regression: {} structures cannot fix {} unpenalised columns",
                                 rows, c.unpenalised));
  if (!(c.lambda >= 0.0) || c.lambda == infinity)
    throw InputError(fmt::format("regression: lambda = {}: must be at least 0", c.lambda));
  if (c.method == Method::rfe && c.n_features < 1)
    throw InputError(fmt::format("regression: n_features = {}: must be at least 1", c.n_features));
}

double scaling(Method method, double penalty) {
  if (method == Method::ols) return 1.0;
  return method == Method::lasso ? penalty : std::sqrt(penalty);
}

Reduced reduce(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
               const RegressionConfig& c) {
  const VectorXd penalty = penalties(c, X.cols());
  const VectorXd root = weights.cwiseSqrt();
  Reduced r;
  r.total_weight = weights.sum();
  for (Index j = c.unpenalised; j < X.cols(); ++j)
    if (penalty[j] < infinity) r.columns.push_back(j);
  r.X = root.asDiagonal() * X(Eigen::all, r.columns);
  r.y = root.cwiseProduct(y);
  const VectorXd norms = r.X.colwise().norm();
  if (c.unpenalised > 0) {
    const MatrixXd Z = root.asDiagonal() * X.leftCols(c.unpenalised);
    const Eigen::CompleteOrthogonalDecomposition<MatrixXd> cod(Z);
    r.rank_Z = cod.rank();
    r.Z_to_X = cod.solve(r.X);
    r.Z_to_y = cod.solve(r.y);
    r.X -= Z * r.Z_to_X;
    r.y -= Z * r.Z_to_y;
  }
  r.scale = VectorXd::Ones(r.X.cols());
  for (Index k = 0; k < r.X.cols(); ++k) {
    if (r.X.col(k).norm() <= independent_part * norms[k]) r.X.col(k).setZero();
    const double deviation = r.X.col(k).norm() / std::sqrt(r.total_weight);
    if (c.standardize && deviation > 0.0) r.scale[k] = deviation;
    r.scale[k] *= scaling(c.method, penalty[r.columns[static_cast<std::size_t>(k)]]);
    r.X.col(k) /= r.scale[k];
  }
  return r;
}

/// The shortest least-squares solution on the columns in use.
Solution least_squares(const Reduced& r, std::vector<bool> used) {
  std::vector<Index> in_use;
  for (std::size_t k = 0; k < used.size(); ++k)
    if (used[k]) in_use.push_back(static_cast<Index>(k));
  Solution s{VectorXd::Zero(r.X.cols()), std::move(used)};
  if (in_use.empty()) return s;
  const Eigen::CompleteOrthogonalDecomposition<MatrixXd> cod(r.X(Eigen::all, in_use));
  s.b(in_use) = VectorXd(cod.solve(r.y));
  s.rank_deficient = cod.rank() < std::ssize(in_use);
  return s;
}

Solution ridge(const Reduced& r, double lambda) {
  const std::vector<bool> used(static_cast<std::size_t>(r.X.cols()), true);
  if (lambda == 0.0 || r.X.cols() == 0) return least_squares(r, used);
  // Rows sqrt(lambda) below X: the normal equations would square the condition number.
  MatrixXd A(r.X.rows() + r.X.cols(), r.X.cols());
  A << r.X, std::sqrt(lambda) * MatrixXd::Identity(r.X.cols(), r.X.cols());
  VectorXd rhs = VectorXd::Zero(A.rows());
  rhs.head(r.y.size()) = r.y;
  return {A.colPivHouseholderQr().solve(rhs), used};
}

double soft_threshold(double value, double by) {
  return value > by ? value - by : value < -by ? value + by : 0.0;
}

/// Distance in objective to the optimum is at most this (Kim et al., IEEE J. Sel. Top. Signal
/// Process. 1, 606 (2007)); `penalty` is lambda times the number of rows.
double duality_gap(const Reduced& r, const VectorXd& b, const VectorXd& residual, double penalty) {
  const double largest = (r.X.transpose() * residual).cwiseAbs().maxCoeff();
  const double shrink = largest > penalty ? penalty / largest : 1.0;
  const double norm2 = residual.squaredNorm();
  return 0.5 * norm2 * (1.0 + shrink * shrink) + penalty * b.lpNorm<1>() -
         shrink * residual.dot(r.y);
}

/// Cyclic coordinate descent: Friedman, Hastie and Tibshirani, J. Stat. Softw. 33, 1 (2010).
Solution lasso(const Reduced& r, const RegressionConfig& c) {
  const double penalty = c.lambda * r.total_weight;
  const VectorXd norm2 = r.X.colwise().squaredNorm();
  Solution s{VectorXd::Zero(r.X.cols()), std::vector<bool>(static_cast<std::size_t>(r.X.cols()))};
  if (r.X.cols() == 0) return s;
  VectorXd residual = r.y;
  s.converged = false;
  for (int sweep = 0; sweep < c.max_iterations && !s.converged; ++sweep) {
    double largest_step = 0.0;
    for (Index k = 0; k < r.X.cols(); ++k) {
      if (norm2[k] == 0.0) continue;
      const double old = s.b[k];
      s.b[k] = soft_threshold(r.X.col(k).dot(residual) + norm2[k] * old, penalty) / norm2[k];
      if (s.b[k] != old) residual += (old - s.b[k]) * r.X.col(k);
      largest_step = std::max(largest_step, std::abs(s.b[k] - old));
    }
    s.converged = largest_step <= rounding * s.b.lpNorm<Eigen::Infinity>() ||
                  duality_gap(r, s.b, residual, penalty) <= relative_gap * r.y.squaredNorm();
  }
  for (Index k = 0; k < r.X.cols(); ++k) s.used[static_cast<std::size_t>(k)] = s.b[k] != 0.0;
  return s;
}

struct RelevanceState {
  VectorXd b, precision;  // 1/b^2 scale of each column
  double noise_precision = 1.0;
  std::vector<Index> kept;
};

/// Posterior mean of b for fixed precisions; returns the posterior variances of the kept columns.
VectorXd update_mean(const Reduced& r, RelevanceState& s) {
  const MatrixXd kept = r.X(Eigen::all, s.kept);
  MatrixXd inverse = s.noise_precision * kept.transpose() * kept;
  inverse.diagonal() += s.precision(s.kept);
  const MatrixXd sigma = inverse.llt().solve(MatrixXd::Identity(inverse.rows(), inverse.cols()));
  s.b(s.kept) = s.noise_precision * sigma * (kept.transpose() * r.y);
  return sigma.diagonal();
}

void update_precisions(const Reduced& r, const RegressionConfig& c, const VectorXd& variance,
                       RelevanceState& s) {
  const VectorXd gamma = 1.0 - (s.precision(s.kept).array() * variance.array());
  const double h = 2.0 * c.ardr_hyperprior;
  const double squares = (r.y - r.X * s.b).squaredNorm();
  std::vector<Index> kept;
  for (std::size_t i = 0; i < s.kept.size(); ++i) {
    const Index k = s.kept[i];
    s.precision[k] = (gamma[static_cast<Index>(i)] + h) / (s.b[k] * s.b[k] + h);
    if (s.precision[k] < c.ardr_threshold)
      kept.push_back(k);
    else
      s.b[k] = 0.0;
  }
  s.noise_precision = (r.total_weight - gamma.sum() + h) / (squares + h);
  s.kept = std::move(kept);
}

/// MacKay's fixed-point updates in the order of scikit-learn's ARDRegression.
Solution relevance(const Reduced& r, const RegressionConfig& c) {
  const Index n = r.X.cols();
  RelevanceState s{VectorXd::Zero(n), VectorXd::Ones(n), 1.0, {}};
  for (Index k = 0; k < n; ++k) s.kept.push_back(k);
  const double variance_y = r.y.squaredNorm() / r.total_weight;
  s.noise_precision = 1.0 / (variance_y + std::numeric_limits<double>::epsilon());
  Solution out{s.b, std::vector<bool>(static_cast<std::size_t>(n)), false, n == 0};
  for (int i = 0; i < c.max_iterations && !s.kept.empty() && !out.converged; ++i) {
    const VectorXd old = s.b;
    update_precisions(r, c, update_mean(r, s), s);
    out.converged = i > 0 && (s.b - old).lpNorm<1>() < c.ardr_tolerance;
  }
  if (s.kept.empty())
    out.converged = true;
  else
    update_mean(r, s);
  out.b = s.b;
  for (const Index k : s.kept) out.used[static_cast<std::size_t>(k)] = true;
  return out;
}

Solution eliminate(const Reduced& r, int n_features) {
  Solution s = least_squares(r, std::vector<bool>(static_cast<std::size_t>(r.X.cols()), true));
  for (Index left = r.X.cols(); left > n_features; --left) {
    std::size_t weakest = 0;
    double smallest = infinity;
    for (std::size_t k = 0; k < s.used.size(); ++k)
      if (s.used[k] && std::abs(s.b[static_cast<Index>(k)]) <= smallest) {
        smallest = std::abs(s.b[static_cast<Index>(k)]);
        weakest = k;  // of equal ones the last: later columns are larger clusters
      }
    s.used[weakest] = false;
    s = least_squares(r, std::move(s.used));
  }
  return s;
}

Solution solve(const Reduced& r, const RegressionConfig& c) {
  switch (c.method) {
    case Method::ols:
      return least_squares(r, std::vector<bool>(static_cast<std::size_t>(r.X.cols()), true));
    case Method::ridge:
      return ridge(r, c.lambda);
    case Method::lasso:
      return lasso(r, c);
    case Method::ardr:
      return relevance(r, c);
    case Method::rfe:
      return eliminate(r, c.n_features);
  }
  assert(false);
  return {};
}

}  // namespace

std::string name(Method method) { return method_names()[static_cast<std::size_t>(method)]; }

Method regression_method(const std::string& text) {
  for (std::size_t i = 0; i < method_names().size(); ++i)
    if (method_names()[i] == text) return static_cast<Method>(i);
  throw InputError(fmt::format("regression method '{}' is unknown: must be one of {}{}", text,
                               joined(method_names()), did_you_mean(text, method_names())));
}

std::string describe(const RegressionConfig& c) {
  std::string text = name(c.method);
  if (c.method == Method::ridge || c.method == Method::lasso)
    text += fmt::format(", lambda {:.4g}", c.lambda);
  if (c.method == Method::ardr) text += fmt::format(", threshold {:.4g}", c.ardr_threshold);
  if (c.method == Method::rfe) text += fmt::format(", {} features", c.n_features);
  return text;
}

VectorXd penalties(const RegressionConfig& c, Index n_columns) {
  VectorXd penalty = VectorXd::Ones(n_columns);
  if (c.penalty_per_column.size() > 0) {
    if (c.penalty_per_column.size() != n_columns)
      throw InputError(fmt::format("regression: {} column penalties for {} columns",
                                   c.penalty_per_column.size(), n_columns));
    penalty = c.penalty_per_column;
  }
  for (Index j = c.unpenalised; j < n_columns; ++j)
    if (!(penalty[j] > 0.0))
      throw InputError(
          fmt::format("regression: penalty of column {} = {}: must be above 0", j, penalty[j]));
  penalty.head(c.unpenalised).setZero();
  return penalty;
}

Regression regress(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                   const RegressionConfig& config) {
  check(X, y, weights, config);
  const Reduced reduced = reduce(X, y, weights, config);
  const Solution s = solve(reduced, config);
  const VectorXd b = s.b.cwiseQuotient(reduced.scale);
  Regression result{VectorXd::Zero(X.cols()), config.unpenalised,
                    s.rank_deficient || reduced.rank_Z < config.unpenalised, s.converged};
  result.coefficients(reduced.columns) = b;
  if (config.unpenalised > 0)
    result.coefficients.head(config.unpenalised) = reduced.Z_to_y - reduced.Z_to_X * b;
  for (const bool used : s.used) result.n_used += used ? 1 : 0;
  return result;
}

std::vector<RegressionConfig> lambda_grid(const RegressionConfig& base, double low, double high,
                                          int n) {
  assert(n >= 2 && low > 0.0 && high > low);
  std::vector<RegressionConfig> grid(static_cast<std::size_t>(n), base);
  for (int i = 0; i < n; ++i)
    grid[static_cast<std::size_t>(i)].lambda = high * std::pow(low / high, i / (n - 1.0));
  return grid;
}

std::vector<RegressionConfig> feature_grid(const RegressionConfig& base, int most) {
  std::vector<RegressionConfig> grid(static_cast<std::size_t>(most), base);
  for (int i = 0; i < most; ++i) grid[static_cast<std::size_t>(i)].n_features = i + 1;
  return grid;
}

}  // namespace lithiate::expansion
