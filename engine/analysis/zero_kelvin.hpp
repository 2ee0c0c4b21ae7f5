#pragma once
/// Voltages at 0 K from the lower hull of all structures of all phases. Energies are eV per formula
/// unit on one zero; x is Li per formula unit; V = -[E(x2) - E(x1) - (x2 - x1) mu_Li0] / (x2 - x1)
/// (e = 1) with the energy of Li metal mu_Li0 (Aydinol et al., Phys. Rev. B 56, 1354 (1997)).
#include <optional>
#include <string>
#include <vector>

namespace lithiate::analysis {

struct GroundState {
  std::string name;    ///< of the structure
  std::string family;  ///< stacking or structure type
  double x = 0.0;
  double energy_eV = 0.0, error_eV = 0.0;
};

/// Two-phase step between neighbours on the hull.
struct VoltageStep {
  GroundState low, high;  ///< poorer and richer in Li
  double V = 0.0, V_error = 0.0;
};

/// Where the family on the hull changes: both coexist from `x_begin` (end of the old family) to
/// `x_end` (begin of the new one).
struct StackingTransition {
  std::string from, to;
  double x_begin = 0.0, x_end = 0.0, V = 0.0;
};

struct ZeroKelvin {
  std::vector<GroundState> hull;   ///< by rising x
  std::vector<VoltageStep> steps;  ///< by rising x, falling voltage
  std::vector<StackingTransition> transitions;
  std::string no_transition_reason;  ///< if there is none
  /// Distance (eV per f.u.) of an energy to the hull; null outside its range of x.
  std::optional<double> above_hull_eV(double x, double energy_eV) const;
};

/// Throws InputError unless at least two compositions are given and all numbers are finite.
ZeroKelvin zero_kelvin(const std::vector<GroundState>& structures, double lithium_eV);

/// Average voltage between any two states.
double average_voltage_V(const GroundState& low, const GroundState& high, double lithium_eV);

/// V1 - V2 of the two steps around x1 between the end members x = 0 and 1:
/// -E_f(x1) / [x1 (1 - x1)].
double step_difference_V(double formation_energy_eV, double x1);

}  // namespace lithiate::analysis
