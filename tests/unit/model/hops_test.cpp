#include "model/hops.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "crystal/neighbors.hpp"
#include "fixtures/layered_hosts.hpp"

using namespace lithiate;
using namespace lithiate::model;
using Catch::Matchers::WithinAbs;
using crystal::Matrix3i;
using crystal::Vector3i;

namespace {

std::vector<int> bonds_per_class(const HopNetwork& network) {
  std::vector<int> n;
  for (const auto& c : network.classes) n.push_back(c.bonds_per_host_cell);
  return n;
}

bool sound(HopNetwork network) {
  set_barriers(network, 0.3, 1e13);
  InputReport report;
  check(network, report);
  return report.empty();
}

std::vector<int> fixed_neighbors_of_free_sites(const Host& host) {
  const auto s = host_structure(fixtures::o1_parent(), host);
  std::vector<int> counts;
  for (int b = 0; b < static_cast<int>(s.sites.size()); ++b) {
    if (s.sites[static_cast<std::size_t>(b)].allowed.size() < 2) continue;
    int n = 0;
    for (const auto& v : crystal::neighbors_within(s, b, 3.01))
      n += s.sites[static_cast<std::size_t>(v.site.basis)].allowed.front() == "V";
    counts.push_back(n);
  }
  std::sort(counts.begin(), counts.end());
  return counts;
}

}  // namespace

TEST_CASE("nearest neighbours of a Bravais lattice form one hop class of z/2 bonds per cell") {
  for (const auto& [prim, z, d] : fixtures::bravais_toys()) {
    const HopNetwork network = fixtures::nn_hops(prim);
    INFO(prim.name);
    CHECK(bonds_per_class(network) == std::vector<int>{z / 2});
    CHECK(static_cast<int>(network.hops.size()) == z);
    CHECK_THAT(network.classes[0].distance_A, WithinAbs(fixtures::nn_A, 1e-9));
  }
}

TEST_CASE("the honeycomb has one class of three bonds") {
  CHECK(bonds_per_class(fixtures::nn_hops(fixtures::honeycomb())) == std::vector<int>{3});
}

TEST_CASE("hcp with ideal axes has two classes of one length: in and out of plane") {
  const HopNetwork network = fixtures::nn_hops(fixtures::hcp());
  REQUIRE(bonds_per_class(network) == std::vector<int>{6, 6});
  for (int c = 0; c < 2; ++c) {
    std::vector<bool> in_plane;
    for (const auto& hop : network.hops)
      if (hop.hop_class == c) in_plane.push_back(std::abs(hop.vector_A[2]) < 1e-6);
    CHECK(std::count(in_plane.begin(), in_plane.end(), in_plane.front()) == 12);
  }
  CHECK_THAT(network.classes[0].distance_A, WithinAbs(network.classes[1].distance_A, 1e-9));
}

TEST_CASE("shells of the square lattice are classes in order of distance") {
  const auto network = find_hops(fixtures::square(), Host{}, "Li", 6.01);
  REQUIRE(bonds_per_class(network) == std::vector<int>{2, 2, 2});
  CHECK_THAT(network.classes[1].distance_A, WithinAbs(fixtures::nn_A * std::sqrt(2.0), 1e-9));
  CHECK_THAT(network.classes[2].distance_A, WithinAbs(2 * fixtures::nn_A, 1e-9));
}

TEST_CASE("hops below the smallest distance are left out") {
  const auto network = find_hops(fixtures::square(), Host{}, "Li", 6.01, 4.0);
  CHECK(bonds_per_class(network) == std::vector<int>{2, 2});
}

TEST_CASE("every hop has its reverse in every crystal") {
  const auto prim = GENERATE(fixtures::square(), fixtures::hcp(), fixtures::fcc(),
                             fixtures::honeycomb(), fixtures::bcc());
  CHECK(sound(find_hops(prim, Host{}, "Li", 5.3)));
}

TEST_CASE("a larger host cell has the same classes with proportionally more bonds") {
  Matrix3i skew;
  skew << 2, 1, 0, 0, 2, 0, 0, 0, 1;
  const auto network = find_hops(fixtures::triangular(), Host{skew, {}}, "Li", 5.3);
  CHECK(sound(network));
  CHECK(bonds_per_class(network) == std::vector<int>{12, 12});
}

