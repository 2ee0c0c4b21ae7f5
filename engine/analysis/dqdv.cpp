#include "analysis/dqdv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/report.hpp"
#include "core/units.hpp"

namespace lithiate::analysis {
namespace {

constexpr std::size_t most_points = 1'000'000;

/// -dx/dV of an equilibrium curve on a grid of voltages.
std::vector<double> derivative(const Equilibrium& eq, const std::vector<double>& V, double width) {
  std::vector<double> y(V.size(), 0.0);
  for (std::size_t i = 0; i + 1 < eq.curve.size(); ++i) {
    // by rising x: a has the higher voltage
    const CurvePoint &a = eq.curve[i], &b = eq.curve[i + 1];
    if (!(a.V > b.V) || b.after_gap) continue;
    auto k = std::lower_bound(V.begin(), V.end(), b.V) - V.begin();
    for (; k < std::ssize(V) && V[k] < a.V; ++k)
      y[k] = std::max(0.0, b.dx_dmu + (a.dx_dmu - b.dx_dmu) * (V[k] - b.V) / (a.V - b.V));
  }
  for (const Plateau& p : eq.plateaus)
    for (std::size_t k = 0; k < V.size(); ++k) {
      const double c = std::cosh(std::min(300.0, std::abs(V[k] - p.V) / (2.0 * width)));
      y[k] += (p.x_right - p.x_left) / (4.0 * width * c * c);
    }
  return y;
}

std::vector<double> voltage_grid(const Equilibrium& eq, double step, double width) {
  if (eq.curve.size() < 2) return {};
  const auto by_V = [](const CurvePoint& a, const CurvePoint& b) { return a.V < b.V; };
  const auto [low, high] = std::minmax_element(eq.curve.begin(), eq.curve.end(), by_V);
  // twelve widths hold all but 1e-5 of a broadened plateau
  const double first = std::floor((low->V - 12.0 * width) / step);
  const double last = std::ceil((high->V + 12.0 * width) / step);
  if (last - first > static_cast<double>(most_points))
    throw InputError(fmt::format("dqdv.step_V = {}: more than {} points between {} and {} V", step,
                                 most_points, low->V, high->V));
  std::vector<double> V;
  for (double k = first; k <= last; ++k) V.push_back(k * step);
  return V;
}

/// The curve redrawn within its errors: one number per sampled point, straight lines between them,
/// as the curve itself was interpolated.
Equilibrium redrawn(const Equilibrium& eq, Random& random) {
  Equilibrium out = eq;
  std::size_t before = 0;
  double u_before = 0.0;
  for (std::size_t i = 0; i < out.curve.size(); ++i) {
    if (!out.curve[i].sampled) continue;
    const double u = random.normal();
    for (std::size_t k = before; k <= i; ++k) {
      const double width = out.curve[i].mu_eV - out.curve[before].mu_eV;
      const double t = width > 0.0 ? (out.curve[k].mu_eV - out.curve[before].mu_eV) / width : 1.0;
      out.curve[k].dx_dmu = std::max(
          0.0, eq.curve[k].dx_dmu + (u_before + t * (u - u_before)) * eq.curve[k].dx_dmu_error);
    }
    before = i, u_before = u;
  }
  for (Plateau& p : out.plateaus) {
    p.V += random.normal() * p.mu_error_eV;
    p.x_left += random.normal() * p.x_left_error;
    p.x_right += random.normal() * p.x_right_error;
  }
  return out;
}

struct Sums {
  double n = 0.0, mean = 0.0, squares = 0.0;
  void add(double v) {
    n += 1.0;
    const double d = v - mean;
    mean += d / n;
    squares += d * (v - mean);
  }
  double deviation() const { return n > 1.0 ? std::sqrt(squares / (n - 1.0)) : 0.0; }
};

/// Index of the peak nearest in voltage, within `reach`; -1 if there is none.
int nearest(const std::vector<DqdvPeak>& peaks, double V, double reach) {
  int best = -1;
  for (std::size_t i = 0; i < peaks.size(); ++i)
    if (std::abs(peaks[i].V - V) < reach)
      reach = std::abs(peaks[i].V - V), best = static_cast<int>(i);
  return best;
}

void mark_plateaus(const Equilibrium& eq, double width, std::vector<DqdvPeak>& peaks) {
  for (DqdvPeak& peak : peaks)
    peak.plateau = std::any_of(eq.plateaus.begin(), eq.plateaus.end(),
                               [&](const Plateau& p) { return std::abs(p.V - peak.V) < width; });
}

void add_errors(const Equilibrium& eq, const DqdvConfig& config, double per_x, Dqdv& out) {
  Random random(config.seed, Purpose::resampling);
  std::vector<Sums> height(out.peaks.size()), position(out.peaks.size()), curve(out.V.size());
  for (int r = 0; r < config.resamples; ++r) {
    std::vector<double> y = derivative(redrawn(eq, random), out.V, out.width_V);
    for (double& v : y) v *= per_x;
    for (std::size_t k = 0; k < y.size(); ++k) curve[k].add(y[k]);
    const std::vector<DqdvPeak> peaks = find_peaks(out.V, y, config.prominence);
    for (std::size_t i = 0; i < out.peaks.size(); ++i) {
      const int j = nearest(peaks, out.peaks[i].V, 3.0 * out.width_V);
      if (j < 0) continue;
      height[i].add(peaks[static_cast<std::size_t>(j)].height_mAh_per_g_V);
      position[i].add(peaks[static_cast<std::size_t>(j)].V);
    }
  }
  for (std::size_t i = 0; i < out.peaks.size(); ++i) {
    out.peaks[i].V_error = position[i].deviation();
    out.peaks[i].height_error = height[i].deviation();
    out.peaks[i].found = config.resamples > 0 ? height[i].n / config.resamples : 0.0;
  }
  for (const Sums& s : curve) out.dQ_dV_error.push_back(s.deviation());
}

}  // namespace

std::vector<DqdvPeak> find_peaks(const std::vector<double>& V, const std::vector<double>& y,
                                 double prominence) {
  std::vector<DqdvPeak> peaks;
  if (y.size() < 3) return peaks;
  const double needed = prominence * *std::max_element(y.begin(), y.end());
  for (std::size_t i = 1; i + 1 < y.size(); ++i) {
    if (!(y[i] > y[i - 1] && y[i] >= y[i + 1])) continue;
    // lowest point on either side before the curve rises above this peak
    double left = y[i], right = y[i];
    for (std::size_t k = i; k-- > 0 && y[k] <= y[i];) left = std::min(left, y[k]);
    for (std::size_t k = i + 1; k < y.size() && y[k] <= y[i]; ++k) right = std::min(right, y[k]);
    if (!(y[i] - std::max(left, right) > needed)) continue;
    const double bend = y[i - 1] - 2.0 * y[i] + y[i + 1];
    const double shift = bend < 0.0 ? 0.5 * (y[i - 1] - y[i + 1]) / bend : 0.0;
    DqdvPeak peak;
    peak.V = V[i] + shift * (V[i] - V[i - 1]);
    peak.height_mAh_per_g_V = y[i] - 0.25 * (y[i - 1] - y[i + 1]) * shift;
    peaks.push_back(peak);
  }
  return peaks;
}

Dqdv dqdv(const Equilibrium& eq, const DqdvConfig& c) {
  InputReport report("dqdv");
  report.require(c.molar_mass_g_per_mol > 0.0, "molar_mass_g_per_mol", c.molar_mass_g_per_mol,
                 "must be above 0");
  report.require(c.width_V >= 0.0, "width_V", c.width_V, "must be 0 (kT) or above");
  report.require(c.step_V > 0.0, "step_V", c.step_V, "must be above 0");
  report.throw_if_any();
  Dqdv out;
  out.width_V = c.width_V > 0.0 ? c.width_V : k_B * eq.temperature_K;
  out.V = voltage_grid(eq, c.step_V, out.width_V);
  out.dx_dV = derivative(eq, out.V, out.width_V);
  const double per_x = capacity_mAh_per_g(c.molar_mass_g_per_mol);
  for (const double v : out.dx_dV) out.dQ_dV_mAh_per_g_V.push_back(per_x * v);
  out.peaks = find_peaks(out.V, out.dQ_dV_mAh_per_g_V, c.prominence);
  mark_plateaus(eq, out.width_V, out.peaks);
  add_errors(eq, c, per_x, out);
  return out;
}

}  // namespace lithiate::analysis
