/// Functions of means by the jackknife; fluctuations of correlated series.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "observe/estimate.hpp"

namespace lithiate::observe {
namespace {

/// A relative error s / mean from skewed samples is known less well than from normal ones: the
/// share of the degrees of freedom that is left, from n var(ln(s / mean)) = (kurtosis + 2) / 4 +
/// c^2 - skewness c (first order in 1/n), c = s / mean; 1/2 for normal samples of small c.
double share_of_degrees(const std::vector<double>& samples) {
  const double n = static_cast<double>(samples.size());
  double mean = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
  for (const double x : samples) mean += x / n;
  for (const double x : samples) {
    const double d = x - mean;
    m2 += d * d / n;
    m3 += d * d * d / n;
    m4 += d * d * d * d / n;
  }
  if (!(m2 > 0.0) || !(mean > 0.0)) return 1.0;
  const double c = std::sqrt(m2) / mean, skewness = m3 / std::pow(m2, 1.5);
  const double excess = m4 / (m2 * m2) - 3.0;
  const double scatter = 0.25 * (excess + 2.0) + c * c - skewness * c;
  return 1.0 / std::max(1.0, 2.0 * scatter);
}

/// Mean, unbiased variance and the squared deviations of a series.
struct Moments {
  Estimate mean;
  std::vector<double> squares;
  Estimate variance;
};

Moments moments(std::span<const double> series) {
  Moments m;
  m.mean = mean_with_error(series);
  for (const double x : series) m.squares.push_back((x - m.mean.value) * (x - m.mean.value));
  m.variance = mean_with_error(m.squares);
  // Deviations from the estimated mean miss the scatter of that mean.
  if (std::isfinite(m.mean.error)) m.variance.value += m.mean.error * m.mean.error;
  m.variance.law = Law::chi_square;
  m.variance.degrees *= share_of_degrees(m.squares);
  return m;
}

}  // namespace

Estimate jackknife(const Eigen::MatrixXd& blocks,
                   const std::function<double(const Eigen::VectorXd&)>& function, Law law) {
  if (blocks.rows() == 0) throw InputError("jackknife: 0 blocks, expected at least 1");
  const double n = static_cast<double>(blocks.rows());
  const Eigen::VectorXd sum = blocks.colwise().sum();
  const double all = function(sum / n);
  Estimate e{.value = all, .n_effective = n, .degrees = n - 1.0, .law = law};
  if (blocks.rows() < 2) {
    e.error = std::numeric_limits<double>::infinity();
    return e;
  }
  Eigen::VectorXd left_out(blocks.rows());
  for (Eigen::Index i = 0; i < blocks.rows(); ++i)
    left_out[i] = function((sum - blocks.row(i).transpose()) / (n - 1.0));
  const double mean = left_out.mean();
  e.value = n * all - (n - 1.0) * mean;
  e.error = std::sqrt((n - 1.0) / n * (left_out.array() - mean).square().sum());
  return e;
}

Estimate variance_with_error(std::span<const double> series) { return moments(series).variance; }

Estimate thermodynamic_factor(std::span<const double> n_particles) {
  const Moments m = moments(n_particles);
  const double variance = m.variance.value, theta = m.mean.value / variance;
  if (!(variance > 0.0)) return undefined();
  std::vector<double> influence;  // first-order change of theta caused by each sample
  for (std::size_t i = 0; i < n_particles.size(); ++i)
    influence.push_back((n_particles[i] - m.mean.value) / variance -
                        theta * (m.squares[i] / variance - 1.0));
  Estimate e = mean_with_error(influence);
  const double relative = m.variance.error / variance;
  e.value = theta / (1.0 + relative * relative);  // <1/v> exceeds 1/<v> by this factor
  e.law = Law::inverse_chi_square;
  e.degrees = std::min(e.degrees, m.variance.degrees);
  return e;
}

}  // namespace lithiate::observe
