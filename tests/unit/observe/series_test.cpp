#include "observe/series.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "unit/observe/walks.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace lithiate;
using namespace lithiate::observe;

namespace {

Estimate reblocked(const std::vector<double>& series) {
  BlockAverage average;
  for (const double x : series) average.add(x);
  return average.estimate();
}

}  // namespace

TEST_CASE("online mean and variance are those of the samples") {
  BlockAverage average;
  for (const double x : {1e9 + 1.0, 1e9 + 2.0, 1e9 + 6.0}) average.add(x);
  CHECK(average.count() == 3);
  CHECK_THAT(average.mean(), WithinAbs(1e9 + 3.0, 1e-6));
  CHECK_THAT(average.sample_variance(), WithinAbs(7.0, 1e-6));
}

TEST_CASE("reblocking finds the error of a correlated series") {
  Random rng = walks::random(1);
  const Estimate e = reblocked(walks::ar1(rng, 0.9, 190000));  // tau 9.5: 10 000 independent
  CHECK_THAT(e.error, WithinRel(0.01, 0.2));
  CHECK(e.degrees >= 7.0);
}

TEST_CASE("repeating every sample does not lower the reblocked error") {
  Random rng = walks::random(2);
  const std::vector<double> once = walks::ar1(rng, 0.0, 4096);
  std::vector<double> repeated;
  for (const double x : once) repeated.insert(repeated.end(), 16, x);
  const double exact = 1.0 / 64.0;
  CHECK_THAT(reblocked(once).error, WithinRel(exact, 0.15));
  CHECK_THAT(reblocked(repeated).error, WithinRel(exact, 0.25));
}

TEST_CASE("a block average of one sample has an unknown error") {
  BlockAverage average;
  average.add(2.0);
  CHECK(average.mean() == 2.0);
  CHECK(std::isinf(average.error()));
}

TEST_CASE("a series too short to reach a plateau takes its largest error") {
  std::vector<double> ramp;
  for (int i = 0; i < 32; ++i) ramp.push_back(i);
  // Blocks of 4: means 1.5, 5.5, ..., 29.5; variance 16 * 6, eight of them.
  CHECK_THAT(reblocked(ramp).error, WithinRel(std::sqrt(96.0 / 8.0), 1e-12));
}

TEST_CASE("a time series leaves out what is not equilibrated") {
  TimeSeries series;
  Random rng = walks::random(3);
  for (int i = 0; i < 300; ++i) series.add(50.0);
  for (const double x : walks::ar1(rng, 0.2, 2700)) series.add(x);
  CHECK(series.equilibration().start >= 300);
  CHECK_THAT(series.estimate().value, WithinAbs(0.0, 0.12));  // 5 sigma
}
