/// Autocorrelation: errors of means of correlated series, and where a series is equilibrated.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <unsupported/Eigen/FFT>
#include <vector>

#include "core/error.hpp"
#include "observe/estimate.hpp"
#include "observe/series.hpp"

namespace lithiate::observe {
namespace {

constexpr double window_factor = 5.0;  // W >= 5 tau cuts off exp(-5) of an exponential decay

/// Deviations from the mean and the mean.
struct Centred {
  double mean = 0.0;
  std::vector<double> deviation;
};

Centred centred(std::span<const double> series) {
  Centred c;
  const double n = static_cast<double>(series.size());
  for (const double x : series) c.mean += x;
  c.mean /= n;
  if (!std::isfinite(c.mean)) throw InputError("time series: a sample is not a finite number");
  for (const double x : series) c.deviation.push_back(x - c.mean);
  return c;
}

/// sum over i of x_i x_(i+k), divided by n, for all k, in O(n log n).
std::vector<double> autocovariance(const std::vector<double>& x) {
  std::size_t padded = 1;
  while (padded < 2 * x.size()) padded *= 2;
  std::vector<double> signal(padded, 0.0);
  std::copy(x.begin(), x.end(), signal.begin());
  std::vector<std::complex<double>> spectrum;
  Eigen::FFT<double> fft;
  fft.fwd(spectrum, signal);
  for (auto& value : spectrum) value = std::norm(value);
  fft.inv(signal, spectrum);
  signal.resize(x.size());
  for (double& value : signal) value /= static_cast<double>(x.size());
  return signal;
}

/// tau_int at the automatic window, and that window.
struct Window {
  double tau = 0.5, width = 0.0;
};

Window automatic_window(const std::vector<double>& deviation) {
  Window w;
  const auto [low, high] = std::minmax_element(deviation.begin(), deviation.end());
  if (deviation.size() < 2 || *low == *high) return w;
  const std::vector<double> covariance = autocovariance(deviation);
  const double n = static_cast<double>(deviation.size());
  for (std::size_t k = 1; k < covariance.size(); ++k) {
    // The sum over n - k pairs underestimates the covariance by the factor (n - k) / n.
    w.tau += covariance[k] / covariance[0] * n / (n - static_cast<double>(k));
    w.width = static_cast<double>(k);
    if (w.width >= window_factor * w.tau || 2 * k >= covariance.size()) break;
  }
  return w;
}

/// Subtracting the estimated mean lowers every covariance by the squared error of the mean.
double unbiased_tau(const Window& w, double n) {
  return std::max(0.5, w.tau * (1.0 + (2.0 * w.width + 1.0) / n));
}

Estimate windowed_mean(const Centred& c, double variance) {
  const double n = static_cast<double>(c.deviation.size());
  const Window w = automatic_window(c.deviation);
  Estimate e{.value = c.mean};
  e.correlation_time = unbiased_tau(w, n);
  e.n_effective = n / (2.0 * e.correlation_time);
  e.error = std::sqrt(variance / e.n_effective);
  e.degrees = std::min(n - 1.0, n / (2.0 * std::max(0.5, w.width + 0.5 - w.tau)));
  return e;
}

Estimate mean_of_centred(const Centred& c) {
  const double n = static_cast<double>(c.deviation.size());
  BlockAverage blocks;
  for (const double x : c.deviation) blocks.add(x);
  Estimate blocked = blocks.estimate();
  blocked.value = c.mean;
  if (n < 2.0 || blocks.sample_variance() == 0.0) return blocked;
  const Estimate windowed = windowed_mean(c, blocks.sample_variance());
  return exceeds(blocked.error, blocked.degrees, windowed.error) ? blocked : windowed;
}

/// Averages of `length` consecutive samples; an incomplete last block is left out.
std::vector<double> coarse(std::span<const double> series, std::size_t length) {
  std::vector<double> blocks(series.size() / length, 0.0);
  for (std::size_t i = 0; i < blocks.size() * length; ++i)
    blocks[i / length] += series[i] / static_cast<double>(length);
  return blocks;
}

}  // namespace

Estimate mean_with_error(std::span<const double> series) {
  if (series.empty()) throw InputError("mean_with_error: 0 samples, expected at least 1");
  return mean_of_centred(centred(series));
}

Estimate mean_with_error(std::span<const double> series, std::span<const double> weights) {
  if (series.empty() || series.size() != weights.size())
    throw InputError(fmt::format("mean_with_error: {} samples with {} weights, expected as many",
                                 series.size(), weights.size()));
  double sum = 0.0, mean = 0.0;
  for (const double w : weights) {
    if (!(w >= 0.0)) throw InputError(fmt::format("mean_with_error: weight {}, expected >= 0", w));
    sum += w;
  }
  if (!(sum > 0.0)) throw InputError("mean_with_error: all weights are 0");
  for (std::size_t i = 0; i < series.size(); ++i) mean += weights[i] / sum * series[i];
  const double n = static_cast<double>(series.size());
  std::vector<double> influence;
  for (std::size_t i = 0; i < series.size(); ++i)
    influence.push_back(weights[i] * n / sum * (series[i] - mean));
  Estimate e = mean_with_error(influence);
  e.value = mean;
  return e;
}

double correlation_time(std::span<const double> series) {
  return mean_with_error(series).correlation_time;
}

Equilibration equilibration_start(std::span<const double> series) {
  constexpr std::size_t max_points = 4096, grid = 100, min_kept = 8;
  const std::size_t length = (series.size() + max_points - 1) / max_points;
  if (series.size() < 2 * min_kept) return {.n_effective = static_cast<double>(series.size())};
  const std::vector<double> points = coarse(series, length);
  const std::size_t stride = std::max<std::size_t>(1, points.size() / grid);
  Equilibration best;
  for (std::size_t start = 0; start + min_kept <= points.size(); start += stride) {
    const Centred kept = centred(std::span<const double>(points).subspan(start));
    const double n = static_cast<double>(kept.deviation.size());
    const double n_effective = n / (2.0 * unbiased_tau(automatic_window(kept.deviation), n));
    if (n_effective > best.n_effective) best = {start * length, n_effective, true};
  }
  best.equilibrated = 2 * best.start <= series.size();
  return best;
}

}  // namespace lithiate::observe
