#include "expansion/hull.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Catch::Matchers::WithinAbs;

namespace {

/// Lowest energy at x on any line through two points (or on a point): O(n^2) per query.
double brute_force(const std::vector<HullPoint>& points, double x) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const HullPoint& a : points)
    for (const HullPoint& b : points) {
      if (a.x == x) lowest = std::min(lowest, a.energy);
      if (a.x < x && b.x > x)
        lowest = std::min(lowest, a.energy + (b.energy - a.energy) * (x - a.x) / (b.x - a.x));
    }
  return lowest;
}

std::vector<HullPoint> random_points(int n, std::uint64_t seed) {
  Random random(seed, Purpose::test);
  std::vector<HullPoint> points;
  for (int i = 0; i < n; ++i)
    points.push_back({static_cast<double>(random.below(13)) / 12.0, random.normal()});
  return points;
}

}  // namespace

TEST_CASE("the hull of known points has the known vertices", "[hull]") {
  const LowerHull hull({{0.0, 0.0}, {0.25, 0.1}, {0.5, -1.0}, {0.75, -0.4}, {1.0, 0.0}});
  REQUIRE(hull.vertices() == std::vector<int>{0, 2, 4});
  REQUIRE_THAT(hull.energy(0.25), WithinAbs(-0.5, 1e-15));
  REQUIRE_THAT(hull.distance_above(1), WithinAbs(0.6, 1e-15));
  REQUIRE_THAT(hull.distance_above(3), WithinAbs(0.1, 1e-15));
  REQUIRE(hull.on_hull(2));
}

TEST_CASE("distances above the hull agree with all chords", "[hull]") {
  const auto seed = GENERATE(range(0, 20));
  const std::vector<HullPoint> points = random_points(30, static_cast<std::uint64_t>(seed));
  const LowerHull hull(points);
  for (int i = 0; i < 30; ++i) {
    const HullPoint& p = points[static_cast<std::size_t>(i)];
    REQUIRE_THAT(hull.distance_above(i), WithinAbs(p.energy - brute_force(points, p.x), 1e-10));
  }
}

TEST_CASE("points on an edge are on the hull but not vertices", "[hull]") {
  std::vector<HullPoint> points;
  for (int k = 6; k >= 0; --k) points.push_back({k / 6.0, 0.3 * k / 6.0 - 0.1});
  const LowerHull hull(points);
  REQUIRE(hull.vertices() == std::vector<int>{6, 0});
  for (int i = 0; i < 7; ++i) REQUIRE(hull.on_hull(i));
}

TEST_CASE("of equal points the first is the vertex", "[hull]") {
  const LowerHull hull({{1.0, 0.0}, {0.0, 0.0}, {0.5, -1.0}, {0.5, -1.0}, {0.0, 0.0}, {0.5, 2.0}});
  REQUIRE(hull.vertices() == std::vector<int>{1, 2, 0});
  REQUIRE(hull.on_hull(3));
  REQUIRE(hull.on_hull(4));
  REQUIRE(hull.distance_above(5) == 3.0);
}

TEST_CASE("a linear function of composition moves no vertex", "[hull]") {
  std::vector<HullPoint> points = random_points(40, 7);
  const std::vector<int> before = LowerHull(points).vertices();
  for (HullPoint& p : points) p.energy += 3.0 - 7.0 * p.x;
  REQUIRE(LowerHull(points).vertices() == before);
}

TEST_CASE("a single composition is its own hull", "[hull]") {
  const LowerHull hull({{0.5, 1.0}, {0.5, -1.0}});
  REQUIRE(hull.vertices() == std::vector<int>{1});
  REQUIRE(hull.distance_above(0) == 2.0);
  REQUIRE_THROWS_AS(hull.energy(0.6), InputError);
}

TEST_CASE("the hull refuses extrapolation and points that are no numbers", "[hull]") {
  const LowerHull hull({{0.0, 0.0}, {1.0, 0.0}});
  REQUIRE_THROWS_AS(hull.energy(1.1), InputError);
  REQUIRE_THROWS_AS(hull.energy(-0.1), InputError);
  REQUIRE_THROWS_AS(LowerHull({}), InputError);
  REQUIRE_THROWS_AS(LowerHull({{0.0, std::numeric_limits<double>::quiet_NaN()}}), InputError);
}
