#include "benchmark/bins.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"

using namespace lithiate;
using namespace lithiate::benchmark;
using Catch::Matchers::WithinRel;

namespace {

double first(const Eigen::VectorXd& m) { return m[0]; }

/// AR(1) series of mean 0 and variance 1: x' = rho x + sqrt(1 - rho^2) noise.
class Correlated {
 public:
  Correlated(double rho, std::uint64_t seed) : rho_(rho), random_(seed, Purpose::test) {}
  double next() {
    x_ = rho_ * x_ + std::sqrt(1.0 - rho_ * rho_) * random_.normal();
    return x_;
  }

 private:
  double rho_, x_ = 0.0;
  Random random_;
};

}  // namespace

TEST_CASE("joining bins in pairs keeps the mean", "[benchmark]") {
  Bins bins(1);
  for (int k = 0; k < 1024; ++k) bins.add(Eigen::VectorXd::Constant(1, k));
  REQUIRE(bins.means().rows() == 128);
  REQUIRE(bins.estimate(first).value == Approx(511.5));
}

TEST_CASE("the error of a correlated series counts its correlation time", "[benchmark]") {
  constexpr double rho = 0.95;
  constexpr int n = 1 << 18;
  Bins bins(1);
  Correlated series(rho, 5);
  for (int k = 0; k < n; ++k) bins.add(Eigen::VectorXd::Constant(1, series.next()));
  const double expected = std::sqrt((1.0 + rho) / (1.0 - rho) / n);
  REQUIRE_THAT(bins.estimate(first).error, WithinRel(expected, 0.2));  // 128 to 256 bins: 6 %
}

TEST_CASE("sampling ends once every error is reached", "[benchmark]") {
  Correlated series(0.0, 6);
  std::int64_t calls = 0;
  const auto sampler = [&](Eigen::VectorXd& sample) {
    sample[0] = series.next();
    ++calls;
  };
  const auto estimates = sample_until(1, sampler, {{first, 0.01}});
  REQUIRE(estimates[0].error <= 0.01);
  REQUIRE(calls > 7000);
  REQUIRE(calls < 20000);
}

TEST_CASE("sampling ends at its limit with the error it has", "[benchmark]") {
  Correlated series(0.0, 7);
  const auto sampler = [&](Eigen::VectorXd& sample) { sample[0] = series.next(); };
  const auto estimates =
      sample_until(1, sampler, {{first, 1e-9}}, {.min_samples = 100, .max_samples = 1000});
  REQUIRE(estimates[0].error > 0.01);
}

TEST_CASE("a variance is estimated without bias from few bins", "[benchmark]") {
  Correlated series(0.0, 8);
  Bins bins(2);
  for (int k = 0; k < 1 << 16; ++k) {
    const double x = series.next();
    bins.add(Eigen::Vector2d(x, x * x));
  }
  const auto v = bins.estimate([](const Eigen::VectorXd& m) { return m[1] - m[0] * m[0]; });
  REQUIRE(std::abs(v.value - 1.0) < 4.0 * v.error);
  REQUIRE_THAT(v.error, WithinRel(std::sqrt(2.0 / (1 << 16)), 0.25));
}
