#include "electrostatics/ewald_table.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "ionic.hpp"

using namespace lithiate;
using namespace lithiate::electrostatics;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

EwaldTable table_of(const Ions& ions, const Matrix3i& transformation,
                    const EwaldTableConfig& config = {}) {
  return {ions.lattice, ions.fractional, transformation, {}, config};
}

/// All sites of a supercell as Cartesian points.
std::vector<Vector3d> points_A(const EwaldTable& table) {
  const auto& supercell = table.supercell();
  std::vector<Vector3d> points;
  for (SiteIndex i = 0; i < table.n_sites(); ++i)
    points.push_back(supercell.lattice().cartesian(supercell.fractional(i)));
  return points;
}

const std::vector<Matrix3i>& shapes() {
  static const std::vector<Matrix3i> all = [] {
    Matrix3i stretched, twisted;
    stretched << 1, 0, 0, 0, 1, 0, 1, 2, 5;
    twisted << 3, 1, -2, 0, 4, 1, 1, -1, 3;
    return std::vector<Matrix3i>{diagonal(1, 1, 1), diagonal(2, 3, 4), diagonal(4, 1, 1),
                                 skewed(),          stretched,         twisted};
  }();
  return all;
}

}  // namespace

TEST_CASE("a table holds the pair energies of its supercell, whatever its shape",
          "[electrostatics]") {
  for (const Matrix3i& t : shapes()) {
    const EwaldTable table = table_of(lopsided_salt(), t);
    const Ewald ewald(table.supercell().lattice());
    const auto at_A = points_A(table);
    for (SiteIndex i = 0; i < table.n_sites(); ++i)
      for (SiteIndex j = 0; j < table.n_sites(); ++j) {
        const Vector3d r = at_A[static_cast<std::size_t>(i)] - at_A[static_cast<std::size_t>(j)];
        REQUIRE_THAT(table.pair_eV(i, j),
                     WithinAbs(i == j ? ewald.self_eV() : ewald.pair_eV(r), 1e-9));
      }
  }
}

TEST_CASE("interactions are symmetric in every bit", "[electrostatics]") {
  for (const Matrix3i& t : shapes()) {
    const EwaldTable table = table_of(wurtzite(), t);
    for (SiteIndex i = 0; i < table.n_sites(); ++i)
      for (SiteIndex j = 0; j < i; ++j) REQUIRE(table.interaction(i, j) == table.interaction(j, i));
  }
}

TEST_CASE("interactions do not change when both sites move by a lattice vector",
          "[electrostatics]") {
  for (const Matrix3i& t : shapes()) {
    const EwaldTable table = table_of(lopsided_salt(), t);
    const auto& supercell = table.supercell();
    for (const Vector3i& by : {Vector3i(1, 0, 0), Vector3i(0, -1, 2), Vector3i(3, 1, -4)})
      for (SiteIndex i = 0; i < table.n_sites(); ++i)
        for (SiteIndex j = 0; j < table.n_sites(); ++j) {
          const auto moved = [&](SiteIndex s) {
            return static_cast<SiteIndex>(
                supercell.index(crystal::translated(supercell.offset(s), by)));
          };
          REQUIRE(table.interaction(moved(i), moved(j)) == table.interaction(i, j));
        }
  }
}

TEST_CASE("a row of the table lists the interactions of consecutive sites", "[electrostatics]") {
  for (const Matrix3i& t : shapes()) {
    const EwaldTable table = table_of(rock_salt(), t);
    for (SiteIndex j = 0; j < table.n_sites(); ++j) {
      SiteIndex i = 0;
      for (int x = 0; x < table.rows_x(); ++x)
        for (int y = 0; y < table.rows_y(); ++y)
          for (int k = 0; k < table.row_length(); ++k, ++i)
            REQUIRE(table.row(x, y, j)[k] == table.interaction(i, j));
      REQUIRE(i == table.n_sites());
    }
  }
}

