#include "model/local_orbits.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "core/error.hpp"
#include "crystal/space_group.hpp"
#include "fixtures/layered_hosts.hpp"
#include "fixtures/local_barriers.hpp"
#include "model/host_cell.hpp"

using namespace lithiate;
using namespace lithiate::model;
using crystal::SiteOffset;
using crystal::Vector3i;

namespace {

/// Clusters per bond in every orbit, in order.
std::vector<std::size_t> counts(const crystal::Structure& prim, const LocalCutoffs& cutoffs_A,
                                double reach_A = fixtures::nn_cutoff_A) {
  const HopNetwork network = find_hops(prim, {}, "Li", reach_A);
  std::vector<std::size_t> n;
  for (const LocalOrbit& orbit : find_local_orbits(prim, {}, network, 0, cutoffs_A)) {
    n.push_back(orbit.images[0].size());
    for (const auto& images : orbit.images) REQUIRE(images.size() == n.back());
  }
  return n;
}

using Counts = std::vector<std::size_t>;
constexpr double a = fixtures::nn_A;

/// Coefficients of the clusters around a hop that starts in a cell, ends named apart.
std::map<LocalCluster, double> coefficients(const std::vector<LocalTerm>& terms) {
  std::map<LocalCluster, double> sum;
  for (const LocalTerm& term : terms) sum[term.cluster] += term.e_kra_eV;
  return sum;
}

/// Sites of the host cell's structure as places of the model, and back.
struct Places {
  HostCell host;
  SiteOffset site(const SiteOffset& place) const {
    const auto b = static_cast<std::size_t>(
        std::find(host.sublattice.begin(), host.sublattice.end(), place.basis) -
        host.sublattice.begin());
    return translated(SiteOffset{static_cast<int>(b), place.cell}, host.wrap[b]);
  }
  SiteOffset place(const SiteOffset& site) const {
    const auto b = static_cast<std::size_t>(site.basis);
    return translated(SiteOffset{host.sublattice[b], site.cell}, -host.wrap[b]);
  }
};

/// True if every operation of the host's group carries the terms of each hop onto those of the hop
/// that it carries it to: then the value is invariant for every occupation.
void check_invariant(const crystal::Structure& prim, const Host& host, const HopNetwork& network) {
  const Places places{make_host_cell(prim, host)};
  const auto group = crystal::find_space_group(places.host.structure);
  for (std::size_t op = 0; op < group.operations().size(); ++op) {
    const auto moved = [&](const SiteOffset& p) {
      return places.place(group.image(op, places.site(p)));
    };
    for (std::size_t h = 0; h < network.hops.size(); ++h) {
      const Hop& hop = network.hops[h];
      const SiteOffset from = moved({hop.from, {0, 0, 0}});
      const SiteOffset to = moved(translated(SiteOffset{hop.to, {0, 0, 0}}, hop.shift));
      const auto onto = std::find_if(network.hops.begin(), network.hops.end(), [&](const Hop& k) {
        return k.from == from.basis && k.to == to.basis &&
               k.shift == to.cell_vector() - from.cell_vector();
      });
      REQUIRE(onto != network.hops.end());
      std::map<LocalCluster, double> carried;
      for (const LocalTerm& term : network.local[h]) {
        LocalCluster cluster = term.cluster;
        for (LocalSite& site : cluster)
          site.place = translated(moved(site.place), -from.cell_vector());
        std::sort(cluster.begin(), cluster.end());
        carried[cluster] += term.e_kra_eV;
      }
      const auto k = static_cast<std::size_t>(onto - network.hops.begin());
      REQUIRE(carried == coefficients(network.local[k]));
    }
  }
}

}  // namespace

TEST_CASE("local orbits of the square lattice are as many as by hand") {
  // sites at 1.118 (4), 1.5 (2), 1.803 (4) bond lengths from the midpoint; the bond keeps 2mm
  CHECK(counts(fixtures::square(), {1.2 * a}) == Counts{4});
  CHECK(counts(fixtures::square(), {1.9 * a}) == Counts{4, 2, 4});
  CHECK(counts(fixtures::square(), {0.0, 1.2 * a}) == Counts{2, 2, 2});
  CHECK(counts(fixtures::square(), {0.0, 1.6 * a}) == Counts{2, 2, 2, 4, 4, 1});
  CHECK(counts(fixtures::square(), {1.2 * a, 1.2 * a, 1.2 * a}) == Counts{4, 2, 2, 2, 4});
  CHECK(counts(fixtures::square(), {}) == Counts{});
}

TEST_CASE("local orbits of fcc: four common neighbours, six pairs of them in three orbits") {
  CHECK(counts(fixtures::fcc(), {2.61, 2.61, 2.61}) == Counts{4, 2, 2, 2, 4});
  CHECK(counts(fixtures::fcc(), {3.36}) == Counts{4, 4});
}

TEST_CASE("a bond whose ends differ has no exchange: left and right are orbits of their own") {
  auto prim = fixtures::toy(
      "lopsided chain", crystal::Vector3d(6.0, fixtures::vacuum_A, fixtures::vacuum_A).asDiagonal(),
      {{0, 0, 0}, {0.4, 0, 0}}, {"Li", "Va"});
  CHECK(counts(prim, {7.3}, 2.5) == Counts{2, 2});  // x = -3.6 and 6, -6 and 8.4
  prim.sites.push_back({{0.1, 0, 0}, {"O"}});
  CHECK(counts(prim, {7.3}, 2.5) == Counts{1, 1, 1, 1});
}

