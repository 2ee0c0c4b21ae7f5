#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/stacking_transition.hpp"

namespace lithiate::analysis {
namespace {

/// Ends of windows are known to this: far below any error of an energy.
constexpr double resolution_eV = 1e-7;
/// Near an end the voltage is steep in E_stack, so that a wanted one is sought more closely.
constexpr double fine_resolution_eV = 1e-12;

/// Bisects between a value of E_stack with the change and one without, to the last with it.
ScanPoint edge(const ChangeAt& at, ScanPoint with, double without_eV) {
  while (std::abs(with.E_stack_eV - without_eV) > resolution_eV) {
    const double middle = 0.5 * (with.E_stack_eV + without_eV);
    ChangeFound found = at(middle);
    if (found.change)
      with = {middle, std::move(found)};
    else
      without_eV = middle;
  }
  return with;
}

/// Scan point nearest to a value among those that show the change; npos if none does.
std::size_t nearest_with(const std::vector<ScanPoint>& scanned, double E_stack_eV) {
  std::size_t best = scanned.size();
  for (std::size_t i = 0; i < scanned.size(); ++i) {
    if (!scanned[i].found.change) continue;
    const auto distance = [&](std::size_t k) {
      return std::abs(scanned[k].E_stack_eV - E_stack_eV);
    };
    if (best == scanned.size() || distance(i) < distance(best)) best = i;
  }
  return best;
}

bool same_states(const FamilyChange& a, const FamilyChange& b) {
  return a.state_from == b.state_from && a.state_to == b.state_to;
}

double measured(const FamilyChange& c, const Target& target) {
  return target.voltage_V ? c.V : c.x_middle();
}

std::string out_of_reach(const std::vector<ScanPoint>& scanned, const Target& target) {
  double low = 0.0, high = 0.0;
  bool any = false;
  for (const ScanPoint& p : scanned) {
    if (!p.found.change) continue;
    const double value = measured(*p.found.change, target);
    low = any ? std::min(low, value) : value, high = any ? std::max(high, value) : value;
    any = true;
  }
  if (!any) return "the change exists nowhere between the ends of the scan of E_stack";
  return fmt::format(
      "{} = {:.3f} is out of reach: where the change exists in the scan it is {:.3f} to {:.3f}",
      target.voltage_V ? "V" : "x", target.voltage_V ? *target.voltage_V : *target.x, low, high);
}

/// Bisects between neighbours of the scan on either side of the wanted value.
Calibration between(const ChangeAt& at, ScanPoint a, ScanPoint b, const Target& target) {
  const double wanted = target.voltage_V ? *target.voltage_V : *target.x;
  const bool a_below = measured(*a.found.change, target) < wanted;
  while (std::abs(a.E_stack_eV - b.E_stack_eV) > fine_resolution_eV) {
    const double middle = 0.5 * (a.E_stack_eV + b.E_stack_eV);
    ScanPoint m{middle, at(middle)};
    if (!m.found.change)
      return {{},
              {},
              false,
              fmt::format("the change vanishes on the way to the target, at E_stack = {:+.2f} meV",
                          1e3 * middle)};
    ((measured(*m.found.change, target) < wanted) == a_below ? a : b) = std::move(m);
  }
  constexpr double close =
      1e-3;  // V, or x: what bisection leaves of a continuous dependence is less
  Calibration out{a.E_stack_eV, a.found.change, false, {}};
  out.jumps =
      std::abs(measured(*a.found.change, target) - measured(*b.found.change, target)) > close;
  return out;
}

/// Mean and standard deviation (n - 1).
void moments(const std::vector<double>& v, std::optional<double>& mean,
             std::optional<double>& deviation) {
  if (v.size() < 2) return;
  double sum = 0.0, squares = 0.0;
  for (const double x : v) sum += x;
  mean = sum / static_cast<double>(v.size());
  for (const double x : v) squares += (x - *mean) * (x - *mean);
  deviation = std::sqrt(squares / static_cast<double>(v.size() - 1));
}

}  // namespace

std::vector<ScanPoint> scan(const ChangeAt& at, double low_eV, double high_eV, int points) {
  std::vector<ScanPoint> out;
  for (int i = 0; i < points; ++i) {
    const double E = low_eV + (high_eV - low_eV) * i / (points - 1);
    ScanPoint next{E, at(E)};
    if (!out.empty() && next.found.change.has_value() != out.back().found.change.has_value())
      out.push_back(next.found.change ? edge(at, next, out.back().E_stack_eV)
                                      : edge(at, out.back(), E));
    out.push_back(std::move(next));
  }
  return out;
}

Window window(const std::vector<ScanPoint>& scanned, double E_stack_eV) {
  Window out;
  const std::size_t start = nearest_with(scanned, E_stack_eV);
  if (start == scanned.size()) {
    out.reason = fmt::format("the change exists nowhere between E_stack = {:.1f} and {:.1f} meV",
                             1e3 * scanned.front().E_stack_eV, 1e3 * scanned.back().E_stack_eV);
    return out;
  }
  std::size_t low = start, high = start;
  while (low > 0 && scanned[low - 1].found.change) --low;
  while (high + 1 < scanned.size() && scanned[high + 1].found.change) ++high;
  if (low > 0) out.low_eV = scanned[low].E_stack_eV, out.at_low = scanned[low].found.change;
  if (high + 1 < scanned.size())
    out.high_eV = scanned[high].E_stack_eV, out.at_high = scanned[high].found.change;
  return out;
}

Sensitivity sensitivity(const ChangeAt& at, double E_stack_eV, double step_eV) {
  Sensitivity out;
  const ChangeFound here = at(E_stack_eV);
  if (!here.change) {
    out.reason = here.reason;
    return out;
  }
  const FamilyChange& c = *here.change;
  ChangeFound low = at(E_stack_eV - step_eV), high = at(E_stack_eV + step_eV);
  const bool has_low = low.change && same_states(*low.change, c);
  const bool has_high = high.change && same_states(*high.change, c);
  if (!has_low && !has_high) {
    out.reason = fmt::format("with E_stack moved by {:.2f} meV to either side other states meet",
                             1e3 * step_eV);
    return out;
  }
  const FamilyChange &a = has_low ? *low.change : c, &b = has_high ? *high.change : c;
  const double dE = step_eV * (has_low && has_high ? 2.0 : 1.0);
  out.two_sided = has_low && has_high;
  out.dx_begin = (b.x_begin - a.x_begin) / dE;
  out.dx_end = (b.x_end - a.x_end) / dE;
  out.dx_middle = (b.x_middle() - a.x_middle()) / dE;
  out.dV = (b.V - a.V) / dE;
  const double relative = std::hypot(c.x_begin_error, c.x_end_error) / c.width();
  out.dV_error = std::abs(*out.dV) * relative;
  const double begin = c.dx_dmu_begin_error / c.width(), end = c.dx_dmu_end_error / c.width();
  out.dx_begin_error = std::hypot(*out.dx_begin * relative, begin);
  out.dx_end_error = std::hypot(*out.dx_end * relative, end);
  out.dx_middle_error = std::hypot(*out.dx_middle * relative, 0.5 * begin, 0.5 * end);
  return out;
}

Calibration calibrate(const ChangeAt& at, const std::vector<ScanPoint>& scanned,
                      const Target& target) {
  if (target.separation_V)
    return {{}, {}, false, fmt::format("the curve has no voltage at x = {:.3f}", *target.x)};
  const double wanted = target.voltage_V ? *target.voltage_V : *target.x;
  std::size_t best = scanned.size();
  const auto from_zero = [&](std::size_t i) {
    return std::min(std::abs(scanned[i].E_stack_eV), std::abs(scanned[i + 1].E_stack_eV));
  };
  for (std::size_t i = 0; i + 1 < scanned.size(); ++i) {
    const auto &a = scanned[i].found.change, &b = scanned[i + 1].found.change;
    if (!a || !b || (measured(*a, target) < wanted) == (measured(*b, target) < wanted)) continue;
    if (best == scanned.size() || from_zero(i) < from_zero(best)) best = i;
  }
  if (best == scanned.size()) return {{}, {}, false, out_of_reach(scanned, target)};
  Calibration out = between(at, scanned[best], scanned[best + 1], target);
  if (out.change && out.change->width() < least_width)
    return {{},
            {},
            false,
            fmt::format("met in name only, at E_stack = {:+.2f} meV, where the change takes up "
                        "{:.4f} Li: no step of a voltage curve",
                        1e3 * *out.E_stack_eV, out.change->width())};
  return out;
}

Target as_voltage(const Target& target, std::optional<double> voltage_at_x) {
  if (!target.separation_V || !voltage_at_x) return target;
  return {*voltage_at_x - *target.separation_V, {}, {}};
}

DrawnSpread spread_of(const std::vector<ChangeFound>& draws) {
  DrawnSpread out;
  out.draws = static_cast<int>(draws.size());
  std::vector<double> begin, end, middle, V;
  for (const ChangeFound& d : draws) {
    if (!d.change) continue;
    begin.push_back(d.change->x_begin), end.push_back(d.change->x_end);
    middle.push_back(d.change->x_middle()), V.push_back(d.change->V);
  }
  out.found = static_cast<int>(V.size());
  moments(begin, out.x_begin, out.x_begin_error);
  moments(end, out.x_end, out.x_end_error);
  moments(middle, out.x_middle, out.x_middle_error);
  moments(V, out.V, out.V_error);
  return out;
}

}  // namespace lithiate::analysis
