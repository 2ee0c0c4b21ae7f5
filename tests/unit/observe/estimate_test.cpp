#include "observe/estimate.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "unit/observe/walks.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace lithiate;
using namespace lithiate::observe;

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST_CASE("quantiles of Student's t agree with the tables") {
  CHECK_THAT(t_quantile_95(1), WithinAbs(12.7062047362, 1e-8));
  CHECK_THAT(t_quantile_95(2), WithinAbs(4.3026527297, 1e-8));
  CHECK_THAT(t_quantile_95(9), WithinAbs(2.2621571628, 1e-8));
  CHECK_THAT(t_quantile_95(30), WithinAbs(2.0422724563, 1e-8));
  CHECK_THAT(t_quantile(0.99, 5), WithinAbs(4.0321429836, 1e-8));
}

TEST_CASE("Student's t tends to the normal distribution") {
  CHECK_THAT(t_quantile_95(infinity), WithinAbs(1.9599639845, 1e-8));
  CHECK_THAT(t_quantile_95(1e5), WithinAbs(t_quantile_95(infinity), 3e-5));
}

TEST_CASE("Student's t with one degree is the Cauchy distribution") {
  for (const double p : {0.5, 0.9, 0.99})
    CHECK_THAT(t_quantile(p, 1.0), WithinRel(std::tan(0.5 * M_PI * p), 1e-10));
}

TEST_CASE("an error without degrees of freedom bounds nothing") {
  const Interval all = interval_95({.value = 3.0, .error = 1.0, .degrees = 0.0});
  CHECK(all.low == -infinity);
  CHECK(all.high == infinity);
}

TEST_CASE("a normal interval is the value and t errors on either side") {
  const Interval i = interval_95({.value = 2.0, .error = 0.5, .degrees = 9.0});
  CHECK_THAT(i.low, WithinAbs(2.0 - 0.5 * 2.2621571628, 1e-8));
  CHECK_THAT(i.high, WithinAbs(2.0 + 0.5 * 2.2621571628, 1e-8));
}

TEST_CASE("a chi-square interval is that of the chi-square distribution") {
  // 20 degrees: quantiles 9.590777 and 34.169607 at 2.5 % and 97.5 %.
  const Estimate e{.value = 1.0, .error = std::sqrt(2.0 / 20.0), .law = Law::chi_square};
  CHECK_THAT(interval_95(e).low, WithinRel(20.0 / 34.169607, 2e-3));
  CHECK_THAT(interval_95(e).high, WithinRel(20.0 / 9.590777, 4e-3));
}

TEST_CASE("the interval of one over a quantity is one over its interval") {
  const Estimate e{.value = 4.0, .error = 0.8, .degrees = 12.0, .law = Law::chi_square};
  const Estimate inverse{
      .value = 0.25, .error = 0.05, .degrees = 12.0, .law = Law::inverse_chi_square};
  CHECK_THAT(interval_95(inverse).low, WithinRel(1.0 / interval_95(e).high, 1e-12));
  CHECK_THAT(interval_95(inverse).high, WithinRel(1.0 / interval_95(e).low, 1e-12));
}

TEST_CASE("a positive quantity that may be zero has an interval that holds zero") {
  const Estimate e{.value = 1.0, .error = 1.0, .degrees = 10.0, .law = Law::chi_square};
  CHECK(interval_95(e).holds(0.0));
  Estimate inverse = e;
  inverse.law = Law::inverse_chi_square;
  CHECK(interval_95(inverse).low > 0.0);
  CHECK(interval_95(inverse).high == infinity);
}

TEST_CASE("all laws agree when the error is small") {
  for (const Law law : {Law::chi_square, Law::inverse_chi_square}) {
    const Interval i = interval_95({.value = 5.0, .error = 1e-4, .law = law});
    CHECK_THAT(i.low, WithinAbs(5.0 - 1.96e-4, 2e-8));
    CHECK_THAT(i.high, WithinAbs(5.0 + 1.96e-4, 2e-8));
  }
}

