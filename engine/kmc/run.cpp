#include "kmc/run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace lithiate::kmc {
namespace {

/// Runs the equilibration; the time that sampling_hops_per_ion hops of each ion take.
double equilibrate(KmcEngine& engine, const KmcConfig& config) {
  const double ions = static_cast<double>(engine.n_ions());
  if (engine.n_ions() == 0 || !engine.can_hop())
    throw Error(fmt::format("kMC: no hop is possible for {} ions on {} sites", engine.n_ions(),
                            engine.model().n_sites()));
  const double start_s = engine.state().time_s;
  const auto hops = static_cast<std::int64_t>(std::ceil(config.equilibration_hops_per_ion * ions));
  engine.perform_hops(hops);
  const double hop_s = hops > 0 ? (engine.state().time_s - start_s) / static_cast<double>(hops)
                                : 1.0 / engine.total_rate_Hz();
  return config.sampling_interval_s > 0.0 ? config.sampling_interval_s
                                          : config.sampling_hops_per_ion * ions * hop_s;
}

}  // namespace

void check(const KmcConfig& c, InputReport& report) {
  report.require(c.equilibration_hops_per_ion >= 0.0 && std::isfinite(c.equilibration_hops_per_ion),
                 "kmc.equilibration_hops_per_ion", c.equilibration_hops_per_ion, "must be >= 0");
  report.require(c.sampling_interval_s >= 0.0 && std::isfinite(c.sampling_interval_s),
                 "kmc.sampling_interval_s", c.sampling_interval_s, "must be >= 0");
  report.require(c.sampling_hops_per_ion > 0.0 && std::isfinite(c.sampling_hops_per_ion),
                 "kmc.sampling_hops_per_ion", c.sampling_hops_per_ion, "must be above 0");
  report.require(c.samples > 0, "kmc.samples", c.samples, "must be at least 1");
}

KmcRun run_kmc(KmcEngine& engine, const KmcConfig& config, observe::Transport& transport,
               const KeepGoing& keep_going) {
  InputReport report;
  check(config, report);
  report.throw_if_any();
  KmcRun run;
  run.sampling_interval_s = equilibrate(engine, config);
  engine.reset_displacements();
  const State& state = engine.state();
  const double start_s = state.time_s;
  const std::int64_t hops = state.hops, clamped = state.clamped;
  std::vector<Vector3d> displacement_A(static_cast<std::size_t>(engine.n_ions()));
  const auto record = [&](double time_s) {
    engine.displacements_A(displacement_A);
    transport.record(time_s, displacement_A, engine.sum_squared_hops_A2());
  };
  record(0.0);
  while (run.samples < config.samples) {
    const double time_s = static_cast<double>(++run.samples) * run.sampling_interval_s;
    engine.advance_to(start_s + time_s);
    record(time_s);
    if (keep_going && !keep_going(run.samples)) break;
  }
  run.time_s = state.time_s - start_s;
  run.hops = state.hops - hops;
  run.clamped = state.clamped - clamped;
  return run;
}

}  // namespace lithiate::kmc
