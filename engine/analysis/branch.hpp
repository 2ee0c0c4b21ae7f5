#pragma once
/// One sweep of semi-grand Monte Carlo points at one temperature, and the potential integrated
/// along it. Everything is per formula unit (f.u.); phi = f - mu x, dphi = -x dmu.
#include <optional>
#include <string>
#include <vector>

#include "observe/estimate.hpp"

namespace lithiate::analysis {

/// Averages at one chemical potential; errors are standard errors.
struct MuPoint {
  double mu_eV = 0.0;
  double x = 0.0, x_error = 0.0;  ///< Li per f.u.
  double energy_eV_per_fu = 0.0, energy_error = 0.0;
  double dx_dmu_per_eV = 0.0;  ///< (<N^2> - <N>^2) / (n_fu kT)
  double dx_dmu_error = 0.0;
};

/// From the averages of a Monte Carlo run, all per f.u.; variance_n = (<N^2> - <N>^2) / n_fu.
MuPoint mu_point(double mu_eV, double temperature_K, const observe::Estimate& x,
                 const observe::Estimate& energy_eV, const observe::Estimate& variance_n);

enum class Sweep { up, down, heated };  ///< heated: started from a ground state
std::string name(Sweep sweep);

/// Value of phi at a known state: exact (dilute, filled) or from a low-temperature path.
struct Reference {
  double phi_eV = 0.0, error_eV = 0.0;
};

/// One phase, one direction. The points are in the order of sampling, mu strictly monotone; the
/// reference holds at the first of them.
struct Branch {
  std::string phase;
  Sweep sweep = Sweep::up;
  double temperature_K = 0.0;
  std::vector<MuPoint> points;
  std::optional<Reference> reference;
};
/// Throws InputError: empty, not monotone in mu, not finite, negative errors, T <= 0.
void check(const Branch& branch);

/// A change of x between neighbours is a first-order jump if it is larger than `x_step` and larger
/// than `ratio` times what the smaller of the two susceptibilities explains.
struct JumpRule {
  double x_step = 0.05;
  double ratio = 4.0;
};
bool is_jump(const MuPoint& a, const MuPoint& b, const JumpRule& rule);

struct Knot {
  double mu_eV, x, x_error, dx_dmu, dx_dmu_error;
  double phi_eV = 0.0, phi_error_eV = 0.0;
};

/// A piece of a branch without jumps; knots by rising mu.
struct Curve {
  std::string phase;
  Sweep sweep = Sweep::up;
  std::vector<Knot> knots;
  bool referenced = false;  ///< phi is meaningful
  bool anchored = false;    ///< the reference was taken over from another curve

  double mu_min() const { return knots.front().mu_eV; }
  double mu_max() const { return knots.back().mu_eV; }
  bool covers(double mu_eV) const { return mu_eV >= mu_min() && mu_eV <= mu_max(); }
  /// Interpolated state. x by a cubic Hermite polynomial with slopes dx/dmu limited to monotone
  /// ones, phi by its integral; errors linearly. REQUIRES: covers(mu_eV).
  Knot at(double mu_eV) const;
};

/// Fills phi of every knot from its value at knot `start`. The error holds the reference, the
/// statistical errors of x and dx/dmu, and the discretisation (Richardson: every second point).
void integrate(Curve& curve, std::size_t start, const Reference& reference);

/// Cuts a branch at its jumps. Only the piece with the first point is integrated.
std::vector<Curve> pieces(const Branch& branch, const JumpRule& rule);

/// The whole branch as one integrated curve. Throws InputError if it jumps or has no reference.
Curve integrate(const Branch& branch, const JumpRule& rule = {});

}  // namespace lithiate::analysis