TEST_CASE("every species but the vacancy is told apart, alone and in clusters") {
  // points: Na, Li; pairs of 4 sites in 3 orbits: NaNa, LiLi, and NaLi (2 each way, symmetric)
  CHECK(counts(fixtures::square({"Na", "Li", "Va"}), {1.2 * a}) == Counts{4, 4});
  CHECK(counts(fixtures::square({"Na", "Li", "Va"}), {0.0, 1.2 * a}).size() == 9);
}

TEST_CASE("a local expansion is invariant under every operation of the host") {
  for (const auto& prim : {fixtures::square(), fixtures::triangular(), fixtures::honeycomb(),
                           fixtures::fcc(), fixtures::hcp(), fixtures::hcp({"Na", "Li", "Va"})}) {
    INFO(prim.name);
    auto network = fixtures::nn_hops(prim, 0.3);
    fixtures::add_random_barriers(network, prim, {}, {4.6, 3.4}, 1);
    check_invariant(prim, {}, network);
  }
}

TEST_CASE("a local expansion on a frozen host is invariant under every operation of the host") {
  for (const int slip : {0, 1}) {
    const auto prim = fixtures::o1_parent();
    const auto host = fixtures::honeycomb_host(slip);
    auto network = find_hops(prim, host, "Li", 3.6);
    set_barriers(network, 0.3, 1e13);
    fixtures::add_random_barriers(network, prim, host, {6.5, 4.2}, 2);
    check_invariant(prim, host, network);
  }
}

TEST_CASE("a hop and its reverse have the same local terms, and none reads an end") {
  const auto prim = fixtures::hcp();
  auto network = fixtures::nn_hops(prim, 0.3);
  fixtures::add_random_barriers(network, prim, {}, {5.5, 4.2, 3.1}, 3);
  InputReport report;
  check(network, report);
  CHECK(report.empty());
  for (std::size_t h = 0; h < network.hops.size(); ++h) {
    const Hop& hop = network.hops[h];
    std::map<LocalCluster, double> back;
    for (LocalTerm term : network.local[static_cast<std::size_t>(hop.reverse)]) {
      for (LocalSite& site : term.cluster) site.place = translated(site.place, hop.shift);
      std::sort(term.cluster.begin(), term.cluster.end());
      back[term.cluster] += term.e_kra_eV;
    }
    REQUIRE(back == coefficients(network.local[h]));
  }
}

TEST_CASE("local terms that are not those of the reverse hop are refused") {
  const auto prim = fixtures::square();
  const auto spoiled = [&](auto spoil) {
    auto network = fixtures::nn_hops(prim, 0.3);
    fixtures::add_random_barriers(network, prim, {}, {4.0}, 4);
    spoil(network.local[0].at(0));
    InputReport report;
    check(network, report);
    return !report.empty();
  };
  CHECK_FALSE(spoiled([](LocalTerm&) {}));
  CHECK(spoiled([](LocalTerm& t) { t.e_kra_eV += 0.1; }));
  CHECK(spoiled([](LocalTerm& t) { t.ln_prefactor = 0.1; }));
  CHECK(spoiled([](LocalTerm& t) { t.e_kra_eV = std::nan(""); }));
  CHECK(spoiled([](LocalTerm& t) { t.cluster[0].place = {0, {0, 0, 0}}; }));
  CHECK(spoiled([](LocalTerm& t) { t.cluster[0].species = "Va"; }));
  CHECK(spoiled([](LocalTerm& t) { t.cluster.push_back(t.cluster[0]); }));
  CHECK(spoiled([](LocalTerm& t) { t.cluster.clear(); }));
}

TEST_CASE("orbits are the same for a host cell that is a supercell of the prim") {
  const auto prim = fixtures::triangular();
  Host host;
  host.transformation << 2, 1, 0, 0, 1, 0, 0, 0, 1;
  const auto small = find_hops(prim, {}, "Li", fixtures::nn_cutoff_A),
             large = find_hops(prim, host, "Li", fixtures::nn_cutoff_A);
  const LocalCutoffs cutoffs_A{5.5, 4.0};
  const auto a_small = find_local_orbits(prim, {}, small, 0, cutoffs_A),
             a_large = find_local_orbits(prim, host, large, 0, cutoffs_A);
  REQUIRE(a_small.size() == a_large.size());
  for (std::size_t o = 0; o < a_small.size(); ++o)
    CHECK(a_small[o].description == a_large[o].description);
}

TEST_CASE("cut-offs that are negative or too many are refused") {
  const auto prim = fixtures::square();
  const auto network = fixtures::nn_hops(prim);
  CHECK_THROWS_AS(find_local_orbits(prim, {}, network, 0, {-1.0}), InputError);
  CHECK_THROWS_AS(find_local_orbits(prim, {}, network, 0, {3.0, 3.0, 3.0, 3.0}), InputError);
}
