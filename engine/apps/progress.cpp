#include "apps/progress.hpp"

#include <iostream>

#include "core/log.hpp"

namespace lithiate::apps {

void start_log(bool quiet) {
  log::set_sink([quiet](log::Level level, const std::string& message) {
    if (level == log::Level::warning)
      std::cerr << "warning: " << message << std::endl;
    else if (!quiet)
      std::cerr << message << std::endl;
  });
}

}  // namespace lithiate::apps
