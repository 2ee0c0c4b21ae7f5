#include "kmc/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace lithiate::kmc {
namespace {

/// Equilibrates in parts, from wherever the engine stands since the run began. @return the time
/// that sampling_hops_per_ion hops of each ion take, or nothing if it was stopped.
template <class Engine>
std::optional<double> equilibrate(Engine& engine, const KmcConfig& config, const KmcRun& run,
                                  const KeepGoing& keep_going) {
  const double ions = static_cast<double>(engine.n_ions());
  const double rate_Hz = engine.n_ions() > 0 ? engine.total_rate_Hz() : 0.0;
  if (!engine.can_hop() || !(rate_Hz > 0.0))
    throw InputError(fmt::format(
        "kMC: no hop is possible for {} ions on {} sites: no empty site in reach, or rates of 0 (a "
        "barrier far above kT)",
        engine.n_ions(), engine.model().n_sites()));
  const auto all = static_cast<std::int64_t>(std::ceil(config.equilibration_hops_per_ion * ions));
  const auto left = [&] { return all - (engine.hops() - run.hops_before); };
  while (left() > 0) {
    if (engine.perform_hops(std::min(hops_in_a_row(engine.n_ions()), left())) == 0) break;
    if (keep_going && left() > 0 && !keep_going(run)) return std::nullopt;
  }
  const std::int64_t hops = engine.hops() - run.hops_before;
  const double hop_s =
      hops > 0 ? (engine.time_s() - run.start_s) / static_cast<double>(hops) : 1.0 / rate_Hz;
  return engine.rounded_interval_s(config.sampling_interval_s > 0.0
                                       ? config.sampling_interval_s
                                       : config.sampling_hops_per_ion * ions * hop_s);
}

/// `displacement_A`: room that every sample uses again.
void record(const KmcEngine& engine, double time_s, observe::Transport& transport,
            std::vector<Vector3d>& displacement_A) {
  displacement_A.resize(static_cast<std::size_t>(engine.n_ions()));
  displacements_A(engine.state(), engine.model(), displacement_A);
  transport.record(time_s, displacement_A, sum_squared_hops_A2(engine.state(), engine.hop_table()));
}

void record(Tiles& tiles, double time_s, observe::Transport& transport, std::vector<Vector3d>&) {
  if (const auto moved = tiles.moved(transport.n_tracers()))
    transport.record(time_s, moved->tracers_A, moved->sum_A,
                     sum_squared_hops_A2(tiles.state(), tiles.hop_table()));
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

template <class Engine>
KmcRun run_kmc(Engine& engine, const KmcConfig& config, observe::Transport& transport,
               const KeepGoing& keep_going, const std::optional<KmcRun>& resumed) {
  InputReport report;
  check(config, report);
  report.throw_if_any();
  std::vector<Vector3d> room;
  KmcRun run = resumed.value_or(KmcRun{.start_s = engine.time_s(), .hops_before = engine.hops()});
  if (run.sampling_interval_s == 0.0) {
    const auto interval_s = equilibrate(engine, config, run, keep_going);
    if (!interval_s) return run;
    run.sampling_interval_s = *interval_s;
    engine.reset_displacements();
    run.start_s = engine.time_s();
    run.hops_before = engine.hops();
    run.clamped_before = all_clamped(engine.state());
    record(engine, 0.0, transport, room);
  }
  while (run.samples < config.samples) {
    const double time_s = static_cast<double>(++run.samples) * run.sampling_interval_s;
    engine.advance_to(run.start_s + time_s);
    record(engine, time_s, transport, room);
    run.time_s = engine.time_s() - run.start_s;
    run.hops = engine.hops() - run.hops_before;
    run.clamped = all_clamped(engine.state()) - run.clamped_before;
    if (keep_going && !keep_going(run)) break;
  }
  return run;
}

template KmcRun run_kmc(KmcEngine&, const KmcConfig&, observe::Transport&, const KeepGoing&,
                        const std::optional<KmcRun>&);
template KmcRun run_kmc(Tiles&, const KmcConfig&, observe::Transport&, const KeepGoing&,
                        const std::optional<KmcRun>&);

}  // namespace lithiate::kmc
