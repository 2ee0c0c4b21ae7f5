#include "analysis/zero_kelvin.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "expansion/hull.hpp"

namespace lithiate::analysis {
namespace {

double slope(const GroundState& a, const GroundState& b) {
  return (b.energy_eV - a.energy_eV) / (b.x - a.x);
}

std::vector<GroundState> lower_hull(const std::vector<GroundState>& all) {
  std::vector<expansion::HullPoint> points;
  for (const GroundState& s : all) points.push_back({s.x, s.energy_eV});
  if (points.empty()) return {};
  std::vector<GroundState> hull;
  const expansion::LowerHull lower(std::move(points));
  for (const int i : lower.vertices()) hull.push_back(all[static_cast<std::size_t>(i)]);
  return hull;
}

void check(const std::vector<GroundState>& structures) {
  for (const GroundState& s : structures)
    if (!std::isfinite(s.x) || !std::isfinite(s.energy_eV) || !(s.error_eV >= 0.0))
      throw InputError(
          fmt::format("structure '{}': x = {}, E = {} +- {} eV, expected finite numbers", s.name,
                      s.x, s.energy_eV, s.error_eV));
}

}  // namespace

double average_voltage_V(const GroundState& low, const GroundState& high, double lithium_eV) {
  return lithium_eV - slope(low, high);
}

double step_difference_V(double formation_energy_eV, double x1) {
  return -formation_energy_eV / (x1 * (1.0 - x1));
}

ZeroKelvin zero_kelvin(const std::vector<GroundState>& structures, double lithium_eV) {
  check(structures);
  ZeroKelvin out;
  out.hull = lower_hull(structures);
  if (out.hull.size() < 2)
    throw InputError(
        fmt::format("0 K voltages: {} composition(s), at least two are needed", out.hull.size()));
  for (std::size_t i = 0; i + 1 < out.hull.size(); ++i) {
    const GroundState &a = out.hull[i], &b = out.hull[i + 1];
    const double V = average_voltage_V(a, b, lithium_eV);
    out.steps.push_back({a, b, V, std::hypot(a.error_eV, b.error_eV) / (b.x - a.x)});
    if (a.family != b.family) out.transitions.push_back({a.family, b.family, a.x, b.x, V});
  }
  if (out.transitions.empty())
    out.no_transition_reason =
        fmt::format("every structure on the hull belongs to '{}'", out.hull.front().family);
  return out;
}

std::optional<double> ZeroKelvin::above_hull_eV(double x, double energy_eV) const {
  for (std::size_t i = 0; i + 1 < hull.size(); ++i) {
    const GroundState &a = hull[i], &b = hull[i + 1];
    if (x < a.x - expansion::same_composition || x > b.x + expansion::same_composition) continue;
    return energy_eV - (a.energy_eV + slope(a, b) * (x - a.x));
  }
  return {};
}

}  // namespace lithiate::analysis
