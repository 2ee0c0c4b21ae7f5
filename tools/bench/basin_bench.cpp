/// What basins gain where ions flicker: simulated time per second of computing, over that of
/// performing every hop, in one run.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <string>

#include "core/units.hpp"
#include "fixtures/toy_models.hpp"
#include "kmc/engine.hpp"
#include "model/occupation.hpp"

namespace {

using namespace lithiate;

constexpr double T_K = 400.0, fast_eV = 0.1, short_A = 1.6;

/// Pairs of sites 1.6 A apart on a rectangular lattice of 7200 sites, 0.02 eV per pair of ions
/// within 4 A; hops between pairs cost gap_eV more than those within one.
struct Pairs {
  Pairs(double gap_eV, double filling)
      : model(model::compile(fixtures::pair_expansion(prim, 0.02, 4.05), {}, {60, 60, 1})),
        network(model::find_hops(prim, {}, "Li", 4.05)),
        occupation([&] {
          Random random(1, Purpose::test);
          const auto n = std::llround(filling * static_cast<double>(model.n_sites()));
          return model::random_occupation(model, "Li", n, random);
        }()),
        slow_s(1e-13 * std::exp((fast_eV + gap_eV) / (k_B * T_K))) {
    model::set_barriers(network, fast_eV + gap_eV, 1e13);
    network.classes[0].e_kra_eV = fast_eV;
  }
  crystal::Structure prim =
      fixtures::toy("pairs", crystal::Vector3d(3.2 + short_A, 4.0, fixtures::vacuum_A).asDiagonal(),
                    {{0, 0, 0}, {short_A / (3.2 + short_A), 0, 0}}, {"Li", "Va"});
  model::LatticeModel model;
  model::HopNetwork network;
  std::vector<model::Species> occupation;
  double slow_s;  ///< mean time of a slow hop
};

/// Mean times of a slow hop simulated per second.
double pace(const Pairs& pairs, kmc::Flicker flicker) {
  const model::HopTable hops(pairs.network, pairs.model);
  kmc::KmcEngine engine(pairs.model, hops, kmc::RateModel(pairs.network, T_K), pairs.occupation,
                        Random(1, Purpose::kmc_event), kmc::Method::rejection_free, flicker);
  engine.perform_hops(100'000);
  const double start_s = engine.time_s();
  const auto start = std::chrono::steady_clock::now();
  double wall_s = 0.0;
  while (wall_s < 0.5) {
    engine.advance_to(engine.time_s() +
                      (flicker == kmc::Flicker::basins ? 1.0 : 1e-3) * pairs.slow_s);
    wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return (engine.time_s() - start_s) / pairs.slow_s / wall_s;
}

void gain(benchmark::State& state, double gap_eV, double filling) {
  const Pairs pairs(gap_eV, filling);
  for (auto _ : state) {
    const double every_hop = pace(pairs, kmc::Flicker::every_hop);
    const double basins = pace(pairs, kmc::Flicker::basins);
    state.counters["every_hop"] = every_hop;
    state.counters["basins"] = basins;
    state.counters["value"] = basins / every_hop;
  }
}

const bool registered = [] {
  for (const double filling : {0.01, 0.05})
    for (const double gap_eV : {0.2, 0.3, 0.4})
      benchmark::RegisterBenchmark(("basins_gain_" + std::to_string(std::lround(1e3 * gap_eV)) +
                                    "meV_" + std::to_string(std::lround(100.0 * filling)) + "pct")
                                       .c_str(),
                                   gain, gap_eV, filling)
          ->Iterations(1);
  return true;
}();

}  // namespace
