/// kMC hops per second, set-up time and memory on the standard Hamiltonians.
#include <benchmark/benchmark.h>

#include <chrono>
#include <fstream>
#include <string>

#include "fixtures/standard_expansions.hpp"
#include "kmc/engine.hpp"
#include "model/occupation.hpp"

namespace {

using namespace lithiate;

/// Resident memory of this process, bytes.
double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0.0;
  file >> pages >> pages;
  return 4096.0 * pages;
}

struct System {
  System(const expansion::ClusterExpansion& e, const crystal::Vector3i& repeats, double reach_A,
         double barrier_eV)
      : model(model::compile(e, {}, repeats)),
        network(model::find_hops(e.basis.prim, {}, "Li", reach_A)) {
    model::set_barriers(network, barrier_eV, 1e13);
  }

  model::LatticeModel model;
  model::HopNetwork network;
};

void hops_per_second(benchmark::State& state, const System& system, kmc::Method method) {
  const model::HopTable hops(system.network, system.model);
  const kmc::RateModel rates(system.network, fixtures::standard_temperature_K);
  Random random(1, Purpose::test);
  kmc::KmcEngine engine(
      system.model, hops, rates,
      model::random_occupation(system.model, "Li", system.model.n_sites() / 2, random), random,
      method);
  engine.perform_hops(std::min<std::int64_t>(system.model.n_sites() / 4, 200'000));
  const std::int64_t chunk = method == kmc::Method::rejection_free ? 3'000 : 50'000;
  std::int64_t hops_done = 0;
  for (auto _ : state) hops_done += engine.perform_hops(chunk);
  state.SetItemsProcessed(hops_done);
  state.SetLabel(std::string(engine.method()));
}

System gas(int edge) {
  return {fixtures::repulsive_gas(), {edge, edge, 1}, fixtures::nn_cutoff_A, 0.0};
}
System tri342(int edge) {
  return {fixtures::tri342(), {edge, edge, 1}, 2.9, fixtures::standard_barrier_eV};
}
System fcc839(int edge) {
  return {fixtures::fcc839(), {edge, edge, edge}, 2.9, fixtures::standard_barrier_eV};
}

using Make = System (*)(int edge);

void add(const std::string& id, Make make, int edge, kmc::Method method) {
  benchmark::RegisterBenchmark(id.c_str(), [=](benchmark::State& state) {
    const System system = make(edge);
    hops_per_second(state, system, method);
  });
}

/// Memory that a system and its engine add, per site.
void bytes_per_site(benchmark::State& state, Make make, int edge) {
  for (auto _ : state) {
    const double before = resident_bytes();
    const System system = make(edge);
    const model::HopTable hops(system.network, system.model);
    Random random(1, Purpose::test);
    kmc::KmcEngine engine(
        system.model, hops, kmc::RateModel(system.network, fixtures::standard_temperature_K),
        model::random_occupation(system.model, "Li", system.model.n_sites() / 2, random), random);
    engine.perform_hops(1000);
    state.counters["value"] = (resident_bytes() - before) / system.model.n_sites();
  }
}

/// From the expansion of fcc-839 to the first hop on 1e6 sites, seconds.
void setup_per_Msite(benchmark::State& state) {
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    const System system = fcc839(100);
    const model::HopTable hops(system.network, system.model);
    Random random(1, Purpose::test);
    kmc::KmcEngine engine(
        system.model, hops, kmc::RateModel(system.network, fixtures::standard_temperature_K),
        model::random_occupation(system.model, "Li", system.model.n_sites() / 2, random), random);
    engine.perform_hops(1);
    state.counters["value"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
}

const bool registered = [] {
  using enum kmc::Method;
  benchmark::RegisterBenchmark("kmc_gas_bytes", bytes_per_site, gas, 4000)->Iterations(1);
  benchmark::RegisterBenchmark("kmc_fcc839_bytes", bytes_per_site, fcc839, 160)->Iterations(1);
  add("kmc_gas_1e4", gas, 100, automatic);
  add("kmc_gas_1e6", gas, 1000, automatic);
  add("kmc_gas_1.6e7", gas, 4000, automatic);
  add("kmc_tri342_1e4", tri342, 100, automatic);
  add("kmc_tri342_1e6", tri342, 1000, automatic);
  add("kmc_fcc839_1e4", fcc839, 22, automatic);
  add("kmc_fcc839_1e6", fcc839, 100, automatic);
  add("kmc_gas_1e4_rejection_free", gas, 100, rejection_free);
  add("kmc_tri342_1e4_rejection_free", tri342, 100, rejection_free);
  add("kmc_fcc839_1e4_rejection_free", fcc839, 22, rejection_free);
  benchmark::RegisterBenchmark("setup_per_Msite", setup_per_Msite)->Iterations(1);
  return true;
}();

}  // namespace
