#pragma once
#include "apps/mc_report.hpp"

namespace lithiate::apps {

/// Samples what the file says by its method.
McResult sample_mc(const io::McFile& file, Journal* journal);

}  // namespace lithiate::apps
