#pragma once
/// A number with an honest error: means of correlated series, functions of means, 95 % intervals.
#include <Eigen/Core>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace lithiate::observe {

/// Shape of an estimator's sampling distribution; it decides how the 95 % interval is drawn.
enum class Law {
  normal,              ///< value +- t error
  chi_square,          ///< variances, mean squared displacements: skewed upwards, positive
  inverse_chi_square,  ///< one over such a quantity
};

struct Estimate {
  double value = 0.0;
  double error = 0.0;             ///< one sigma; infinite if the data cannot tell
  double correlation_time = 0.5;  ///< tau_int = 1/2 + sum of rho(k), in samples; 1/2: independent
  double n_effective = 0.0;       ///< independent samples, n / (2 tau_int)
  /// Degrees of freedom of `error` for Student's t; infinite: error known exactly.
  double degrees = std::numeric_limits<double>::infinity();
  Law law = Law::normal;
};

/// All members as numbers and back, for checkpoints.
std::vector<double> numbers(const Estimate& estimate);
/// REQUIRES the six of numbers().
Estimate estimate(std::span<const double> numbers);

/// A quantity the data do not define: value and error are NaN, degrees 0.
Estimate undefined();
bool is_defined(const Estimate& estimate) noexcept;

struct Interval {
  double low = 0.0, high = 0.0;
  bool holds(double x) const noexcept { return low <= x && x <= high; }
};

/// The half-width, in sigma, of a two-sided interval of Student's t with this (real) number of
/// degrees of freedom. Infinite for degrees <= 0.
double t_quantile(double confidence, double degrees);
double t_quantile_95(double degrees);

/// Law::normal: value +- t error. Law::chi_square: (estimate / true)^(1/3) is taken as normal with
/// mean 1 - r^2/9 and deviation r/3, r the relative error (Wilson & Hilferty, PNAS 17, 684 (1931),
/// r^2 = 2/degrees of the chi-square), with the plain lower end where that is below 0;
/// Law::inverse_chi_square the same for 1/value.
Interval interval_95(const Estimate& estimate);
/// The same interval at another confidence in (0, 1).
Interval interval(const Estimate& estimate, double confidence);

/// The estimate in another unit: value and error times `factor` (> 0).
Estimate scaled(Estimate estimate, double factor);

/// Mean of a stationary correlated series. tau_int with the automatic window W >= 5 tau (Madras &
/// Sokal, J. Stat. Phys. 50, 109 (1988)), bias and degrees of freedom of the window from Wolff,
/// Comput. Phys. Commun. 156, 143 (2004), eqs. 42 and 49; replaced by the reblocking error of
/// BlockAverage where that is larger beyond doubt (slow modes the window cuts off). Never claims
/// more than n independent samples. A constant series has error 0.
/// Throws InputError if empty or not finite.
Estimate mean_with_error(std::span<const double> series);

/// sum(w x) / sum(w), e.g. with kMC residence times as weights; error by linearisation, the
/// correlations between weights and values included. Weights >= 0, not all 0.
Estimate mean_with_error(std::span<const double> series, std::span<const double> weights);

/// tau_int in samples, at least 1/2; 1/2 for a constant series.
double correlation_time(std::span<const double> series);

struct Equilibration {
  std::size_t start = 0;     ///< first sample to keep
  double n_effective = 0.0;  ///< independent samples from there on
  bool equilibrated = true;  ///< false if start lies in the second half: run longer
};
/// The start that leaves the most independent samples (Chodera, J. Chem. Theory Comput. 12, 1799
/// (2016)), on a grid of 1/100 of the series.
Equilibration equilibration_start(std::span<const double> series);

/// Inverse-variance mean of independent estimates of one quantity. Error corrected for weights that
/// are themselves estimated (Meier, Biometrics 9, 59 (1953)); degrees after Welch and
/// Satterthwaite. Estimates with error 0 are exact and win; infinite errors carry no weight.
Estimate combine(std::span<const Estimate> estimates);

/// Plain mean of independent estimates of one quantity from equally long runs, its error from
/// theirs: no weight depends on a value, so nothing is biased. Degrees after Welch and
/// Satterthwaite. Undefined if one of them is.
Estimate mean_of_estimates(std::span<const Estimate> estimates);

/// Plain mean of independent equally long replicas; Student's t with n - 1 degrees.
Estimate mean_of_replicas(std::span<const double> values);

/// Function of means by the delete-one jackknife (Efron, The Jackknife (SIAM 1982), ch. 2 and 3):
/// rows of `blocks` are independent blocks, columns quantities; `function` of the column means.
/// The value is corrected for its bias of order 1/rows.
Estimate jackknife(const Eigen::MatrixXd& blocks,
                   const std::function<double(const Eigen::VectorXd&)>& function,
                   Law law = Law::normal);

/// <x^2> - <x>^2 of a correlated series, unit squared, unbiased; its error from the correlations of
/// the squared deviations.
Estimate variance_with_error(std::span<const double> series);
/// Theta = <N> / (<N^2> - <N>^2) = d(mu/kT)/d ln x of a semi-grand series of particle numbers;
/// error by linearisation. Undefined if N does not fluctuate.
Estimate thermodynamic_factor(std::span<const double> n_particles);

}  // namespace lithiate::observe
