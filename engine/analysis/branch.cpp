#include "analysis/branch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/hermite.hpp"
#include "core/error.hpp"
#include "core/units.hpp"

namespace lithiate::analysis {
namespace {

MonotoneHermite interval(const Knot& a, const Knot& b) {
  return {b.mu_eV - a.mu_eV, a.x, b.x, a.dx_dmu, b.dx_dmu};
}

double area(const Knot& a, const Knot& b) { return interval(a, b).integral(1.0); }

double squared(double v) { return v * v; }

/// Error of the integral over interval i: Hermite is of fourth order, so the difference to the
/// integral with every second point is 15 times the error of the fine one.
double discretisation(const std::vector<Knot>& k, std::size_t i) {
  double sum = 0.0;
  int pairs = 0;
  for (std::size_t first = i > 0 ? i - 1 : 0; first <= i && first + 2 < k.size(); ++first) {
    const double fine = area(k[first], k[first + 1]) + area(k[first + 1], k[first + 2]);
    sum += (area(k[first], k[first + 2]) - fine) / 30.0;
    ++pairs;
  }
  return pairs > 0 ? sum / pairs : 0.0;
}

/// Walks from `start` to one end (`step` = 1 or -1).
void integrate_one_way(std::vector<Knot>& k, std::size_t start, int step, double error_eV) {
  double variance = squared(error_eV), defect = 0.0, h_before = 0.0;
  for (std::size_t i = start;;) {
    if (step > 0 ? i + 1 >= k.size() : i == 0) return;
    const std::size_t j = i + static_cast<std::size_t>(step);
    const std::size_t left = std::min(i, j);
    const double h = std::abs(k[j].mu_eV - k[i].mu_eV);
    k[j].phi_eV = k[i].phi_eV - step * area(k[left], k[left + 1]);
    // weight of knot i once interval i-j is included, of knot j so far only from this interval
    variance += squared(0.5 * (h_before + h) * k[i].x_error) +
                squared((h * h - h_before * h_before) / 12.0 * k[i].dx_dmu_error);
    const double end = squared(0.5 * h * k[j].x_error) + squared(h * h / 12.0 * k[j].dx_dmu_error);
    defect += discretisation(k, left);
    k[j].phi_error_eV = std::sqrt(variance + end + squared(defect));
    h_before = h;
    i = j;
  }
}

Knot knot(const MuPoint& p) { return {p.mu_eV, p.x, p.x_error, p.dx_dmu_per_eV, p.dx_dmu_error}; }

bool is_sound(const MuPoint& p) {
  return std::isfinite(p.mu_eV) && std::isfinite(p.x) && std::isfinite(p.dx_dmu_per_eV) &&
         p.x_error >= 0.0 && p.dx_dmu_error >= 0.0;
}

}  // namespace

MuPoint mu_point(double mu_eV, double temperature_K, const observe::Estimate& x,
                 const observe::Estimate& energy_eV, const observe::Estimate& variance_n) {
  const double kT = k_B * temperature_K;
  // a susceptibility without a usable error (too short a series) counts as fully uncertain
  const double error = std::isfinite(variance_n.error) ? variance_n.error : variance_n.value;
  return {mu_eV,     x.value, x.error, energy_eV.value, energy_eV.error, variance_n.value / kT,
          error / kT};
}

std::string name(Sweep sweep) {
  return sweep == Sweep::up ? "up" : sweep == Sweep::down ? "down" : "heated";
}

void check(const Branch& b) {
  const auto refuse = [&](const std::string& why) {
    throw InputError(fmt::format("branch {} of phase '{}': {}", name(b.sweep), b.phase, why));
  };
  if (!(b.temperature_K > 0.0)) refuse(fmt::format("T = {} K, must be above 0", b.temperature_K));
  if (b.points.empty()) refuse("no points, at least one is needed");
  for (std::size_t i = 0; i < b.points.size(); ++i) {
    if (!is_sound(b.points[i]))
      refuse(fmt::format("point {} (mu = {} eV, x = {} +- {}) must be finite with errors >= 0", i,
                         b.points[i].mu_eV, b.points[i].x, b.points[i].x_error));
    if (i < 1) continue;
    const double step = b.points[i].mu_eV - b.points[i - 1].mu_eV;
    const double first = b.points[1].mu_eV - b.points[0].mu_eV;
    if (!(step * first > 0.0))
      refuse(fmt::format("mu = {} eV after {} eV, must be strictly monotone", b.points[i].mu_eV,
                         b.points[i - 1].mu_eV));
  }
}

bool is_jump(const MuPoint& a, const MuPoint& b, const JumpRule& rule) {
  const double change = std::abs(b.x - a.x);
  const double smooth = std::min(a.dx_dmu_per_eV, b.dx_dmu_per_eV) * std::abs(b.mu_eV - a.mu_eV);
  return change > rule.x_step + 4.0 * std::hypot(a.x_error, b.x_error) &&
         change > rule.ratio * smooth;
}

Knot Curve::at(double mu_eV) const {
  const auto above = std::upper_bound(knots.begin(), knots.end(), mu_eV,
                                      [](double mu, const Knot& k) { return mu < k.mu_eV; });
  if (above == knots.begin()) return knots.front();
  if (above == knots.end()) return knots.back();
  const Knot &a = *(above - 1), &b = *above;
  const MonotoneHermite y = interval(a, b);
  const double t = (mu_eV - a.mu_eV) / y.h, s = 1.0 - t;
  // phi of averaged curves differs from the integral by less than its error: spread it linearly
  const double defect = b.phi_eV - a.phi_eV + y.integral(1.0);
  return {mu_eV,
          y.value(t),
          s * a.x_error + t * b.x_error,
          s * a.dx_dmu + t * b.dx_dmu,
          s * a.dx_dmu_error + t * b.dx_dmu_error,
          a.phi_eV - y.integral(t) + t * defect,
          s * a.phi_error_eV + t * b.phi_error_eV};
}

void integrate(Curve& curve, std::size_t start, const Reference& reference) {
  curve.knots[start].phi_eV = reference.phi_eV;
  curve.knots[start].phi_error_eV = reference.error_eV;
  integrate_one_way(curve.knots, start, 1, reference.error_eV);
  integrate_one_way(curve.knots, start, -1, reference.error_eV);
  curve.referenced = true;
}

std::vector<Curve> pieces(const Branch& branch, const JumpRule& rule) {
  check(branch);
  std::vector<Curve> out;
  for (std::size_t i = 0; i < branch.points.size(); ++i) {
    if (i == 0 || is_jump(branch.points[i - 1], branch.points[i], rule))
      out.push_back({branch.phase, branch.sweep, {}});
    out.back().knots.push_back(knot(branch.points[i]));
  }
  const bool descending =
      branch.points.size() > 1 && branch.points[1].mu_eV < branch.points[0].mu_eV;
  if (descending)
    for (Curve& c : out) std::reverse(c.knots.begin(), c.knots.end());
  if (branch.reference)
    integrate(out.front(), descending ? out.front().knots.size() - 1 : 0, *branch.reference);
  return out;
}

Curve integrate(const Branch& branch, const JumpRule& rule) {
  std::vector<Curve> all = pieces(branch, rule);
  if (all.size() > 1)
    throw InputError(
        fmt::format("branch {} of phase '{}' jumps at mu = {} eV: phi is not defined "
                    "beyond it",
                    name(branch.sweep), branch.phase, all[0].mu_max()));
  if (!all[0].referenced)
    throw InputError(fmt::format("branch {} of phase '{}' has no reference value of phi",
                                 name(branch.sweep), branch.phase));
  return all[0];
}

}  // namespace lithiate::analysis
