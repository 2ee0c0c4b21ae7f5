#pragma once
#include <string>

#include "core/archive.hpp"
#include "core/report.hpp"
#include "stacking/followed_glide.hpp"

namespace lithiate::stacking {

struct WalkSettings {
  double temperature_K = 300.0;
  double mu_eV = 0.0;  ///< of a guest, on the energy zero of the registries
  std::int64_t max_guests = std::numeric_limits<std::int64_t>::max();
  bool closed = false;            ///< fixed number of guests
  double glides_per_patch = 1.0;  ///< attempts per patch and sweep
  double glides_per_gap = 1.0;    ///< attempts of whole gaps per gap and sweep; of use where there
                                  ///< are several patches
  FollowSettings follow;
};
void check(const WalkSettings& settings, InputReport& report);

/// Metropolis sampling over guests and registries of a stack.
class StackWalk {
 public:
  /// Throws InputError for settings that check() faults.
  StackWalk(const StackModel& model, const WalkSettings& settings, StackState start, Random random);

  /// As many trials of guests as there are sites, then the glides.
  void sweep();
  const StackModel& stack() const noexcept { return model_; }
  const StackState& state() const noexcept { return walker_.state; }
  double energy_eV() const noexcept { return static_cast<double>(walker_.energy) * unit_eV; }
  double temperature_K() const noexcept { return temperature_K_; }
  void set_mu_eV(double mu_eV) noexcept { bath_.mu_eV = mu_eV; }
  void clear_counts() noexcept { tried_ = glided_ = 0; }  ///< of glide_acceptance()
  /// Of glides drawn, those of patches and of whole gaps.
  double glide_acceptance() const noexcept {
    return tried_ > 0 ? static_cast<double>(glided_) / static_cast<double>(tried_) : 0.0;
  }

  /// Everything that changes with time, under names that begin with `prefix`.
  void save(Archive& archive, const std::string& prefix) const;
  /// Throws InputError for the state of another stack.
  void restore(const Archive& archive, const std::string& prefix);

 private:
  const StackModel& model_;
  double temperature_K_;
  Bath bath_;
  FollowedGlide glide_;
  Walker walker_;
  Random random_;
  std::int64_t patch_glides_ = 0, gap_glides_ = 0;  // per sweep
  std::int64_t tried_ = 0, glided_ = 0;
};

}  // namespace lithiate::stacking
