#pragma once
#include "apps/options.hpp"

namespace lithiate::apps {

/// `kmc` of a run file with [stack]: charge and discharge at constant current. With --dry-run what
/// it takes. Returns the exit code. Throws UsageError on several processes.
int run_charge(const Options& options);

}  // namespace lithiate::apps
