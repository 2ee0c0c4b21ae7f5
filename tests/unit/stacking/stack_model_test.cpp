#include "stacking/stack_model.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "fixtures/toy_stacks.hpp"

using namespace lithiate;
using stacking::GlideMove;
using stacking::StackLattice;
using stacking::StackModel;
using stacking::StackShape;
using stacking::StackState;

namespace {

const StackShape mixed{.gaps = 2, .cells_1 = 6, .cells_2 = 4, .patch_1 = 3, .patch_2 = 2};

}  // namespace

TEST_CASE("the energy change of a guest is the difference of two total energies", "[stacking]") {
  const int gaps = GENERATE(1, 2, 3);
  StackShape shape = mixed;
  shape.gaps = gaps;
  const StackModel model = fixtures::random_stack(shape, 3);
  Random random(1, Purpose::test);
  for (int trial = 0; trial < 3; ++trial) {
    StackState state = fixtures::random_state(model, random);
    for (stacking::SiteIndex site = 0; site < model.lattice().n_sites(); ++site) {
      const std::int64_t before = model.energy(state), delta = model.flip_delta(state, site);
      state.flip(model.lattice(), site);
      REQUIRE(model.energy(state) - before == delta);
    }
  }
}

TEST_CASE("the energy change of a glide is the difference of two total energies", "[stacking]") {
  const int gaps = GENERATE(1, 2, 3);
  StackShape shape = mixed;
  shape.gaps = gaps;
  const StackModel model = fixtures::random_stack(shape, 4);
  const stacking::PatchGlide glide(model);
  Random random(2, Purpose::test);
  for (int trial = 0; trial < 60; ++trial) {
    StackState state = fixtures::random_state(model, random);
    GlideMove move{static_cast<int>(random.below(static_cast<std::uint64_t>(gaps))),
                   static_cast<int>(random.below(4)), 0, 0};
    REQUIRE(glide.choose(state.registry(move.gap, move.patch), trial % glide.choices(), move));
    const std::int64_t before = model.energy(state), n = state.guests();
    const std::int64_t delta = glide.apply(move, state);
    REQUIRE(model.energy(state) - before == delta);
    REQUIRE(state.guests() == n);
  }
}

TEST_CASE("a glide followed by its reverse returns the state bit for bit", "[stacking]") {
  const StackModel model = fixtures::random_stack(mixed, 5);
  const stacking::PatchGlide glide(model);
  Random random(3, Purpose::test);
  for (int trial = 0; trial < 40; ++trial) {
    StackState state = fixtures::random_state(model, random);
    GlideMove move{trial % 2, trial % 5 - 1, 0, 0};
    if (move.patch == GlideMove::whole_gap)
      for (int patch = 1; patch < 4; ++patch)
        state.set_registry(move.gap, patch, state.registry(move.gap, 0));
    const int patch = std::max(0, move.patch);
    REQUIRE(glide.choose(state.registry(move.gap, patch), trial % glide.choices(), move));
    const StackState before = state;
    const std::int64_t there = glide.apply(move, state);
    REQUIRE_FALSE(state == before);
    REQUIRE(glide.apply(glide.reverse(move), state) == -there);
    REQUIRE(state == before);
  }
}

TEST_CASE("cutting a gap into patches of one registry does not change the energy", "[stacking]") {
  StackShape whole = mixed;
  whole.patch_1 = whole.cells_1;
  whole.patch_2 = whole.cells_2;
  const StackModel cut = fixtures::random_stack(mixed, 6), one = fixtures::random_stack(whole, 6);
  Random random(4, Purpose::test);
  for (int trial = 0; trial < 10; ++trial) {
    StackState b = fixtures::random_state(one, random);
    StackState a(cut.lattice());
    for (stacking::SiteIndex site = 0; site < cut.lattice().n_sites(); ++site)
      if (b.occupied(site)) a.flip(cut.lattice(), site);
    for (int gap = 0; gap < 2; ++gap)
      for (int patch = 0; patch < 4; ++patch) a.set_registry(gap, patch, b.registry(gap, 0));
    REQUIRE(std::abs(cut.energy_eV(a) - one.energy_eV(b)) < 1e-11);
  }
}

