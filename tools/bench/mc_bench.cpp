/// Metropolis trial moves per second on the standard expansions: flips at mu = 0, swaps at half
/// filling.
#include <benchmark/benchmark.h>

#include <string>

#include "fixtures/standard_expansions.hpp"
#include "mc/metropolis.hpp"
#include "model/occupation.hpp"

namespace {

using namespace lithiate;

template <class Ensemble, class... Args>
void trials_per_second(benchmark::State& state, const model::LatticeModel& model,
                       const Args&... args) {
  Random random(1, Purpose::test);
  mc::Metropolis<Ensemble> metropolis(
      model, Ensemble(model, args...),
      model::random_occupation(model, "Li", model.n_sites() / 2, random),
      fixtures::standard_temperature_K, random);
  for (int k = 0; k < 3; ++k) metropolis.sweep();
  for (auto _ : state) metropolis.sweep();
  state.SetItemsProcessed(state.iterations() * model.n_sites());
  state.counters["acceptance"] = metropolis.acceptance();
}

void add(const std::string& id, expansion::ClusterExpansion (*expansion)(),
         const crystal::Vector3i& repeats, bool swaps) {
  benchmark::RegisterBenchmark(id.c_str(), [=](benchmark::State& state) {
    const model::LatticeModel model = model::compile(expansion(), {}, repeats);
    if (swaps)
      trials_per_second<mc::Canonical>(state, model);
    else
      trials_per_second<mc::SemiGrand>(state, model, std::map<std::string, double>{});
  });
}

const bool registered = [] {
  add("mc_tri342_1e3", fixtures::tri342, {32, 32, 1}, false);
  add("mc_tri342_1e6", fixtures::tri342, {1000, 1000, 1}, false);
  add("mc_fcc839_1e3", fixtures::fcc839, {10, 10, 10}, false);
  add("mc_fcc839_1e6", fixtures::fcc839, {100, 100, 100}, false);
  add("mc_tri342_swap_1e3", fixtures::tri342, {32, 32, 1}, true);
  add("mc_fcc839_swap_1e3", fixtures::fcc839, {10, 10, 10}, true);
  return true;
}();

}  // namespace
