#include "expansion/posterior.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"

namespace lithiate::expansion {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Ratio of eigenvalues of a scaled normal matrix below which its columns count as dependent.
constexpr double dependent = 1e-13;

void require_draws(int draws) {
  if (draws < 2) throw InputError(fmt::format("posterior: draws = {}: must be at least 2", draws));
}

Posterior summarised(MatrixXd samples) {
  Posterior p{std::move(samples), {}, {}};
  p.mean = p.samples.colwise().mean();
  const MatrixXd deviation = p.samples.rowwise() - p.mean.transpose();
  p.standard_error =
      (deviation.colwise().squaredNorm() / static_cast<double>(p.samples.rows() - 1)).cwiseSqrt();
  return p;
}

/// How often each structure is drawn. Rows of weight 0 may be drawn but do not count as present.
VectorXd draw_counts(const VectorXd& weights, int at_least, Random& random) {
  const auto n = static_cast<std::uint64_t>(weights.size());
  VectorXd counts(weights.size());
  do {
    counts.setZero();
    for (std::uint64_t i = 0; i < n; ++i) counts[static_cast<Index>(random.below(n))] += 1.0;
  } while ((counts.cwiseProduct(weights).array() > 0.0).count() < std::max(1, at_least));
  return counts;
}

std::vector<Index> columns_in_use(const VectorXd& penalty) {
  std::vector<Index> columns;
  for (Index j = 0; j < penalty.size(); ++j)
    if (penalty[j] < std::numeric_limits<double>::infinity()) columns.push_back(j);
  return columns;
}

/// Inverse of a symmetric matrix by its eigenvalues, after scaling its diagonal to 1.
MatrixXd inverse_of(const MatrixXd& A) {
  const VectorXd scale = A.diagonal().cwiseSqrt();
  if (!(scale.array() > 0.0).all()) throw InputError("posterior: a column of features is zero");
  const MatrixXd scaled = scale.cwiseInverse().asDiagonal() * A * scale.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(scaled);
  if (eigen.eigenvalues().minCoeff() < dependent * eigen.eigenvalues().maxCoeff())
    throw InputError("posterior: the columns of features are linearly dependent: use ridge");
  const MatrixXd inverse = eigen.eigenvectors() * eigen.eigenvalues().cwiseInverse().asDiagonal() *
                           eigen.eigenvectors().transpose();
  return scale.cwiseInverse().asDiagonal() * inverse * scale.cwiseInverse().asDiagonal();
}

}  // namespace

Posterior bootstrap(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                    const RegressionConfig& config, int draws, std::uint64_t seed) {
  require_draws(draws);
  regress(X, y, weights, config);  // refuses what could not be drawn from
  MatrixXd samples(draws, X.cols());
  for (int d = 0; d < draws; ++d) {
    Random random(seed, Purpose::resampling, static_cast<std::uint64_t>(d), 1);
    const VectorXd counts = draw_counts(weights, config.unpenalised, random);
    samples.row(d) = regress(X, y, weights.cwiseProduct(counts), config).coefficients;
  }
  return summarised(std::move(samples));
}

MatrixXd posterior_covariance(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                              const RegressionConfig& config) {
  if ((config.method != Method::ols && config.method != Method::ridge) || config.standardize)
    throw InputError(fmt::format("posterior: no covariance for {}{}: use the bootstrap",
                                 name(config.method), config.standardize ? ", standardized" : ""));
  const VectorXd residual = y - X * regress(X, y, weights, config).coefficients;
  const VectorXd penalty = penalties(config, X.cols());
  const std::vector<Index> columns = columns_in_use(penalty);
  const MatrixXd used = X(Eigen::all, columns);
  const MatrixXd normal = used.transpose() * weights.asDiagonal() * used;
  const double lambda = config.method == Method::ridge ? config.lambda : 0.0;
  const MatrixXd inverse = inverse_of(normal + MatrixXd((lambda * penalty(columns)).asDiagonal()));
  const double n = static_cast<double>((weights.array() > 0.0).count());
  const double freedom = n - inverse.cwiseProduct(normal).sum();
  if (freedom <= 1e-9 * n)
    throw InputError(
        fmt::format("posterior: {} structures leave no degree of freedom for the error", n));
  MatrixXd covariance = MatrixXd::Zero(X.cols(), X.cols());
  covariance(columns, columns) = weights.dot(residual.cwiseAbs2()) / freedom * inverse;
  return covariance;
}

Posterior gaussian_posterior(const MatrixXd& X, const VectorXd& y, const VectorXd& weights,
                             const RegressionConfig& config, int draws, std::uint64_t seed) {
  require_draws(draws);
  const MatrixXd covariance = posterior_covariance(X, y, weights, config);
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(covariance);
  const MatrixXd root =
      eigen.eigenvectors() * eigen.eigenvalues().cwiseMax(0.0).cwiseSqrt().asDiagonal();
  const VectorXd mean = regress(X, y, weights, config).coefficients;
  MatrixXd samples(draws, X.cols());
  for (int d = 0; d < draws; ++d) {
    Random random(seed, Purpose::resampling, static_cast<std::uint64_t>(d), 2);
    VectorXd z(X.cols());
    for (Index j = 0; j < z.size(); ++j) z[j] = random.normal();
    samples.row(d) = mean + root * z;
  }
  return summarised(std::move(samples));
}

}  // namespace lithiate::expansion