TEST_CASE("gap octahedra share 0, 2, 2 faces with V in AAA and 1, 1, 2 in the slipped stacking") {
  CHECK(fixed_neighbors_of_free_sites(fixtures::honeycomb_host(0)) == std::vector<int>{0, 2, 2});
  CHECK(fixed_neighbors_of_free_sites(fixtures::honeycomb_host(1)) == std::vector<int>{1, 1, 2});
}

TEST_CASE(
    "frozen V splits the gap hops of AAA into 3 bonds between doubly faced sites and 6 more") {
  const auto network = find_hops(fixtures::o1_parent(), fixtures::honeycomb_host(0), "Li", 3.6);
  auto bonds = bonds_per_class(network);
  std::sort(bonds.begin(), bonds.end());
  CHECK(bonds == std::vector<int>{3, 6});
  CHECK(sound(network));
}

TEST_CASE(
    "frozen V as in BiI3 leaves a honeycomb of 3 bonds and 6 bonds to the doubly faced site") {
  const auto network = find_hops(fixtures::o1_parent(), fixtures::honeycomb_host(1), "Li", 3.6);
  auto bonds = bonds_per_class(network);
  std::sort(bonds.begin(), bonds.end());
  CHECK(bonds == std::vector<int>{3, 6});
}

TEST_CASE("classes of equal length are told apart by the V around their midpoints") {
  const auto network = find_hops(fixtures::o1_parent(), fixtures::honeycomb_host(0), "Li", 3.6);
  for (const auto& c : network.classes) {
    INFO(c.description);
    // sqrt(1.75^2 + 3^2) A; each doubly faced end brings the V above and the one below
    const std::string v = c.bonds_per_host_cell == 3 ? "4 V at 3.47 A" : "2 V at 3.47 A";
    CHECK_THAT(c.description, Catch::Contains(v) && Catch::StartsWith("midpoint "));
  }
}

TEST_CASE("a free sublattice for another species takes no part in the hops") {
  auto prim = fixtures::o1_parent();
  const auto all_free = find_hops(prim, Host{}, "Li", 6.01);
  for (const auto& hop : all_free.hops) CHECK((hop.from == 1 && hop.to == 1));
  REQUIRE_THROWS_AS(find_hops(prim, Host{}, "Na", 6.01), InputError);
}

TEST_CASE("a class is set by number and distance together") {
  auto network = find_hops(fixtures::square(), Host{}, "Li", 4.5);
  set_barrier(network, 1, 4.24, 0.4, 2e13);
  CHECK(network.classes[1].e_kra_eV == 0.4);
  CHECK(network.classes[1].prefactor_Hz == 2e13);
  CHECK(network.classes[0].prefactor_Hz == 0.0);
  REQUIRE_THROWS_WITH(set_barrier(network, 0, 4.24, 0.4, 2e13), Catch::Contains("3.000 A"));
  REQUIRE_THROWS_WITH(set_barrier(network, 2, 4.24, 0.4, 2e13), Catch::Contains("expected one of"));
}

TEST_CASE("a network made by hand is sound, and faults in it are found") {
  HopNetwork network;
  network.classes.resize(1);
  add_bond(network, 0, 0, {1, 0, 0}, 0, {3, 0, 0});
  CHECK(sound(network));
  InputReport unused;
  check(network, unused);
  CHECK_FALSE(unused.empty());
  auto broken = network;
  broken.hops[1].shift = {1, 0, 0};
  CHECK_FALSE(sound(broken));
  broken = network;
  broken.hops[0].hop_class = 1;
  CHECK_FALSE(sound(broken));
  broken = network;
  broken.hops[0].reverse = 7;
  CHECK_FALSE(sound(broken));
}

TEST_CASE("a negative or infinite rate parameter is a fault") {
  auto network = fixtures::nn_hops(fixtures::square());
  const auto faulty = [](const HopNetwork& n) {
    InputReport report;
    check(n, report);
    return !report.empty();
  };
  CHECK_FALSE(faulty(network));
  set_barriers(network, 0.3, -1.0);
  CHECK(faulty(network));
  set_barriers(network, std::numeric_limits<double>::infinity(), 1e13);
  CHECK(faulty(network));
}
