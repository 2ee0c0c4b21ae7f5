#include "crystal/neighbors.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using Catch::Matchers::WithinAbs;

namespace {

struct Known {
  double distance_A;
  std::size_t sites;
};

void require_shells(const Structure& s, double radius_A, const std::vector<Known>& known) {
  for (int basis = 0; basis < static_cast<int>(s.sites.size()); ++basis) {
    const auto shells = neighbor_shells(s, basis, radius_A);
    REQUIRE(shells.size() == known.size());
    for (std::size_t k = 0; k < known.size(); ++k) {
      REQUIRE_THAT(shells[k].distance_A, WithinAbs(known[k].distance_A, 1e-9));
      REQUIRE(shells[k].sites.size() == known[k].sites);
    }
  }
}

}  // namespace

TEST_CASE("fcc has shells of 12, 6, 24, 12, 24, 8") {
  const double a = 4.0;
  require_shells(fixtures::fcc(a), a * std::sqrt(3.0) + 1e-6,
                 {{a / std::sqrt(2.0), 12},
                  {a, 6},
                  {a * std::sqrt(1.5), 24},
                  {a * std::sqrt(2.0), 12},
                  {a * std::sqrt(2.5), 24},
                  {a * std::sqrt(3.0), 8}});
}

TEST_CASE("hcp with ideal axes has shells of 12, 6, 2, 18") {
  const double a = 3.0;
  require_shells(
      fixtures::hcp(a), a * std::sqrt(3.0) + 1e-6,
      {{a, 12}, {a * std::sqrt(2.0), 6}, {a * std::sqrt(8.0 / 3.0), 2}, {a * std::sqrt(3.0), 18}});
}

TEST_CASE("diamond has shells of 4, 12, 12, 6") {
  const double a = 4.0;
  require_shells(fixtures::diamond(a), a + 1e-6,
                 {{a * std::sqrt(3.0) / 4, 4},
                  {a / std::sqrt(2.0), 12},
                  {a * std::sqrt(11.0) / 4, 12},
                  {a, 6}});
}

TEST_CASE("a triangular layer has shells of 6, 6, 6, 12") {
  const double a = 2.83;
  require_shells(fixtures::triangular_layer(a), a * std::sqrt(7.0) + 1e-6,
                 {{a, 6}, {a * std::sqrt(3.0), 6}, {2 * a, 6}, {a * std::sqrt(7.0), 12}});
}

TEST_CASE("a honeycomb layer has shells of 3, 6, 3, 6") {
  const double d = 3.0;
  require_shells(fixtures::honeycomb_layer(d), d * std::sqrt(7.0) + 1e-6,
                 {{d, 3}, {d * std::sqrt(3.0), 6}, {2 * d, 3}, {d * std::sqrt(7.0), 6}});
}

TEST_CASE("neighbours do not depend on the cell a site is written in") {
  Structure moved = fixtures::hcp();
  moved.sites[0].fractional += Vector3d(3, -2, 5);
  moved.sites[1].fractional += Vector3d(-4, 1, 0);
  for (int basis = 0; basis < 2; ++basis) {
    const auto here = neighbors_within(fixtures::hcp(), basis, 6.1);
    const auto there = neighbors_within(moved, basis, 6.1);
    REQUIRE(here.size() == there.size());
    for (std::size_t i = 0; i < here.size(); ++i)
      REQUIRE_THAT(there[i].distance_A, WithinAbs(here[i].distance_A, 1e-9));
  }
}

TEST_CASE("a site is a neighbour of its neighbours") {
  const Structure s = fixtures::lithium_nickelate_o3();
  for (int basis = 0; basis < 4; ++basis)
    for (const Neighbor& n : neighbors_within(s, basis, 4.0)) {
      const SiteOffset back = translated({basis, {0, 0, 0}}, -n.site.cell_vector());
      const auto theirs = neighbors_within(s, n.site.basis, 4.0);
      REQUIRE(std::any_of(theirs.begin(), theirs.end(),
                          [&](const Neighbor& m) { return m.site == back; }));
    }
}

TEST_CASE("neighbours come in ascending distance, equal ones by address") {
  const auto all = neighbors_within(fixtures::fcc(), 0, 9.0);
  for (std::size_t i = 1; i < all.size(); ++i) {
    const double step = all[i].distance_A - all[i - 1].distance_A;
    REQUIRE((step > 1e-6 || (step > -1e-6 && all[i - 1].site < all[i].site)));
  }
}

TEST_CASE("the separation of two sites is as long as their distance and changes sign with them") {
  const Structure s = fixtures::lopsided();
  const SiteOffset a{0, {1, 0, -2}}, b{2, {0, 3, 1}};
  REQUIRE_THAT((separation_A(s, a, b) + separation_A(s, b, a)).norm(), WithinAbs(0.0, 1e-12));
  const Neighbor n = neighbors_within(s, 1, 5.0).front();
  REQUIRE_THAT(separation_A(s, {1, {0, 0, 0}}, n.site).norm(), WithinAbs(n.distance_A, 1e-12));
}
