#pragma once
#include <string>
#include <vector>

#include "apps/kmc_job.hpp"

namespace lithiate::apps {

/// What a trajectory gave, as plain bytes that may travel between ranks.
struct KmcNumbers {
  std::uint64_t number = 0;  ///< of the member
  std::uint64_t hash = 0;    ///< of its last state
  std::int64_t ions = 0, hops = 0;
  double hops_in_basins = 0.0;  ///< of them, by their mean; those of the equilibration too
  double time_s = 0.0, wall_s = 0.0;
  observe::Estimate d_tracer, d_jump, f, haven;  ///< A2/s
};
KmcNumbers numbers_of(const KmcSystem& system, const KmcMember& member, const KmcOutcome& outcome);

/// results.json, and of an ensemble ensemble.csv: means over the replicas of each state point.
/// @param all  of every member, in their order
/// @param job  of tiles, for the bias of its window; else nullptr
void report_kmc(const std::string& folder, const KmcSystem& system,
                const std::vector<KmcNumbers>& all, const parallel::Session& session,
                const KmcJob* job);

}  // namespace lithiate::apps
