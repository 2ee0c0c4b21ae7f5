#include "model/lattice_model.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "fixtures/toy_models.hpp"

using namespace lithiate;
using namespace lithiate::model;
using Catch::Matchers::WithinAbs;
using cluster::BasisKind;
using crystal::Vector3i;

namespace {

/// Random coefficients on fcc with the given species; pairs and triplets of the first shells.
LatticeModel random_fcc(BasisKind kind, const fixtures::Names& species, std::uint64_t seed) {
  const auto e = fixtures::random_expansion(fixtures::fcc(species), kind, {4.3, 3.1}, seed);
  return compile(e, model::Host{}, {3, 3, 4});
}

/// Largest |delta - (after - before)| over all sites and species, in eV.
double largest_single_fault(const LatticeModel& m, std::vector<Species> occ) {
  double worst = 0.0;
  const double before = m.energy_eV(occ);
  for (SiteIndex site = 0; site < m.n_sites(); ++site)
    for (int next = 0; next < m.n_species(site); ++next) {
      const auto i = static_cast<std::size_t>(site);
      const Species now = occ[i];
      const double predicted = m.delta_energy_eV(occ, site, static_cast<Species>(next));
      occ[i] = static_cast<Species>(next);
      worst = std::max(worst, std::abs(m.energy_eV(occ) - before - predicted));
      occ[i] = now;
    }
  return worst;
}

}  // namespace

TEST_CASE("a predicted energy change is the difference of two total energies") {
  const auto species = GENERATE(fixtures::Names{"Li", "Va"}, fixtures::Names{"Li", "Na", "Va"},
                                fixtures::Names{"Li", "Na", "K", "Va"});
  const auto kind = GENERATE(BasisKind::occupation, BasisKind::chebyshev, BasisKind::trigonometric);
  const LatticeModel m = random_fcc(kind, species, 7);
  Random random(11, Purpose::test);
  CHECK_THAT(largest_single_fault(m, fixtures::random_species(m, random)), WithinAbs(0.0, 1e-10));
}

TEST_CASE("changing two sites at once gives the difference of two total energies") {
  const LatticeModel m = random_fcc(BasisKind::chebyshev, {"Li", "Na", "Va"}, 3);
  Random random(5, Purpose::test);
  auto occ = fixtures::random_species(m, random);
  const double before = m.energy_eV(occ);
  for (int trial = 0; trial < 200; ++trial) {
    const auto n = static_cast<std::uint64_t>(m.n_sites());
    const auto i = static_cast<SiteIndex>(random.below(n));
    const auto j =
        static_cast<SiteIndex>((static_cast<std::uint64_t>(i) + 1 + random.below(n - 1)) % n);
    const auto next_i = static_cast<Species>(random.below(3)),
               next_j = static_cast<Species>(random.below(3));
    auto after = occ;
    after[static_cast<std::size_t>(i)] = next_i;
    after[static_cast<std::size_t>(j)] = next_j;
    REQUIRE_THAT(m.delta_energy_eV(occ, i, next_i, j, next_j),
                 WithinAbs(m.energy_eV(after) - before, 1e-10));
  }
}

TEST_CASE("a predicted change of two sites leaves the occupation as it was") {
  const LatticeModel m = random_fcc(BasisKind::occupation, {"Li", "Va"}, 3);
  Random random(6, Purpose::test);
  auto occ = fixtures::random_species(m, random);
  const auto copy = occ;
  m.delta_energy_eV(occ, 0, 1, 1, 0);
  m.delta_energy_eV(occ, 0, 0, 1, 1);
  CHECK(occ == copy);
}

TEST_CASE("keeping a species costs no energy") {
  const LatticeModel m = random_fcc(BasisKind::trigonometric, {"Li", "Na", "Va"}, 4);
  Random random(8, Purpose::test);
  const auto occ = fixtures::random_species(m, random);
  for (SiteIndex site = 0; site < m.n_sites(); ++site)
    REQUIRE(m.delta_energy_eV(occ, site, occ[static_cast<std::size_t>(site)]) == 0.0);
}

TEST_CASE("a pair Hamiltonian costs w per occupied pair, each counted once") {
  const double w_eV = 0.125;
  for (const auto& [prim, z, d] : fixtures::bravais_toys()) {
    const Vector3i repeats = d == 1   ? Vector3i(4, 1, 1)
                             : d == 2 ? Vector3i(4, 4, 1)
                                      : Vector3i(4, 4, 4);
    const LatticeModel m = fixtures::lattice_gas(prim, repeats, w_eV);
    const std::vector<Species> full(static_cast<std::size_t>(m.n_sites()), 0);
    INFO(prim.name);
    CHECK_THAT(m.energy_eV(full), WithinAbs(0.5 * z * w_eV * m.n_sites(), 1e-9));
    CHECK_THAT(m.delta_energy_eV(full, 0, 1), WithinAbs(-z * w_eV, 1e-12));
  }
}

TEST_CASE("an energy does not change when the decoration is shifted by a cell") {
  const LatticeModel m = random_fcc(BasisKind::chebyshev, {"Li", "Na", "Va"}, 9);
  Random random(9, Purpose::test);
  const auto occ = fixtures::random_species(m, random);
  auto shifted = occ;
  for (SiteIndex site = 0; site < m.n_sites(); ++site)
    shifted[static_cast<std::size_t>(
        m.index(m.sublattice(site), m.cell(site) + Vector3i(1, 0, 2)))] =
        occ[static_cast<std::size_t>(site)];
  CHECK_THAT(m.energy_eV(shifted), WithinAbs(m.energy_eV(occ), 1e-10));
}

TEST_CASE("site index, cell and sublattice are one address, wrapped in any direction") {
  const auto e = fixtures::pair_expansion(fixtures::hcp(), 0.1);
  const LatticeModel m = compile(e, model::Host{}, {3, 4, 5});
  REQUIRE(m.n_sites() == 2 * 3 * 4 * 5);
  for (SiteIndex site = 0; site < m.n_sites(); ++site) {
    REQUIRE(m.index(m.sublattice(site), m.cell(site)) == site);
    REQUIRE(m.index(m.sublattice(site), m.cell(site) + Vector3i(-3, 8, -15)) == site);
  }
}

TEST_CASE("being a neighbour is mutual") {
  const LatticeModel m =
      compile(fixtures::random_expansion(fixtures::hcp(), BasisKind::occupation, {4.5, 3.01}, 2),
              {}, {4, 4, 3});
  for (SiteIndex site = 0; site < m.n_sites(); ++site)
    for (const SiteIndex n : fixtures::neighbors(m, site)) {
      const auto back = fixtures::neighbors(m, n);
      REQUIRE(std::find(back.begin(), back.end(), site) != back.end());
    }
}

TEST_CASE("a supercell without sites is refused") {
  REQUIRE_THROWS_AS(LatticeModel(crystal::Lattice(), {1, 1, 1}, {}, 0.0), InputError);
}
