#pragma once
/// Where the stable family of stackings changes, and how that depends on E_stack: an energy (eV per
/// formula unit) that is added to phi of every state of one family, the same at every x, so that
/// sweeps need not be repeated. At a change dV/dE = -1/(x_end - x_begin) if the family at its end
/// is the one that is shifted, and each end moves by its dx/dmu / (x_end - x_begin).
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/equilibrium.hpp"
#include "analysis/zero_kelvin.hpp"

namespace lithiate::analysis {

/// Family of each phase by its name.
using Families = std::map<std::string, std::string>;
/// Energies (eV per f.u.) by name of a phase or of a family; what is not named is not shifted.
using Offsets = std::map<std::string, double>;

/// Two-phase region between states of two families. Errors are standard errors of the sampling.
struct FamilyChange {
  std::string from, to;              ///< families at its low and high x
  std::string state_from, state_to;  ///< phases, or structures at 0 K
  double x_begin = 0.0, x_begin_error = 0.0, x_end = 0.0, x_end_error = 0.0;
  double V = 0.0, V_error = 0.0;
  /// dx/dmu (1/eV) of the two states; 0 at 0 K.
  double dx_dmu_begin = 0.0, dx_dmu_begin_error = 0.0, dx_dmu_end = 0.0, dx_dmu_end_error = 0.0;
  double width() const { return x_end - x_begin; }
  double x_middle() const { return 0.5 * (x_begin + x_end); }
  /// Both ends come from one mu, and errors of mu move them together.
  double x_middle_error() const { return 0.5 * (x_begin_error + x_end_error); }
};

/// The change looked for, or why there is none.
struct ChangeFound {
  std::optional<FamilyChange> change;
  std::string reason;
};

/// phi of all states of the named phases shifted.
std::vector<Branch> shifted(std::vector<Branch> branches, const Offsets& by_phase_eV);
/// Structures of the named families shifted; those above x_max left out.
std::vector<GroundState> shifted(const std::vector<GroundState>& structures,
                                 const Offsets& by_family_eV, double x_max);

/// All changes of family by rising x.
std::vector<FamilyChange> family_changes(const Equilibrium& eq, const Families& family_of);
std::vector<FamilyChange> family_changes(const ZeroKelvin& zero);

/// The first change from one family to the other, or a reason in words: a family without data, one
/// family stable throughout, another order, or a gap of the equilibrium between the two.
ChangeFound find_change(const Equilibrium& eq, const Families& family_of, const std::string& from,
                        const std::string& to);
ChangeFound find_change(const ZeroKelvin& zero, const std::vector<GroundState>& structures,
                        const std::string& from, const std::string& to);

/// The change at a value of E_stack.
using ChangeAt = std::function<ChangeFound(double E_stack_eV)>;

struct ScanPoint {
  double E_stack_eV = 0.0;
  ChangeFound found;
};
/// Equal steps from low to high, `points` of them, and the ends of the stretches with the change
/// (bisected, with the change). REQUIRES: low < high, points >= 2.
std::vector<ScanPoint> scan(const ChangeAt& at, double low_eV, double high_eV, int points);

/// Values of E_stack around `E_stack_eV` (if the change exists there, else the lowest of the scan)
/// for which the change exists, with what stands just inside each end. An end that the scan does
/// not reach is null.
struct Window {
  std::optional<double> low_eV, high_eV;
  std::optional<FamilyChange> at_low, at_high;
  std::string reason;  ///< if the change exists nowhere in the scan
};
Window window(const std::vector<ScanPoint>& scanned, double E_stack_eV);

/// Derivatives with respect to E_stack (per eV) by differences of `step_eV` on the same data,
/// two-sided where the change exists on both sides with the same states, else one-sided. Errors by
/// the closed forms above from those of x and dx/dmu.
struct Sensitivity {
  std::optional<double> dx_begin, dx_end, dx_middle, dV;
  double dx_begin_error = 0.0, dx_end_error = 0.0, dx_middle_error = 0.0, dV_error = 0.0;
  bool two_sided = false;
  std::string reason;  ///< if null
};
Sensitivity sensitivity(const ChangeAt& at, double E_stack_eV, double step_eV);

/// What a change is asked to have: its voltage, or the middle of its two-phase region, or a voltage
/// so far below that of the curve at `x`, which is less touched by the errors of DFT voltages.
struct Target {
  std::optional<double> voltage_V, x, separation_V;
};
/// A separation as the voltage that it asks for, with V(x) as computed.
Target as_voltage(const Target& target, std::optional<double> voltage_at_x);
/// The E_stack nearest to zero that meets the target within one bisected step of the scan; null
/// with a reason if none does, naming the values that can be reached, or if the change would then
/// take up less than `least_width` Li: it would be no step of a voltage curve.
inline constexpr double least_width = 0.02;
struct Calibration {
  std::optional<double> E_stack_eV;
  std::optional<FamilyChange> change;  ///< there
  bool jumps = false;  ///< the wanted value is passed by a jump: `change` is on its low side
  std::string reason;
};
Calibration calibrate(const ChangeAt& at, const std::vector<ScanPoint>& scanned,
                      const Target& target);

/// Spread of a change over draws of the energies of the phases: mean and standard deviation over
/// the draws that show it (null for fewer than two).
struct DrawnSpread {
  int draws = 0, found = 0;
  std::optional<double> x_begin, x_begin_error, x_end, x_end_error, x_middle, x_middle_error, V,
      V_error;
};
DrawnSpread spread_of(const std::vector<ChangeFound>& draws);

}  // namespace lithiate::analysis
