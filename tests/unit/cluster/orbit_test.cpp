#include "cluster/orbit.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "core/error.hpp"
#include "crystal/neighbors.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::cluster;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using crystal::Structure;

namespace {

std::vector<Orbit> orbits_of(const Structure& prim, const Cutoffs& cutoffs_A) {
  return find_orbits(prim, crystal::find_space_group(prim), cutoffs_A);
}

/// Multiplicities of the orbits with this many sites, in order.
std::vector<int> multiplicities(const std::vector<Orbit>& orbits, std::size_t size) {
  std::vector<int> all;
  for (const Orbit& orbit : orbits)
    if (orbit.size() == size) all.push_back(orbit.multiplicity());
  return all;
}

/// Clusters through one site of a lattice with one site per cell.
int touching(const std::vector<Orbit>& orbits, std::size_t smallest) {
  int n = 0;
  for (const Orbit& orbit : orbits)
    if (orbit.size() >= smallest) n += orbit.multiplicity() * static_cast<int>(orbit.size());
  return n;
}

/// Sets of `size` sites, one of them at home, with all distances within the cut-off: a count that
/// knows nothing of symmetry.
int brute_force_touching(const Structure& prim, std::size_t size, double cutoff_A) {
  const auto near = crystal::neighbors_within(prim, 0, cutoff_A);
  const auto close = [&](const SiteOffset& a, const SiteOffset& b) {
    return crystal::separation_A(prim, a, b).norm() <= cutoff_A;
  };
  int n = 0;
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (size == 2) ++n;
    for (std::size_t j = i + 1; size > 2 && j < near.size(); ++j) {
      if (!close(near[i].site, near[j].site)) continue;
      if (size == 3) ++n;
      for (std::size_t k = j + 1; size > 3 && k < near.size(); ++k)
        if (close(near[i].site, near[k].site) && close(near[j].site, near[k].site)) ++n;
    }
  }
  return n;
}

Sites at_home(Sites sites) {
  std::sort(sites.begin(), sites.end(), [](const SiteOffset& a, const SiteOffset& b) {
    return std::tie(a.cell, a.basis) < std::tie(b.cell, b.basis);
  });
  const crystal::Vector3i shift = -sites.front().cell_vector();
  for (SiteOffset& site : sites) site = translated(site, shift);
  return sites;
}

}  // namespace

TEST_CASE("the standard fcc expansion has 25 orbits and 839 clusters through a site") {
  const auto orbits = orbits_of(fixtures::fcc(4.0), {8.1, 5.7, 4.1});
  REQUIRE(orbits.size() == 25);
  REQUIRE(touching(orbits, 1) == 839);
}

TEST_CASE("the standard triangular expansion has 26 orbits and 342 clusters through a site") {
  const auto orbits = orbits_of(fixtures::triangular_layer(2.83), {13.0, 7.6, 5.0});
  REQUIRE(orbits.size() == 26);
  REQUIRE(touching(orbits, 1) == 342);
}

TEST_CASE("orbits hold every cluster within the cut-off exactly once") {
  for (const Structure& prim : {fixtures::fcc(4.0), fixtures::triangular_layer(2.83)}) {
    const auto orbits = orbits_of(prim, {5.75, 5.75, 4.5});
    const double cutoff_A[] = {0, 0, 5.75, 5.75, 4.5};
    for (std::size_t size = 2; size <= 4; ++size)
      REQUIRE(touching(orbits, size) - touching(orbits, size + 1) ==
              brute_force_touching(prim, size, cutoff_A[size]));
    std::set<Sites> seen;
    for (const Orbit& orbit : orbits)
      for (const Sites& image : orbit.images)
        if (!image.empty()) REQUIRE(seen.insert(at_home(image)).second);
  }
}

TEST_CASE("pair multiplicities are half the neighbour shells") {
  using V = std::vector<int>;
  REQUIRE(multiplicities(orbits_of(fixtures::fcc(4.0), {5.7}), 2) == V{6, 3, 12, 6});
  REQUIRE(multiplicities(orbits_of(fixtures::triangular_layer(3.0), {6.1}), 2) == V{3, 3, 3});
  REQUIRE(multiplicities(orbits_of(fixtures::honeycomb_layer(3.0), {6.1}), 2) == V{3, 6, 3});
  // two sites per cell; the 12 nearest of hcp fall into 6 in the plane and 6 out of it
  REQUIRE(multiplicities(orbits_of(fixtures::hcp(3.0), {5.0}), 2) == V{6, 6, 6, 2});
}

