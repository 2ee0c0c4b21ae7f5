#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "core/report.hpp"
#include "kmc/engine.hpp"
#include "kmc/tiles.hpp"
#include "observe/transport.hpp"

namespace lithiate::kmc {

struct KmcConfig {
  double equilibration_hops_per_ion = 50.0;  ///< left out of every average
  /// Time between samples in s; 0: the mean time of sampling_hops_per_ion hops of each ion, as
  /// measured during equilibration. Samples are equidistant in time either way.
  double sampling_interval_s = 0.0;
  double sampling_hops_per_ion = 1.0;
  std::int64_t samples = 1000;
};
void check(const KmcConfig& config, InputReport& report);

/// What a run did after equilibration.
struct KmcRun {
  double time_s = 0.0;               ///< simulated
  double sampling_interval_s = 0.0;  ///< 0: equilibrating
  std::int64_t samples = 0;          ///< recorded; fewer than asked for if stopped
  std::int64_t hops = 0;
  std::int64_t clamped = 0;  ///< hops with a barrier that was not E_KRA + dE / 2
  // the engine's clock and counts when sampling began
  double start_s = 0.0;
  std::int64_t hops_before = 0, clamped_before = 0;
};

/// Hops between two looks at whether to stop: a fraction of a second, more for so many ions that a
/// look at all of them would cost as much.
constexpr std::int64_t hops_in_a_row(std::int64_t ions) { return ions > 20'000 ? ions : 20'000; }

/// Asked after each part of the equilibration (samples = 0) and after each sample, with the run so
/// far; false ends the run.
using KeepGoing = std::function<bool(const KmcRun&)>;

/// Equilibrates, then records displacements since equilibration at times 0, dt, 2 dt, ... samples
/// dt (samples + 1 records). Throws InputError for a bad config, or if no hop is possible.
/// Engine: KmcEngine, or Tiles, with which the call is collective, dt a whole number of windows,
/// and only the root records; the state is not collected. `resumed`: the run
/// so far, of an engine and a transport that were stored with it; it goes on with the next part or
/// sample.
template <class Engine>
KmcRun run_kmc(Engine& engine, const KmcConfig& config, observe::Transport& transport,
               const KeepGoing& keep_going = {}, const std::optional<KmcRun>& resumed = {});

extern template KmcRun run_kmc(KmcEngine&, const KmcConfig&, observe::Transport&, const KeepGoing&,
                               const std::optional<KmcRun>&);
extern template KmcRun run_kmc(Tiles&, const KmcConfig&, observe::Transport&, const KeepGoing&,
                               const std::optional<KmcRun>&);

}  // namespace lithiate::kmc
