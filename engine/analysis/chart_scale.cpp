#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/chart_frame.hpp"

namespace lithiate::analysis {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(double v, bool logarithmic) {
    if (!std::isfinite(v) || (logarithmic && v <= 0.0)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  bool empty() const { return low > high; }
};

Range data_range(const Chart& chart, bool is_x) {
  const Axis& axis = is_x ? chart.x : chart.y;
  Range r;
  for (const Series& s : chart.series) {
    const auto& values = is_x ? s.x : s.y;
    for (const auto* list : {&values, is_x ? &s.x_low : &s.y_low, is_x ? &s.x_high : &s.y_high})
      for (const double v : *list) r.add(v, axis.logarithmic);
    if (!is_x && s.mark == Mark::bars) r.add(0.0, axis.logarithmic);
  }
  for (const Guide& g : chart.guides)
    if (g.vertical == is_x) r.add(g.at, axis.logarithmic);
  return r;
}

/// A single value gets room on both sides; otherwise 4 % of the span.
void widen(Range& r, bool logarithmic) {
  if (logarithmic) {
    const double factor = r.high > r.low ? std::pow(r.high / r.low, 0.05) : 3.0;
    r.low /= factor, r.high *= factor;
    return;
  }
  const double margin =
      r.high > r.low ? 0.04 * (r.high - r.low) : std::max(0.05 * std::abs(r.low), 1e-6);
  r.low -= margin, r.high += margin;
}

}  // namespace

double Scale::operator()(double v) const {
  const double t =
      logarithmic ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low);
  // far outside is cut here: renderers lose precision with huge coordinates
  return pixel_low + std::clamp(t, -10.0, 11.0) * (pixel_high - pixel_low);
}

bool Scale::drawable(double v) const { return std::isfinite(v) && (!logarithmic || v > 0.0); }

Scale make_scale(const Chart& chart, bool is_x) {
  const Axis& axis = is_x ? chart.x : chart.y;
  Range r = data_range(chart, is_x);
  if (chart.diagonal) {
    const Range other = data_range(chart, !is_x);
    r.add(other.low, axis.logarithmic), r.add(other.high, axis.logarithmic);
  }
  if (r.empty()) r.low = axis.logarithmic ? 1.0 : 0.0, r.high = axis.logarithmic ? 10.0 : 1.0;
  widen(r, axis.logarithmic);
  Scale s;
  s.low = axis.low.value_or(r.low), s.high = axis.high.value_or(r.high);
  s.logarithmic = axis.logarithmic;
  if (!(s.high > s.low)) s.high = s.low + (s.low != 0.0 ? std::abs(s.low) : 1.0);
  return s;
}

}  // namespace lithiate::analysis
