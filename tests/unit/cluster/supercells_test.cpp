#include <catch2/catch.hpp>
#include <set>

#include "cluster/enumerate.hpp"
#include "crystal/supercell.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::cluster;
using crystal::Structure;

namespace {

std::vector<int> shapes(const Structure& prim, int largest) {
  const crystal::SpaceGroup group = crystal::find_space_group(prim);
  std::vector<int> n;
  for (int cells = 1; cells <= largest; ++cells)
    n.push_back(static_cast<int>(distinct_supercells(group, cells).size()));
  return n;
}

}  // namespace

TEST_CASE("without symmetry there are sum over d | n of d sigma(d) superlattices of index n") {
  std::vector<int> expected;
  for (int n = 1; n <= 12; ++n) {
    int sum = 0;
    for (int d = 1; d <= n; ++d)
      for (int e = 1; n % d == 0 && e <= d; ++e)
        if (d % e == 0) sum += d * e;
    expected.push_back(sum);
  }
  REQUIRE(shapes(fixtures::lopsided(), 12) == expected);
}

TEST_CASE("fcc has the distinct superlattices of Hart and Forcade") {
  REQUIRE(shapes(fixtures::fcc(), 12) ==
          std::vector<int>{1, 2, 3, 7, 5, 10, 7, 20, 14, 18, 11, 41});
}

TEST_CASE("simple cubic has the distinct superlattices of Hart and Forcade") {
  REQUIRE(shapes(fixtures::simple_cubic(), 12) ==
          std::vector<int>{1, 3, 3, 9, 5, 13, 7, 24, 14, 23, 11, 49});
}

TEST_CASE("hexagonal lattices have the distinct superlattices of Hart and Forcade") {
  REQUIRE(shapes(fixtures::hcp(), 8) == std::vector<int>{1, 3, 5, 11, 7, 19, 11, 34});
}

TEST_CASE("distinct supercells are Hermite normal forms of the asked size") {
  const crystal::SpaceGroup group = crystal::find_space_group(fixtures::hcp());
  for (const crystal::Matrix3i& h : distinct_supercells(group, 6)) {
    REQUIRE(h(0, 0) * h(1, 1) * h(2, 2) == 6);
    REQUIRE(crystal::hermite_normal_form(h) == h);
  }
}
