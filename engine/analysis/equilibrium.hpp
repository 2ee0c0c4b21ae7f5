#pragma once
/// Equilibrium of all phases of a host at one temperature: phi_eq(mu) = min over phases and states,
/// two-phase plateaus where it changes, the curve V(x). Voltage V = reference_voltage_V - mu (e =
/// 1): the reference is the energy of Li metal, or for formation energies -(E_full - E_empty -
/// E_Li).
#include <optional>
#include <string>
#include <vector>

#include "analysis/curves.hpp"

namespace lithiate::analysis {

struct EquilibriumConfig {
  double reference_voltage_V = 0.0;
  JumpRule jump;
  AgreementRule agreement;
  int subdivide = 4;  ///< points of the curve per sampled interval
};

/// Two states at the same mu and phi. Errors are standard errors from the errors of phi and x.
struct Plateau {
  double mu_eV = 0.0, mu_error_eV = 0.0, V = 0.0;
  double x_left = 0.0, x_left_error = 0.0, x_right = 0.0, x_right_error = 0.0;
  std::string phase_left, phase_right;  ///< equal for two states of one phase
};

/// One phase between two plateaus (or gaps, or the ends of the data).
struct Stretch {
  std::string phase;
  double mu_min_eV = 0.0, mu_max_eV = 0.0, x_min = 0.0, x_max = 0.0;
};

/// V(x) by rising x. On plateaus V_error is the error of the plateau; in single-phase stretches mu
/// is a given number, V_error is 0 and the error lies in x.
struct CurvePoint {
  double mu_eV = 0.0, x = 0.0, V = 0.0, x_error = 0.0, V_error = 0.0;
  double dx_dmu = 0.0, dx_dmu_error = 0.0;  ///< 1/eV, of the single phase at this end
  double phi_eV = 0.0, phi_error_eV = 0.0;
  std::string phase;
  int plateau = -1;        ///< index if this point is an end of a plateau
  bool sampled = false;    ///< a Monte Carlo point or the end of a stretch, else interpolated
  bool after_gap = false;  ///< not connected to the point before
};

/// Where the equilibrium is not known: a stable state was lost sight of.
struct Gap {
  double mu_min_eV = 0.0, mu_max_eV = 0.0, x_left = 0.0, x_right = 0.0;
  std::string reason;
};

struct Equilibrium {
  double temperature_K = 0.0, reference_voltage_V = 0.0;
  std::vector<CurvePoint> curve;
  std::vector<Plateau> plateaus;  ///< by rising x
  std::vector<Stretch> stretches;
  std::vector<Gap> gaps;
  std::vector<LoopClosure> closures;  ///< one per phase
  std::vector<Excluded> excluded;

  /// Null outside the curve and inside gaps.
  std::optional<double> voltage_at(double x) const;
  /// The plateau with x strictly inside, if any.
  const Plateau* plateau_at(double x) const;
};

/// All branches of all phases at one temperature on one energy zero. Throws InputError if the
/// temperatures differ or no branch has a reference.
Equilibrium equilibrium(const std::vector<Branch>& branches, const EquilibriumConfig& config = {});

/// One piece of the lower envelope of phi over curves: curve `index` on [mu_min, mu_max].
struct EnvelopePiece {
  std::size_t index = 0;
  double mu_min = 0.0, mu_max = 0.0;
  bool crossing_above = false;  ///< ends at a true crossing with the next piece
};
/// Lower envelope by rising mu. Pieces that end because a curve ends have crossing_above = false.
std::vector<EnvelopePiece> lower_envelope(const std::vector<Curve>& curves);

}  // namespace lithiate::analysis
