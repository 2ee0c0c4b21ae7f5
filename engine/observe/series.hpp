#pragma once
/// Online averages of a correlated series.
#include <cstdint>
#include <vector>

#include "observe/estimate.hpp"

namespace lithiate::observe {

/// True if an error with these degrees of freedom is larger than another by twice its own one-sigma
/// uncertainty, error / sqrt(2 degrees).
bool exceeds(double error, double degrees, double other) noexcept;

/// Mean and reblocked error in O(log n) memory (Flyvbjerg & Petersen, J. Chem. Phys. 91, 461
/// (1989)). The block length is the smallest power of two B with B^3 > 2 n g^2, g = squared error
/// at B over squared error at 1 (Lee et al., Phys. Rev. E 83, 066706 (2011)), at least 8 blocks; a
/// series too short for that takes the largest error of any level. Longer blocks with an error that
/// is larger beyond doubt (exceeds()) replace it: a slow mode under fast noise has two plateaus.
class BlockAverage {
 public:
  void add(double x);
  std::int64_t count() const noexcept { return count_; }
  double mean() const noexcept { return levels_.empty() ? 0.0 : levels_[0].mean; }
  double error() const { return estimate().error; }
  /// degrees = blocks - 1. Infinite error below two samples. REQUIRES count() > 0.
  Estimate estimate() const;
  /// Variance of single samples (n - 1 in the denominator). REQUIRES count() > 1.
  double sample_variance() const noexcept;

 private:
  struct Level {
    double mean = 0.0, squares = 0.0;  ///< of block means; squares: sum of squared deviations
    std::int64_t blocks = 0;
    double pending = 0.0;  ///< first of two block means to be joined
    bool has_pending = false;
  };
  double squared_error(const Level& level) const noexcept;

  std::vector<Level> levels_;  ///< level k holds blocks of 2^k samples
  std::int64_t count_ = 0;
};

/// All samples in memory; the start that is not yet equilibrated is left out of the estimate.
class TimeSeries {
 public:
  void add(double x) { samples_.push_back(x); }
  const std::vector<double>& samples() const noexcept { return samples_; }
  Equilibration equilibration() const { return equilibration_start(samples_); }
  Estimate estimate() const;  ///< REQUIRES at least one sample

 private:
  std::vector<double> samples_;
};

}  // namespace lithiate::observe
