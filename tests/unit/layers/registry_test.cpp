#include "layers/registry.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/error.hpp"
#include "unit/layers/shipped.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

std::string name_of(const std::string& file) {
  const OneSlab prim = shipped_slab(file);
  const auto known = registries(prim.slab);
  return known[static_cast<std::size_t>(registry_of(prim, known))].name;
}

/// Every gap site of the prim is the octahedron of the same number, or of some number.
void require_octahedra(const std::string& file, bool in_order) {
  const OneSlab prim = shipped_slab(file);
  const auto known = registries(prim.slab);
  const Registry& r = known[static_cast<std::size_t>(registry_of(prim, known))];
  const Net lattice(prim.slab.a1_A, prim.slab.a2_A);
  REQUIRE(r.octahedra_A.size() == prim.gap_A.size());
  std::set<std::size_t> met;
  for (std::size_t i = 0; i < prim.gap_A.size(); ++i)
    for (std::size_t k = 0; k < r.octahedra_A.size(); ++k)
      if (lattice.shortest_A(prim.gap_A[i] - r.octahedra_A[k]).norm() < 1e-6) {
        met.insert(k);
        if (in_order) REQUIRE(k == i);
      }
  REQUIRE(met.size() == prim.gap_A.size());
}

}  // namespace

TEST_CASE("a honeycomb slab has nine registries, three of each kind, all different") {
  const OneSlab prim = shipped_slab(honeycomb_prims()[0]);
  const auto all = registries(prim.slab);
  const Net lattice(prim.slab.a1_A, prim.slab.a2_A);
  REQUIRE(all.size() == 9);
  std::map<std::string, int> kinds;
  for (std::size_t i = 0; i < 9; ++i) {
    ++kinds[all[i].stacking];
    REQUIRE(all[i].octahedra_A.size() == (all[i].stacking == "P3" ? 6 : 3));
    for (std::size_t j = 0; j < i; ++j)
      REQUIRE(lattice.shortest_A(all[i].shift_A - all[j].shift_A).norm() > 2.0);
  }
  REQUIRE(kinds == std::map<std::string, int>{{"O1", 3}, {"O3", 3}, {"P3", 3}});
}

TEST_CASE("registries do not depend on the stacking they are read from") {
  const auto one = registries(shipped_slab(honeycomb_prims()[0]).slab);
  for (const auto& file : honeycomb_prims()) {
    const auto other = registries(shipped_slab(file).slab);
    for (std::size_t i = 0; i < one.size(); ++i) {
      REQUIRE(other[i].name == one[i].name);
      REQUIRE((other[i].shift_A - one[i].shift_A).norm() < 1e-6);
    }
  }
}

TEST_CASE("the nine shifts form a group: b = a + R+, P = -O3, R- = -R+") {
  const OneSlab prim = shipped_slab(honeycomb_prims()[0]);
  const auto all = registries(prim.slab);
  const Net lattice(prim.slab.a1_A, prim.slab.a2_A);
  const auto shift = [&](const char* name) {
    return all[static_cast<std::size_t>(registry_named(name, all))].shift_A;
  };
  const auto zero = [&](const Vector3d& v) { return lattice.shortest_A(v).norm() < 1e-6; };
  REQUIRE(zero(shift("AAA")));
  REQUIRE(zero(shift("R+") + shift("R-")));
  REQUIRE(zero(shift("a") + shift("R+") - shift("b")));
  REQUIRE(zero(shift("a") + shift("R-") - shift("c")));
  REQUIRE(zero(shift("a") + shift("b") + shift("c")));
  REQUIRE_THAT(shift("a").norm(), WithinAbs(6.012 / 3, 1e-6));
  REQUIRE_THAT(shift("R+").norm(), WithinAbs(6.012 / std::sqrt(3.0), 1e-6));
}

