#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apps/interruption.hpp"
#include "kmc/run.hpp"
#include "observe/transport.hpp"

namespace lithiate::apps {

/// What one run gave; the rest is known at the root only.
struct KmcOutcome {
  kmc::KmcRun done;
  observe::Transport transport;
  std::uint64_t hash = 0;
  double hops_in_basins = 0.0;  ///< mean number, with those of the equilibration
  double wall_s = 0.0;
};

inline constexpr observe::TransportConfig transport_config;

/// Checkpoints of a job in its folder. A job is one run, or three of different windows.
class KmcCheckpoints {
 public:
  /// @param session  of the processes that share the job
  KmcCheckpoints(const Options& options, const parallel::Session* session, std::string folder,
                 std::string fingerprint);

  const std::optional<Archive>& stored() const noexcept { return stored_; }
  /// Runs that had ended at the checkpoint.
  std::vector<KmcOutcome> finished() const;
  const std::string& reason() const noexcept { return interruption_.reason(); }

  /// Saves if it is time to. @return false if the run must stop. Collective.
  template <class Collect, class Fill>  // collect() on all ranks, then fill(archive) at the root
  bool pass(const std::vector<KmcOutcome>& finished, Collect collect, Fill fill) {
    const auto wish = interruption_.ask();
    if (wish == Interruption::Wish::go_on) return true;
    collect();
    if (root_) {
      Archive archive = archived(finished);
      fill(archive);
      write(archive);
    }
    return wish != Interruption::Wish::stop;
  }
  /// Keeps a job that has ended.
  void finish(const std::vector<KmcOutcome>& finished) const { write(archived(finished)); }

 private:
  Archive archived(const std::vector<KmcOutcome>& finished) const;
  void write(const Archive& archive) const;

  std::string folder_, fingerprint_;
  bool root_;
  Interruption interruption_;
  std::optional<Archive> stored_;
};

}  // namespace lithiate::apps
