#include "kmc/window_bias.hpp"

#include <Eigen/Dense>
#include <cmath>

namespace lithiate::kmc {

WindowBias extrapolate_window(const std::array<observe::Estimate, 3>& runs) {
  Eigen::Matrix<double, 3, 2> A;
  Eigen::Vector3d y;
  double part = 1.0;
  for (long k = 0; k < 3; ++k, part /= 2.0) {
    const observe::Estimate& run = runs[static_cast<std::size_t>(k)];
    if (!(run.error > 0.0) || !std::isfinite(run.value))
      return {observe::undefined(), observe::undefined(), false};
    A.row(k) << 1.0 / run.error, part * part / run.error;
    y[k] = run.value / run.error;
  }
  const Eigen::Matrix2d covariance = (A.transpose() * A).inverse();
  const Eigen::Vector2d x = covariance * A.transpose() * y;
  WindowBias fit;
  fit.limit.value = x[0];
  fit.limit.error = std::sqrt(covariance(0, 0));
  fit.bias.value = x[1];
  fit.bias.error = std::sqrt(covariance(1, 1));
  fit.resolved = std::abs(x[1]) >= 3.0 * fit.bias.error;
  return fit;
}

}  // namespace lithiate::kmc
