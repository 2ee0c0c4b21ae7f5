#include "expansion/cross_validation.hpp"

#include <fmt/format.h>

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "core/error.hpp"
#include "core/random.hpp"

namespace lithiate::expansion {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double tie = 1e-9;
/// Leverage this close to 1: the row fixes a coefficient alone and 1 - h is rounding.
constexpr double full_leverage = 1e-7;

std::vector<Index> remaining(Index n, const std::vector<Index>& held_out) {
  std::vector<Index> rows;
  for (Index i = 0; i < n; ++i)
    if (!std::binary_search(held_out.begin(), held_out.end(), i)) rows.push_back(i);
  return rows;
}

double rms(const VectorXd& v) { return std::sqrt(v.squaredNorm() / static_cast<double>(v.size())); }

bool leaves_one_out(const Folds& folds) {
  return std::all_of(folds.begin(), folds.end(), [](const auto& f) { return f.size() == 1; });
}

/// Leverage of each row in a ridge or least-squares fit; nothing if the columns are dependent.
std::optional<VectorXd> leverages(const MatrixXd& X, const VectorXd& weights,
                                  const RegressionConfig& c) {
  const VectorXd penalty = penalties(c, X.cols());
  const double lambda = c.method == Method::ridge ? c.lambda : 0.0;
  std::vector<Index> columns;
  for (Index j = 0; j < X.cols(); ++j)
    if (penalty[j] < std::numeric_limits<double>::infinity()) columns.push_back(j);
  const Index p = std::ssize(columns);
  MatrixXd A = MatrixXd::Zero(X.rows() + p, p);
  A.topRows(X.rows()) = weights.cwiseSqrt().asDiagonal() * X(Eigen::all, columns);
  A.bottomRows(p).diagonal() = (lambda * penalty(columns)).cwiseSqrt();
  const Eigen::ColPivHouseholderQR<MatrixXd> qr(A);
  if (qr.rank() < p) return std::nullopt;
  const MatrixXd Q = qr.householderQ() * MatrixXd::Identity(A.rows(), p);
  return Q.topRows(X.rows()).rowwise().squaredNorm();
}

/// y - r / (1 - h), row by row; nothing where the formula does not hold.
std::optional<VectorXd> hat_predictions(const MatrixXd& X, const VectorXd& y,
                                        const VectorXd& weights, const RegressionConfig& c) {
  if (c.standardize || (c.method != Method::ols && c.method != Method::ridge)) return std::nullopt;
  const std::optional<VectorXd> h = leverages(X, weights, c);
  if (!h || h->maxCoeff() > 1.0 - full_leverage) return std::nullopt;
  const VectorXd residual = y - X * regress(X, y, weights, c).coefficients;
  return y - residual.cwiseQuotient((1.0 - h->array()).matrix());
}

}  // namespace

Folds make_folds(Index n, int k, std::uint64_t seed) {
  if (n < 2) throw InputError(fmt::format("cross validation: {} structures: at least 2 needed", n));
  if (k < 0 || k == 1)
    throw InputError(fmt::format("cross validation: folds = {}: must be 0 or at least 2", k));
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  const Index n_folds = k == 0 ? n : std::min<Index>(k, n);
  if (n_folds < n) {
    Random random(seed, Purpose::resampling);
    for (std::size_t i = order.size() - 1; i > 0; --i)
      std::swap(order[i], order[random.below(i + 1)]);
  }
  Folds folds(static_cast<std::size_t>(n_folds));
  for (std::size_t i = 0; i < order.size(); ++i) folds[i % folds.size()].push_back(order[i]);
  for (auto& fold : folds) std::sort(fold.begin(), fold.end());
  return folds;
}

CrossValidation cross_validate(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                               const RegressionConfig& config, const Folds& folds) {
  CrossValidation result{VectorXd::Zero(y.size()), 0.0, {}};
  std::optional<VectorXd> fast;
  if (leaves_one_out(folds)) fast = hat_predictions(X, y, weights, config);
  if (fast) {
    result.predictions = *fast;
  } else {
    for (const auto& held_out : folds) {
      const std::vector<Index> rows = remaining(y.size(), held_out);
      const Regression fit = regress(X(rows, Eigen::all), y(rows), weights(rows), config);
      result.predictions(held_out) = X(held_out, Eigen::all) * fit.coefficients;
    }
  }
  result.rmse = rms(result.predictions - y);
  return result;
}

Selection select(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                 const std::vector<RegressionConfig>& candidates, const Folds& folds) {
  if (candidates.empty()) throw InputError("cross validation: no candidate settings");
  Selection best{0, cross_validate(X, y, weights, candidates[0], folds).rmse};
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const double rmse = cross_validate(X, y, weights, candidates[i], folds).rmse;
    if (rmse < best.rmse * (1.0 - tie)) best = {i, rmse};
  }
  return best;
}

CrossValidation nested_cross_validate(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                                      const std::vector<RegressionConfig>& candidates,
                                      const Folds& outer, int inner_folds, std::uint64_t seed) {
  CrossValidation result{VectorXd::Zero(y.size()), 0.0, {}};
  for (const auto& held_out : outer) {
    const std::vector<Index> rows = remaining(y.size(), held_out);
    const MatrixXd X_train = X(rows, Eigen::all);
    const VectorXd y_train = y(rows), w_train = weights(rows);
    const Folds inner = make_folds(y_train.size(), inner_folds, seed);
    const Selection selection = select(X_train, y_train, w_train, candidates, inner);
    const Regression fit = regress(X_train, y_train, w_train, candidates[selection.chosen]);
    result.predictions(held_out) = X(held_out, Eigen::all) * fit.coefficients;
    result.chosen.push_back(selection.chosen);
  }
  result.rmse = rms(result.predictions - y);
  return result;
}

}  // namespace lithiate::expansion
