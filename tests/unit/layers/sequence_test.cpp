#include "layers/sequence.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/error.hpp"
#include "unit/layers/stacks.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::Contains;

namespace {

std::vector<DistinctSequence> distinct(const Host& host, int n) {
  return distinct_sequences(host.taken.slab, host.known, registries_of({"O1", "O3"}, host.known),
                            n);
}

/// Crystals among all sequences of n gaps, found by comparing structures.
std::size_t crystals(const Host& host, int n) {
  const auto choices = registries_of({"O1", "O3"}, host.known);
  std::vector<Sequence> all{{}};
  for (int i = 0; i < n; ++i) {
    std::vector<Sequence> longer;
    for (const Sequence& s : all)
      for (const int c : choices) {
        longer.push_back(s);
        longer.back().push_back(c);
      }
    all = longer;
  }
  std::vector<crystal::Structure> found;
  for (const Sequence& s : all) {
    const auto made = host.stacked(s, Filling::empty);
    if (std::none_of(found.begin(), found.end(),
                     [&](const auto& old) { return same_crystal(made, old); }))
      found.push_back(made);
  }
  return found.size();
}

}  // namespace

TEST_CASE("names and lists are read, and written back") {
  const auto& known = honeycomb_host().known;
  REQUIRE(text(parse_sequence("O1-R", known), known) == "R+");
  REQUIRE(text(parse_sequence("O1-AAA", known), known) == "AAA");
  REQUIRE(text(parse_sequence("O3-abc", known), known) == "a b c");
  REQUIRE(text(parse_sequence("  R+ a   b R- ", known), known) == "R+ a b R-");
  REQUIRE(text(parse_sequence("P3", known), known) == "Pa");
  REQUIRE(text(parse_sequence("H1-3", oxide_host().known), oxide_host().known) == "O3 O1");
}

TEST_CASE("a random O3 stack is made of O3 gaps, the same for the same seed") {
  const auto& known = honeycomb_host().known;
  const Sequence one = parse_sequence("O3-random:7:300", known);
  REQUIRE(one.size() == 300);
  REQUIRE(one == parse_sequence("O3-random:7:300", known));
  REQUIRE(one != parse_sequence("O3-random:8:300", known));
  std::map<int, int> met;
  for (const int r : one) ++met[r];
  REQUIRE(met.size() == 3);
  for (const auto& [registry, count] : met) {
    REQUIRE(known[static_cast<std::size_t>(registry)].stacking == "O3");
    REQUIRE(std::abs(count - 100) < 33);  // four standard deviations of 300 draws
  }
}

TEST_CASE("unknown names and bad random stacks are refused with what is known") {
  const auto& known = honeycomb_host().known;
  REQUIRE_THROWS_WITH(parse_sequence("R+ d", known),
                      Contains("'d'") && Contains("R+, R-") && Contains("O3-abc"));
  REQUIRE_THROWS_WITH(parse_sequence("", known), Contains("at least one"));
  REQUIRE_THROWS_WITH(parse_sequence("H1-3", known), Contains("H1-3"));
  for (const char* bad : {"O3-random", "O3-random:1", "O3-random:-1:4", "O3-random:1:0",
                          "O3-random:1:4:5", "O3-random:1:2000"})
    REQUIRE_THROWS_WITH(parse_sequence(bad, known), Contains("O3-random:SEED:N"));
}

TEST_CASE("the point group of a honeycomb slab has 12 elements that permute the registries") {
  const auto& host = honeycomb_host();
  const auto actions = registry_actions(host.taken.slab, host.known);
  REQUIRE(actions.size() == 12);
  int reversing = 0;
  for (const RegistryAction& action : actions) {
    reversing += action.reverses;
    REQUIRE(std::set<int>(action.image.begin(), action.image.end()).size() == 9);
    for (std::size_t i = 0; i < 9; ++i)
      REQUIRE(host.known[static_cast<std::size_t>(action.image[i])].stacking ==
              host.known[i].stacking);
    REQUIRE(action.image[0] == 0);  // AAA is unique
  }
  REQUIRE(reversing == 6);
}

TEST_CASE("an action carries a stack to the same crystal") {
  const auto& host = honeycomb_host();
  const Sequence sequence = parse_sequence("R+ a c", host.known);
  const auto before = host.stacked(sequence, Filling::empty);
  for (const RegistryAction& action : registry_actions(host.taken.slab, host.known)) {
    Sequence moved;
    for (const int r : sequence) moved.push_back(action.image[static_cast<std::size_t>(r)]);
    if (action.reverses) std::reverse(moved.begin(), moved.end());
    REQUIRE(same_crystal(host.stacked(moved, Filling::empty), before));
  }
}

TEST_CASE("one gap of a honeycomb host has three stacks, all sequences are counted once") {
  const auto& host = honeycomb_host();
  const auto one = distinct(host, 1);
  REQUIRE(one.size() == 3);
  REQUIRE(text(one[0].sequence, host.known) == "AAA");
  REQUIRE(text(one[1].sequence, host.known) == "R+");
  REQUIRE(text(one[2].sequence, host.known) == "a");
  REQUIRE((one[0].copies == 1 && one[1].copies == 2 && one[2].copies == 3));
  int total = 0;
  for (const auto& d : distinct(host, 4)) total += d.copies;
  REQUIRE(total == 1296);
}

TEST_CASE("distinct sequences are as many as distinct structures") {
  for (int n = 1; n <= 2; ++n)
    REQUIRE(distinct(honeycomb_host(), n).size() == crystals(honeycomb_host(), n));
  for (int n = 1; n <= 3; ++n)
    REQUIRE(distinct(oxide_host(), n).size() == crystals(oxide_host(), n));
}

TEST_CASE("distinct sequences of three honeycomb gaps are as many as distinct structures") {
  REQUIRE(distinct(honeycomb_host(), 3).size() == crystals(honeycomb_host(), 3));
}

TEST_CASE("sequences of O1 and O3 gaps of full slabs are counted as bracelets of two colours") {
  const std::size_t bracelets[] = {2, 3, 4, 6, 8, 13, 18, 30};  // OEIS A000029
  for (int n = 1; n <= 8; ++n) REQUIRE(distinct(oxide_host(), n).size() == bracelets[n - 1]);
}

TEST_CASE("no or too many sequences are refused") {
  REQUIRE_THROWS_WITH(distinct(honeycomb_host(), 0), Contains("0 gaps"));
  REQUIRE_THROWS_WITH(distinct(honeycomb_host(), 9), Contains("at most 300000"));
}
