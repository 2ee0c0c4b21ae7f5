#include "crystal/lattice_match.hpp"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <catch2/catch.hpp>

#include "crystal/supercell.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using Catch::Matchers::WithinAbs;

namespace {

Matrix3i six_cells() {
  Matrix3i t;
  t << 2, 1, 0, -1, 1, 1, 0, 0, 2;
  return t;
}

Matrix3d turned() {
  return Eigen::AngleAxisd(1.1, Vector3d(0.3, -0.5, 0.8).normalized()).toRotationMatrix();
}

bool holds(const std::vector<LatticeMatch>& matches, const Matrix3i& hermite) {
  return std::any_of(matches.begin(), matches.end(), [&](const LatticeMatch& m) {
    return hermite_normal_form(m.transformation) == hermite;
  });
}

}  // namespace

TEST_CASE("a rotated supercell is recognised without strain") {
  const Structure prim = fixtures::lopsided();
  const Lattice measured(turned() * prim.lattice.columns() * six_cells().cast<double>());
  const auto matches = match_lattice(prim.lattice, measured, 6, 0.05);
  REQUIRE(!matches.empty());
  REQUIRE_THAT(matches.front().strain, WithinAbs(0.0, 1e-10));
  REQUIRE(matches.front().transformation == six_cells());
}

TEST_CASE("a cell with recombined vectors is recognised as the same supercell") {
  const Structure prim = fixtures::lopsided();
  Matrix3i change;
  change << 0, 0, 1, 1, 0, -2, 0, 1, 1;
  const Matrix3i t = six_cells() * change;
  const Lattice measured(prim.lattice.columns() * t.cast<double>());
  const auto matches = match_lattice(prim.lattice, measured, 6, 0.01);
  REQUIRE(!matches.empty());
  REQUIRE(matches.front().transformation == t);
  REQUIRE(holds(matches, hermite_normal_form(six_cells())));
}

TEST_CASE("the strain is the largest principal stretch") {
  const Structure prim = fixtures::lopsided();
  const Matrix3d stretch = Vector3d(1.02, 0.97, 1.01).asDiagonal();
  const Lattice measured(turned() * stretch * prim.lattice.columns() * six_cells().cast<double>());
  const auto matches = match_lattice(prim.lattice, measured, 6, 0.05);
  REQUIRE(!matches.empty());
  REQUIRE_THAT(matches.front().strain, WithinAbs(0.03, 1e-10));
}

TEST_CASE("a shear strains by its principal stretches") {
  const Structure prim = fixtures::simple_cubic();
  Matrix3d shear = Matrix3d::Identity();
  shear(0, 2) = 0.08;
  const auto matches = match_lattice(prim.lattice, Lattice(shear * prim.lattice.columns()), 1, 0.1);
  // simple shear g: lambda - 1/lambda = g
  const double lambda = 0.04 + std::sqrt(1.0 + 0.04 * 0.04);
  REQUIRE(!matches.empty());
  REQUIRE_THAT(matches.front().strain, WithinAbs(lambda - 1.0, 1e-10));
}

TEST_CASE("a cube fits a cube in 24 orientations") {
  const Lattice cube = fixtures::simple_cubic().lattice;
  REQUIRE(match_lattice(cube, cube, 1, 0.1).size() == 24);
}

TEST_CASE("every match has the wanted number of cells and matches come in ascending strain") {
  const Lattice prim = fixtures::lithium_nickelate_o3().lattice;
  const Lattice measured(1.02 * prim.columns() * six_cells().cast<double>());
  const auto matches = match_lattice(prim, measured, 6, 0.3, 1000);
  REQUIRE(matches.size() > 24);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    REQUIRE_THAT(matches[i].transformation.cast<double>().determinant(), WithinAbs(6.0, 1e-9));
    REQUIRE(matches[i].strain <= 0.3);
    if (i > 0) REQUIRE(matches[i].strain >= matches[i - 1].strain - 1e-7);
  }
}

TEST_CASE("a limit on the number of matches keeps those of least strain") {
  const Lattice prim = fixtures::lithium_nickelate_o3().lattice;
  const Lattice measured(1.02 * prim.columns() * six_cells().cast<double>());
  const auto all = match_lattice(prim, measured, 6, 0.3, 1000);
  const auto few = match_lattice(prim, measured, 6, 0.3, 5);
  REQUIRE(few.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) REQUIRE(few[i].transformation == all[i].transformation);
}

TEST_CASE("a cell of another shape has no match") {
  const Lattice prim = fixtures::simple_cubic(3.0).lattice;
  const Lattice measured(Matrix3d(Vector3d(3.0, 3.0, 3.9).asDiagonal()));
  REQUIRE(match_lattice(prim, measured, 1, 0.25).empty());
  REQUIRE(!match_lattice(prim, measured, 1, 0.31).empty());
  REQUIRE(match_lattice(prim, prim, 2, 0.1).empty());
}