TEST_CASE("coherency is kappa times the spread of the gaps' compositions", "[stacking]") {
  const StackShape shape{.gaps = 2,
                         .cells_1 = 2,
                         .cells_2 = 2,
                         .patch_1 = 2,
                         .patch_2 = 2,
                         .slab_sites = 0,
                         .gap_sites = 3,
                         .formula_units = 2.0};
  stacking::Couplings couplings;
  couplings.coherency_eV = 0.2;
  const StackModel model(shape, fixtures::plain_registries(1), {}, couplings);
  StackState state(model.lattice());
  for (int cell = 0; cell < 4; ++cell)
    state.flip(model.lattice(), model.lattice().site(0, cell, 0));
  // x = 1/2 and 0, mean 1/4, 8 formula units per gap
  REQUIRE(model.energy_eV(state) == Approx(0.2 * 8 * 2 * 0.0625).epsilon(1e-12));
}

TEST_CASE("walls count the border of a patch, next-gap terms its cells", "[stacking]") {
  const StackShape shape{.gaps = 2,
                         .cells_1 = 6,
                         .cells_2 = 6,
                         .patch_1 = 2,
                         .patch_2 = 3,
                         .slab_sites = 0,
                         .gap_sites = 1,
                         .a1_A = 3.0,
                         .a2_A = 5.0};
  stacking::Couplings couplings;
  couplings.wall_eV_per_A = 0.01;
  couplings.next_gap_eV = {{0.0, 0.1}, {0.0, 0.0}};
  const StackModel model(shape, fixtures::plain_registries(2), {}, couplings);
  StackState state(model.lattice());
  REQUIRE(model.energy(state) == 0);
  state.set_registry(0, 0, 1);  // gap 1 keeps 0: J(1, 0) = 0 upwards, J(0, 1) = 0.1 from gap 1 to 0
  const double border_A = 2 * (2 * 3.0 + 3 * 5.0);
  REQUIRE(model.lattice().perimeter_A() == Approx(border_A));
  REQUIRE(model.energy_eV(state) == Approx(0.01 * border_A + 0.1 * 6).epsilon(1e-12));
}

TEST_CASE("the shares of a set sum to its coefficient", "[stacking]") {
  for (const std::int64_t J : {7, -7, 0, 1, -1, 12})
    for (const std::size_t n : {1u, 2u, 3u, 5u}) {
      std::int64_t sum = 0;
      for (const std::int64_t share : stacking::shares(J, n)) sum += share;
      REQUIRE(sum == J);
    }
}

TEST_CASE("a set that meets its own image is refused", "[stacking]") {
  auto registries = fixtures::plain_registries(1);
  registries[0].sets = {{{{0, {0, 0}}, {0, {2, 0}}}, 5}};
  const StackShape shape{.gaps = 1, .cells_1 = 2, .cells_2 = 2};
  REQUIRE_THROWS_AS(StackModel(shape, registries, {}), InputError);
}

TEST_CASE("patches that do not divide the cells are refused", "[stacking]") {
  REQUIRE_THROWS_AS(StackLattice({.cells_1 = 6, .cells_2 = 6, .patch_1 = 4}), InputError);
}

TEST_CASE("a glide without its reverse is refused", "[stacking]") {
  auto glides = fixtures::all_glides(2, 1);
  glides.pop_back();
  const StackShape shape{.gaps = 1, .cells_1 = 4, .cells_2 = 4};
  const StackModel model(shape, fixtures::plain_registries(2), glides);
  REQUIRE_THROWS_AS(stacking::PatchGlide(model), InputError);
}

TEST_CASE("a map that loses a guest is refused", "[stacking]") {
  const layers::GapMap map{{{0, {0, 0, 0}}, {0, {0, 0, 0}}}};
  const std::vector<stacking::GapGlide> glides{{0, 1, {map}}};
  const StackShape shape{.gaps = 1, .cells_1 = 4, .cells_2 = 4, .gap_sites = 2};
  REQUIRE_THROWS_AS(StackModel(shape, fixtures::plain_registries(2), glides), InputError);
}
