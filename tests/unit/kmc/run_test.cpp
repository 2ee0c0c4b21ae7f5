#include "kmc/run.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "kmc_fixtures.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fixtures::nn_A;
using kmc::KmcConfig;

namespace {

std::unique_ptr<fixtures::Run> square_gas(std::int64_t n_ions, std::uint64_t seed) {
  const auto prim = fixtures::square();
  return fixtures::random_run(fixtures::lattice_gas(prim, {10, 10, 1}),
                              fixtures::nn_hops(prim, 0.2), n_ions, seed, kmc::Method::automatic);
}

}  // namespace

TEST_CASE("D_J and D_unc of a run without interactions are the exact ones") {
  auto k = square_gas(40, 41);
  observe::Transport transport(40, {8, 64});
  run_kmc(k->engine, {20.0, 0.0, 1.0, 4000}, transport);
  const auto result = transport.result({true, true, false});
  const double exact = nn_A * nn_A * k->rates.rate_at_rest_Hz(0) * 60.0 / 99.0;
  CHECK(result.d_jump.error < 0.1 * exact);
  CHECK_THAT(result.d_jump.value, WithinAbs(exact, 4.0 * result.d_jump.error));
  CHECK_THAT(result.d_uncorrelated.value, WithinAbs(exact, 4.0 * result.d_uncorrelated.error));
}

TEST_CASE("samples are spaced by the mean time of the hops asked for") {
  auto k = square_gas(40, 42);
  observe::Transport transport(40, observe::transport_config_for(1000));
  KmcConfig config;
  config.sampling_hops_per_ion = 2.5;
  config.equilibration_hops_per_ion = 200.0;
  config.samples = 1000;
  const auto run = run_kmc(k->engine, config, transport);
  CHECK(run.samples == 1000);
  CHECK_THAT(run.time_s, WithinRel(1000 * run.sampling_interval_s, 1e-9));
  // 8000 hops of equilibration set the interval: 2 % is above 1.5 sigma / sqrt(8000)
  CHECK_THAT(static_cast<double>(run.hops), WithinRel(1000 * 2.5 * 40, 0.05));
}

TEST_CASE("a sampling interval in seconds is kept") {
  auto k = square_gas(10, 43);
  observe::Transport transport(10, observe::transport_config_for(300));
  const double interval_s = 3.0 / (10 * 4 * k->rates.rate_at_rest_Hz(0));
  const auto run = run_kmc(k->engine, {1.0, interval_s, 1.0, 300}, transport);
  CHECK(run.sampling_interval_s == interval_s);
  CHECK_THAT(run.time_s, WithinRel(300 * interval_s, 1e-9));
}

TEST_CASE("equilibration is not part of the displacements") {
  auto k = square_gas(10, 44);
  observe::Transport transport(10, observe::transport_config_for(300));
  const auto run = run_kmc(k->engine, {100.0, 0.0, 1.0, 300}, transport);
  CHECK(k->engine.state().hops >= run.hops + 1000);
  CHECK_THAT(k->engine.sum_squared_hops_A2().trace(),
             WithinRel(static_cast<double>(run.hops) * nn_A * nn_A, 1e-12));
}

TEST_CASE("a run ends when its keeper says so") {
  auto k = square_gas(10, 45);
  observe::Transport transport(10, observe::transport_config_for(300));
  const auto run = run_kmc(k->engine, {1.0, 0.0, 1.0, 300}, transport,
                           [](const kmc::KmcRun& so_far) { return so_far.samples < 7; });
  CHECK(run.samples == 7);
  CHECK_THAT(run.time_s, WithinRel(7 * run.sampling_interval_s, 1e-9));
}

TEST_CASE("a run in which nothing can move is an error") {
  for (const std::int64_t n : {0, 100}) {
    auto k = square_gas(n, 46);
    observe::Transport transport(100, observe::transport_config_for(300));
    REQUIRE_THROWS_WITH(run_kmc(k->engine, {}, transport), Catch::Contains("no hop is possible"));
  }
}

TEST_CASE("run settings that make no sense are refused by name") {
  const auto refused = [](const KmcConfig& config, const std::string& key) {
    InputReport report;
    check(config, report);
    REQUIRE_THROWS_WITH(report.throw_if_any(), Catch::Contains(key));
  };
  refused({-1.0, 0.0, 1.0, 10}, "equilibration_hops_per_ion");
  refused({1.0, -1.0, 1.0, 10}, "sampling_interval_s");
  refused({1.0, 0.0, 0.0, 10}, "sampling_hops_per_ion");
  refused({1.0, 0.0, 1.0, 0}, "samples");
  InputReport fine;
  check(KmcConfig{}, fine);
  CHECK(fine.empty());
}
