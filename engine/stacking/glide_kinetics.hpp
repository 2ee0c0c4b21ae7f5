#pragma once
#include <optional>
#include <string>

#include "core/archive.hpp"
#include "core/report.hpp"
#include "stacking/followed_glide.hpp"
#include "stacking/observables.hpp"

namespace lithiate::stacking {

struct KineticSettings {
  double temperature_K = 300.0;
  double prefactor_Hz = 1e12;
  double glide_barrier_eV_per_A = 0.0;  ///< of a patch's perimeter
  /// Reservoir: guests per formula unit and hour, put in (> 0) or taken out (< 0); 0: closed.
  double c_rate_per_h = 0.0;
  std::int64_t max_guests = std::numeric_limits<std::int64_t>::max();
  int guest_sweeps = 1;  ///< exchanges of guests over the stack before every event
  /// Attempts of glides between two guests of the reservoir. Faster glides are slowed down to it,
  /// all by one factor: registries are at equilibrium between guests anyway. Converge it.
  double max_attempts_per_guest = std::numeric_limits<double>::infinity();
  FollowSettings follow;
};
void check(const KineticSettings& settings, InputReport& report);

/// Kinetic Monte Carlo of glides of patches, with guests that hop far faster. Every glide and map
/// of a patch is attempted at rate nu exp(-B/kT)/2, B = barrier per length times perimeter, and
/// accepted as FollowedGlide does, so that rates obey detailed balance with the Hamiltonian;
/// between events guests are at partial equilibrium by exchanges at a fixed number. The clock runs
/// with the total rate of all attempts that any registry could have, null ones included. A
/// reservoir changes the number of guests at a constant rate: each comes to (leaves) a site drawn
/// with weight exp(-dE/kT). More guest_sweeps and follow.steps approach complete equilibrium:
/// converge them.
class GlideKinetics {
 public:
  /// Throws InputError for settings that check() faults.
  GlideKinetics(const StackModel& model, const KineticSettings& settings, StackState start,
                Random random);

  /// The next attempt of a glide or the next guest of the reservoir, whichever is first. False,
  /// with nothing done, if nothing can happen any more: no glides, no current, or a full host
  /// (max_guests) or an empty one.
  bool step();
  /// The next attempt of a glide, if it comes before the next guest of the reservoir. False, with
  /// the clock at that guest, if it does not, or if there are no glides.
  bool attempt();
  double time_s() const noexcept { return time_s_; }
  double c_rate_per_h() const noexcept { return settings_.c_rate_per_h; }
  const StackModel& stack() const noexcept { return model_; }
  const StackState& state() const noexcept { return walker_.state; }
  double energy_eV() const noexcept { return static_cast<double>(walker_.energy) * unit_eV; }
  /// Attempts of glides per second, of the whole stack, slowed down where they are.
  double attempt_rate_Hz() const noexcept { return attempt_rate_Hz_; }
  /// Mean number of attempts between two guests of the reservoir; 0 without a current.
  double attempts_per_guest() const noexcept { return attempt_rate_Hz_ * guest_interval_s_; }
  /// The rates of all glides are lower than the barrier says by this factor; 1: they are not.
  double slowed_by() const noexcept { return slowed_by_; }
  std::int64_t attempts() const noexcept { return attempts_; }  ///< null ones included
  std::int64_t glides() const noexcept { return glides_; }
  /// Chemical potential at the present number of guests, from `states` states apart by a sweep of
  /// exchanges with all registries as they are; the walk goes on from the last of them.
  double potential_eV(int states);

  void save(Archive& archive, const std::string& prefix) const;
  /// Throws InputError for the state of another stack.
  void restore(const Archive& archive, const std::string& prefix);

 private:
  void exchange_guest();
  bool exhausted() const noexcept;

  const StackModel& model_;
  KineticSettings settings_;
  Bath bath_;
  FollowedGlide glide_;
  Walker walker_;
  Random random_;
  double attempt_rate_Hz_ = 0.0, guest_interval_s_ = 0.0, slowed_by_ = 1.0;
  double time_s_ = 0.0, next_guest_s_ = 0.0;
  std::int64_t attempts_ = 0, glides_ = 0;
};

/// One point of a charge or discharge at constant rate.
struct KineticPoint {
  double time_s = 0.0;  ///< when the number of guests was reached
  double mu_eV = 0.0;   ///< the voltage is Material::reference_voltage_V() - mu
  StackObservation seen;
};

/// Runs until the stack holds so many guests and then until the next one is due, so that the
/// registries have had their time with that number; nothing, with the walk where it stopped, if
/// nothing can happen any more before. Throws InputError without a current in that direction, for a
/// number at which there is no chemical potential (0, all sites), or without states.
std::optional<KineticPoint> run_to(GlideKinetics& kinetics, std::int64_t guests,
                                   int potential_states);

}  // namespace lithiate::stacking
