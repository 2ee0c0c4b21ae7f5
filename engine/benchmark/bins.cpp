#include "benchmark/bins.hpp"

#include <algorithm>

namespace lithiate::benchmark {

void Bins::add(const Eigen::VectorXd& sample) {
  sum_ += sample;
  ++samples_;
  if (++in_bin_ < length_) return;
  sums_.row(full_++) = sum_;
  sum_.setZero();
  in_bin_ = 0;
  if (full_ < max_bins) return;
  full_ /= 2;
  for (Eigen::Index i = 0; i < full_; ++i)
    sums_.row(i) = (sums_.row(2 * i) + sums_.row(2 * i + 1)).eval();
  length_ *= 2;
}

observe::Estimate Bins::estimate(const Quantity& quantity) const {
  return observe::jackknife(means(), quantity);
}

std::vector<observe::Estimate> sample_until(Eigen::Index columns,
                                            const std::function<void(Eigen::VectorXd&)>& sampler,
                                            const std::vector<Wanted>& wanted,
                                            const SampleRange& range) {
  constexpr double growth = 1.15;
  Bins bins(columns);
  Eigen::VectorXd sample(columns);
  for (std::int64_t target = range.min_samples;;
       target = static_cast<std::int64_t>(growth * static_cast<double>(target)) + 1) {
    target = std::min(target, range.max_samples);
    while (bins.samples() < target) {
      sampler(sample);
      bins.add(sample);
    }
    std::vector<observe::Estimate> estimates;
    bool reached = true;
    for (const Wanted& w : wanted) {
      estimates.push_back(bins.estimate(w.quantity));
      reached = reached && estimates.back().error <= w.error;
    }
    if (reached || target >= range.max_samples) return estimates;
  }
}

}  // namespace lithiate::benchmark
