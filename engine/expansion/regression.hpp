#pragma once
#include <Eigen/Core>
#include <string>
#include <vector>

namespace lithiate::expansion {

/// ols: least squares. ridge, lasso: penalised by squares, by absolute values. ardr: automatic
/// relevance determination (Tipping, J. Mach. Learn. Res. 1, 211 (2001)). rfe: recursive feature
/// elimination by least squares (Guyon et al., Mach. Learn. 46, 389 (2002)).
enum class Method { ols, ridge, lasso, ardr, rfe };

std::string name(Method method);
Method regression_method(const std::string& name);  ///< throws InputError with the nearest name

/// How coefficients b are found from X b = y with weights w. With c_j = penalty_per_column:
///   ridge  minimises sum_i w_i (y - X b)_i^2 + lambda sum_j c_j b_j^2,
///   lasso  minimises sum_i w_i (y - X b)_i^2 / (2 sum_i w_i) + lambda sum_j c_j |b_j|,
/// so that lambda is `alpha` of scikit-learn's Ridge and Lasso when all c_j = 1. ardr and rfe see
/// the columns divided by sqrt(c_j); ols takes no notice. c_j infinite leaves a column out.
/// With `standardize` the columns are first divided by their weighted standard deviation.
struct RegressionConfig {
  Method method = Method::ridge;
  double lambda = 1e-3;  ///< ridge and lasso, at least 0
  int n_features = 0;    ///< rfe: penalised columns kept, at least 1
  int unpenalised = 1;   ///< first columns, never penalised, scaled or left out
  bool standardize = false;
  Eigen::VectorXd penalty_per_column;  ///< one per column of X (the first ones unused); empty: 1
  double ardr_threshold = 1e4;    ///< columns of precision 1/b^2 above this are left out, eV^-2
  double ardr_hyperprior = 1e-6;  ///< shape and rate of both Gamma priors
  double ardr_tolerance = 1e-6;   ///< stop when sum |change of b| is below this
  int max_iterations = 100'000;   ///< of lasso sweeps and ardr updates
};

/// Short text of what distinguishes a setting: "ridge, lambda 0.001".
std::string describe(const RegressionConfig& config);

struct Regression {
  Eigen::VectorXd coefficients;  ///< one per column of X; 0 for columns left out
  int n_used = 0;                ///< columns that were not left out, unpenalised ones included
  bool rank_deficient = false;   ///< ols, rfe: of all solutions the shortest in scaled columns
  bool converged = true;         ///< false: lasso or ardr stopped at max_iterations
};

/// X: one row per structure; y and weights: one entry per row. Throws InputError if sizes differ,
/// a value is not finite, a weight is negative, all weights are 0, there are fewer rows of positive
/// weight than unpenalised columns, or a setting is out of range.
Regression regress(const Eigen::MatrixXd& X, const Eigen::VectorXd& y,
                   const Eigen::VectorXd& weights, const RegressionConfig& config);

/// c_j of every column (1 if none are given), 0 for the unpenalised ones. Throws InputError if the
/// number of columns differs or an entry is not above 0.
Eigen::VectorXd penalties(const RegressionConfig& config, Eigen::Index n_columns);

/// Candidates for a selection, most restrictive first: `base` with `n` values of lambda, equally
/// spaced in the logarithm from `high` down to `low`. REQUIRES n >= 2, high > low > 0.
std::vector<RegressionConfig> lambda_grid(const RegressionConfig& base, double low, double high,
                                          int n);
/// `base` with n_features = 1 .. most.
std::vector<RegressionConfig> feature_grid(const RegressionConfig& base, int most);

}  // namespace lithiate::expansion
