#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "expansion/regression.hpp"

namespace lithiate::expansion {

/// Held-out rows of each fold, ascending; together every row once.
using Folds = std::vector<std::vector<Eigen::Index>>;

/// k folds whose sizes differ by at most one, rows shuffled by seed (Random, Purpose::resampling);
/// k = 0 or k >= n: leave one out, without a shuffle. Throws InputError if n < 2 or k is 1 or
/// negative.
Folds make_folds(Eigen::Index n, int k, std::uint64_t seed);

/// Predictions for rows that the fit had not seen.
struct CrossValidation {
  Eigen::VectorXd predictions;      ///< one per row
  double rmse = 0.0;                ///< over all rows, unweighted, in the unit of y
  std::vector<std::size_t> chosen;  ///< nested: candidate chosen in each fold
};

/// Fits every fold's remaining rows and predicts the rows held out. Leave-one-out of ols and ridge
/// without standardize comes from the hat matrix of one fit (exact: Allen, Technometrics 16, 125
/// (1974)) where no row has leverage 1; everything else is refitted.
CrossValidation cross_validate(const Eigen::MatrixXd& X, const Eigen::VectorXd& y,
                               const Eigen::VectorXd& weights, const RegressionConfig& config,
                               const Folds& folds);

/// Position of the candidate with the lowest cross-validation score, and that score. Candidates
/// within 1e-9 (relative) tie; the first one wins, so lists go from restrictive to free.
/// Throws InputError if there is no candidate.
struct Selection {
  std::size_t chosen = 0;
  double rmse = 0.0;  ///< optimistic: the same rows chose the candidate
};
Selection select(const Eigen::MatrixXd& X, const Eigen::VectorXd& y, const Eigen::VectorXd& weights,
                 const std::vector<RegressionConfig>& candidates, const Folds& folds);

/// Repeats the whole selection inside every outer fold, on inner folds of the rows that remain, and
/// predicts the rows held out with the candidate found there: the score to quote (Cawley and
/// Talbot, J. Mach. Learn. Res. 11, 2079 (2010)). inner_folds as k of make_folds.
CrossValidation nested_cross_validate(const Eigen::MatrixXd& X, const Eigen::VectorXd& y,
                                      const Eigen::VectorXd& weights,
                                      const std::vector<RegressionConfig>& candidates,
                                      const Folds& outer, int inner_folds, std::uint64_t seed);

}  // namespace lithiate::expansion
