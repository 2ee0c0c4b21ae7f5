#include "benchmark/tracer.hpp"

#include <algorithm>
#include <utility>

#include "model/occupation.hpp"

namespace lithiate::benchmark {
namespace {

constexpr int lag_samples = 8;

void add_run(const HoppingGas& gas, const TracerPlan& plan, observe::Transport& transport,
             std::uint64_t seed, std::uint64_t place, std::uint64_t run) {
  Random start(seed, Purpose::initial_state, place, run);
  kmc::KmcEngine engine(gas.model, gas.hops, kmc::RateModel(gas.hops.network(), plan.temperature_K),
                        model::random_occupation(gas.model, "Li", plan.n_ions, start),
                        Random(seed, Purpose::kmc_event, place, run));
  const kmc::KmcConfig config{
      .equilibration_hops_per_ion = plan.equilibration_hops_per_ion,
      .sampling_hops_per_ion = plan.lag_hops_per_ion / lag_samples,
      .samples = static_cast<std::int64_t>(plan.segments_per_run) * 2 * lag_samples};
  run_kmc(engine, config, transport);
}

}  // namespace

observe::TransportResult trace(const HoppingGas& gas, const observe::Axes& axes,
                               const TracerPlan& plan, const std::vector<TransportWanted>& wanted,
                               std::uint64_t seed, std::uint64_t place) {
  const observe::TransportConfig config{.lag_samples = lag_samples,
                                        .segment_samples = 2 * lag_samples};
  const auto n_ions = static_cast<int>(plan.n_ions);
  observe::Transport all(n_ions, config);
  std::uint64_t run = 0;
  for (std::int64_t target = plan.min_runs;;
       target = std::min<std::int64_t>(target + target / 8 + 1, plan.max_runs)) {
    for (; std::cmp_less(run, target); ++run) {
      observe::Transport one(n_ions, config);
      add_run(gas, plan, one, seed, place, run);
      all.merge(one);
    }
    const observe::TransportResult result = all.result(axes);
    const bool reached = std::all_of(wanted.begin(), wanted.end(), [&](const TransportWanted& w) {
      return (result.*w.quantity).error <= w.error;
    });
    if (reached || target >= plan.max_runs) return result;
  }
}

}  // namespace lithiate::benchmark
