#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "fixtures/toy_models.hpp"
#include "model/compile.hpp"

using namespace lithiate;
using namespace lithiate::model;
using Catch::Matchers::WithinAbs;
using cluster::BasisKind;
using crystal::Matrix3i;

namespace {

/// A metal site {V, Ti, Va} that Monte Carlo freezes, two lithium sites and a spectator.
crystal::Structure layered_prim() {
  auto prim = fixtures::toy("layered", fixtures::hexagonal_columns(3.5, 6.0), {}, {});
  prim.sites = {{{0, 0, 0}, {"V", "Ti", "Va"}},
                {{0, 0, 0.5}, {"Li", "Va"}},
                {{1. / 3, 2. / 3, 0.25}, {"Cl"}},
                {{2. / 3, 1. / 3, 0.5}, {"Va", "Li", "Na"}}};
  return prim;
}

Matrix3i sqrt3_cell() {
  Matrix3i t;
  t << 1, -1, 0, 1, 2, 0, 0, 0, 1;
  return t;
}

/// Random species on every site of a supercell of the prim.
crystal::Decoration random_decoration(const crystal::Structure& prim, const Matrix3i& t,
                                      Random& random) {
  const crystal::Supercell cell(prim, t);
  crystal::Decoration d{"random", t, {}};
  for (std::int64_t i = 0; i < cell.n_sites(); ++i)
    d.occupation.push_back(static_cast<Species>(
        random.below(prim.sites[static_cast<std::size_t>(i) % prim.sites.size()].allowed.size())));
  return d;
}

/// The free sites' species of a decoration, repeated for each host cell.
std::vector<Species> free_species(const crystal::Decoration& d, const Host& host,
                                  const crystal::Structure& prim, std::int64_t n_cells) {
  const auto frozen = frozen_species(prim, host);
  std::vector<Species> occ;
  for (std::int64_t c = 0; c < n_cells; ++c)
    for (std::size_t i = 0; i < frozen.size(); ++i)
      if (frozen[i] < 0) occ.push_back(d.occupation[i]);
  return occ;
}

}  // namespace

TEST_CASE("freezing sites does not change the energy of a decoration") {
  const auto kind = GENERATE(BasisKind::occupation, BasisKind::chebyshev, BasisKind::trigonometric);
  const auto e = fixtures::random_expansion(layered_prim(), kind, {6.2, 4.2}, 31);
  Random random(32, Purpose::test);
  for (int trial = 0; trial < 4; ++trial) {
    const auto d = random_decoration(e.basis.prim, sqrt3_cell(), random);
    const Host host = frozen_host(e.basis.prim, d, "Li");
    const LatticeModel m = compile(e, host, {3, 3, 2});
    const auto occ = free_species(d, host, e.basis.prim, m.n_cells());
    REQUIRE(static_cast<std::int64_t>(occ.size()) == m.n_sites());
    REQUIRE_THAT(m.energy_eV(occ) / (3.0 * static_cast<double>(m.n_cells())),
                 WithinAbs(energy_eV_per_prim(e, d), 1e-11));
  }
}

TEST_CASE("a predicted energy change on a frozen host is the difference of two total energies") {
  const auto e = fixtures::random_expansion(layered_prim(), BasisKind::chebyshev, {6.2, 4.2}, 33);
  Random random(34, Purpose::test);
  const auto d = random_decoration(e.basis.prim, sqrt3_cell(), random);
  const LatticeModel m = compile(e, frozen_host(e.basis.prim, d, "Li"), {2, 3, 2});
  auto occ = fixtures::random_species(m, random);
  const double before = m.energy_eV(occ);
  for (model::SiteIndex site = 0; site < m.n_sites(); ++site) {
    const auto i = static_cast<std::size_t>(site);
    const Species now = occ[i];
    const auto next = static_cast<Species>((now + 1) % m.n_species(site));
    const double predicted = m.delta_energy_eV(occ, site, next);
    occ[i] = next;
    REQUIRE_THAT(m.energy_eV(occ) - before, WithinAbs(predicted, 1e-10));
    occ[i] = now;
  }
}

TEST_CASE("freezing in two steps of cell choice leaves the free sites in host-site order") {
  const auto prim = layered_prim();
  Random random(35, Purpose::test);
  const auto d = random_decoration(prim, sqrt3_cell(), random);
  const auto e = fixtures::random_expansion(prim, BasisKind::occupation, {}, 36);
  const LatticeModel m = compile(e, frozen_host(prim, d, "Li"), {2, 2, 2});
  const crystal::Supercell cell(prim, sqrt3_cell());
  std::size_t sub = 0;
  for (std::int64_t h = 0; h < cell.n_sites(); ++h) {
    if (h % 4 != 1 && h % 4 != 3) continue;
    const auto& s = m.sublattices().at(sub++);
    crystal::Vector3d apart = s.fractional - cell.fractional(h);
    apart -= apart.array().round().matrix();
    CHECK_THAT(apart.norm(), WithinAbs(0.0, 1e-9));
    CHECK(s.species == prim.sites[static_cast<std::size_t>(h % 4)].allowed);
  }
  CHECK(sub == m.sublattices().size());
}

TEST_CASE("frozen_host frees the sites that can hold the mobile species only") {
  const auto prim = layered_prim();
  const crystal::Decoration d{"", Matrix3i::Identity(), {2, 0, 0, 1}};
  CHECK(frozen_host(prim, d, "Li").frozen == std::vector<int>{2, -1, 0, -1});
  CHECK(frozen_host(prim, d, "Na").frozen == std::vector<int>{2, 0, 0, -1});
}

TEST_CASE("a frozen species the site does not allow is refused") {
  const auto e = fixtures::random_expansion(layered_prim(), BasisKind::occupation, {}, 37);
  REQUIRE_THROWS_AS(compile(e, Host{Matrix3i::Identity(), {3, -1, 0, -1}}, {1, 1, 1}), InputError);
  REQUIRE_THROWS_AS(compile(e, Host{Matrix3i::Identity(), {-2, -1, 0, -1}}, {1, 1, 1}), InputError);
}

TEST_CASE("a frozen list of the wrong length is refused") {
  const auto e = fixtures::random_expansion(layered_prim(), BasisKind::occupation, {}, 37);
  REQUIRE_THROWS_AS(compile(e, Host{Matrix3i::Identity(), {0, -1}}, {1, 1, 1}), InputError);
}

TEST_CASE("a host with every site frozen is refused") {
  const auto e = fixtures::random_expansion(layered_prim(), BasisKind::occupation, {}, 37);
  REQUIRE_THROWS_AS(compile(e, Host{Matrix3i::Identity(), {0, 0, 0, 0}}, {1, 1, 1}), InputError);
}
