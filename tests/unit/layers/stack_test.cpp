#include "layers/stack.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "crystal/space_group.hpp"
#include "unit/layers/stacks.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

int group(const crystal::Structure& s) { return crystal::find_space_group(s).number(); }

}  // namespace

TEST_CASE("one gap in the registry of a shipped prim gives that prim") {
  const char* const names[] = {"AAA", "R+", "a"};
  for (std::size_t i = 0; i < 3; ++i) {
    const Host host(honeycomb_prims()[i]);
    const auto made = host.stacked(names[i]);
    REQUIRE((made.lattice.columns() - host.prim.lattice.columns()).norm() < 1e-6);
    REQUIRE(made.sites.size() == host.prim.sites.size());
    REQUIRE(lands_on(host.prim, made, Matrix3d::Identity(), Vector3d::Zero()));
  }
}

TEST_CASE("the slab of one shipped prim makes the others") {
  const auto& host = honeycomb_host();
  REQUIRE(same_crystal(shipped("LixVCl3/V2Cl6_O1-R3.toml"), host.stacked("O1-R")));
  REQUIRE(same_crystal(shipped("LixVCl3/V2Cl6_O3.toml"), host.stacked("O3-aaa")));
  REQUIRE_FALSE(same_crystal(shipped("LixVCl3/V2Cl6_O3.toml"), host.stacked("O1-R")));
}

TEST_CASE("stacks of honeycomb slabs have the space groups of the literature") {
  for (const Filling filling : {Filling::sites, Filling::empty}) {
    const auto group_of = [&](const char* text) {
      return group(honeycomb_host().stacked(text, filling));
    };
    REQUIRE(group_of("O1-R") == 148);      // R-3, BiI3 type
    REQUIRE(group_of("R+ R+ R+") == 148);  // the same in a hexagonal cell
    REQUIRE(group_of("R- R-") == 148);     // its twin
    REQUIRE(group_of("O1-AAA") == 162);    // P-31m
    REQUIRE(group_of("O3-aaa") == 12);     // C2/m, AlCl3 type
    REQUIRE(group_of("b") == 12);
    REQUIRE(group_of("O3-abc") == 151);  // P3_112
    REQUIRE(group_of("c b a") == 153);   // P3_212, its mirror image
  }
}

TEST_CASE("stacks of full slabs have the space groups of the literature") {
  const auto& host = oxide_host();
  REQUIRE(group(host.stacked("O3")) == 166);    // R-3m
  REQUIRE(group(host.stacked("O1")) == 164);    // P-3m1
  REQUIRE(group(host.stacked("H1-3")) == 166);  // R-3m
  REQUIRE(group(host.stacked("P3", Filling::empty)) == 166);
  REQUIRE(group(host.stacked("O3 O3 O1")) == 166);
}

TEST_CASE("H1-3 with lithium in its O3 gaps only is R-3m, stage 2") {
  const auto& host = oxide_host();
  const auto stage2 =
      stack(host.taken.slab, host.known,
            {parse_sequence("H1-3", host.known), {4.684, 4.5}, {Filling::full, Filling::empty}},
            {"Li", "Va"});
  REQUIRE(group(stage2) == 166);
  REQUIRE(stage2.sites.size() == 7);
  int lithium = 0;
  for (const auto& site : stage2.sites) lithium += site.allowed == std::vector<std::string>{"Li"};
  REQUIRE(lithium == 1);
  REQUIRE_THAT(stage2.lattice.columns()(2, 2), WithinAbs(9.184, 1e-12));
}

TEST_CASE("the third vector closes the stack") {
  const auto& host = honeycomb_host();
  const auto closed = host.stacked("R+ R+ R+").lattice.columns();
  REQUIRE_THAT(closed(0, 2), WithinAbs(0.0, 1e-6));
  REQUIRE_THAT(closed(1, 2), WithinAbs(0.0, 1e-6));
  REQUIRE_THAT(closed(2, 2), WithinAbs(3 * 5.78, 1e-9));
  const auto open = host.stacked("a R-").lattice.columns();  // a + R- = c
  const auto& c = host.known[static_cast<std::size_t>(registry_named("c", host.known))];
  REQUIRE((open.col(2).head<2>() - c.shift_A.head<2>()).norm() < 1e-6);
}

TEST_CASE("guests lie half-way between the anion sheets at any spacing") {
  const auto& host = oxide_host();
  const auto made = stack(host.taken.slab, host.known,
                          {{1, 1}, {5.5, 4.4}, {Filling::sites, Filling::sites}}, {"Li", "Va"});
  const crystal::Site& lower = made.sites[3];
  REQUIRE(lower.allowed == std::vector<std::string>{"Li", "Va"});
  REQUIRE_THAT(made.lattice.cartesian(lower.fractional)[2], WithinAbs(2.75, 1e-9));
  REQUIRE_THAT(made.lattice.cartesian(made.sites[7].fractional)[2], WithinAbs(7.7, 1e-9));
}

TEST_CASE("slabs that touch, empty stacks and guests that are vacancies are refused") {
  const auto& host = oxide_host();
  const auto made = [&](double spacing_A, Filling filling, std::vector<std::string> guests) {
    return stack(host.taken.slab, host.known, {{1}, {spacing_A}, {filling}}, guests);
  };
  REQUIRE_THROWS_WITH(made(2.0, Filling::sites, {"Li", "Va"}),
                      Contains("gap spacing 2 A: expected at least"));
  REQUIRE_THROWS_WITH(made(NAN, Filling::sites, {"Li", "Va"}), Contains("gap spacing nan"));
  REQUIRE_THROWS_WITH(made(5.0, Filling::full, {"Va"}), Contains("vacancy only"));
  REQUIRE_THROWS_WITH(host.stacked("P3", Filling::full), Contains("full P3 gap"));
  REQUIRE_THROWS_AS(stack(host.taken.slab, host.known, {}, {"Li"}), InputError);
}
