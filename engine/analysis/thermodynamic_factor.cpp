#include "analysis/thermodynamic_factor.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/units.hpp"

namespace lithiate::analysis {
namespace {

ThermodynamicFactor from_fluctuations(const MuPoint& p, double kT, const Equilibrium& eq) {
  ThermodynamicFactor f{p.x, p.mu_eV, {}, {}, {}, {}, {}};
  if (const Plateau* c = eq.plateau_at(p.x)) {
    f.reason = fmt::format("coexistence of '{}' at x = {:.4f} and '{}' at x = {:.4f}",
                           c->phase_left, c->x_left, c->phase_right, c->x_right);
  } else if (!(p.dx_dmu_per_eV > 0.0) || !(p.x > 0.0)) {
    f.reason = "the number of Li does not fluctuate at this mu";
  } else {
    f.value = p.x / (kT * p.dx_dmu_per_eV);
    f.error = *f.value * std::hypot(p.x_error / p.x, p.dx_dmu_error / p.dx_dmu_per_eV);
  }
  return f;
}

/// Three-point derivative of ln x against mu on any spacing.
void add_slope(const MuPoint& a, const MuPoint& p, const MuPoint& b, double kT,
               ThermodynamicFactor& f) {
  const double h1 = p.mu_eV - a.mu_eV, h2 = b.mu_eV - p.mu_eV;
  const double wa = -h2 / (h1 * (h1 + h2)), wb = h1 / (h2 * (h1 + h2)), wp = -(wa + wb);
  const double slope = wa * std::log(a.x) + wp * std::log(p.x) + wb * std::log(b.x);
  if (!(slope > 0.0)) return;
  const double error = std::hypot(wa * a.x_error / a.x, wp * p.x_error / p.x, wb * b.x_error / b.x);
  f.from_slope = 1.0 / (kT * slope);
  f.from_slope_error = *f.from_slope * error / slope;
}

}  // namespace

std::vector<ThermodynamicFactor> thermodynamic_factor(const Branch& branch, const Equilibrium& eq,
                                                      const JumpRule& rule) {
  check(branch);
  const double kT = k_B * branch.temperature_K;
  const std::vector<MuPoint>& p = branch.points;
  std::vector<ThermodynamicFactor> out;
  for (const MuPoint& q : p) out.push_back(from_fluctuations(q, kT, eq));
  for (std::size_t i = 1; i + 1 < p.size(); ++i) {
    const bool all = out[i - 1].value && out[i].value && out[i + 1].value;
    if (all && !is_jump(p[i - 1], p[i], rule) && !is_jump(p[i], p[i + 1], rule))
      add_slope(p[i - 1], p[i], p[i + 1], kT, out[i]);
  }
  return out;
}

}  // namespace lithiate::analysis
