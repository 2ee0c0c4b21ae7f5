#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "observe/estimate.hpp"
#include "unit/observe/walks.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace lithiate;
using namespace lithiate::observe;

TEST_CASE("the jackknife of the mean is the mean with its standard error") {
  Eigen::MatrixXd blocks(5, 1);
  blocks << 1.0, 4.0, 2.0, 8.0, 5.0;
  const Estimate e = jackknife(blocks, [](const Eigen::VectorXd& m) { return m[0]; });
  CHECK_THAT(e.value, WithinAbs(4.0, 1e-12));
  CHECK_THAT(e.error, WithinAbs(std::sqrt(30.0 / 4.0 / 5.0), 1e-12));
  CHECK(e.degrees == 4.0);
}

TEST_CASE("the jackknife makes the square of a mean unbiased") {
  // The unbiased estimate of mu^2 is mean^2 - s^2 / n.
  Eigen::MatrixXd blocks(4, 1);
  blocks << 1.0, 2.0, 4.0, 9.0;
  const Estimate e = jackknife(blocks, [](const Eigen::VectorXd& m) { return m[0] * m[0]; });
  CHECK_THAT(e.value, WithinAbs(16.0 - 38.0 / 3.0 / 4.0, 1e-10));
}

TEST_CASE("a ratio of proportional quantities has no error") {
  Eigen::MatrixXd blocks(6, 2);
  for (int i = 0; i < 6; ++i) blocks.row(i) << 3.0 * (i + 1), i + 1.0;
  const Estimate e = jackknife(blocks, [](const Eigen::VectorXd& m) { return m[0] / m[1]; });
  CHECK_THAT(e.value, WithinAbs(3.0, 1e-12));
  CHECK_THAT(e.error, WithinAbs(0.0, 1e-12));
}

TEST_CASE("one block tells no error and no block is refused") {
  const auto first = [](const Eigen::VectorXd& m) { return m[0]; };
  CHECK(std::isinf(jackknife(Eigen::MatrixXd::Ones(1, 1), first).error));
  CHECK_THROWS_AS(jackknife(Eigen::MatrixXd(0, 1), first), InputError);
}

TEST_CASE("the variance of independent samples is the unbiased one") {
  const std::vector<double> x = {3.0, -1.0, 4.0, 0.5, -5.0, 2.0, 3.5, -2.5, 1.0, -4.0};
  double mean = 0.0, squares = 0.0;
  for (const double v : x) mean += v / 10.0;
  for (const double v : x) squares += (v - mean) * (v - mean);
  const Estimate e = mean_with_error(x), variance = variance_with_error(x);
  CHECK_THAT(variance.value, WithinAbs(squares / 10.0 + e.error * e.error, 1e-12));
  CHECK(variance.law == Law::chi_square);
}

TEST_CASE("the thermodynamic factor of an ideal lattice gas is 1 / (1 - y)") {
  // N of 400 sites, each filled with probability y: binomial.
  const double y = 0.3;
  const std::vector<int> counts = walks::covered({1.0 / (1.0 - y)}, [&](int seed) {
    Random rng = walks::random(seed);
    std::vector<double> n(300, 0.0);
    for (double& value : n)
      for (int site = 0; site < 400; ++site) value += rng.uniform() < y;
    return std::vector{thermodynamic_factor(n)};
  });
  CHECK(counts[0] >= walks::fewest);
  CHECK(counts[0] <= walks::most);
}

TEST_CASE("a particle number that does not fluctuate has no thermodynamic factor") {
  CHECK_FALSE(is_defined(thermodynamic_factor(std::vector<double>(20, 5.0))));
}
