#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lithiate::benchmark {

/// How often the 95 % interval of a measured f holds the exact value.
struct Coverage {
  std::string lattice = {};
  double exact_f = 0.0;
  int seeds = 0, held = 0;
  int least = 0, most = 0;  ///< what an honest interval gives, see coverage_bounds
  double mean_width = 0.0;  ///< of the interval

  bool pass() const noexcept { return least <= held && held <= most; }
};

/// Number of hits out of n that a 95 % interval gives with probability 0.99: 0.95 n +- 2.6 standard
/// deviations of the binomial law (369 to 391 of 400).
std::pair<int, int> coverage_bounds(int n);

/// One vacancy on the triangular and the fcc lattice in cells of 4096 sites, whose f differs from
/// the infinite lattice's (rows TC-06, TC-03) by less than a tenth of a run's error. Each seed is
/// one run whose interval is observe::interval_95. Seeds are shared among OpenMP threads.
std::vector<Coverage> run_coverage(int seeds, std::uint64_t first_seed);

std::string format_coverage(const std::vector<Coverage>& all);

}  // namespace lithiate::benchmark
