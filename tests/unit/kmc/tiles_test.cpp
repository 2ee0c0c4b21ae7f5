/// Tiled kMC in one process; ranks are compared in tests/parallel.
#include "kmc/tiles.hpp"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "allocation_count.hpp"
#include "core/error.hpp"
#include "fixtures/local_barriers.hpp"
#include "observe/estimate.hpp"
#include "observe/transport.hpp"
#include "tiled.hpp"

namespace lithiate::kmc {
namespace {

using crystal::Vector3i;
using fixtures::Tiled;

model::LatticeModel gas(const crystal::Structure& prim, const Vector3i& repeats,
                        double w_eV = 0.03) {
  return fixtures::lattice_gas(prim, repeats, w_eV);
}

/// Sector of a bond's cell along one axis.
int sector(const std::vector<int>& bounds, int cell) {
  return static_cast<int>(std::upper_bound(bounds.begin(), bounds.end(), cell) - bounds.begin()) -
         1;
}

TEST_CASE("sectors of one colour never read what another of them changes") {
  const auto prim =
      GENERATE(fixtures::triangular(), fixtures::honeycomb(), fixtures::fcc(), fixtures::hcp());
  const bool flat = prim.name == "triangular" || prim.name == "honeycomb";
  const Vector3i repeats = flat ? Vector3i{23, 30, 1} : Vector3i{14, 15, 16};
  const auto m = model::compile(
      fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {4.5, 3.01}, 1), {}, repeats);
  auto network = fixtures::nn_hops(prim, 0.2);
  const bool local = GENERATE(false, true);
  if (local) fixtures::add_random_barriers(network, prim, {}, {6.2}, 1);
  const model::HopTable hops(network, m);
  const TileGrid grid(m, hops);
  REQUIRE(grid.n_colours() == (flat ? 2 : 4));
  std::map<std::pair<int, int>, std::set<model::SiteIndex>> changed, read;  // by (u, v) sector
  for (model::EventIndex e = 0; e < hops.n_events(); ++e) {
    const auto from = hops.site(e);
    const int b = hops.sublattice(from), k = hops.slot(e);
    if (k >= hops.n_slots(b)) continue;
    const auto to = hops.target(from, k);
    const auto number = static_cast<std::size_t>(hops.hop_numbers(b)[k]);
    const auto& hop = hops.network().hops[number];
    const auto owner = m.cell(grid.first_end(hop) ? from : to);
    const std::pair place{sector(grid.bounds_u(), owner[grid.axis_u()]),
                          sector(grid.bounds_v(), owner[grid.axis_v()])};
    for (const auto& term : local ? hops.network().local[number] : std::vector<model::LocalTerm>{})
      for (const auto& site : term.cluster)
        read[place].insert(m.index(site.place.basis, m.cell(from) + site.place.cell_vector()));
    for (const auto site : {from, to}) {
      changed[place].insert(site);
      read[place].insert(site);
      std::vector<model::SiteIndex> around(
          m.sublattices()[static_cast<std::size_t>(m.sublattice(site))].neighbors.size());
      m.list_neighbors(site, around.data());
      read[place].insert(around.begin(), around.end());
    }
  }
  const auto colour = [&](const std::pair<int, int>& p) {
    return std::pair{p.first % grid.n_colours_u(), p.second % 2};
  };
  for (const auto& [one, sites] : changed)
    for (const auto& [other, seen] : read) {
      if (one == other || colour(one) != colour(other)) continue;
      for (const auto site : sites) REQUIRE(seen.count(site) == 0);
    }
}

TEST_CASE("every hop belongs to one sector, its reverse to the same") {
  const auto prim = fixtures::hcp();
  const auto m = gas(prim, {12, 10, 14});
  const model::HopTable hops(fixtures::nn_hops(prim, 0.2), m);
  const TileGrid grid(m, hops);
  for (const auto& hop : hops.network().hops) {
    const auto& reverse = hops.network().hops[static_cast<std::size_t>(hop.reverse)];
    CHECK(grid.first_end(hop) != grid.first_end(reverse));
  }
}

TEST_CASE("tiles sum up to the rate of all hops") {
  const auto prim = fixtures::hcp();
  const auto m = model::compile(
      fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {4.5, 3.01}, 2, 0.005), {},
      {12, 12, 13});
  auto network = fixtures::nn_hops(prim, 0.3, 1e12);
  network.classes[1].e_kra_eV += 0.1;
  if (GENERATE(false, true))
    fixtures::add_random_barriers(network, prim, {}, {5.3, 4.2}, 2, 0.005, 0.1);
  Tiled tiled(m, network, 1000, {.window_s = 1e-10});
  tiled.engine.run_windows(20);
  tiled.engine.collect();
  KmcEngine exact(tiled.model, tiled.table, tiled.rates, tiled.engine.state().occupation,
                  Random(1, Purpose::kmc_event), Method::rejection_free);
  CHECK(tiled.engine.total_rate_Hz() == Approx(exact.total_rate_Hz()).epsilon(1e-7));
}

