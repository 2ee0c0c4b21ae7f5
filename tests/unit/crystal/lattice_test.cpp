#include "crystal/lattice.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"
#include "crystal/reduction.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

/// Right-handed, up to strongly skewed.
Matrix3d random_columns_A(Random& random, double skew) {
  for (;;) {
    Matrix3d m = Matrix3d::Identity() * 3.0;
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) m(i, j) += skew * (random.uniform() - 0.5);
    if (m.determinant() > 0.5) return m;
  }
}

Vector3d random_point(Random& random) {
  return {random.uniform(), random.uniform(), random.uniform()};
}

}  // namespace

TEST_CASE("cell parameters give back the cell they were taken from") {
  const Lattice lattice = Lattice::from_parameters(3.1, 4.2, 5.3, 75.0, 98.0, 113.0);
  const auto p = lattice.parameters();
  const double expected[] = {3.1, 4.2, 5.3, 75.0, 98.0, 113.0};
  for (int i = 0; i < 6; ++i) REQUIRE_THAT(p[i], WithinAbs(expected[i], 1e-10));
}

TEST_CASE("fractional and Cartesian coordinates undo one another") {
  Random random(1, Purpose::test);
  const Lattice lattice(random_columns_A(random, 3.0));
  const Vector3d f = random_point(random);
  REQUIRE_THAT((lattice.fractional(lattice.cartesian(f)) - f).norm(), WithinAbs(0.0, 1e-13));
}

TEST_CASE("the distance between two points is the least over all images") {
  Random random(2, Purpose::test);
  for (int trial = 0; trial < 30; ++trial) {
    const Lattice lattice(random_columns_A(random, 9.0));
    const Vector3d p = random_point(random), q = random_point(random);
    double least = std::numeric_limits<double>::infinity();
    constexpr int reach = 14;
    for (int i = -reach; i <= reach; ++i)
      for (int j = -reach; j <= reach; ++j)
        for (int k = -reach; k <= reach; ++k)
          least = std::min(least, lattice.cartesian(q - p + Vector3d(i, j, k)).norm());
    REQUIRE_THAT(lattice.distance_A(p, q), WithinAbs(least, 1e-9));
  }
}

TEST_CASE("the shortest difference leads from the first point to an image of the second") {
  const Lattice lattice = Lattice::from_parameters(3, 4, 5, 60, 70, 80);
  const Vector3d p(0.1, 0.9, 0.4), q(0.8, 0.2, 0.7);
  const Vector3d steps = lattice.fractional(lattice.shortest_A(p, q)) - (q - p);
  for (int i = 0; i < 3; ++i) REQUIRE_THAT(steps[i], WithinAbs(std::round(steps[i]), 1e-12));
}

TEST_CASE("the block of cells around a point covers the sphere") {
  Random random(3, Purpose::test);
  const Lattice lattice(random_columns_A(random, 5.0));
  const Vector3i n = lattice.cells_within(8.0);
  for (int trial = 0; trial < 2000; ++trial) {
    const Vector3d home = random_point(random);
    const Vector3d away = random_point(random) - Vector3d::Constant(0.5);
    const Vector3d f = home + lattice.fractional(8.0 * away.normalized());
    for (int i = 0; i < 3; ++i) REQUIRE(std::abs(std::floor(f[i])) <= n[i]);
  }
}

TEST_CASE("a lattice that is left-handed, flat or not finite is refused") {
  Matrix3d m = Matrix3d::Identity() * 3.0;
  m.col(0).swap(m.col(1));
  REQUIRE_THROWS_WITH(Lattice(m), Contains("left-handed"));
  m.col(0) = m.col(1);
  REQUIRE_THROWS_WITH(Lattice(m), Contains("singular"));
  m(0, 0) = std::nan("");
  REQUIRE_THROWS_WITH(Lattice(m), Contains("not finite"));
  REQUIRE_THROWS_AS(Lattice::from_parameters(3, 3, 3, 30, 30, 90), InputError);
}

TEST_CASE("reduction keeps the lattice and leaves no shorter combination") {
  Random random(4, Purpose::test);
  for (int trial = 0; trial < 50; ++trial) {
    const Matrix3d columns = random_columns_A(random, 12.0);
    const Matrix3i u = reduction(columns);
    REQUIRE_THAT(u.cast<double>().determinant(), WithinAbs(1.0, 1e-9));
    const Matrix3d v = columns * u.cast<double>();
    for (int i = 0; i < 3; ++i)
      for (int x = -1; x <= 1; ++x)
        for (int y = -1; y <= 1; ++y)
          REQUIRE((v.col(i) + x * v.col((i + 1) % 3) + y * v.col((i + 2) % 3)).norm() >=
                  v.col(i).norm() - 1e-6);
  }
}

TEST_CASE("reduction finds the cube in a skewed cell") {
  Matrix3d skewed;
  skewed << 2, 14, -6, 0, 2, 8, 0, 0, 2;
  const Matrix3d v = skewed * reduction(skewed).cast<double>();
  REQUIRE_THAT((v.transpose() * v - 4.0 * Matrix3d::Identity()).norm(), WithinAbs(0.0, 1e-12));
}
