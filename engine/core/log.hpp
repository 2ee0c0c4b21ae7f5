#pragma once
/// One sink for progress and warnings; the library never prints by itself.
#include <functional>
#include <string>

namespace lithiate::log {

enum class Level { info, warning };
using Sink = std::function<void(Level, const std::string&)>;

void set_sink(Sink sink);  ///< replaces the sink; the default drops everything
void info(const std::string& message);
void warning(const std::string& message);

}  // namespace lithiate::log