TEST_CASE("fcc has 8 nearest-neighbour triangles and 2 tetrahedra per site") {
  const auto orbits = orbits_of(fixtures::fcc(4.0), {2.9, 2.9, 2.9});
  REQUIRE(multiplicities(orbits, 3) == std::vector<int>{8});
  REQUIRE(multiplicities(orbits, 4) == std::vector<int>{2});
}

TEST_CASE("the permutations of a cluster are a group of the order its geometry has") {
  const auto orbits = orbits_of(fixtures::fcc(4.0), {2.9, 4.1, 2.9});
  std::map<std::pair<std::size_t, int>, std::size_t> order;
  for (const Orbit& orbit : orbits)
    order[{orbit.size(), orbit.multiplicity()}] = orbit.permutations.size();
  REQUIRE(order.at({0, 1}) == 1);
  REQUIRE(order.at({1, 1}) == 1);
  REQUIRE(order.at({2, 6}) == 2);
  REQUIRE(order.at({3, 8}) == 6);   // equilateral triangle
  REQUIRE(order.at({3, 12}) == 2);  // right angle
  REQUIRE(order.at({4, 2}) == 24);  // tetrahedron
  for (const Orbit& orbit : orbits) {
    const std::set<std::vector<int>> group(orbit.permutations.begin(), orbit.permutations.end());
    for (const auto& a : group)
      for (const auto& b : group) {
        std::vector<int> product;
        for (const int i : b) product.push_back(a[static_cast<std::size_t>(i)]);
        REQUIRE(group.contains(product));
      }
  }
}

TEST_CASE("images keep the order of the representative's sites") {
  const Structure prim = fixtures::lithium_nickelate_o3();
  Structure two = prim;
  two.sites[0].allowed = {"Ni", "Mn"};
  for (const Orbit& orbit : orbits_of(two, {4.0, 4.0, 3.0}))
    for (const Sites& image : orbit.images)
      for (std::size_t i = 0; i < image.size(); ++i)
        for (std::size_t j = 0; j < image.size(); ++j) {
          REQUIRE(two.sites[static_cast<std::size_t>(image[i].basis)].allowed ==
                  two.sites[static_cast<std::size_t>(orbit.representative[i].basis)].allowed);
          REQUIRE_THAT(
              crystal::separation_A(two, image[i], image[j]).norm(),
              WithinAbs(crystal::separation_A(two, orbit.representative[i], orbit.representative[j])
                            .norm(),
                        1e-6));
        }
}

TEST_CASE("orbits come by size, then by diameter, the empty one first") {
  const auto orbits = orbits_of(fixtures::hcp(3.0), {5.0, 4.5, 4.5});
  REQUIRE(orbits.front().representative.empty());
  REQUIRE(orbits.front().multiplicity() == 1);
  for (std::size_t i = 1; i < orbits.size(); ++i) {
    REQUIRE(orbits[i].size() >= orbits[i - 1].size());
    if (orbits[i].size() == orbits[i - 1].size())
      REQUIRE(orbits[i].diameter_A >= orbits[i - 1].diameter_A - 1e-4);
  }
}

TEST_CASE("spectators are in no cluster") {
  const auto orbits = orbits_of(fixtures::lithium_nickelate_o3(), {6.0, 3.0});
  REQUIRE(multiplicities(orbits, 1) == std::vector<int>{1});
  for (const Orbit& orbit : orbits)
    for (const SiteOffset& site : orbit.representative) REQUIRE(site.basis == 1);
}

TEST_CASE("triplets may reach further than pairs and sizes may be left out") {
  const Structure prim = fixtures::fcc(4.0);
  const auto both = orbits_of(prim, {4.1, 4.1}), far = orbits_of(prim, {2.9, 4.1});
  const auto none = orbits_of(prim, {0.0, 4.1});
  REQUIRE(multiplicities(far, 3) == multiplicities(both, 3));
  REQUIRE(multiplicities(far, 2).size() == 1);
  REQUIRE(multiplicities(none, 3) == multiplicities(both, 3));
  REQUIRE(multiplicities(none, 2).empty());
}

TEST_CASE("a structure without active sites and absurd cut-offs are refused") {
  const Structure prim = fixtures::fcc();
  REQUIRE_THROWS_WITH(orbits_of(fixtures::fcc(4.0, {"Li"}), {3.0}), Contains("nothing can vary"));
  REQUIRE_THROWS_AS(orbits_of(prim, {3.0, 3.0, 3.0, 3.0}), InputError);
  REQUIRE_THROWS_WITH(orbits_of(prim, {-1.0}), Contains("expected a finite length"));
  REQUIRE_THROWS_AS(orbits_of(prim, {std::numeric_limits<double>::infinity()}), InputError);
}
