#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart_frame.hpp"

namespace lithiate::analysis {
namespace {

std::string dash_attribute(Dash dash) {
  if (dash == Dash::solid) return "";
  return dash == Dash::dashed ? R"( stroke-dasharray="7 4")" : R"( stroke-dasharray="2 3.5")";
}

std::string stroke(const Series& s) {
  return fmt::format(R"(fill="none" stroke="{}" stroke-width="{}"{} stroke-linejoin="round")",
                     hex(s.color), s.width, dash_attribute(s.dash));
}

bool visible(const Series& s, const Frame& f, std::size_t i) {
  return f.x.drawable(s.x[i]) && f.y.drawable(s.y[i]);
}

std::string polyline(const Series& s, const Frame& f) {
  std::string path;
  bool pen = false;
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    if (!visible(s, f, i)) {
      pen = false;
      continue;
    }
    const double x = f.x(s.x[i]), y = f.y(s.y[i]);
    if (pen && s.mark == Mark::steps && s.y[i] != s.y[i - 1]) path += fmt::format("V{:.2f}", y);
    path += fmt::format("{}{:.2f} {:.2f}", pen ? "L" : "M", x, y);
    pen = true;
  }
  return path.empty() ? "" : fmt::format("<path d=\"{}\" {}/>\n", path, stroke(s));
}

std::string marker(const Series& s, double x, double y) {
  const double r = 3.6;
  const std::string paint = fmt::format(R"(fill="{}" stroke="{}" stroke-width="1.4")",
                                        s.hollow ? "#ffffff" : hex(s.color), hex(s.color));
  switch (s.shape) {
    case Shape::circle:
      return fmt::format("<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{}\" {}/>\n", x, y, r, paint);
    case Shape::square:
      return fmt::format("<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{}\" height=\"{}\" {}/>\n",
                         x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, paint);
    case Shape::triangle:
      return fmt::format("<path d=\"M{:.2f} {:.2f}l{} {}h{}z\" {}/>\n", x, y - 1.2 * r, 1.15 * r,
                         2.0 * r, -2.3 * r, paint);
    case Shape::diamond:
      return fmt::format("<path d=\"M{:.2f} {:.2f}l{} {}l{} {}l{} {}z\" {}/>\n", x, y - 1.3 * r,
                         1.3 * r, 1.3 * r, -1.3 * r, 1.3 * r, -1.3 * r, -1.3 * r, paint);
  }
  return "";
}

/// Limits that cannot be drawn (zero or below on a logarithmic axis) run out of the plot.
double limit(const Scale& scale, double value) {
  return scale.drawable(value) ? scale(value) : scale.pixel_low;
}

std::string error_bar(const Series& s, const Frame& f, std::size_t i) {
  std::string path;
  const double x = f.x(s.x[i]), y = f.y(s.y[i]), cap = 3.0;
  if (!s.y_low.empty() && std::isfinite(s.y_high[i]) && !std::isnan(s.y_low[i])) {
    const double low = limit(f.y, s.y_low[i]), high = limit(f.y, s.y_high[i]);
    path += fmt::format("M{:.2f} {:.2f}h{}M{:.2f} {:.2f}V{:.2f}M{:.2f} {:.2f}h{}", x - cap, low,
                        2 * cap, x, low, high, x - cap, high, 2 * cap);
  }
  if (!s.x_low.empty() && std::isfinite(s.x_high[i]) && !std::isnan(s.x_low[i])) {
    const double low = limit(f.x, s.x_low[i]), high = limit(f.x, s.x_high[i]);
    path += fmt::format("M{:.2f} {:.2f}v{}M{:.2f} {:.2f}H{:.2f}M{:.2f} {:.2f}v{}", low, y - cap,
                        2 * cap, low, y, high, high, y - cap, 2 * cap);
  }
  return path.empty() ? ""
                      : fmt::format(
                            "<path d=\"{}\" fill=\"none\" stroke=\"{}\" "
                            "stroke-width=\"1.3\"/>\n",
                            path, hex(s.color));
}

std::string points(const Series& s, const Frame& f) {
  std::string bars, marks;
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    if (!visible(s, f, i)) continue;
    bars += error_bar(s, f, i);
    marks += marker(s, f.x(s.x[i]), f.y(s.y[i]));
  }
  return bars + marks;
}

