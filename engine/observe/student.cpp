/// Quantiles of Student's t from the regularised incomplete beta function.
#include <cmath>

#include "observe/estimate.hpp"

namespace lithiate::observe {
namespace {

/// Continued fraction of the incomplete beta function, modified Lentz (Press et al., Numerical
/// Recipes, 3rd ed., eq. 6.4.9).
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300, accuracy = 1e-15;
  const auto away_from_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  double c = 1.0, d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0)), h = d;
  for (int m = 1; m <= 10000; ++m) {
    const double m2 = 2.0 * m;
    const double even = m * (b - m) * x / ((a + m2 - 1.0) * (a + m2));
    const double odd = -(a + m) * (a + b + m) * x / ((a + m2) * (a + m2 + 1.0));
    double step = 1.0;
    for (const double term : {even, odd}) {
      d = 1.0 / away_from_zero(1.0 + term * d);
      c = away_from_zero(1.0 + term / c);
      step = c * d;
      h *= step;
    }
    if (std::abs(step - 1.0) < accuracy) break;
  }
  return h;
}

/// I_x(a, b), with y = 1 - x given apart so that neither loses digits.
double incomplete_beta(double a, double b, double x, double y) {
  if (x <= 0.0) return 0.0;
  if (y <= 0.0) return 1.0;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log(y));
  if (x < (a + 1.0) / (a + b + 2.0)) return front * beta_fraction(a, b, x) / a;
  return 1.0 - front * beta_fraction(b, a, y) / b;
}

/// Probability that |t| exceeds `t`.
double two_sided_tail(double t, double degrees) {
  if (degrees > 1e6) return std::erfc(t / std::sqrt(2.0));  // differs by less than 1e-6
  const double sum = degrees + t * t;
  return incomplete_beta(0.5 * degrees, 0.5, degrees / sum, t * t / sum);
}

}  // namespace

double t_quantile(double confidence, double degrees) {
  if (!(degrees > 0.0)) return std::numeric_limits<double>::infinity();
  double low = 0.0, high = 1.0;
  while (two_sided_tail(high, degrees) > 1.0 - confidence) {
    high *= 2.0;
    if (!std::isfinite(high)) return high;
  }
  for (int i = 0; i < 100 && high - low > 1e-14 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (two_sided_tail(middle, degrees) > 1.0 - confidence ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double t_quantile_95(double degrees) { return t_quantile(0.95, degrees); }

}  // namespace lithiate::observe
