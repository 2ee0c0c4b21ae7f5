#include "observe/series.hpp"

#include <cassert>
#include <cmath>

namespace lithiate::observe {
namespace {

constexpr std::int64_t min_blocks = 8;  // fewer leave the error itself unknown to a factor of 1.3

}  // namespace

bool exceeds(double error, double degrees, double other) noexcept {
  return error * (1.0 - 2.0 * std::sqrt(0.5 / degrees)) > other;
}

void BlockAverage::add(double x) {
  ++count_;
  for (std::size_t k = 0;; ++k) {
    if (k == levels_.size()) levels_.emplace_back();
    Level& level = levels_[k];
    ++level.blocks;
    const double change = x - level.mean;
    level.mean += change / static_cast<double>(level.blocks);
    level.squares += change * (x - level.mean);
    if (!level.has_pending) {
      level.pending = x;
      level.has_pending = true;
      return;
    }
    x = 0.5 * (level.pending + x);
    level.has_pending = false;
  }
}

double BlockAverage::sample_variance() const noexcept {
  assert(count_ > 1);
  return levels_[0].squares / static_cast<double>(count_ - 1);
}

double BlockAverage::squared_error(const Level& level) const noexcept {
  const double blocks = static_cast<double>(level.blocks);
  return level.squares / (blocks - 1.0) / blocks;
}

Estimate BlockAverage::estimate() const {
  assert(count_ > 0);
  const double n = static_cast<double>(count_);
  Estimate result{.value = mean(), .n_effective = n, .degrees = n - 1.0};
  if (count_ < 2) {
    result.error = std::numeric_limits<double>::infinity();
    return result;
  }
  const double naive = squared_error(levels_[0]);
  if (naive == 0.0) return result;
  double chosen = 0.0, length = 1.0;
  bool plateau = false;
  for (const Level& level : levels_) {
    if (&level != &levels_[0] && level.blocks < min_blocks) break;
    const double squared = squared_error(level), g = squared / naive;
    const double degrees = static_cast<double>(level.blocks - 1);
    const bool reached = length * length * length > 2.0 * n * g * g;
    const bool take = plateau ? exceeds(std::sqrt(squared), degrees, std::sqrt(chosen))
                              : reached || squared > chosen;
    if (take) {
      chosen = squared;
      result.degrees = degrees;
    }
    plateau = plateau || reached;
    length *= 2.0;
  }
  result.error = std::sqrt(chosen);
  result.correlation_time = 0.5 * chosen / naive;
  result.n_effective = n * naive / chosen;
  return result;
}

Estimate TimeSeries::estimate() const {
  return mean_with_error(std::span<const double>(samples_).subspan(equilibration().start));
}

}  // namespace lithiate::observe
