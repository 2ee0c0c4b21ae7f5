#pragma once
/// Charge and discharge of a stack at constant current (stacking::GlideKinetics): replicas, their
/// means and what the two directions differ by. Energies in eV, x per formula unit.
#include <optional>
#include <string>
#include <vector>

#include "analysis/stack_config.hpp"
#include "core/journal.hpp"
#include "model/phase.hpp"
#include "observe/estimate.hpp"
#include "stacking/glide_kinetics.hpp"

namespace lithiate::analysis {

struct ChargeConfig {
  StackConfig stack;
  std::vector<double> temperature_K;
  std::vector<double> c_rate_per_h;  ///< guests per formula unit and hour, above 0
  double x_low = 0.0, x_high = 1.0;  ///< insertion goes from the empty stack to x_high
  double x_step = 0.05;              ///< of points
  double prefactor_Hz = 1e12;
  double glide_barrier_eV_per_A = 0.0;  ///< of a patch's perimeter
  int guest_sweeps = 1;                 ///< before every attempt of a glide
  int potential_states = 20;            ///< of guests, for the potential of a point
  double max_attempts_per_guest = 100.0;
  int replicas = 2;
  int frames = 0;  ///< states of the first loop's first replica to keep, over both directions
  std::uint64_t seed = 1;
};
void check(const ChargeConfig& config, InputReport& report);

/// Numbers of guests at which there are points, ascending: those nearest to x_low, x_low + x_step,
/// ... x_high that have a chemical potential and are within the redox limit. Throws InputError if
/// fewer than two are left.
std::vector<std::int64_t> charge_marks(const ChargeConfig& config,
                                       const stacking::LayeredMaterial& material,
                                       const stacking::StackLattice& lattice);
/// Of one current; c_rate_per_h > 0 inserts.
stacking::KineticSettings kinetic_settings(const ChargeConfig& config,
                                           const stacking::LayeredMaterial& material,
                                           double temperature_K, double c_rate_per_h);

/// Mean over the replicas at one x. Errors are infinite with one replica. Lists: per family.
struct ChargePoint {
  double x = 0.0;
  observe::Estimate mu_eV, energy_eV, time_s;  ///< time since the direction began
  std::vector<observe::Estimate> fraction, domains_per_gap, domain_patches;
  observe::Estimate x_of_emptiest_gap, x_of_fullest_gap;
};

/// A state of the first replica.
struct ChargeFrame {
  stacking::KineticPoint point;
  std::vector<std::uint8_t> occupation, registries;  ///< as StackState has them
};

/// One direction.
struct ChargeBranch {
  std::vector<ChargePoint> points;  ///< in the order of time
  std::vector<ChargeFrame> frames;  ///< of the first loop's first replica; else empty
  /// Where half of the area has left (insertion) or is back in (removal) the family of the empty
  /// stack: mean of the replicas, by straight lines between points, the last time on the way.
  observe::Estimate transition_x;
  std::string no_transition;           ///< why there is none; empty: there is
  observe::Estimate glides, attempts;  ///< numbers of them, mean of the replicas
};

struct ChargeLoop {
  double temperature_K = 0.0, c_rate_per_h = 0.0;
  ChargeBranch insertion, removal;
  /// V(removal) - V(insertion) at equal x: mean over x and at the x where it is widest.
  observe::Estimate hysteresis_V, widest_V;
  double widest_x = 0.0;
  double attempts_per_guest = 0.0, slowed_by = 1.0;  ///< stacking::GlideKinetics
};

struct ChargeRun {
  std::vector<std::string> families;  ///< order of the lists of ChargePoint
  std::string empty_family;           ///< of the empty stack
  std::vector<ChargeLoop> loops;      ///< temperatures, then currents
};

/// From the empty stack in the registry of lowest energy to x_high, then from the state reached to
/// x_low. Replicas run on OpenMP threads; the numbers do not depend on how many, nor those of a
/// replica on how many there are. With a journal finished directions are taken from it, and one at
/// work keeps its state at every point. `model` must be that of the material and of config.stack.
/// Throws InputError for a bad config.
ChargeRun charge_run(const stacking::LayeredMaterial& material, const stacking::StackModel& model,
                     const ChargeConfig& config, Journal* journal = nullptr);

}  // namespace lithiate::analysis
