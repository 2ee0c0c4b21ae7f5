#include "layers/stack.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "crystal/space_group.hpp"
#include "unit/layers/stacks.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

int group(const crystal::Structure& s) { return crystal::find_space_group(s).number(); }

/// Places of the anion sheets on their net, from below, as letters in order of appearance.
std::string letters(const Host& host, const std::string& text) {
  const auto made = host.stacked(text, Filling::empty);
  const Net net = sheets(host.taken.slab).net;
  std::map<long, Vector3d> sheet;  // by height in steps of 0.01 A
  for (const auto& site : made.sites) {
    Vector3d place = made.lattice.cartesian(site.fractional);
    if (site.fractional[2] > 1 - 1.5 / made.lattice.columns()(2, 2))  // below slab 0
      place -= made.lattice.columns().col(2);
    if (is_anion(site.allowed)) sheet.emplace(std::lround(place[2] * 100), place);
  }
  std::vector<Vector3d> known;
  std::string out;
  for (const auto& [height, place] : sheet) {
    std::size_t k = 0;
    while (k < known.size() && net.shortest_A(place - known[k]).norm() > 0.1) ++k;
    if (k == known.size()) known.push_back(place);
    out += static_cast<char>('A' + k);
  }
  return out;
}

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

TEST_CASE("anion sheets repeat as AB in O1, AB CA BC in O3, AB BC CA in P3, both O's in H1-3") {
  const auto& oxide = oxide_host();
  REQUIRE(letters(oxide, "O1 O1 O1") == "ABABAB");
  REQUIRE(letters(oxide, "O3 O3 O3") == "ABCABC");
  REQUIRE(letters(oxide, "P3 P3 P3") == "ABBCCA");
  REQUIRE(letters(oxide, "O1 O3 O1 O3 O1 O3") == "ABABCACABCBC");  // H1-3
  const auto& honeycomb = honeycomb_host();
  REQUIRE(letters(honeycomb, "R+ AAA R-") == "ABABAB");
  REQUIRE(letters(honeycomb, "O3-abc") == "ABCABC");
  REQUIRE(letters(honeycomb, "Pa Pc Pa") == "ABBCCA");
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
