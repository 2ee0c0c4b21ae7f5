#include "kmc/basins.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <tuple>

#include "core/archive.hpp"
#include "core/error.hpp"
#include "kmc/checkpoint.hpp"
#include "kmc_fixtures.hpp"
#include "master_equation.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using fixtures::T_K;
using kmc::Flicker;
using kmc::KmcEngine;
using kmc::Method;

namespace {

constexpr double short_A = 1.6;

/// Rows of n sites each, short_A apart, in cells of a rectangular lattice. Hops within a row are
/// fast; those between rows are slower by exp(-gap / kT).
struct Rows {
  crystal::Structure prim;
  model::LatticeModel model;
  model::HopNetwork network;

  Rows(int n, const crystal::Vector3i& repeats, double gap_eV, double w_eV)
      : prim(rows(n)),
        model(model::compile(fixtures::pair_expansion(prim, w_eV, 4.05), {}, repeats)),
        network(model::find_hops(prim, {}, "Li", 4.05)) {
    model::set_barriers(network, 0.1 + gap_eV, 1e12);
    for (auto& c : network.classes) {
      if (c.distance_A < short_A + 0.01) c.e_kra_eV = 0.1;
      if (c.distance_A > short_A + 0.01 && c.distance_A < 3.1) c.prefactor_Hz = 0.0;
    }
  }
  static crystal::Structure rows(int n) {
    const double a_A = 3.2 + short_A * (n - 1);
    std::vector<crystal::Vector3d> sites;
    for (int k = 0; k < n; ++k) sites.emplace_back(k * short_A / a_A, 0.0, 0.0);
    return fixtures::toy("rows", crystal::Vector3d(a_A, 4.0, fixtures::vacuum_A).asDiagonal(),
                         sites, {"Li", "Va"});
  }
  bool slow(std::size_t hop) const {
    return network.classes[static_cast<std::size_t>(network.hops[hop].hop_class)].distance_A >
           short_A + 0.01;
  }
  std::unique_ptr<fixtures::Run> run(std::int64_t ions, std::uint64_t seed, Flicker flicker) const {
    return std::make_unique<fixtures::Run>(model, network, fixtures::random_ions(model, ions, seed),
                                           seed, crystal::Vector3d::Zero(), Method::rejection_free,
                                           flicker);
  }
};

/// Means of independent runs with their errors.
struct Means {
  Eigen::ArrayXd sum, squares;
  double n = 0.0;
  explicit Means(long size) : sum(Eigen::ArrayXd::Zero(size)), squares(sum) {}
  void add(const Eigen::ArrayXd& x) { sum += x, squares += x.square(), n += 1.0; }
  Eigen::ArrayXd value() const { return sum / n; }
  Eigen::ArrayXd error() const { return ((squares / n - value().square()) / (n - 1.0)).sqrt(); }
};

}  // namespace

TEST_CASE("a given time later states reached through basins have the master equation's chances") {
  constexpr int runs = 1000, bins = 20;
  const auto [sites, ions, w_eV, force] = GENERATE(table<int, int, double, double>(
      {{2, 1, 0.0, 0.0}, {2, 3, 0.04, 0.0}, {2, 3, 0.04, 0.02}, {3, 2, -0.03, 0.01}}));
  const Rows rows(sites, {2, 2, 1}, 0.5, w_eV);
  const model::HopTable table(rows.network, rows.model);
  const kmc::RateModel rates(rows.network, T_K, {force, 0.5 * force, 0.0});
  const fixtures::Master master(rows.model, table, rates, ions);
  const double t_s = 2.0 / (1e12 * std::exp(-0.6 / fixtures::kT_eV));
  const std::array<Eigen::MatrixXd, 2> after = {master.after(0.4 * t_s), master.after(0.6 * t_s)};
  KmcEngine engine(rows.model, table, rates, master.states[7 % master.states.size()],
                   Random(61, Purpose::kmc_event), Method::rejection_free);
  Random random(61, Purpose::test);
  std::array<int, bins> found{};
  for (int run = 0; run < runs; ++run) {
    const int part = run % 2;
    const int before = master.number.at(fixtures::key(engine.state().occupation));
    engine.advance_to((run / 2 + (part == 0 ? 0.4 : 1.0)) * t_s);
    const auto now =
        static_cast<std::size_t>(master.number.at(fixtures::key(engine.state().occupation)));
    const Eigen::VectorXd p = after[static_cast<std::size_t>(part)].col(before);
    ++found[static_cast<std::size_t>(
        bins * fixtures::rank({p.data(), p.data() + p.size()}, now, random.uniform()))];
  }
  double chi2 = 0.0;
  for (const int n : found) chi2 += std::pow(n - runs / bins, 2) / (runs / bins);
  INFO(sites << " sites, " << ions << " ions");
  CHECK(chi2 < 43.8);  // 19 degrees of freedom, 0.1 % level
  CHECK(engine.state().expected_hops > 5.0 * static_cast<double>(engine.state().hops));
}

