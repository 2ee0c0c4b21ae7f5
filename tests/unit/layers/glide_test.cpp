#include "layers/glide.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "unit/layers/shipped.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::WithinAbs;

namespace {

const char* const hosts[] = {"LixVCl3/V2Cl6_O3.toml", "LixCoO2/O3.toml"};

struct GlideHost {
  explicit GlideHost(const char* file)
      : slab(shipped_slab(file).slab),
        known(registries(slab)),
        all(glides(known, slab)),
        lattice(slab.a1_A, slab.a2_A) {}
  const Registry& at(int i) const { return known[static_cast<std::size_t>(i)]; }
  Vector3d cell_A(const crystal::Vector3i& c) const { return c[0] * slab.a1_A + c[1] * slab.a2_A; }
  /// Move of the guest of octahedron k in the frame of the lower slab.
  Vector3d move_A(const Glide& g, std::size_t m, std::size_t k) const {
    const auto& t = g.maps[m].target[k];
    return at(g.to).octahedra_A[static_cast<std::size_t>(t.basis)] + cell_A(t.cell_vector()) -
           at(g.from).octahedra_A[k];
  }

  Slab slab;
  std::vector<Registry> known;
  std::vector<Glide> all;
  Net lattice;
};

}  // namespace

TEST_CASE("18 glides in MX3 of a / 3, 6 in MX2 of a / sqrt 3") {
  const GlideHost mx3(hosts[0]), mx2(hosts[1]);
  REQUIRE(mx3.all.size() == 18);
  REQUIRE(mx2.all.size() == 6);
  for (const Glide& g : mx3.all) REQUIRE_THAT(g.displacement_A.norm(), WithinAbs(6.012 / 3, 1e-6));
  for (const Glide& g : mx2.all)
    REQUIRE_THAT(g.displacement_A.norm(), WithinAbs(2.816 / std::sqrt(3.0), 1e-5));
}

TEST_CASE("every glide joins an O1 and an O3 registry, every pair of MX3 once each way") {
  const GlideHost host(hosts[0]);
  std::set<std::pair<int, int>> pairs;
  for (const Glide& g : host.all) {
    REQUIRE(host.at(g.from).stacking != host.at(g.to).stacking);
    pairs.emplace(g.from, g.to);
  }
  REQUIRE(pairs.size() == 18);
}

TEST_CASE("a glide ends in its registry, up to the cells it moves the upper slab by") {
  for (const char* file : hosts) {
    const GlideHost host(file);
    for (const Glide& g : host.all) {
      const Vector3d end = host.at(g.from).shift_A + g.displacement_A;
      REQUIRE((end - host.at(g.to).shift_A - host.cell_A(g.upper_cell)).norm() < 1e-6);
    }
  }
}

TEST_CASE("half-way a glide keeps away from anions on top of anions") {
  for (const char* file : hosts) {
    const GlideHost host(file);
    const Sheets s = sheets(host.slab);
    for (const Glide& g : host.all) {
      const Vector3d half = host.at(g.from).shift_A + g.displacement_A / 2;
      // anion over anion is a shift by hollow_A; half-way they bridge, half a net vector off
      REQUIRE_THAT(s.net.shortest_A(half - s.hollow_A).norm(),
                   WithinAbs(s.net.shortest_vector_A() / 2, 1e-6));
    }
  }
}

TEST_CASE("guests move as one rigid net, sqrt(3)/2 of the glide to either side of it") {
  for (const char* file : hosts) {
    const GlideHost host(file);
    for (const Glide& g : host.all) {
      REQUIRE(g.maps.size() == 2);
      for (std::size_t m = 0; m < 2; ++m)
        for (std::size_t k = 0; k < g.maps[m].target.size(); ++k) {
          const Vector3d move = host.move_A(g, m, k);
          REQUIRE((move - host.move_A(g, m, 0)).norm() < 1e-6);
          const Vector3d sideways = move - g.displacement_A / 2;  // seen from the mid frame
          REQUIRE_THAT(sideways.norm(), WithinAbs(std::sqrt(0.75) * g.displacement_A.norm(), 1e-6));
          REQUIRE_THAT(sideways.dot(g.displacement_A), WithinAbs(0.0, 1e-6));
        }
      const Vector3d sum = host.move_A(g, 0, 0) + host.move_A(g, 1, 0);
      REQUIRE((sum - g.displacement_A).norm() < 1e-6);
    }
  }
}

TEST_CASE("exactly two columns of octahedra are nearest, all others at least 1.5 times as far") {
  for (const char* file : hosts) {
    const GlideHost host(file);
    for (const Glide& g : host.all) {
      const Vector3d start = host.at(g.from).octahedra_A.front();
      int nearest = 0;
      for (const Vector3d& place : host.at(g.to).octahedra_A)
        for (int i = -3; i <= 3; ++i)
          for (int j = -3; j <= 3; ++j) {
            const Vector3d move = place + host.cell_A({i, j, 0}) - start - g.displacement_A / 2;
            const double relative = move.norm() / g.displacement_A.norm();
            if (relative < 0.867) ++nearest;
            REQUIRE((relative < 0.867 || relative > 1.499));
          }
      REQUIRE(nearest == 2);
    }
  }
}

TEST_CASE("glide 2k + 1 is the exact reverse of glide 2k, bit for bit") {
  for (const char* file : hosts) {
    const GlideHost host(file);
    for (std::size_t i = 0; i < host.all.size(); ++i) {
      const Glide &g = host.all[i], &back = host.all[i ^ 1U];
      REQUIRE((back.from == g.to && back.to == g.from));
      REQUIRE(back.displacement_A == -g.displacement_A);
      REQUIRE(back.upper_cell == -g.upper_cell);
      for (std::size_t m = 0; m < 2; ++m)
        for (std::size_t k = 0; k < g.maps[m].target.size(); ++k) {
          const crystal::SiteOffset there = g.maps[m].target[k];
          const crystal::SiteOffset home = translated(
              back.maps[m].target[static_cast<std::size_t>(there.basis)], there.cell_vector());
          REQUIRE(home == crystal::SiteOffset{static_cast<int>(k), {0, 0, 0}});
        }
    }
  }
}

TEST_CASE("a strained slab has the glides of the ideal one") {
  for (const char* file : hosts) {
    const GlideHost host(file);
    Slab strained = host.slab;
    const Vector3d stretch(1.03, 0.99, 1.0);
    for (SlabSite& site : strained.sites) site.position_A.array() *= stretch.array();
    strained.a1_A.array() *= stretch.array();
    strained.a2_A.array() *= stretch.array();
    const auto known = registries(strained);
    const auto all = glides(known, strained);
    REQUIRE(all.size() == host.all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      REQUIRE((all[i].from == host.all[i].from && all[i].to == host.all[i].to));
      REQUIRE(all[i].maps.size() == 2);
    }
  }
}

TEST_CASE("maps are one-to-one and stay in the gap") {
  for (const char* file : hosts)
    for (const Glide& g : GlideHost(file).all)
      for (const GapMap& map : g.maps) {
        std::set<int> met;
        for (const auto& t : map.target) {
          met.insert(t.basis);
          REQUIRE(t.cell[2] == 0);
        }
        REQUIRE(met.size() == map.target.size());
      }
}
