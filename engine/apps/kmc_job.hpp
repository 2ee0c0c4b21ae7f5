#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apps/kmc_checkpoints.hpp"
#include "apps/kmc_system.hpp"
#include "core/progress.hpp"
#include "kmc/rate_model.hpp"
#include "kmc/tiles.hpp"
#include "parallel/session.hpp"

namespace lithiate::apps {

/// One trajectory with its files; with measure_bias three, of windows tau, tau/2 and tau/4.
class KmcJob {
 public:
  /// @param session  of the processes that share the trajectory; nullptr: this one alone. Tiles
  ///                 need one.
  /// Throws InputError if a state point has no ions or no hop.
  KmcJob(const KmcSystem& system, const KmcMember& member, const parallel::Session* session);

  /// Starts, or goes on from the checkpoint. @return false if it was stopped.
  bool run(const std::string& folder, KmcCheckpoints& checkpoints, Progress& progress);
  /// Steps of the progress that a job takes.
  static std::int64_t steps(const io::KmcFile& file);

  const std::vector<KmcOutcome>& outcomes() const noexcept { return outcomes_; }
  double window_s() const noexcept { return window_s_; }

  /// As many samples as the file's frames, as errors need, or as let the run look often whether to
  /// stop.
  static kmc::KmcConfig config(const io::KmcFile& file, std::int64_t ions);
  kmc::KmcEngine engine(std::vector<model::Species> occupation) const;
  kmc::Tiles tiles(kmc::State start, double window_s, std::uint32_t replica) const;

 private:
  template <class Engine>
  std::optional<KmcOutcome> run_engine(Engine& engine, const std::string& folder, bool resumed,
                                       KmcCheckpoints& checkpoints, Progress& progress) const;
  std::optional<KmcOutcome> run_once(double window_s, const std::string& folder, bool resumed,
                                     KmcCheckpoints& checkpoints, Progress& progress) const;
  bool root() const noexcept { return session_ == nullptr || session_->is_root(); }

  const KmcSystem& system_;
  KmcMember member_;
  const parallel::Session* session_;
  kmc::RateModel rates_;
  double window_s_;
  std::vector<KmcOutcome> outcomes_;
};

}  // namespace lithiate::apps
