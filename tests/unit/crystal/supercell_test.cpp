#include "crystal/supercell.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/random.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

Matrix3i random_transformation(Random& random, int largest) {
  for (;;) {
    Matrix3i t;
    for (int i = 0; i < 9; ++i)
      t.data()[i] =
          static_cast<int>(random.below(2 * static_cast<std::uint64_t>(largest) + 1)) - largest;
    if (t.cast<double>().determinant() > 0.5) return t;
  }
}

}  // namespace

TEST_CASE("a Hermite normal form spans the same lattice and is reduced") {
  Random random(5, Purpose::test);
  for (int trial = 0; trial < 200; ++trial) {
    const Matrix3i t = random_transformation(random, 5);
    const Matrix3i h = hermite_normal_form(t);
    const Matrix3d change = h.cast<double>().inverse() * t.cast<double>();
    REQUIRE_THAT((change - Matrix3d(change.array().round())).norm(), WithinAbs(0.0, 1e-9));
    REQUIRE_THAT(std::abs(change.determinant()), WithinAbs(1.0, 1e-9));
    for (int row = 0; row < 3; ++row) {
      REQUIRE(h(row, row) > 0);
      for (int j = 0; j < row; ++j) REQUIRE((h(row, j) >= 0 && h(row, j) < h(row, row)));
      for (int j = row + 1; j < 3; ++j) REQUIRE(h(row, j) == 0);
    }
  }
}

TEST_CASE("a Hermite normal form does not depend on the basis of the lattice") {
  Random random(6, Purpose::test);
  Matrix3i change;
  change << 1, 2, 3, 0, 1, -4, 0, 0, 1;
  Matrix3i swap;
  swap << 0, 1, 0, 0, 0, 1, 1, 0, 0;
  for (int trial = 0; trial < 50; ++trial) {
    const Matrix3i t = random_transformation(random, 4);
    REQUIRE(hermite_normal_form(t * change * swap) == hermite_normal_form(t));
  }
}

TEST_CASE("every site of a supercell has its own index and its address gives it back") {
  Random random(7, Purpose::test);
  for (int trial = 0; trial < 20; ++trial) {
    const Supercell cell(fixtures::hcp(), random_transformation(random, 3));
    for (std::int64_t i = 0; i < cell.n_sites(); ++i) REQUIRE(cell.index(cell.offset(i)) == i);
    REQUIRE(cell.n_sites() == 2 * cell.n_cells());
  }
}

TEST_CASE("sites a supercell vector apart share their index, others do not") {
  Matrix3i t;
  t << 2, 1, 0, -1, 3, 1, 0, 1, 2;
  const Supercell cell(fixtures::hcp(), t);
  const SiteOffset site{1, {4, -3, 7}};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(cell.index(translated(site, t.col(i))) == cell.index(site));
    REQUIRE(cell.index(translated(site, Vector3i::Unit(i))) != cell.index(site));
  }
}

TEST_CASE("the positions of a supercell are those of its sites") {
  Matrix3i t;
  t << 2, 1, 0, -1, 3, 1, 0, 1, 2;
  const Structure prim = fixtures::hcp();
  const Supercell cell(prim, t);
  for (std::int64_t i = 0; i < cell.n_sites(); ++i) {
    const SiteOffset site = cell.offset(i);
    const Vector3d in_prim = prim.sites[static_cast<std::size_t>(site.basis)].fractional +
                             site.cell_vector().cast<double>();
    const Vector3d f = cell.fractional(i);
    const Vector3d steps = cell.lattice().fractional(prim.lattice.cartesian(in_prim)) - f;
    for (int k = 0; k < 3; ++k) {
      REQUIRE((f[k] >= 0.0 && f[k] < 1.0));
      REQUIRE_THAT(steps[k], WithinAbs(std::round(steps[k]), 1e-9));
    }
  }
}

TEST_CASE("the volume of a supercell is that of its primitive cells") {
  Matrix3i t;
  t << 2, 1, 0, -1, 3, 1, 0, 1, 2;
  const Structure prim = fixtures::lopsided();
  const Supercell cell(prim, t);
  REQUIRE(cell.n_cells() == 12);
  REQUIRE_THAT(cell.lattice().volume_A3(), WithinAbs(12 * prim.lattice.volume_A3(), 1e-9));
}

TEST_CASE("a supercell matrix without volume or left-handed is refused") {
  Matrix3i t = Matrix3i::Identity();
  t(2, 2) = 0;
  REQUIRE_THROWS_WITH(Supercell(fixtures::fcc(), t), Contains("determinant 0"));
  t(2, 2) = -2;
  REQUIRE_THROWS_WITH(Supercell(fixtures::fcc(), t), Contains("determinant -2"));
}
