#pragma once
#include <Eigen/Core>
#include <cstdint>

#include "expansion/regression.hpp"

namespace lithiate::expansion {

/// Draws of the coefficients of one fit: what the errors of predictions are made of.
struct Posterior {
  Eigen::MatrixXd samples;         ///< draws x coefficients
  Eigen::VectorXd mean;            ///< of the draws
  Eigen::VectorXd standard_error;  ///< standard deviation of the draws (n - 1)
};

/// Refits after drawing as many structures with replacement (Efron and Tibshirani, An Introduction
/// to the Bootstrap (1993), ch. 9: pairs), at a fixed setting: the choice of the setting is not
/// repeated. Draws with fewer different structures than unpenalised columns are drawn again. Draw d
/// is a function of seed and d. Throws InputError if draws < 2.
Posterior bootstrap(const Eigen::MatrixXd& X, const Eigen::VectorXd& y,
                    const Eigen::VectorXd& weights, const RegressionConfig& config, int draws,
                    std::uint64_t seed);

/// Covariance s^2 (X^T W X + lambda C)^-1 of the coefficients of ols or ridge seen as Gaussian
/// prior and likelihood (MacKay, Neural Comput. 4, 415 (1992)); s^2 = sum w r^2 / (n - trace of the
/// hat matrix). Columns left out have zero rows. Throws InputError for another method or
/// standardize, if the columns are dependent, or if no degree of freedom is left.
Eigen::MatrixXd posterior_covariance(const Eigen::MatrixXd& X, const Eigen::VectorXd& y,
                                     const Eigen::VectorXd& weights,
                                     const RegressionConfig& config);

/// Normal draws around the fit with posterior_covariance. Throws as that does, or if draws < 2.
Posterior gaussian_posterior(const Eigen::MatrixXd& X, const Eigen::VectorXd& y,
                             const Eigen::VectorXd& weights, const RegressionConfig& config,
                             int draws, std::uint64_t seed);

}  // namespace lithiate::expansion
