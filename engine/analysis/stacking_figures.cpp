#include "analysis/stacking_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/chart.hpp"

namespace lithiate::analysis {
namespace {

constexpr const char* E_label = "E_stack added to the family at high x (meV per formula unit)";

void add_voltages(const std::vector<Marked>& measured, Chart& chart) {
  for (const Marked& m : measured) chart.guides.push_back({false, m.value, m.name});
}

/// Ends of the axis: plateaus and voltages of experiment, without the tails at x = 0 and x_max.
void show_plateaus(const StackingVoltageFigure& d, Chart& chart) {
  constexpr double tail = 0.04, margin_V = 0.1;
  double low = INFINITY, high = -INFINITY, x_max = 0.0;
  for (const Trace& t : d.curves)
    for (const double x : t.x) x_max = std::max(x_max, x);
  const auto take = [&](double V) { low = std::min(low, V), high = std::max(high, V); };
  for (const Trace& t : d.curves)
    for (std::size_t i = 0; i < t.x.size(); ++i)
      if (d.steps || (t.x[i] > tail && t.x[i] < x_max - tail)) take(t.y[i]);
  for (const Marked& m : d.measured_V) take(m.value);
  if (high >= low) chart.y.low = low - margin_V, chart.y.high = high + margin_V;
}

/// Zero, all marks and the values for which the change exists, with a margin.
void show_window(const StackingShiftFigure& d, Axis& axis) {
  double low = 0.0, high = 0.0;
  const auto take = [&](double E) { low = std::min(low, E), high = std::max(high, E); };
  for (std::size_t i = 0; i < d.E_stack_meV.size(); ++i)
    if (std::isfinite(d.V[i])) take(d.E_stack_meV[i]);
  for (const MarkedChange& m : d.marked) take(m.E_stack_meV);
  const double margin = 0.25 * (high - low) + 0.5;
  axis.low = low - margin, axis.high = high + margin;
}

/// Points in the legend's colours; the computed one full, fitted ones hollow.
void add_marks(const StackingShiftFigure& d, bool of_x, Chart& chart) {
  constexpr std::array colors{Color::black, Color::vermilion, Color::purple, Color::orange};
  for (std::size_t i = 0; i < d.marked.size(); ++i) {
    const MarkedChange& m = d.marked[i];
    const double y = of_x ? m.x_middle : m.V, error = of_x ? m.x_error : m.V_error;
    Series s;
    s.name = m.name, s.mark = Mark::points, s.color = m.fitted ? colors[1 + i % 3] : colors[0];
    s.hollow = m.fitted, s.shape = m.fitted ? Shape::diamond : Shape::circle;
    s.x = {m.E_stack_meV}, s.y = {y};
    if (error > 0.0) s.y_low = {y - error}, s.y_high = {y + error};
    chart.series.push_back(std::move(s));
  }
}

Chart shift_chart(const StackingShiftFigure& d, const std::string& y_label) {
  Chart c;
  c.title = d.title;
  c.x.label = E_label;
  c.y.label = y_label;
  show_window(d, c.x);
  c.guides.push_back({true, 0.0, ""});
  return c;
}

/// One band for each stretch without NaN.
std::vector<Series> bands(const StackingShiftFigure& d) {
  std::vector<Series> all;
  bool open = false;
  for (std::size_t i = 0; i < d.E_stack_meV.size(); ++i) {
    const bool exists = std::isfinite(d.x_begin[i]);
    if (exists && !open) {
      all.emplace_back();
      all.back().name = all.size() == 1 ? "two phases, from begin to end" : "";
      all.back().mark = Mark::band;
    }
    open = exists;
    if (!exists) continue;
    Series& s = all.back();
    s.x.push_back(d.E_stack_meV[i]), s.y.push_back(d.x_middle[i]);
    s.y_low.push_back(d.x_begin[i]), s.y_high.push_back(d.x_end[i]);
  }
  return all;
}

Series curve(const std::string& name, const StackingShiftFigure& d, const std::vector<double>& y) {
  Series s;
  s.name = name;
  s.x = d.E_stack_meV, s.y = y;
  return s;
}

}  // namespace

std::string stacking_voltage_figure(const StackingVoltageFigure& d) {
  constexpr std::array colors{Color::black, Color::vermilion, Color::purple, Color::orange};
  constexpr std::array dashes{Dash::solid, Dash::dashed, Dash::dotted};
  Chart c;
  c.title = d.title;
  c.description = fmt::format(
      "Voltage against lithium content: as computed and with {} calibrated stacking energies; {} "
      "voltages of experiment as lines.",
      d.curves.empty() ? 0 : d.curves.size() - 1, d.measured_V.size());
  c.x.label = "x (Li per formula unit)";
  c.y.label = "V against Li/Li⁺ (V)";
  for (const TwoPhase& r : d.change) c.regions.push_back({r.x_left, r.x_right, r.label});
  for (std::size_t i = 0; i < d.curves.size(); ++i) {
    Series s;
    s.name = d.curves[i].name, s.x = d.curves[i].x, s.y = d.curves[i].y;
    s.mark = d.steps ? Mark::steps : Mark::line;
    s.color = colors[i % colors.size()];
    s.dash = i == 0 ? Dash::solid : dashes[1 + (i - 1) % 2], s.width = i == 0 ? 2.6 : 2.0;
    c.series.push_back(std::move(s));
  }
  show_plateaus(d, c);
  add_voltages(d.measured_V, c);
  for (const TwoPhase& r : d.measured_x) {
    if (r.x_right <= r.x_left) continue;
    c.guides.push_back({true, r.x_left, ""});
    c.guides.push_back({true, r.x_right, "experiment: " + r.label});
  }
  return to_svg(c);
}

std::string stacking_composition_figure(const StackingShiftFigure& d) {
  Chart c = shift_chart(d, "x of the change of stacking");
  c.description = "Begin, middle and end of the change of stacking against the stacking energy.";
  c.y.low = 0.0;
  c.series = bands(d);
  c.series.push_back(curve("middle", d, d.x_middle));
  add_marks(d, true, c);
  return to_svg(c);
}

std::string stacking_shift_voltage_figure(const StackingShiftFigure& d) {
  Chart c = shift_chart(d, "V of the change of stacking (V)");
  c.description = "Voltage of the change of stacking against the stacking energy.";
  c.series = {curve("voltage of the change", d, d.V)};
  add_marks(d, false, c);
  add_voltages(d.measured_V, c);
  return to_svg(c);
}

}  // namespace lithiate::analysis
