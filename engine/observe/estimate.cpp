#include "observe/estimate.hpp"

#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace lithiate::observe {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// [low, high] of true / estimate if (estimate / true)^(1/3) is normal; r: relative error. If the
/// plain interval reaches 0 the quantity may be 0, which no chi-square can be: then low is the
/// plain one, and high is infinite once the cube root is not resolved.
Interval chi_square_factors(double r, double t) {
  const double centre = 1.0 - r * r / 9.0, half = t * r / 3.0;
  const double above = centre + half, below = centre - half;
  return {t * r < 1.0 ? 1.0 / (above * above * above) : 1.0 - t * r,
          below > 0.0 ? 1.0 / (below * below * below) : infinity};
}

Estimate exact_mean(std::span<const Estimate> estimates) {
  double sum = 0.0, n = 0.0;
  for (const Estimate& e : estimates) {
    if (e.error != 0.0) continue;
    sum += e.value;
    n += 1.0;
  }
  return {.value = sum / n, .error = 0.0, .n_effective = infinity};
}

bool any_exact(std::span<const Estimate> estimates) {
  for (const Estimate& e : estimates)
    if (e.error == 0.0) return true;
  return false;
}

}  // namespace

Estimate undefined() {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  return {.value = nan, .error = nan, .degrees = 0.0};
}

std::vector<double> numbers(const Estimate& e) {
  return {e.value,       e.error,   e.correlation_time,
          e.n_effective, e.degrees, static_cast<double>(e.law)};
}

Estimate estimate(std::span<const double> n) {
  return {n[0], n[1], n[2], n[3], n[4], static_cast<Law>(static_cast<int>(n[5]))};
}

bool is_defined(const Estimate& e) noexcept { return !std::isnan(e.value); }

Interval interval(const Estimate& e, double confidence) {
  if (e.error == 0.0) return {e.value, e.value};
  const double t = t_quantile(confidence, e.degrees);
  if (e.law == Law::normal || !(e.value > 0.0))
    return {e.value - t * e.error, e.value + t * e.error};
  if (!std::isfinite(t * e.error)) return {-infinity, infinity};
  const Interval factor = chi_square_factors(e.error / e.value, t);
  if (e.law == Law::chi_square) return {e.value * factor.low, e.value * factor.high};
  return {e.value / factor.high, factor.low > 0.0 ? e.value / factor.low : infinity};
}

Interval interval_95(const Estimate& e) { return interval(e, 0.95); }

Estimate scaled(Estimate e, double factor) {
  e.value *= factor;
  e.error *= factor;
  return e;
}

Estimate combine(std::span<const Estimate> estimates) {
  if (estimates.empty()) throw InputError("combine: 0 estimates, expected at least 1");
  if (any_exact(estimates)) return exact_mean(estimates);
  double weights = 0.0, mean = 0.0;
  for (const Estimate& e : estimates) weights += 1.0 / (e.error * e.error);
  if (!(weights > 0.0))
    return {
        .value = estimates[0].value, .error = infinity, .degrees = 0.0, .law = estimates[0].law};
  double meier = 0.0, satterthwaite = 0.0, n_effective = 0.0;
  for (const Estimate& e : estimates) {
    const double p = 1.0 / (e.error * e.error) / weights;
    if (p == 0.0) continue;
    mean += p * e.value;
    meier += p * (1.0 - p) / e.degrees;
    satterthwaite += p * p / e.degrees;
    n_effective += e.n_effective;
  }
  return {.value = mean,
          .error = std::sqrt((1.0 + 4.0 * meier) / weights),
          .n_effective = n_effective,
          .degrees = 1.0 / satterthwaite,
          .law = estimates[0].law};
}

Estimate mean_of_estimates(std::span<const Estimate> estimates) {
  if (estimates.empty()) throw InputError("mean_of_estimates: 0 estimates, expected at least 1");
  if (!std::all_of(estimates.begin(), estimates.end(), is_defined)) return undefined();
  if (estimates.size() == 1) return estimates[0];
  const double n = static_cast<double>(estimates.size());
  Estimate mean{.n_effective = 0.0, .law = estimates[0].law};
  double squares = 0.0, fourth = 0.0;
  for (const Estimate& e : estimates) {
    const double square = e.error * e.error;
    mean.value += e.value / n;
    mean.n_effective += e.n_effective;
    squares += square;
    fourth += square * square / e.degrees;
  }
  mean.error = std::sqrt(squares) / n;
  if (fourth > 0.0) mean.degrees = squares * squares / fourth;
  return mean;
}

Estimate mean_of_replicas(std::span<const double> values) {
  if (values.empty()) throw InputError("mean_of_replicas: 0 values, expected at least 1");
  const double n = static_cast<double>(values.size());
  double mean = 0.0, squares = 0.0;
  for (const double x : values) mean += x / n;
  for (const double x : values) squares += (x - mean) * (x - mean);
  const double error = n > 1.0 ? std::sqrt(squares / (n - 1.0) / n) : infinity;
  return {.value = mean, .error = error, .n_effective = n, .degrees = n - 1.0};
}

}  // namespace lithiate::observe
