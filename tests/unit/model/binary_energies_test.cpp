/// Energies from bits against the sums over terms of LatticeModel.
#include "model/binary_energies.hpp"

#include <catch2/catch.hpp>

#include "fixtures/toy_models.hpp"
#include "model/configuration.hpp"

namespace lithiate::model {
namespace {

using Catch::Matchers::WithinAbs;
using fixtures::random_species;

constexpr double unit_eV = OccupationPolynomial::unit_eV;

/// A model with many-body terms; two sublattices for hcp, one axis shorter than the reach of terms.
LatticeModel interacting(const crystal::Structure& prim, const crystal::Vector3i& repeats,
                         std::uint64_t seed = 3) {
  return compile(
      fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {6.1, 4.5, 3.01}, seed), {},
      repeats);
}

void check_flips(const LatticeModel& model, std::uint64_t seed) {
  Random random(seed, Purpose::test);
  auto occ = random_species(model, random);
  const std::vector<Species> one(model.sublattices().size(), 1);
  auto fast = BinaryEnergies::make(model, one);
  REQUIRE(fast);
  fast->assign(model, occ);
  for (int k = 0; k < 300; ++k) {
    const auto site =
        static_cast<SiteIndex>(random.below(static_cast<std::uint64_t>(model.n_sites())));
    auto& n = occ[static_cast<std::size_t>(site)];
    const auto next = static_cast<Species>(1 - n);
    const double sign = next == 1 ? 1.0 : -1.0;
    REQUIRE_THAT(sign * unit_eV * static_cast<double>(fast->field(site, model.sublattice(site))),
                 WithinAbs(model.delta_energy_eV(occ, site, next), 1e-10));
    fast->flip(site);
    n = next;
    REQUIRE(fast->occupied(site) == (n == 1));
  }
}

TEST_CASE("energy changes counted from bits are those of the sums over terms") {
  SECTION("chain") { check_flips(interacting(fixtures::chain(), {97, 1, 1}), 1); }
  SECTION("triangular") { check_flips(interacting(fixtures::triangular(), {9, 11, 1}), 2); }
  SECTION("rows longer than a word") {
    check_flips(interacting(fixtures::triangular(), {7, 130, 1}), 3);
  }
  SECTION("honeycomb, two sublattices") {
    check_flips(interacting(fixtures::honeycomb(), {7, 8, 1}), 4);
  }
  SECTION("fcc") { check_flips(interacting(fixtures::fcc(), {6, 7, 9}), 5); }
  SECTION("hcp") { check_flips(interacting(fixtures::hcp(), {6, 6, 5}), 6); }
}

TEST_CASE("many flips leave no drift: fields are the same integers as after a fresh start") {
  const LatticeModel model = interacting(fixtures::fcc(), {6, 6, 6});
  Random random(7, Purpose::test);
  auto occ = random_species(model, random);
  auto walked = BinaryEnergies::make(model, {1}), fresh = BinaryEnergies::make(model, {1});
  walked->assign(model, occ);
  for (int k = 0; k < 20'000; ++k) {
    const auto site = random.below(static_cast<std::uint64_t>(model.n_sites()));
    walked->flip(static_cast<SiteIndex>(site));
    occ[site] = static_cast<Species>(1 - occ[site]);
  }
  fresh->assign(model, occ);
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    REQUIRE(walked->field(site, 0) == fresh->field(site, 0));
}

TEST_CASE("the species that counts as occupied may be chosen") {
  const LatticeModel model = interacting(fixtures::triangular(), {9, 9, 1});
  Random random(8, Purpose::test);
  const auto occ = random_species(model, random);
  auto by_first = BinaryEnergies::make(model, {0}), by_second = BinaryEnergies::make(model, {1});
  by_first->assign(model, occ);
  by_second->assign(model, occ);
  for (SiteIndex site = 0; site < model.n_sites(); ++site) {
    CHECK(by_first->occupied(site) != by_second->occupied(site));
    CHECK_THAT(unit_eV * static_cast<double>(by_first->field(site, 0) + by_second->field(site, 0)),
               WithinAbs(0.0, 1e-10));
  }
}

TEST_CASE("sites of three species have no bits") {
  const auto prim = fixtures::square({"Li", "Na", "Va"});
  const auto e = fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {3.01}, 9);
  CHECK_FALSE(BinaryEnergies::make(compile(e, {}, {5, 5, 1}), {0}));
}

TEST_CASE("a configuration gives the energy changes of its model with bits and without") {
  for (const bool ternary : {false, true}) {
    const auto prim =
        fixtures::square(ternary ? fixtures::Names{"Li", "Na", "Va"} : fixtures::Names{"Li", "Va"});
    const LatticeModel model =
        compile(fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {4.3, 4.3}, 10), {},
                {7, 6, 1});
    Random random(11, Purpose::test);
    Configuration state(model, random_species(model, random));
    for (int k = 0; k < 200; ++k) {
      const auto i = static_cast<SiteIndex>(random.below(42)),
                 j = static_cast<SiteIndex>((i + 1) % 42);
      auto next = state.occupation();
      const Species next_i = state[j], next_j = state[i];
      const double before_eV = model.energy_eV(next);
      next[static_cast<std::size_t>(i)] = next_i;
      next[static_cast<std::size_t>(j)] = next_j;
      REQUIRE_THAT(state.delta_energy_eV(i, next_i, j, next_j),
                   WithinAbs(model.energy_eV(next) - before_eV, 1e-10));
      state.set(i, next_i);
      state.set(j, next_j);
      REQUIRE(state.occupation() == next);
    }
  }
}

}  // namespace
}  // namespace lithiate::model
