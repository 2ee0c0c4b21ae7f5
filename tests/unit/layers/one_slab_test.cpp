#include "layers/one_slab.hpp"

#include <Eigen/Geometry>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "crystal/supercell.hpp"
#include "fixtures/crystals.hpp"
#include "unit/layers/shipped.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

TEST_CASE("honeycomb prims are one slab of 2 V, 6 Cl, one vacancy and three gap sites") {
  for (const auto& file : honeycomb_prims()) {
    const OneSlab prim = shipped_slab(file);
    REQUIRE(prim.slab_sites == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8});
    REQUIRE(prim.gap_sites == std::vector<int>{9, 10, 11});
    REQUIRE(prim.slab.sites.size() == 9);
    REQUIRE_THAT(prim.third_A[2], WithinAbs(5.78, 1e-9));
    for (const Vector3d& gap : prim.gap_A) REQUIRE_THAT(gap[2], WithinAbs(2.89, 1e-9));
  }
}

TEST_CASE("heights of the slab count from the metal plane") {
  const OneSlab prim = shipped_slab("LixVCl3/V2Cl6_O1-R3.toml");
  for (const SlabSite& site : prim.slab.sites)
    REQUIRE_THAT(std::abs(site.position_A[2]), WithinAbs(is_anion(site.species) ? 1.34 : 0, 1e-9));
}

TEST_CASE("the same slab is found in all three stackings") {
  const OneSlab one = shipped_slab(honeycomb_prims()[0]);
  const Net lattice(one.slab.a1_A, one.slab.a2_A);
  for (const auto& file : honeycomb_prims()) {
    const OneSlab other = shipped_slab(file);
    for (const SlabSite& site : other.slab.sites) {
      int same = 0;
      for (const SlabSite& mine : one.slab.sites) {
        const Vector3d off = site.position_A - mine.position_A;
        same += mine.species == site.species && std::abs(off[2]) < 1e-9 &&
                lattice.shortest_A(off).norm() < 1e-6;
      }
      REQUIRE(same == 1);
    }
  }
}

TEST_CASE("the slab of LixCoO2 is CoO2, that of a host without lithium has no gap sites") {
  const OneSlab oxide = shipped_slab("LixCoO2/O3.toml");
  REQUIRE(oxide.slab_sites == std::vector<int>{0, 2, 3});
  REQUIRE(oxide.gap_sites == std::vector<int>{1});
  REQUIRE(shipped_slab("LixVCl3/hosts/O3.vasp").gap_sites.empty());
}

TEST_CASE("a rhombohedral prim is turned: layers along z, distances kept") {
  const auto prim = shipped("LixNiO2/prim.toml");
  const OneSlab taken = take_apart(prim);
  REQUIRE(taken.slab_sites == std::vector<int>{1, 2, 3});
  REQUIRE(taken.gap_sites == std::vector<int>{0});
  REQUIRE(taken.slab.a1_A[2] == 0.0);
  REQUIRE(taken.slab.a1_A[1] == Approx(0.0).margin(1e-9));
  REQUIRE(taken.slab.a1_A.cross(taken.slab.a2_A).dot(taken.third_A) ==
          Approx(prim.lattice.volume_A3()));
  const double bond_A = (taken.slab.sites[1].position_A - taken.slab.sites[0].position_A).norm();
  REQUIRE(prim.lattice.distance_A(prim.sites[1].fractional, prim.sites[2].fractional) <=
          bond_A + 1e-9);
}

TEST_CASE("a prim with another origin or turned upside down is the same slab") {
  auto prim = shipped("LixVCl3/V2Cl6_O3.toml");
  for (auto& site : prim.sites) site.fractional += Vector3d(0.1, 0.2, 0.37);
  const OneSlab moved = take_apart(prim);
  REQUIRE(moved.gap_sites == std::vector<int>{9, 10, 11});
  for (const SlabSite& site : moved.slab.sites) REQUIRE(std::abs(site.position_A[2]) < 1.35);
  for (const Vector3d& gap : moved.gap_A) REQUIRE_THAT(gap[2], WithinAbs(2.89, 1e-9));
}

TEST_CASE("what is not one slab per cell is refused with the reason") {
  REQUIRE_THROWS_WITH(take_apart(fixtures::fcc()),
                      Contains("not a layered host") && Contains("0 anions"));
  const auto one = shipped("LixCoO2/O3.toml");
  const crystal::Supercell two(one, crystal::Vector3i(1, 1, 2).asDiagonal());
  crystal::Structure doubled{"two slabs", two.lattice(), {}, ""};
  for (std::int64_t i = 0; i < two.n_sites(); ++i)
    doubled.sites.push_back(
        {two.fractional(i), one.sites[static_cast<std::size_t>(i) % one.sites.size()].allowed});
  REQUIRE_THROWS_WITH(take_apart(doubled), Contains("two flat anion sheets"));
  auto salt = one;
  salt.sites[1].allowed = {"Ni"};
  REQUIRE_THROWS_WITH(take_apart(salt), Contains("metals on both sides"));
}

TEST_CASE("prismatic slabs are refused") {
  auto prim = shipped("LixCoO2/O3.toml");
  const Vector3d lower = prim.lattice.cartesian(prim.sites[2].fractional);
  const Vector3d metal = prim.lattice.cartesian(prim.sites[0].fractional);
  prim.sites[3].fractional = prim.lattice.fractional({lower[0], lower[1], 2 * metal[2] - lower[2]});
  REQUIRE_THROWS_WITH(take_apart(prim), Contains("octahedra"));
}
