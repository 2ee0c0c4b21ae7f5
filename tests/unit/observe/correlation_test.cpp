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

TEST_CASE("the correlation time of an autoregressive series is (1 + phi) / (2 (1 - phi))") {
  for (const double phi : {0.3, 0.8, 0.95}) {
    Random rng = walks::random(1);
    const double exact = 0.5 * (1.0 + phi) / (1.0 - phi);
    const Estimate e = mean_with_error(walks::ar1(rng, phi, static_cast<std::size_t>(4e4 * exact)));
    CHECK_THAT(e.correlation_time, WithinRel(exact, 0.08));  // about 5 sigma of the window sum
    CHECK_THAT(e.n_effective, WithinRel(2e4, 0.08));
    CHECK_THAT(e.error, WithinRel(1.0 / std::sqrt(2e4), 0.04));
  }
}

TEST_CASE("the error of independent samples is the standard error") {
  Random rng = walks::random(2);
  const Estimate e = mean_with_error(walks::ar1(rng, 0.0, 40000));
  CHECK_THAT(e.error, WithinRel(0.005, 0.05));
}

TEST_CASE("anticorrelated samples never count for more than independent ones") {
  Random rng = walks::random(3);
  const Estimate e = mean_with_error(walks::ar1(rng, -0.8, 5000));
  CHECK(e.correlation_time == 0.5);
  CHECK(e.n_effective == 5000.0);
}

TEST_CASE("a constant series has no error") {
  const Estimate e = mean_with_error(std::vector<double>(50, 3.25));
  CHECK(e.value == 3.25);
  CHECK(e.error == 0.0);
  CHECK(e.n_effective == 50.0);
}

TEST_CASE("one sample has an unknown error") {
  const Estimate e = mean_with_error(std::vector<double>{7.0});
  CHECK(e.value == 7.0);
  CHECK(std::isinf(e.error));
}

TEST_CASE("the error does not depend on the origin and scales with the unit") {
  Random rng = walks::random(4);
  std::vector<double> x = walks::ar1(rng, 0.7, 2000), shifted;
  for (const double v : x) shifted.push_back(-3.0 * v + 1000.0);
  CHECK_THAT(mean_with_error(shifted).error, WithinRel(3.0 * mean_with_error(x).error, 1e-8));
}

TEST_CASE("a slow mode under noise is seen by reblocking") {
  // Fast noise of variance 1 hides a mode of variance 0.04 and correlation time 1000.
  Random rng = walks::random(5);
  const std::vector<double> slow = walks::ar1(rng, 0.999, 200000);
  std::vector<double> x;
  for (const double s : slow) x.push_back(0.2 * s + rng.normal());
  const double exact = std::sqrt((0.04 * 1999.0 + 1.0) / 2e5);
  const double error = mean_with_error(x).error;
  CHECK(error > 0.6 * exact);
  CHECK(error < 1.5 * exact);
}

TEST_CASE("equal weights change nothing") {
  Random rng = walks::random(6);
  const std::vector<double> x = walks::ar1(rng, 0.6, 500), w(500, 0.3);
  CHECK_THAT(mean_with_error(x, w).value, WithinAbs(mean_with_error(x).value, 1e-12));
  CHECK_THAT(mean_with_error(x, w).error, WithinRel(mean_with_error(x).error, 1e-9));
}

TEST_CASE("samples without weight do not count") {
  const std::vector<double> x = {1.0, 100.0, 3.0, -50.0}, w = {1.0, 0.0, 1.0, 0.0};
  CHECK_THAT(mean_with_error(x, w).value, WithinAbs(2.0, 1e-12));
}

TEST_CASE("residence times weight the states of a two-state process by their lifetimes") {
  // Rates 1 and 3 per second: occupation of the second state 1/4.
  const std::vector<int> counts = walks::covered({0.25}, [](int seed) {
    Random rng = walks::random(seed);
    std::vector<double> state, residence_s;
    for (int i = 0; i < 400; ++i) {
      state.push_back(i % 2);
      residence_s.push_back(walks::waiting_time(rng, i % 2 ? 3.0 : 1.0));
    }
    return std::vector{mean_with_error(state, residence_s)};
  });
  CHECK(counts[0] >= walks::fewest);
}

TEST_CASE("weights that cannot be used are refused") {
  const std::vector<double> x = {1.0, 2.0};
  CHECK_THROWS_AS(mean_with_error(x, std::vector<double>{1.0}), InputError);
  CHECK_THROWS_AS(mean_with_error(x, std::vector<double>{1.0, -1.0}), InputError);
  CHECK_THROWS_AS(mean_with_error(x, std::vector<double>{0.0, 0.0}), InputError);
}

TEST_CASE("a sample that is not a number is refused") {
  CHECK_THROWS_AS(mean_with_error(std::vector<double>{1.0, NAN, 2.0}), InputError);
}

TEST_CASE("a stationary series is kept and a decaying start is cut off") {
  Random rng = walks::random(7);
  std::vector<double> x = walks::ar1(rng, 0.5, 4000);
  CHECK(equilibration_start(x).start < 800);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += 30.0 * std::exp(-double(i) / 150.0);
  const Equilibration e = equilibration_start(x);
  CHECK(e.equilibrated);
  CHECK(e.start > 450);  // where the decay is 1.5 sigma of the noise
  CHECK(e.start < 1600);
}

TEST_CASE("a series that drifts to its end is not equilibrated") {
  Random rng = walks::random(8);
  std::vector<double> x = walks::ar1(rng, 0.3, 3000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += 0.01 * static_cast<double>(i);
  CHECK_FALSE(equilibration_start(x).equilibrated);
}

TEST_CASE("the start of a long series is given in samples of that series") {
  Random rng = walks::random(9);
  std::vector<double> x = walks::ar1(rng, 0.0, 50000);
  for (std::size_t i = 0; i < 10000; ++i) x[i] += 20.0;
  const Equilibration e = equilibration_start(x);
  CHECK(e.start >= 9900);
  CHECK(e.start <= 12000);
}
