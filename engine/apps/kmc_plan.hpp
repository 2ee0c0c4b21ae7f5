#pragma once
#include "apps/options.hpp"
#include "io/point_files.hpp"

namespace lithiate::apps {

/// `kmc --dry-run`: sets the run up on the processes and threads it would have, times some of its
/// hops and samples, and prints orbits, events, memory, hops per second and the wall time to
/// expect. Nothing is written. Collective. @return the exit code
int print_plan(const Options& options, const io::KmcFile& file);

}  // namespace lithiate::apps