TEST_CASE("tiles keep ions, sites, displacements and counts in step") {
  const auto prim = fixtures::fcc();
  Tiled tiled(gas(prim, {14, 15, 16}), fixtures::nn_hops(prim, 0.2), 1500, {.window_s = 3e-11});
  tiled.engine.perform_hops(20'000);
  tiled.engine.collect();
  const State& s = tiled.engine.state();
  check(s, tiled.model, tiled.table);
  std::int64_t hops = 0;
  Vector3d walked = Vector3d::Zero(), sum = Vector3d::Zero();
  for (std::size_t h = 0; h < s.hop_counts.size(); ++h) {
    hops += s.hop_counts[h];
    walked += static_cast<double>(s.hop_counts[h]) * tiled.table.network().hops[h].vector_A;
  }
  for (std::int64_t ion = 0; ion < tiled.engine.n_ions(); ++ion)
    sum += displacement_A(s, tiled.model, ion);
  CHECK(hops == s.hops);
  CHECK((walked - sum).norm() < 1e-6);
}

TEST_CASE("recorded displacements are those of the collected state, of all ions and of every nth") {
  const auto prim = GENERATE(fixtures::honeycomb(), fixtures::hcp());
  const Vector3i repeats = prim.name == "honeycomb" ? Vector3i{16, 18, 1} : Vector3i{8, 9, 10};
  const auto m = gas(prim, repeats);
  Tiled t(m, fixtures::nn_hops(prim, 0.2), m.n_sites() / 3, {2e-13});
  t.engine.run_windows(30);
  t.engine.reset_displacements();
  t.engine.run_windows(50);
  t.engine.collect();
  std::vector<Vector3d> all(static_cast<std::size_t>(t.engine.n_ions()));
  displacements_A(t.engine.state(), m, all);
  Vector3d sum = Vector3d::Zero();
  for (const Vector3d& r : all) sum += r;
  REQUIRE(sum.norm() > 1.0);
  for (const std::int64_t n : {t.engine.n_ions(), t.engine.n_ions() / 2, std::int64_t{7}}) {
    const auto moved = t.engine.moved(n);
    REQUIRE(moved);
    CHECK((moved->sum_A - sum).norm() < 1e-9);
    REQUIRE(std::ssize(moved->tracers_A) == n);
    for (std::int64_t k = 0; k < n; ++k)
      CHECK(moved->tracers_A[static_cast<std::size_t>(k)] ==
            all[static_cast<std::size_t>(observe::ion_of_tracer(k, t.engine.n_ions(), n))]);
  }
}

TEST_CASE("in tiles too ions on sites without hops stay and keep their part in the energy") {
  const fixtures::HalfMobile half;
  Tiled tiled(half.model, half.network, 120, {.window_s = 3e-11});
  const auto before = tiled.engine.state().occupation;
  tiled.engine.perform_hops(3000);
  tiled.engine.collect();
  const auto& after = tiled.engine.state().occupation;
  for (std::size_t site = 1; site < after.size(); site += 2) REQUIRE(after[site] == before[site]);
  KmcEngine exact(tiled.model, tiled.table, tiled.rates, after, Random(1, Purpose::kmc_event),
                  Method::rejection_free);
  CHECK(tiled.engine.total_rate_Hz() == Approx(exact.total_rate_Hz()).epsilon(1e-7));
}

TEST_CASE("the trajectory does not depend on the number of threads") {
  const auto prim = fixtures::fcc();
  std::set<std::uint64_t> hashes;
  const int before = omp_get_max_threads();
  for (const int threads : {1, 2, 3}) {
    omp_set_num_threads(threads);
    Tiled tiled(gas(prim, {14, 15, 16}), fixtures::nn_hops(prim, 0.2), 1500, {.window_s = 3e-11});
    tiled.engine.run_windows(50);
    tiled.engine.collect();
    hashes.insert(hash(tiled.engine.state()));
  }
  omp_set_num_threads(before);
  CHECK(hashes.size() == 1);
}

TEST_CASE("a run goes on from its own state with the same bits") {
  const auto prim = fixtures::triangular();
  const Tiles::Config config{.window_s = 3e-11, .seed = 4};
  Tiled whole(gas(prim, {24, 30, 1}), fixtures::nn_hops(prim, 0.2), 300, config);
  whole.engine.run_windows(40);
  whole.engine.collect();
  Tiles other(fixtures::session(), whole.model, whole.table, whole.rates, whole.engine.state(),
              config);
  for (Tiles* engine : {&whole.engine, &other}) {
    engine->run_windows(40);
    engine->collect();
  }
  CHECK(whole.engine.state().hops == other.state().hops);
  CHECK(hash(whole.engine.state()) == hash(other.state()));
}

TEST_CASE("windows allocate nothing") {
  const auto prim = fixtures::triangular();
  omp_set_num_threads(1);
  Tiled tiled(gas(prim, {24, 30, 1}), fixtures::nn_hops(prim, 0.2), 300, {.window_s = 3e-11});
  tiled.engine.perform_hops(1000);
  const std::int64_t before = fixtures::allocations();
  tiled.engine.perform_hops(100'000);
  CHECK(fixtures::allocations() == before);
}

TEST_CASE("equilibrium is that of the canonical ensemble at any window") {
  // 4 x 4 sites in two sectors; mean energy against the sum over all states.
  const auto prim = fixtures::triangular();
  const auto m = gas(prim, {4, 4, 1}, 0.05);
  std::vector<double> energies;
  std::vector<model::Species> occ(16);
  double z = 0.0, mean_eV = 0.0;
  for (unsigned bits = 0; bits < 1u << 16; ++bits) {
    if (std::popcount(bits) != 8) continue;
    for (std::size_t i = 0; i < 16; ++i) occ[i] = (bits >> i & 1u) != 0 ? 0 : 1;
    const double e = m.energy_eV(occ), w = std::exp(-e / fixtures::kT_eV);
    z += w;
    mean_eV += w * e;
  }
  mean_eV /= z;
  for (const double window_s : {3e-12, 1e-10, 1e-9}) {
    Tiled tiled(m, fixtures::nn_hops(prim, 0.2), 8, {.window_s = window_s});
    REQUIRE(tiled.engine.grid().n_colours() == 2);
    std::vector<double> series;
    const std::int64_t stride = window_s < 1e-11 ? 30 : 1;
    for (int k = 0; k < 4000; ++k) {
      tiled.engine.run_windows(stride);
      tiled.engine.collect();
      series.push_back(m.energy_eV(tiled.engine.state().occupation));
    }
    const auto estimate = observe::mean_with_error(series);
    INFO("window " << window_s << ": " << estimate.value << " +- " << estimate.error << ", exact "
                   << mean_eV);
    CHECK(std::abs(estimate.value - mean_eV) < 3.5 * estimate.error);
    CHECK(estimate.error < 0.02 * std::abs(mean_eV));
  }
}

TEST_CASE("more processes than tiles, windows of zero and sites of three species are refused") {
  const auto prim = fixtures::triangular();
  CHECK_THROWS_AS(
      Tiled(gas(prim, {12, 12, 1}), fixtures::nn_hops(prim, 0.2), 30, {.window_s = 0.0}),
      InputError);
  const auto square = fixtures::square({"Li", "Na", "Va"});
  const auto m = model::compile(
      fixtures::random_expansion(square, cluster::BasisKind::chebyshev, {3.01}, 9), {}, {8, 8, 1});
  CHECK_THROWS_AS(Tiled(m, fixtures::nn_hops(square, 0.2), 30, {.window_s = 1e-10}), InputError);
}

}  // namespace
}  // namespace lithiate::kmc
