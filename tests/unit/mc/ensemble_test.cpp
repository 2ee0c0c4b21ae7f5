#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "fixtures/toy_models.hpp"
#include "mc/anneal.hpp"
#include "mc/metropolis.hpp"
#include "model/occupation.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using crystal::Vector3i;

TEST_CASE("exchanges conserve the composition", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(6, 6, 1), 0.05);
  Random random(1, Purpose::test);
  mc::Metropolis<mc::Canonical> walk(model, mc::Canonical(model),
                                     model::random_occupation(model, "Li", 11, random), 500.0,
                                     Random(2, Purpose::mc_step));
  for (int k = 0; k < 50; ++k) {
    walk.sweep();
    REQUIRE(model::count(model, walk.occupation(), "Li") == 11);
  }
}

TEST_CASE("the energy carried along equals the energy recomputed", "[mc]") {
  const auto prim = fixtures::triangular({"Li", "Na", "Va"});
  const auto model =
      model::compile(fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {5.3, 3.1}, 5),
                     {}, Vector3i(5, 5, 1));
  Random random(3, Purpose::test);
  mc::Metropolis<mc::SemiGrand> walk(model, mc::SemiGrand(model, {{"Li", 0.02}, {"Na", -0.01}}),
                                     fixtures::random_species(model, random), 700.0,
                                     Random(4, Purpose::mc_step));
  for (int k = 0; k < 100; ++k) walk.sweep();
  REQUIRE_THAT(walk.refresh_energy(), WithinAbs(0.0, 1e-9));
}

TEST_CASE("the redox cap is never passed", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(5, 5, 1));
  mc::Metropolis<mc::SemiGrand> walk(model, mc::SemiGrand(model, {{"Li", 1.0}}, mc::Cap{"Li", 15}),
                                     model::uniform_occupation(model, "Va"), 300.0,
                                     Random(5, Purpose::mc_step));
  for (int k = 0; k < 100; ++k) {
    walk.sweep();
    REQUIRE(model::count(model, walk.occupation(), "Li") <= 15);
  }
  REQUIRE(model::count(model, walk.occupation(), "Li") == 15);
}

TEST_CASE("a chemical potential of a species that no site allows is refused", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1));
  REQUIRE_THROWS_AS(mc::SemiGrand(model, {{"Na", 0.0}}), InputError);
}

TEST_CASE("the same seed gives the same walk, another seed another", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(6, 6, 1), 0.05);
  const auto run = [&](std::uint64_t seed) {
    mc::Metropolis<mc::SemiGrand> walk(model, mc::SemiGrand(model, {{"Li", 0.05}}),
                                       model::uniform_occupation(model, "Va"), 300.0,
                                       Random(seed, Purpose::mc_step));
    for (int k = 0; k < 20; ++k) walk.sweep();
    return walk.occupation();
  };
  REQUIRE(run(7) == run(7));
  REQUIRE(run(7) != run(8));
}

TEST_CASE("annealing finds the checkerboard of a half filled square with repulsion", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(6, 6, 1), 0.1);
  Random random(9, Purpose::test);
  auto occ = model::random_occupation(model, "Li", 18, random);
  occ = mc::anneal(model, occ, {}, Random(10, Purpose::anneal));
  REQUIRE_THAT(model.energy_eV(occ), WithinAbs(0.0, 1e-12));
}

TEST_CASE("annealing finds the compact stripe of a half filled square with attraction", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), -0.1);
  Random random(11, Purpose::test);
  auto occ = model::random_occupation(model, "Li", 8, random);
  occ = mc::anneal(model, occ, {}, Random(12, Purpose::anneal));
  REQUIRE_THAT(model.energy_eV(occ), WithinAbs(-0.1 * 12, 1e-12));  // two full rows: 8 + 4 bonds
}

TEST_CASE("more atoms than free sites are refused", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1));
  Random random(1, Purpose::test);
  REQUIRE_THROWS_AS(model::random_occupation(model, "Li", 17, random), InputError);
}