/// One closed outline: along the low limits, back along the high ones.
std::string band(const Series& s, const Frame& f) {
  const bool vertical = !s.y_low.empty();
  const auto& low = vertical ? s.y_low : s.x_low;
  const auto& high = vertical ? s.y_high : s.x_high;
  std::string there, back;
  for (std::size_t i = 0; i < low.size(); ++i) {
    const double along = vertical ? s.x[i] : s.y[i];
    const Scale& scale = vertical ? f.y : f.x;
    if (!(vertical ? f.x : f.y).drawable(along) || std::isnan(low[i]) || std::isnan(high[i]))
      continue;
    const double a = (vertical ? f.x : f.y)(along);
    const double l = limit(scale, low[i]), h = limit(scale, high[i]);
    there += fmt::format("{}{:.2f} {:.2f}", there.empty() ? "M" : "L", vertical ? a : l,
                         vertical ? l : a);
    back.insert(0, fmt::format("L{:.2f} {:.2f}", vertical ? a : h, vertical ? h : a));
  }
  if (there.empty()) return "";
  return fmt::format("<path d=\"{}{}Z\" fill=\"{}\" fill-opacity=\"0.2\" stroke=\"none\"/>\n",
                     there, back, hex(s.color));
}

std::string bars(const Series& s, const Frame& f) {
  std::vector<double> at = s.x;
  std::sort(at.begin(), at.end());
  double gap = at.size() > 1 ? at.back() - at.front() : 0.1 * (f.x.high - f.x.low);
  for (std::size_t i = 0; i + 1 < at.size(); ++i)
    if (at[i + 1] > at[i]) gap = std::min(gap, at[i + 1] - at[i]);
  std::string out;
  for (std::size_t i = 0; i < s.x.size(); ++i) {
    if (!visible(s, f, i)) continue;
    const double left = f.x(s.x[i] - 0.4 * gap), right = f.x(s.x[i] + 0.4 * gap);
    const double y = f.y(s.y[i]), zero = limit(f.y, 0.0);
    out += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" fill=\"{}\"/>\n", left,
        std::min(y, zero), right - left, std::abs(zero - y), hex(s.color));
    out += error_bar(s, f, i);
  }
  return out;
}

}  // namespace

std::string hex(Color color) {
  switch (color) {
    case Color::blue:
      return "#0072B2";
    case Color::vermilion:
      return "#D55E00";
    case Color::green:
      return "#009E73";
    case Color::purple:
      return "#B4559A";
    case Color::orange:
      return "#E69F00";
    case Color::sky:
      return "#56B4E9";
    case Color::black:
      return "#1A1A1A";
    case Color::grey:
      return "#7A7A7A";
  }
  return "#1A1A1A";
}

std::string draw(const Series& s, const Frame& f) {
  switch (s.mark) {
    case Mark::line:
    case Mark::steps:
      return polyline(s, f);
    case Mark::points:
      return points(s, f);
    case Mark::line_points:
      return polyline(s, f) + points(s, f);
    case Mark::band:
      return band(s, f);
    case Mark::bars:
      return bars(s, f);
  }
  return "";
}

std::string legend_sample(const Series& s, double x, double y) {
  if (s.mark == Mark::band || s.mark == Mark::bars)
    return fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"26\" height=\"10\" fill=\"{}\"{}/>\n", x, y - 5.0,
        hex(s.color), s.mark == Mark::band ? " fill-opacity=\"0.2\"" : "");
  std::string out;
  if (s.mark != Mark::points)
    out = fmt::format("<path d=\"M{:.1f} {:.1f}h26\" {}/>\n", x, y, stroke(s));
  if (s.mark == Mark::points || s.mark == Mark::line_points) out += marker(s, x + 13.0, y);
  return out;
}

}  // namespace lithiate::analysis
