#pragma once
/// One interval of a cubic Hermite interpolation.
#include <algorithm>

namespace lithiate::analysis {

/// y(t), t in [0, 1] over a step h; slopes are limited to [0, 3] times the secant (Fritsch and
/// Carlson, SIAM J. Numer. Anal. 17, 238 (1980)), so y is monotone.
struct MonotoneHermite {
  double h, y0, y1, d0, d1;  ///< d in y per unit of the abscissa

  MonotoneHermite(double step, double left, double right, double slope_left, double slope_right)
      : h(step), y0(left), y1(right), d0(limited(slope_left)), d1(limited(slope_right)) {}

  double value(double t) const {
    const double s = 1.0 - t;
    return y0 * (1.0 + 2.0 * t) * s * s + y1 * t * t * (3.0 - 2.0 * t) +
           h * t * s * (d0 * s - d1 * t);
  }
  /// Integral from the left end to t.
  double integral(double t) const {
    const double t2 = t * t, t3 = t2 * t, t4 = t3 * t;
    return h * (y0 * (t - t3 + t4 / 2.0) + y1 * (t3 - t4 / 2.0) +
                h * d0 * (t2 / 2.0 - 2.0 * t3 / 3.0 + t4 / 4.0) + h * d1 * (t4 / 4.0 - t3 / 3.0));
  }

 private:
  double limited(double slope) const {
    const double secant = (y1 - y0) / h;
    return secant >= 0.0 ? std::clamp(slope, 0.0, 3.0 * secant)
                         : std::clamp(slope, 3.0 * secant, 0.0);
  }
};

}  // namespace lithiate::analysis
