#pragma once
#include <string>

#include "apps/kmc_system.hpp"
#include "apps/options.hpp"

namespace lithiate::apps {

/// All members of an ensemble, each a serial trajectory in its own folder DIR/members/NAME with its
/// own checkpoint: ranks take members in turn, and share theirs among their threads.
/// @return the exit code: 75 if some were stopped
int run_ensemble(const Options& options, const KmcSystem& system, const std::string& folder);

}  // namespace lithiate::apps
