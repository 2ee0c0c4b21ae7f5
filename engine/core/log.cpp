#include "core/log.hpp"

#include <mutex>

namespace lithiate::log {
namespace {
std::mutex& guard() {
  static std::mutex mutex;
  return mutex;
}
Sink& sink() {
  static Sink current;
  return current;
}
void send(Level level, const std::string& message) {
  const std::lock_guard lock(guard());
  if (sink()) sink()(level, message);
}
}  // namespace

void set_sink(Sink next) {
  const std::lock_guard lock(guard());
  sink() = std::move(next);
}
void info(const std::string& message) { send(Level::info, message); }
void warning(const std::string& message) { send(Level::warning, message); }

}  // namespace lithiate::log
