#include "analysis/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analysis/chart.hpp"

namespace lithiate::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array cycle{Color::blue,   Color::vermilion, Color::green, Color::purple,
                           Color::orange, Color::sky,       Color::black};

Color color(std::size_t i) { return cycle[i % cycle.size()]; }

Series series(const Trace& t, Mark mark, Color c) {
  Series s;
  s.name = t.name, s.mark = mark, s.x = t.x, s.y = t.y, s.color = c;
  return s;
}

void add_limits(const std::vector<double>& value, const std::vector<double>& error,
                std::vector<double>& low, std::vector<double>& high) {
  for (std::size_t i = 0; i < error.size() && i < value.size(); ++i) {
    low.push_back(value[i] - error[i]);
    high.push_back(value[i] + error[i]);
  }
}

Series with_y_errors(const Trace& t, Mark mark, Color c) {
  Series s = series(t, mark, c);
  add_limits(t.y, t.error, s.y_low, s.y_high);
  return s;
}

/// The band of a curve's errors, without an entry in the legend.
void add_band(const Trace& t, Color c, bool of_x, Chart& chart) {
  if (t.error.empty()) return;
  Series s = series(t, Mark::band, c);
  s.name.clear();
  if (of_x)
    add_limits(t.x, t.error, s.x_low, s.x_high);
  else
    add_limits(t.y, t.error, s.y_low, s.y_high);
  chart.series.push_back(std::move(s));
}

void add_regions(const std::vector<TwoPhase>& regions, Chart& chart) {
  for (const TwoPhase& r : regions) chart.regions.push_back({r.x_left, r.x_right, r.label});
}

void add_measured(const std::vector<Trace>& measured, Chart& chart) {
  for (const Trace& t : measured) {
    Series s = with_y_errors(t, Mark::points, Color::black);
    s.hollow = true, s.shape = Shape::diamond;
    chart.series.push_back(std::move(s));
  }
}

/// The colour says the direction, the dashes tell the phases apart.
void add_sweeps(const std::vector<Trace>& traces, Color c, Chart& chart) {
  constexpr std::array dashes{Dash::solid, Dash::dashed, Dash::dotted};
  for (std::size_t i = 0; i < traces.size(); ++i) {
    Series s = series(traces[i], Mark::line, c);
    s.dash = dashes[i % dashes.size()], s.width = 1.6;
    chart.series.push_back(std::move(s));
  }
}

void add_lines(const std::vector<Trace>& traces, Color c, Dash dash, double width, Mark mark,
               Chart& chart) {
  for (const Trace& t : traces) {
    chart.series.push_back(series(t, mark, c));
    chart.series.back().dash = dash, chart.series.back().width = width;
  }
}

/// Ends of the voltages at which a curve is above 1 % of the highest, 0.1 V wider.
void show_where_it_matters(const std::vector<Trace>& curves, Axis& axis) {
  double highest = 0.0;
  for (const Trace& t : curves)
    for (const double y : t.y) highest = std::max(highest, y);
  double low = nan, high = nan;
  for (const Trace& t : curves)
    for (std::size_t i = 0; i < t.x.size() && i < t.y.size(); ++i)
      if (t.y[i] > 0.01 * highest) low = std::fmin(low, t.x[i]), high = std::fmax(high, t.x[i]);
  if (high > low) axis.low = low - 0.1, axis.high = high + 0.1;
}

/// Root mean square of y - x; NaN without points.
double rms_difference(const Trace& t) {
  double sum = 0.0;
  for (std::size_t i = 0; i < t.x.size(); ++i) sum += std::pow(t.y[i] - t.x[i], 2);
  return t.x.empty() ? nan : std::sqrt(sum / static_cast<double>(t.x.size()));
}

std::string with_rms(const Trace& t, const std::string& unit) {
  return fmt::format("{} ({} structures, RMSE {:.2g} {})", t.name, t.x.size(), rms_difference(t),
                     unit);
}

}  // namespace

std::string voltage_figure(const VoltageFigure& d) {
  Chart c;
  c.title = d.title;
  c.description = fmt::format(
      "Voltage against lithium content: {} insertion and {} removal sweeps, the equilibrium curve "
      "and {} two-phase regions (shaded).",
      d.insertion.size(), d.removal.size(), d.two_phase.size());
  c.x.label = "x (Li per formula unit)";
  c.y.label = "V against Li/Li⁺ (V)";
  add_regions(d.two_phase, c);
  for (const Trace& t : d.equilibrium) add_band(t, Color::black, true, c);
  add_lines(d.zero_kelvin, Color::grey, Dash::dotted, 2.0, Mark::steps, c);
  add_sweeps(d.insertion, Color::blue, c);
  add_sweeps(d.removal, Color::vermilion, c);
  add_lines(d.equilibrium, Color::black, Dash::solid, 2.4, Mark::line, c);
  add_measured(d.measured, c);
  if (d.capacity_mAh_per_g > 0.0) c.top = SecondAxis{"capacity (mAh/g)", d.capacity_mAh_per_g};
  return to_svg(c);
}