TEST_CASE("hops and diffusion of interacting ions through basins are those hop by hop") {
  const Rows rows(2, {6, 6, 1}, 0.4, 0.03);
  constexpr int replicas = 24, samples = 10, ions = 4;
  const double span_s = 1.0 / (1e12 * std::exp(-0.5 / fixtures::kT_eV));
  // slow hops, sum of all hops' squares, mean squared displacement, mean and variance of energy
  std::array<Means, 2> seen{Means(6), Means(6)};
  std::array<std::int64_t, 2> performed{};
  for (int replica = 0; replica < replicas; ++replica)
    for (std::size_t k = 0; k < 2; ++k) {
      auto run = rows.run(ions, 100 + static_cast<std::uint64_t>(2 * replica) + k,
                          k == 0 ? Flicker::every_hop : Flicker::basins);
      KmcEngine& engine = run->engine;
      engine.advance_to(span_s);
      engine.reset_displacements();
      Eigen::ArrayXd x = Eigen::ArrayXd::Zero(6);
      for (int sample = 1; sample <= samples; ++sample) {
        engine.advance_to((1.0 + sample) * span_s);
        const double energy_eV = rows.model.energy_eV(engine.state().occupation);
        x[3] += energy_eV / samples;
        x[4] += energy_eV * energy_eV / samples;
      }
      const auto& s = engine.state();
      for (std::size_t h = 0; h < s.hop_counts.size(); ++h)
        if (rows.slow(h)) x[0] += static_cast<double>(s.hop_counts[h]) + s.expected_counts[h];
      x[1] = engine.sum_squared_hops_A2().trace();
      for (int ion = 0; ion < ions; ++ion) x[2] += engine.displacement_A(ion).squaredNorm();
      x[5] = static_cast<double>(engine.hops());
      seen[k].add(x);
      performed[k] += s.hops;
    }
  const Eigen::ArrayXd gap = (seen[0].value() - seen[1].value()).abs() /
                             (seen[0].error().square() + seen[1].error().square()).sqrt();
  for (long i = 0; i < gap.size(); ++i) {
    INFO(i << ": " << seen[0].value()[i] << " " << seen[1].value()[i]);
    CHECK(gap[i] < 3.5);
  }
  CHECK(performed[1] * 4 < performed[0]);
}

TEST_CASE("ions that know nothing of one another flicker in basins side by side") {
  const Rows rows(2, {20, 20, 1}, 0.5, 0.0);
  auto run = rows.run(40, 5, Flicker::basins);
  KmcEngine& engine = run->engine;
  engine.advance_to(4.0 / (1e12 * std::exp(-0.6 / fixtures::kT_eV)));
  std::int64_t slow = 0;
  for (std::size_t h = 0; h < rows.network.hops.size(); ++h)
    if (rows.slow(h)) slow += engine.state().hop_counts[h];
  CHECK(slow > 200);
  CHECK(engine.state().hops < 60 * slow);
  CHECK(engine.state().expected_hops > 3000.0 * static_cast<double>(slow));
}