TEST_CASE("a full sublattice of unit charges is the primitive lattice with its background",
          "[electrostatics]") {
  const Ions ions = lopsided_salt();
  const EwaldTable table = table_of(ions, skewed());
  const Ewald primitive(ions.lattice);
  double sum_eV = 0.0;
  for (SiteIndex j = 0; j < table.n_sites(); j += 3) sum_eV += table.pair_eV(0, j);
  REQUIRE_THAT(sum_eV, WithinAbs(primitive.self_eV(), 1e-9));
}

TEST_CASE("energies scale with one over the permittivity", "[electrostatics]") {
  const EwaldTable vacuum = table_of(rock_salt(), diagonal(2, 2, 2));
  const EwaldTable medium = table_of(rock_salt(), diagonal(2, 2, 2), {.inverse_permittivity = 0.2});
  for (SiteIndex i = 0; i < vacuum.n_sites(); ++i)
    REQUIRE_THAT(medium.pair_eV(i, 0), WithinAbs(0.2 * vacuum.pair_eV(i, 0), 1e-13));
}

TEST_CASE("the unit of a table is a power of two far below any energy of interest",
          "[electrostatics]") {
  for (const double quantum_e : {1.0, 1.0 / 3.0, 1e-3}) {
    const EwaldTable table =
        table_of(caesium_chloride(), diagonal(6, 6, 6), {.charge_quantum_e = quantum_e});
    int exponent = 0;
    REQUIRE(std::frexp(table.unit_eV(), &exponent) == 0.5);
    // a pair of the largest charges carries half a unit for each pair of quanta
    const double quanta = table.largest_charge();
    REQUIRE(0.5 * quanta * quanta * table.unit_eV() < 1e-10);
  }
}

TEST_CASE("potentials of the largest charges stay within 63 bits", "[electrostatics]") {
  const EwaldTable table = table_of(lopsided_salt(), diagonal(5, 4, 3));
  for (SiteIndex i = 0; i < 3; ++i) {
    long double sum = 0.0L;
    for (SiteIndex j = 0; j < table.n_sites(); ++j)
      sum += std::abs(static_cast<long double>(table.interaction(i, j))) * table.largest_charge();
    REQUIRE(sum < 0x1p62L);
    REQUIRE(sum > 0x1p58L);
  }
}

TEST_CASE("charges become quanta, or are refused", "[electrostatics]") {
  const EwaldTable table = table_of(rock_salt(), diagonal(1, 1, 1),
                                    {.charge_quantum_e = 1.0 / 3.0, .largest_charge_e = 4.0});
  REQUIRE(table.quanta(8.0 / 3.0) == 8);
  REQUIRE(table.quanta(-4.0) == -12);
  REQUIRE_THROWS_WITH(table.quanta(0.5), Contains("expected a multiple of"));
  REQUIRE_THROWS_WITH(table.quanta(5.0), Contains("expected at most 4 e"));
  REQUIRE_THROWS_AS(table.quanta(std::nan("")), InputError);
}

TEST_CASE("overlapping, missing and impossible sites of a table are refused", "[electrostatics]") {
  Ions ions = rock_salt();
  const Matrix3i one = diagonal(1, 1, 1);
  REQUIRE_THROWS_WITH(EwaldTable(ions.lattice, {}, one), Contains("no mobile site"));
  REQUIRE_THROWS_WITH(EwaldTable(ions.lattice, {{0, 0, 0}, {1, 0, 1e-3}}, one),
                      Contains("sites 0 and 1"));
  REQUIRE_THROWS_WITH(EwaldTable(ions.lattice, {{0, 0, 0}}, one, {{{1, 1, 1}, -1.0}}),
                      Contains("sites 0 and 1"));
  REQUIRE_THROWS_WITH(table_of(ions, diagonal(2, 0, 2)), Contains("determinant 0"));
  REQUIRE_THROWS_WITH(table_of(ions, one, {.charge_quantum_e = 0.0}),
                      Contains("charge_quantum_e = 0"));
  REQUIRE_THROWS_WITH(table_of(ions, one, {.largest_charge_e = 0.5}),
                      Contains("largest_charge_e = 0.5"));
  REQUIRE_THROWS_WITH(table_of(ions, one, {.inverse_permittivity = -1.0}),
                      Contains("inverse_permittivity = -1"));
}
