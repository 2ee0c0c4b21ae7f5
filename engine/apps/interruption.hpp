#pragma once
#include <chrono>
#include <string>

#include "apps/options.hpp"

namespace lithiate::apps {

/// Exit code of a run that was stopped and can be taken up again.
inline constexpr int resumable = 75;

/// --restart and --max-walltime, for verbs that keep checkpoints.
std::vector<OptionSpec> checkpoint_options();

/// When a long run must save or stop: SIGTERM, SIGUSR1, the wall time given, the interval between
/// checkpoints. All ranks hear the same.
class Interruption {
 public:
  enum class Wish { go_on = 0, save = 1, stop = 2 };

  /// Throws UsageError for a wall time that is not HH:MM:SS. `interval_s` = 0: saves only when
  /// stopped.
  Interruption(const Options& options, double interval_s);
  /// At a point from which the run can go on. Collective.
  Wish ask();
  /// Why the last answer was to stop.
  const std::string& reason() const noexcept { return reason_; }

 private:
  using Clock = std::chrono::steady_clock;
  const parallel::Session& session_;
  Clock::time_point start_ = Clock::now(), saved_ = start_;
  double limit_s_, interval_s_;
  std::string reason_;
};

}  // namespace lithiate::apps
