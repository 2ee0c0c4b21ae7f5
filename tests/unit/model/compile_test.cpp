#include "model/compile.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "fixtures/toy_models.hpp"

using namespace lithiate;
using namespace lithiate::model;
using Catch::Matchers::WithinAbs;
using cluster::BasisKind;
using crystal::Matrix3i;
using crystal::Vector3i;

namespace {

/// Energy per prim of the model, with each host cell decorated alike, against the expansion's.
double energy_fault_eV(const expansion::ClusterExpansion& e, const Matrix3i& transformation,
                       const std::vector<Species>& cell, const Vector3i& repeats) {
  const LatticeModel m = compile(e, Host{transformation, {}}, repeats);
  std::vector<Species> occ;
  for (std::int64_t c = 0; c < m.n_cells(); ++c) occ.insert(occ.end(), cell.begin(), cell.end());
  const double n_prim =
      static_cast<double>(m.n_cells()) * transformation.cast<double>().determinant();
  return m.energy_eV(occ) / n_prim - energy_eV_per_prim(e, {"", transformation, cell});
}

}  // namespace

TEST_CASE("a compiled prim gives the energy of the expansion") {
  const auto kind = GENERATE(BasisKind::occupation, BasisKind::chebyshev, BasisKind::trigonometric);
  const auto e =
      fixtures::random_expansion(fixtures::hcp({"Li", "Na", "Va"}), kind, {4.3, 3.1}, 21);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      REQUIRE_THAT(energy_fault_eV(e, Matrix3i::Identity(),
                                   {static_cast<Species>(a), static_cast<Species>(b)}, {3, 3, 3}),
                   WithinAbs(0.0, 1e-11));
}

TEST_CASE("a compiled skew host gives the energy of the expansion") {
  const auto e = fixtures::random_expansion(fixtures::fcc({"Li", "Na", "Va"}), BasisKind::chebyshev,
                                            {4.3, 3.1, 3.1}, 22);
  Matrix3i skew;
  skew << 2, 1, 0, -1, 1, 1, 0, -1, 2;
  Random random(23, Purpose::test);
  const auto n = static_cast<std::size_t>(std::lround(skew.cast<double>().determinant()));
  for (int trial = 0; trial < 10; ++trial) {
    std::vector<Species> cell(n);
    for (auto& s : cell) s = static_cast<Species>(random.below(3));
    REQUIRE_THAT(energy_fault_eV(e, skew, cell, {3, 3, 3}), WithinAbs(0.0, 1e-11));
  }
}

TEST_CASE("one supercell compiled as host or as repeats of the prim has one energy") {
  const auto e =
      fixtures::random_expansion(fixtures::triangular(), BasisKind::occupation, {5.3, 3.1}, 24);
  const Matrix3i four = Vector3i(4, 4, 1).asDiagonal();
  const LatticeModel by_host = compile(e, Host{four, {}}, {1, 1, 1});
  const LatticeModel by_repeats = compile(e, Host{}, {4, 4, 1});
  REQUIRE(by_host.n_sites() == by_repeats.n_sites());
  const crystal::Supercell cell(e.basis.prim, four);
  Random random(25, Purpose::test);
  const auto occ = fixtures::random_species(by_host, random);
  auto same = occ;
  for (model::SiteIndex s = 0; s < by_host.n_sites(); ++s)
    same[static_cast<std::size_t>(by_repeats.index(0, cell.offset(s).cell_vector()))] =
        occ[static_cast<std::size_t>(s)];
  CHECK_THAT(by_host.energy_eV(occ), WithinAbs(by_repeats.energy_eV(same), 1e-10));
}

TEST_CASE("a cluster that meets its own image is refused with the size needed") {
  const auto e = fixtures::pair_expansion(fixtures::square(), 0.1, 6.01);
  REQUIRE_THROWS_WITH(compile(e, Host{}, {2, 4, 1}), Catch::Contains("meets its own image"));
  REQUIRE_NOTHROW(compile(e, Host{}, {3, 3, 1}));
}

TEST_CASE("a model without interactions compiles at any size and has no energy") {
  const LatticeModel m = fixtures::lattice_gas(fixtures::square(), {1, 2, 1});
  CHECK(m.energy_eV(std::vector<Species>{0, 1}) == 0.0);
}

TEST_CASE("repeats below one are refused") {
  const auto e = fixtures::pair_expansion(fixtures::square(), 0.1);
  REQUIRE_THROWS_AS(compile(e, Host{}, {0, 4, 1}), InputError);
}

TEST_CASE("a left-handed host is refused") {
  const auto e = fixtures::pair_expansion(fixtures::square(), 0.1);
  const Matrix3i left = Vector3i(2, 2, -1).asDiagonal();
  REQUIRE_THROWS_AS(compile(e, Host{left, {}}, {2, 2, 1}), InputError);
}