TEST_CASE("a change of unit scales the value and the error") {
  const Estimate e = scaled({.value = 3.0, .error = 0.5, .degrees = 7.0}, 1e-16);
  CHECK_THAT(e.value, WithinRel(3e-16, 1e-14));
  CHECK_THAT(e.error, WithinRel(5e-17, 1e-14));
  CHECK(e.degrees == 7.0);
}

TEST_CASE("estimates with known errors combine by inverse variance") {
  const std::vector<Estimate> both = {{.value = 1.0, .error = 0.1}, {.value = 2.0, .error = 0.2}};
  const Estimate e = combine(both);
  CHECK_THAT(e.value, WithinAbs((100.0 * 1.0 + 25.0 * 2.0) / 125.0, 1e-12));
  CHECK_THAT(e.error, WithinAbs(1.0 / std::sqrt(125.0), 1e-12));
}

TEST_CASE("equal estimates combine with the sum of their degrees of freedom") {
  const std::vector<Estimate> both(3, {.value = 1.0, .error = 0.1, .degrees = 6.0});
  CHECK_THAT(combine(both).degrees, WithinAbs(18.0, 1e-9));
}

TEST_CASE("an exact estimate wins and an unknown error carries no weight") {
  const Estimate good{.value = 1.0, .error = 0.1};
  const Estimate unknown{.value = 9.0, .error = infinity, .degrees = 0.0};
  CHECK_THAT(combine(std::vector{good, unknown}).value, WithinAbs(1.0, 1e-12));
  CHECK_THAT(combine(std::vector{good, unknown}).error, WithinAbs(0.1, 1e-12));
  CHECK(combine(std::vector{unknown, unknown}).error == infinity);
  const Estimate exact{.value = 1.5, .error = 0.0};
  CHECK(combine(std::vector{good, exact}).value == 1.5);
  CHECK(combine(std::vector{good, exact}).error == 0.0);
}

TEST_CASE("combined estimates with their own errors cover the common mean") {
  const std::vector<int> counts = walks::covered({0.0}, [](int seed) {
    Random rng = walks::random(seed);
    std::vector<Estimate> parts;
    for (const double sigma : {1.0, 2.0, 0.5}) {
      std::vector<double> values;
      for (int i = 0; i < 12; ++i) values.push_back(sigma * rng.normal());
      parts.push_back(mean_of_replicas(values));
    }
    return std::vector{combine(parts)};
  });
  CHECK(counts[0] >= walks::fewest);
  CHECK(counts[0] <= walks::most);
}

TEST_CASE("the mean of few replicas covers the truth") {
  const std::vector<int> counts = walks::covered({2.0}, [](int seed) {
    Random rng = walks::random(seed);
    const std::vector<double> values = {2.0 + rng.normal(), 2.0 + rng.normal(), 2.0 + rng.normal()};
    return std::vector{mean_of_replicas(values)};
  });
  CHECK(counts[0] >= walks::fewest);
  CHECK(counts[0] <= walks::most);
}

TEST_CASE("nothing can be averaged from nothing") {
  CHECK_THROWS_AS(combine({}), InputError);
  CHECK_THROWS_AS(mean_of_replicas({}), InputError);
  CHECK_THROWS_AS(mean_with_error({}), InputError);
  CHECK_THROWS_AS(variance_with_error({}), InputError);
}

TEST_CASE("the mean of equally good estimates has their error over the root of their number") {
  const Estimate one{.value = 2.0, .error = 0.3, .degrees = 5.0, .law = Law::chi_square};
  const Estimate other{.value = 4.0, .error = 0.3, .degrees = 5.0, .law = Law::chi_square};
  const Estimate mean = mean_of_estimates(std::vector{one, other});
  CHECK_THAT(mean.value, WithinAbs(3.0, 1e-14));
  CHECK_THAT(mean.error, WithinRel(0.3 / std::sqrt(2.0), 1e-14));
  CHECK_THAT(mean.degrees, WithinRel(10.0, 1e-14));
  CHECK(mean.law == Law::chi_square);
  CHECK(!is_defined(mean_of_estimates(std::vector{one, undefined()})));
  CHECK_THROWS_AS(mean_of_estimates({}), InputError);
}
