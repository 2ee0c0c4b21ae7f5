/// Thinning and the choice of a method; what is sampled is tested with the master equation.
#include "kmc/thinning.hpp"

#include <catch2/catch.hpp>

#include "allocation_count.hpp"
#include "core/error.hpp"
#include "kmc_fixtures.hpp"

namespace lithiate::kmc {
namespace {

using Catch::Matchers::WithinRel;

/// Two hop classes, random pairs and triplets, a force; few or many ions.
struct Pair {
  explicit Pair(std::int64_t ions, std::uint64_t seed) {
    const auto prim = fixtures::hcp();
    auto network = fixtures::nn_hops(prim, 0.3, 1e12);
    network.classes[1].e_kra_eV += 0.1;
    const auto m = model::compile(
        fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {4.5, 3.01}, seed, 0.005),
        {}, {5, 5, 4});
    const crystal::Vector3d force(0.02, -0.01, 0.03);
    thinning = fixtures::random_run(m, network, ions, seed, Method::thinning, force);
    rejection_free = fixtures::random_run(m, network, ions, seed, Method::rejection_free, force);
  }
  std::unique_ptr<fixtures::Run> thinning, rejection_free;
};

TEST_CASE("chances of all trials add up to the rates of all hops") {
  for (const std::int64_t ions : {1, 20, 100, 180, 199}) {
    Pair pair(ions, static_cast<std::uint64_t>(ions));
    CHECK_THAT(pair.thinning->engine.total_rate_Hz(),
               WithinRel(pair.rejection_free->engine.total_rate_Hz(), 1e-9));
    pair.thinning->engine.perform_hops(500);
    fixtures::Run fresh(pair.thinning->model, pair.thinning->table.network(),
                        pair.thinning->engine.state().occupation, 1, {0.02, -0.01, 0.03},
                        Method::rejection_free);
    CHECK_THAT(pair.thinning->engine.total_rate_Hz(),
               WithinRel(fresh.engine.total_rate_Hz(), 1e-9));
  }
}

TEST_CASE("thinning keeps ions, sites and displacements in step") {
  for (const std::int64_t ions : {40, 160}) {
    Pair pair(ions, 5);
    auto& engine = pair.thinning->engine;
    engine.perform_hops(5000);
    const State& s = engine.state();
    CHECK(s.hops == 5000);
    const auto ion_at = ions_by_site(s);
    for (std::size_t i = 0; i < s.occupation.size(); ++i)
      REQUIRE((ion_at[i] >= 0) == (s.occupation[i] == 0));
    for (std::int64_t ion = 0; ion < engine.n_ions(); ++ion) {
      const auto& lattice = engine.model().host_lattice();
      const auto position = [&](SiteIndex site) {
        const auto c = engine.model().cell(site);
        return crystal::Vector3d(
            engine.model()
                .sublattices()[static_cast<std::size_t>(engine.model().sublattice(site))]
                .fractional +
            crystal::Vector3d(c[0], c[1], c[2]));
      };
      const auto i = static_cast<std::size_t>(ion);
      const crystal::Vector3d off = lattice.fractional(engine.displacement_A(ion)) -
                                    (position(s.site_of[i]) - position(s.origin[i]));
      for (long k = 0; k < 3; ++k) {
        const double periods = off[k] / engine.model().repeats()[k];
        REQUIRE(std::abs(periods - std::round(periods)) < 1e-9);
      }
    }
  }
}

TEST_CASE("trials and hops of either carrier allocate nothing") {
  for (const std::int64_t ions : {40, 160}) {
    Pair pair(ions, 6);
    pair.thinning->engine.perform_hops(1000);
    const std::int64_t before = fixtures::allocations();
    pair.thinning->engine.perform_hops(100'000);
    CHECK(fixtures::allocations() == before);
  }
}

TEST_CASE("a wide spread of rates makes the engine keep all rates, a narrow one does not") {
  const auto prim = fixtures::triangular();
  for (const double w_eV : {0.01, 0.6}) {
    auto run = fixtures::random_run(fixtures::lattice_gas(prim, {20, 20, 1}, w_eV),
                                    fixtures::nn_hops(prim, 0.3), 200, 7, Method::automatic);
    CHECK(run->engine.method() == "thinning");
    run->engine.perform_hops(20'000);
    CHECK(run->engine.method() == (w_eV > 0.1 ? "rejection-free" : "thinning"));
    CHECK(run->engine.state().hops == 20'000);
  }
}

TEST_CASE("a seed gives one trajectory, also across the change of method") {
  const auto prim = fixtures::triangular();
  std::vector<State> ends;
  for (int k = 0; k < 2; ++k) {
    auto run = fixtures::random_run(fixtures::lattice_gas(prim, {12, 12, 1}, 0.6),
                                    fixtures::nn_hops(prim, 0.3), 70, 8, Method::automatic);
    run->engine.perform_hops(20'000);
    ends.push_back(run->engine.state());
  }
  CHECK(ends[0].occupation == ends[1].occupation);
  CHECK(ends[0].cells_moved == ends[1].cells_moved);
  CHECK(ends[0].time_s == ends[1].time_s);
}

TEST_CASE("thinning is refused where a site holds three species") {
  const auto prim = fixtures::square({"Li", "Na", "Va"});
  const auto m = model::compile(
      fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {3.01}, 9), {}, {6, 6, 1});
  Random random(1, Purpose::test);
  CHECK_THROWS_AS(fixtures::Run(m, fixtures::nn_hops(prim), fixtures::random_species(m, random), 1,
                                crystal::Vector3d::Zero(), Method::thinning),
                  InputError);
}

TEST_CASE("no hop is possible on a full lattice, and none is performed") {
  const auto prim = fixtures::square();
  auto run = fixtures::random_run(fixtures::lattice_gas(prim, {5, 5, 1}),
                                  fixtures::nn_hops(prim, 0.2), 25, 1, Method::automatic);
  CHECK_FALSE(run->engine.can_hop());
  CHECK(run->engine.perform_hops(10) == 0);
  run->engine.advance_to(1.0);
  CHECK(run->engine.state().time_s == 1.0);
  CHECK(run->engine.state().hops == 0);
}

TEST_CASE("counters of hops and trials pass 2^31") {
  for (const auto method : {Method::thinning, Method::rejection_free}) {
    const auto prim = fixtures::square();
    auto run = fixtures::random_run(fixtures::lattice_gas(prim, {6, 6, 1}),
                                    fixtures::nn_hops(prim, 0.2), 18, 2, method);
    constexpr std::int64_t many = (std::int64_t{1} << 31) - 500;
    Snapshot late = run->engine.snapshot();
    late.state.hops = late.trials = late.hops_seen = late.trials_seen = many;
    late.state.hop_counts[0] = many;
    KmcEngine engine(run->model, run->table, run->rates, late);
    CHECK(engine.perform_hops(5000) == 5000);
    CHECK(engine.state().hops == many + 5000);
    CHECK(engine.state().hop_counts[0] > (std::int64_t{1} << 31));
    engine.advance_to(1.01 * engine.state().time_s);
    CHECK(engine.state().hops > many + 5000);
    if (method == Method::thinning) CHECK(engine.snapshot().trials > many + 5000);
  }
}

TEST_CASE("a run goes on from a snapshot with the same bits as without a break") {
  for (const double w_eV : {0.01, 0.6})  // the second changes to keeping all rates
    for (const std::int64_t ions : {60, 160})
      for (const int before : {0, 3, 3000}) {
        const auto prim = fixtures::triangular();
        auto run = fixtures::random_run(fixtures::lattice_gas(prim, {15, 15, 1}, w_eV),
                                        fixtures::nn_hops(prim, 0.3), ions, 9, Method::automatic);
        run->engine.perform_hops(before);
        const double t_s = run->engine.state().time_s;
        run->engine.advance_to(1.0001 * t_s);
        KmcEngine other(run->model, run->table, run->rates, run->engine.snapshot());
        for (KmcEngine* engine : {&run->engine, &other}) {
          engine->perform_hops(10'000);
          engine->advance_to(1.001 * engine->state().time_s);
        }
        const State &a = run->engine.state(), &b = other.state();
        REQUIRE(a.occupation == b.occupation);
        REQUIRE(a.site_of == b.site_of);
        REQUIRE(a.cells_moved == b.cells_moved);
        REQUIRE(a.time_s == b.time_s);
        REQUIRE(a.hops == b.hops);
        REQUIRE(run->engine.method() == other.method());
        REQUIRE(run->engine.snapshot().random.saved() == other.snapshot().random.saved());
      }
}

TEST_CASE("snapshots that do not fit the model are refused") {
  Pair pair(160, 10);
  const auto refused = [&](auto spoil) {
    Snapshot s = pair.thinning->engine.snapshot();
    spoil(s);
    CHECK_THROWS_AS(KmcEngine(pair.thinning->model, pair.thinning->table, pair.thinning->rates, s),
                    InputError);
  };
  refused([](Snapshot& s) { s.state.occupation.pop_back(); });
  refused([](Snapshot& s) { s.state.occupation[0] = 7; });
  refused([](Snapshot& s) { s.state.site_of[0] = s.state.site_of[1]; });
  refused([](Snapshot& s) { s.state.cells_moved.pop_back(); });
  refused([](Snapshot& s) { s.state.origin[0] = -1; });
  refused([](Snapshot& s) { s.state.hop_counts.push_back(0); });
  refused([](Snapshot& s) { s.vacancies.clear(); });
}

TEST_CASE("ions on sites without hops stay and keep their part in the energy") {
  const fixtures::HalfMobile half;
  for (const std::int64_t ions : {60, 240}) {
    auto run = fixtures::random_run(half.model, half.network, ions, 3, Method::thinning);
    const auto before = run->engine.state().occupation;
    REQUIRE(run->engine.perform_hops(3000) == 3000);
    const auto& after = run->engine.state().occupation;
    for (std::size_t site = 1; site < after.size(); site += 2) REQUIRE(after[site] == before[site]);
    fixtures::Run exact(run->model, half.network, after, 1, crystal::Vector3d::Zero(),
                        Method::rejection_free);
    CHECK_THAT(run->engine.total_rate_Hz(), WithinRel(exact.engine.total_rate_Hz(), 1e-9));
  }
}

}  // namespace
}  // namespace lithiate::kmc
