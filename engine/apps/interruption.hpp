#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "apps/options.hpp"
#include "core/journal.hpp"

namespace lithiate::apps {

/// Exit code of a run that was stopped and can be taken up again.
inline constexpr int resumable = 75;

/// --restart, --max-walltime and --checkpoint-every, for verbs that keep checkpoints.
std::vector<OptionSpec> checkpoint_options();

/// When a long run must save or stop: SIGTERM, SIGUSR1, the wall time given, the interval between
/// checkpoints. All ranks hear the same.
class Interruption {
 public:
  enum class Wish { go_on = 0, save = 1, stop = 2 };

  /// Throws UsageError for a wall time that is not HH:MM:SS or a negative interval.
  /// @param session  of the processes that stop together; nullptr: this one alone
  Interruption(const Options& options, const parallel::Session* session);
  /// At a point from which the run can go on. Collective.
  Wish ask();
  /// Why the last answer was to stop.
  const std::string& reason() const noexcept { return reason_; }

 private:
  using Clock = std::chrono::steady_clock;
  const parallel::Session* session_;
  Clock::time_point saved_ = Clock::now();
  double limit_s_, interval_s_;
  std::string reason_;
};

/// The journal of a serial verb, kept in checkpoint.h5 of its output folder; what --restart names
/// is read first.
class JournaledRun {
 public:
  /// `fingerprint`: of the inputs. Throws InputError for a checkpoint of other inputs.
  JournaledRun(const Options& options, const std::string& folder, const std::string& fingerprint);
  Journal* journal() noexcept { return &journal_; }

 private:
  void after_piece(const Journal& journal);
  std::string folder_, fingerprint_;
  Interruption interruption_;
  Journal journal_;
};

/// Of --restart: the checkpoint to go on from, if any. Throws InputError if it is of other inputs.
std::optional<Archive> stored_checkpoint(const Options& options, const std::string& folder,
                                         const std::string& fingerprint);

}  // namespace lithiate::apps
