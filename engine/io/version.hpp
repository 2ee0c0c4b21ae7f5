#pragma once
#include <string>

namespace lithiate::io {

std::string version();       ///< "0.1.0"
std::string git_revision();  ///< `git describe` when the build was configured, else "unknown"

}  // namespace lithiate::io