TEST_CASE("growing a basin leaves the engine as it was") {
  const Rows rows(3, {4, 4, 1}, 0.4, 0.03);
  const model::HopTable table(rows.network, rows.model);
  const kmc::RateModel rates(rows.network, T_K);
  fixtures::Rates engine(rows.model, table, rates, fixtures::random_ions(rows.model, 2, 3),
                         Random(3, Purpose::kmc_event));
  kmc::BasinMarks marks{std::vector<std::int32_t>(static_cast<std::size_t>(table.n_events()), -1),
                        std::vector<std::uint16_t>(static_cast<std::size_t>(rows.model.n_sites()))};
  const kmc::State before = engine.state();
  std::vector<double> rates_Hz;
  model::EventIndex fastest = 0;
  for (model::EventIndex e = 0; e < table.n_events(); ++e) {
    rates_Hz.push_back(engine.rate_Hz(e));
    if (engine.rate_Hz(e) > engine.rate_Hz(fastest)) fastest = e;
  }
  const double next_s = engine.next_hop_s();
  const auto basin = kmc::grow_basin(engine, fastest, {}, 7, marks).basin;
  REQUIRE(basin);
  CHECK(basin->chain.size() >= 3);
  CHECK(basin->chain.size() <= kmc::BasinConfig{}.max_states);
  CHECK(engine.state().occupation == before.occupation);
  CHECK(engine.state().cells_moved == before.cells_moved);
  CHECK(engine.state().hop_counts == before.hop_counts);
  CHECK(engine.next_hop_s() == next_s);
  for (model::EventIndex e = 0; e < table.n_events(); ++e)
    REQUIRE(engine.rate_Hz(e) == rates_Hz[static_cast<std::size_t>(e)]);
  CHECK(std::count(marks.owner.begin(), marks.owner.end(), 7) == std::ssize(basin->events));
}

TEST_CASE("no basin is grown where it is not worth its cost") {
  const Rows rows(2, {6, 6, 1}, 0.02, 0.0);
  auto run = rows.run(20, 4, Flicker::basins);
  run->engine.perform_hops(20'000);
  CHECK(run->engine.state().expected_hops == 0.0);
  CHECK(run->engine.state().hops == 20'000);
}

TEST_CASE("a run through basins goes on from a checkpoint with the same bits") {
  const Rows rows(3, {6, 6, 1}, 0.4, 0.03);
  auto run = rows.run(3, 6, Flicker::basins);
  const double span_s = 1.0 / (1e12 * std::exp(-0.5 / fixtures::kT_eV));
  double now_s = 0.0;
  run->engine.perform_hops(50'000);
  for (int round = 0; round < 5; ++round) {
    now_s = run->engine.time_s() + 0.3 * span_s;
    run->engine.advance_to(now_s);
    Archive archive;
    save(archive, "", run->engine);
    KmcEngine other = kmc::load_engine(archive, "", run->model, run->table, run->rates);
    for (KmcEngine* engine : {&run->engine, &other}) {
      engine->advance_to(now_s + span_s);
      engine->perform_hops(10'000);
      engine->advance_to(engine->time_s() + span_s);
    }
    const kmc::State &a = run->engine.state(), &b = other.state();
    REQUIRE(a.occupation == b.occupation);
    REQUIRE(a.cells_moved == b.cells_moved);
    REQUIRE(a.hop_counts == b.hop_counts);
    REQUIRE(a.expected_counts == b.expected_counts);
    REQUIRE(a.expected_hops == b.expected_hops);
    REQUIRE(a.time_s == b.time_s);
    REQUIRE(run->engine.snapshot().random.saved() == other.snapshot().random.saved());
  }
  CHECK(run->engine.state().expected_hops > 1e4);
}

TEST_CASE("stored returns of another number of ions are refused") {
  const Rows rows(2, {4, 4, 1}, 0.3, 0.0);
  auto run = rows.run(8, 7, Flicker::basins);
  auto s = run->engine.snapshot();
  s.basin_memory.returns.pop_back();
  CHECK_THROWS_AS(KmcEngine(run->model, run->table, run->rates, s), InputError);
}

TEST_CASE("basins are tried where classes of hops differ widely, and kept where they pay") {
  for (const auto& [gap_eV, ions, method] :
       {std::tuple{0.6, 4, "rejection-free"}, std::tuple{0.26, 36, "thinning"}}) {
    const Rows rows(2, {8, 8, 1}, gap_eV, 0.02);
    fixtures::Run run(rows.model, rows.network, fixtures::random_ions(rows.model, ions, 8), 8,
                      crystal::Vector3d::Zero());
    CHECK(run.engine.method() == "rejection-free");
    CHECK(run.engine.snapshot().undecided);
    run.engine.advance_to(1e-15);
    KmcEngine other(run.model, run.table, run.rates, run.engine.snapshot());
    for (KmcEngine* engine : {&run.engine, &other})
      while (engine->snapshot().undecided) engine->perform_hops(1'000'000);
    CHECK(run.engine.method() == method);
    CHECK(run.engine.state().time_s == other.state().time_s);
    CHECK(run.engine.state().occupation == other.state().occupation);
  }
}