std::string dqdv_figure(const DqdvFigure& d) {
  Chart c;
  c.title = d.title;
  c.description = fmt::format(
      "Differential capacity against voltage with {} peaks; two-phase plateaus are broadened by "
      "{:.4g} V.",
      d.peaks.size(), d.plateau_width_V);
  c.x.label = "V against Li/Li⁺ (V)";
  c.y.label = "−dQ/dV (mAh/(g V))";
  c.y.low = 0.0;
  show_where_it_matters(d.curves, c.x);
  for (std::size_t i = 0; i < d.curves.size(); ++i) {
    add_band(d.curves[i], color(i), false, c);
    c.series.push_back(series(d.curves[i], Mark::line, color(i)));
  }
  Series peaks;
  peaks.name = d.peaks.empty() ? "" : "peaks with standard errors";
  peaks.mark = Mark::points, peaks.color = Color::black, peaks.hollow = true;
  for (const DqdvPeak& p : d.peaks) {
    peaks.x.push_back(p.V), peaks.y.push_back(p.height_mAh_per_g_V);
    peaks.x_low.push_back(p.V - p.V_error), peaks.x_high.push_back(p.V + p.V_error);
    peaks.y_low.push_back(p.height_mAh_per_g_V - p.height_error);
    peaks.y_high.push_back(p.height_mAh_per_g_V + p.height_error);
  }
  c.series.push_back(std::move(peaks));
  return to_svg(c);
}

std::string diffusion_figure(const DiffusionFigure& d) {
  Chart c;
  c.title = d.title;
  c.description =
      "Tracer, jump and chemical diffusion coefficients against lithium content on a logarithmic "
      "scale. The chemical one does not exist inside two-phase regions (shaded).";
  c.x.label = "x (Li per formula unit)";
  c.y.label = "D (cm²/s)";
  c.y.logarithmic = true;
  add_regions(d.two_phase, c);
  const std::array list{&d.tracer, &d.jump, &d.chemical};
  const std::array shapes{Shape::circle, Shape::square, Shape::triangle};
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i]->x.empty()) continue;
    Series s = with_y_errors(*list[i], Mark::line_points, color(i));
    s.shape = shapes[i], s.width = 1.4;
    c.series.push_back(std::move(s));
  }
  add_measured(d.measured, c);
  return to_svg(c);
}

std::string parity_figure(const ParityFigure& d) {
  Chart c;
  c.title = d.title;
  c.description = fmt::format(
      "Predicted against DFT formation energies; on the dashed line they are equal. Root mean "
      "square error in sample {:.3g}, held out {:.3g} {}.",
      rms_difference(d.in_sample), rms_difference(d.held_out), d.unit);
  c.x.label = fmt::format("DFT formation energy ({})", d.unit);
  c.y.label = fmt::format("predicted ({})", d.unit);
  c.width = 600, c.height = 600;
  c.diagonal = true;
  Series in = with_y_errors(d.in_sample, Mark::points, Color::blue);
  in.name = with_rms(d.in_sample, d.unit);
  in.hollow = true;
  c.series.push_back(std::move(in));
  if (!d.held_out.x.empty()) {
    Series out = with_y_errors(d.held_out, Mark::points, Color::vermilion);
    out.name = with_rms(d.held_out, d.unit);
    out.shape = Shape::diamond;
    c.series.push_back(std::move(out));
  }
  return to_svg(c);
}

std::string hull_figure(const HullFigure& d) {
  Chart c;
  c.title = d.title;
  c.description = fmt::format(
      "Formation energies of {} DFT structures and their predictions against lithium content, with "
      "the lower hulls of both ({} and {} ground states).",
      d.dft.x.size(), d.dft_hull.x.size(), d.predicted_hull.x.size());
  c.x.label = "x (Li per formula unit)";
  c.y.label = fmt::format("formation energy ({})", d.unit);
  Series predicted = series(d.predicted, Mark::points, Color::vermilion);
  predicted.shape = Shape::triangle, predicted.hollow = true;
  Series dft = series(d.dft, Mark::points, Color::blue);
  Series predicted_hull = series(d.predicted_hull, Mark::line, Color::vermilion);
  predicted_hull.dash = Dash::dashed;
  c.series = {series(d.dft_hull, Mark::line, Color::blue), predicted_hull, dft, predicted};
  return to_svg(c);
}

std::string coefficient_figure(const CoefficientFigure& d) {
  Chart c;
  c.title = d.title;
  c.description = fmt::format("Effective interactions of {} clusters.", d.coefficients.x.size());
  c.x.label = d.x_label;
  c.y.label = "interaction (meV)";
  c.series = {with_y_errors(d.coefficients, Mark::bars, Color::blue)};
  c.guides = {{false, 0.0, ""}};
  return to_svg(c);
}

Trace trace(const Branch& branch, double reference_voltage_V) {
  Trace t;
  t.name =
      fmt::format("{}, {}", branch.sweep == Sweep::down ? "removal" : "insertion", branch.phase);
  for (const MuPoint& p : branch.points) {
    t.x.push_back(p.x), t.y.push_back(reference_voltage_V - p.mu_eV), t.error.push_back(p.x_error);
  }
  return t;
}

Trace trace(const Equilibrium& eq, const std::string& name) {
  Trace t;
  t.name = name;
  for (const CurvePoint& p : eq.curve) {
    if (p.after_gap) t.x.push_back(nan), t.y.push_back(nan), t.error.push_back(nan);
    t.x.push_back(p.x), t.y.push_back(p.V), t.error.push_back(p.x_error);
  }
  return t;
}

Trace trace(const ZeroKelvin& zero, const std::string& name) {
  Trace t;
  t.name = name;
  for (const VoltageStep& s : zero.steps) {
    t.x.push_back(s.low.x), t.y.push_back(s.V);
    t.x.push_back(s.high.x), t.y.push_back(s.V);
  }
  return t;
}

std::vector<TwoPhase> two_phase_regions(const Equilibrium& eq) {
  std::vector<TwoPhase> out;
  for (const Plateau& p : eq.plateaus)
    out.push_back({p.x_left, p.x_right,
                   p.phase_left == p.phase_right ? p.phase_left + ", two states"
                                                 : p.phase_left + " + " + p.phase_right});
  return out;
}

}  // namespace lithiate::analysis
