#pragma once
#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <vector>

#include "observe/estimate.hpp"

namespace lithiate::benchmark {

/// A number computed from means of columns.
using Quantity = std::function<double(const Eigen::VectorXd&)>;

/// Means of correlated samples of several columns in at most 256 bins of equal length. Full bins
/// are joined in pairs, so that a bin stays 1/128 of the run or longer: errors of a run that is
/// long against its memory are honest without knowing that memory.
class Bins {
 public:
  explicit Bins(Eigen::Index columns)
      : sums_(max_bins, columns), sum_(Eigen::VectorXd::Zero(columns)) {}

  void add(const Eigen::VectorXd& sample);
  std::int64_t samples() const noexcept { return samples_; }
  Eigen::MatrixXd means() const { return sums_.topRows(full_) / static_cast<double>(length_); }
  /// Jackknife over the full bins. REQUIRES two of them.
  observe::Estimate estimate(const Quantity& quantity) const;

 private:
  static constexpr Eigen::Index max_bins = 256;
  Eigen::MatrixXd sums_;
  Eigen::VectorXd sum_;
  Eigen::Index full_ = 0;
  std::int64_t length_ = 1, in_bin_ = 0, samples_ = 0;
};

/// A quantity with the absolute standard error it is wanted with.
struct Wanted {
  Quantity quantity;
  double error;
};

/// How long to sample: until every error is reached, within these numbers of samples.
struct SampleRange {
  std::int64_t min_samples = 2560, max_samples = 100'000'000;
};

/// Draws samples of so many columns; sampler fills one.
std::vector<observe::Estimate> sample_until(Eigen::Index columns,
                                            const std::function<void(Eigen::VectorXd&)>& sampler,
                                            const std::vector<Wanted>& wanted,
                                            const SampleRange& range = {});

}  // namespace lithiate::benchmark
