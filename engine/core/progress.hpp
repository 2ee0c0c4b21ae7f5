#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace lithiate {

/// Progress of long work as plain lines with the time left, at most one every few seconds, through
/// the log. Any thread may advance it.
class Progress {
 public:
  Progress(std::string what, std::int64_t total);
  void advance(std::int64_t steps = 1, const std::string& note = {});

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex guard_;
  std::string what_;
  std::int64_t total_, done_ = 0;
  Clock::time_point start_, last_;
};

}  // namespace lithiate
