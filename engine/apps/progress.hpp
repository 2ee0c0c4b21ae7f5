#pragma once

namespace lithiate::apps {

/// Sends the library's log to stderr (nothing but warnings if quiet); stdout stays data.
void start_log(bool quiet);

}  // namespace lithiate::apps