TEST_CASE("the shipped prims are in the registries of their names") {
  REQUIRE(name_of("LixVCl3/V2Cl6_O1-AAA.toml") == "AAA");
  REQUIRE(name_of("LixVCl3/V2Cl6_O1-R3.toml") == "R+");
  REQUIRE(name_of("LixVCl3/V2Cl6_O3.toml") == "a");
  REQUIRE(name_of("LixVCl3/hosts/O1-R3.vasp") == "R+");
  REQUIRE(name_of("LixVCl3/O1.toml") == "O1");
  REQUIRE(name_of("LixVCl3/O3.toml") == "O3");
  REQUIRE(name_of("LixCoO2/O3.toml") == "O3");
  REQUIRE(name_of("LixNiO2/prim.toml") == "O3");
}

TEST_CASE("octahedra of the registries are the gap sites of the shipped prims, in their order") {
  for (const auto& file : honeycomb_prims()) require_octahedra(file, true);
  for (const char* file :
       {"LixVCl3/O1.toml", "LixVCl3/O3.toml", "LixCoO2/O3.toml", "LixNiO2/prim.toml"})
    require_octahedra(file, true);
}

TEST_CASE("octahedra share faces with V: 1, 1, 2 in O1-R, 0, 2, 2 in O1-AAA, none in O3") {
  const OneSlab prim = shipped_slab(honeycomb_prims()[0]);
  for (const Registry& r : registries(prim.slab)) {
    auto faces = shared_faces(prim.slab, r);
    if (r.name == "AAA") REQUIRE(faces == std::vector<int>{0, 2, 2});
    std::sort(faces.begin(), faces.end());
    if (r.name == "R+" || r.name == "R-") REQUIRE(faces == std::vector<int>{1, 1, 2});
    if (r.stacking == "O3") REQUIRE(faces == std::vector<int>{0, 0, 0});
    if (r.stacking == "P3") REQUIRE(faces == std::vector<int>{0, 0, 1, 1, 1, 1});
  }
  const OneSlab oxide = shipped_slab("LixCoO2/O3.toml");
  const auto mx2 = registries(oxide.slab);
  REQUIRE(mx2.size() == 3);
  REQUIRE(shared_faces(oxide.slab, mx2[0]) == std::vector<int>{2});
  REQUIRE(shared_faces(oxide.slab, mx2[1]) == std::vector<int>{0});
  REQUIRE(shared_faces(oxide.slab, mx2[2]) == std::vector<int>{1, 1});
}

TEST_CASE("every octahedron is equally far from three anions of each sheet it lies between") {
  for (const char* file : {"LixVCl3/V2Cl6_O3.toml", "LixCoO2/O3.toml"}) {
    const OneSlab prim = shipped_slab(file);
    const Sheets s = sheets(prim.slab);
    for (const Registry& r : registries(prim.slab))
      for (const Vector3d& site : r.octahedra_A) {
        int near = 0;
        for (const SlabSite& anion : prim.slab.sites) {
          if (!is_anion(anion.species)) continue;
          const bool upper_slab = anion.position_A[2] < 0;
          const Vector3d at = anion.position_A + (upper_slab ? r.shift_A : Vector3d(0, 0, 0));
          const double hollow_A = s.hollow_A.norm();
          for (const Vector3d& v : s.lattice.all_shortest_A(at - site))
            near += std::abs(v.norm() - hollow_A) < 1e-3;
        }
        REQUIRE(near == 6);
      }
  }
}

TEST_CASE("a shift between registries and an unknown name are refused") {
  OneSlab prim = shipped_slab("LixVCl3/V2Cl6_O3.toml");
  const auto known = registries(prim.slab);
  REQUIRE_THROWS_WITH(registry_named("d", known), Contains("AAA, R+, R-, a, b, c, Pa, Pb, Pc"));
  prim.third_A += Vector3d(0.2, 0, 0);
  REQUIRE(registry_of(prim, known) == 3);
  prim.third_A += Vector3d(0.8, 0, 0);
  REQUIRE_THROWS_WITH(registry_of(prim, known), Contains("nearest registry"));
}
