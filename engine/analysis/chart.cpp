#include "analysis/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "analysis/chart_frame.hpp"
#include "analysis/ticks.hpp"
#include "core/error.hpp"

namespace lithiate::analysis {
namespace {

constexpr double font = 13.0, title_font = 16.0, legend_row = 20.0;
constexpr const char* ink = "#1A1A1A";
constexpr const char* faint = "#E3E3E3";

std::string text(double x, double y, const std::string& content, const std::string& anchor,
                 double size = font, const std::string& more = {}) {
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\"{}>{}</text>\n", x, y,
      anchor, size, more, escaped(content));
}

std::string line(double x1, double y1, double x2, double y2, const std::string& color,
                 const std::string& more = {}) {
  return fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"{}\" fill=\"none\"{}/>\n",
                     x1, y1, x2, y2, color, more);
}

void check(const Chart& chart) {
  for (const Series& s : chart.series) {
    const std::size_t n = s.x.size();
    const auto fits = [n](const std::vector<double>& v) { return v.empty() || v.size() == n; };
    if (s.y.size() != n || !fits(s.y_low) || !fits(s.x_low) || s.y_low.size() != s.y_high.size() ||
        s.x_low.size() != s.x_high.size())
      throw InputError(
          fmt::format("chart '{}': series '{}' has {} x, {} y and limits of other "
                      "lengths, expected equal lengths",
                      chart.title, s.name, n, s.y.size()));
  }
}

/// Lays out and writes one chart.
class Writer {
 public:
  explicit Writer(const Chart& chart) : chart_(chart) {
    frame_.x = make_scale(chart, true);
    frame_.y = make_scale(chart, false);
    place_legend();
    place_frame();
  }

  std::string run() const {
    return head() + regions() + grid_and_ticks(false) + grid_and_ticks(true) + second_axis() +
           marks() + guides() + border() + labels() + legend() + "</svg>\n";
  }

 private:
  struct Entry {
    const Series* series;
    double x, y;
  };

  std::vector<Tick> ticks(const Scale& s, int count) const {
    return s.logarithmic ? log_ticks(s.low, s.high, count) : linear_ticks(s.low, s.high, count);
  }

  /// Rows of entries under the title, broken where the width ends.
  void place_legend() {
    double x = 0.0, row = 0.0;
    const double room = chart_.width - 40.0;
    for (const Series& s : chart_.series) {
      if (s.name.empty()) continue;
      const double width = 34.0 + text_width(s.name, font) + 18.0;
      if (x > 0.0 && x + width > room) x = 0.0, row += 1.0;
      entries_.push_back({&s, 20.0 + x, 46.0 + legend_row * row});
      x += width;
    }
    legend_bottom_ = entries_.empty() ? 34.0 : 46.0 + legend_row * row + 12.0;
  }

  void place_frame() {
    double widest = 0.0;
    for (const Tick& t : ticks(frame_.y, 7)) widest = std::max(widest, text_width(t.label, font));
    frame_.left = 20.0 + 1.4 * font + widest + 12.0;
    frame_.right = chart_.width - 24.0;
    frame_.top = legend_bottom_ + (chart_.top ? 44.0 : 6.0);
    frame_.bottom = chart_.height - 54.0;
    frame_.x.pixel_low = frame_.left, frame_.x.pixel_high = frame_.right;
    frame_.y.pixel_low = frame_.bottom, frame_.y.pixel_high = frame_.top;
  }

  /// Differs between the charts of one page, so their clip paths do not mix.
  std::string id() const {
    std::uint64_t h = 1469598103934665603ull;  // FNV-1a
    for (const char c : chart_.title + chart_.description + chart_.y.label)
      h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return fmt::format("plot{:x}", h);
  }

  std::string head() const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\" aria-labelledby=\"{2}-t {2}-d\" font-family=\"Helvetica, "
        "Arial, "
        "'DejaVu Sans', sans-serif\" fill=\"{3}\">\n<title id=\"{2}-t\">{4}</title>\n<desc "
        "id=\"{2}-d\">{5}</desc>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n"
        "<clipPath id=\"{2}\"><rect x=\"{6:.1f}\" y=\"{7:.1f}\" width=\"{8:.1f}\" "
        "height=\"{9:.1f}\"/></clipPath>\n",
        chart_.width, chart_.height, id(), ink, escaped(chart_.title), escaped(chart_.description),
        frame_.left, frame_.top, frame_.right - frame_.left, frame_.bottom - frame_.top);
  }

  std::string regions() const {
    std::string out;
    for (const Region& r : chart_.regions) {
      const double a = std::clamp(frame_.x(std::min(r.from, r.to)), frame_.left, frame_.right);
      const double b = std::clamp(frame_.x(std::max(r.from, r.to)), frame_.left, frame_.right);
      if (!(b > a)) continue;
      out += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#F1F1F1\"/>\n",
          a, frame_.top, b - a, frame_.bottom - frame_.top);
      if (text_width(r.label, 12.0) < b - a - 6.0)
        out +=
            text(0.5 * (a + b), frame_.bottom - 8.0, r.label, "middle", 12.0, " fill=\"#606060\"");
    }
    return out;
  }

  std::string grid_and_ticks(bool is_x) const {
    std::string out;
    for (const Tick& t : ticks(is_x ? frame_.x : frame_.y, is_x ? 9 : 7)) {
      const double p = is_x ? frame_.x(t.value) : frame_.y(t.value);
      const double length = t.label.empty() ? 3.0 : 5.0;
      if (is_x) {
        if (!t.label.empty()) out += line(p, frame_.top, p, frame_.bottom, faint);
        out += line(p, frame_.bottom, p, frame_.bottom + length, ink);
        out += text(p, frame_.bottom + 20.0, t.label, "middle");
      } else {
        if (!t.label.empty()) out += line(frame_.left, p, frame_.right, p, faint);
        out += line(frame_.left - length, p, frame_.left, p, ink);
        out += text(frame_.left - 9.0, p + 4.5, t.label, "end");
      }
    }
    return out;
  }

  std::string second_axis() const {
    if (!chart_.top) return "";
    std::string out;
    const double k = chart_.top->factor;
    for (const Tick& t : ticks({k * frame_.x.low, k * frame_.x.high, frame_.x.logarithmic}, 9)) {
      const double p = frame_.x(t.value / k);
      out += line(p, frame_.top - 5.0, p, frame_.top, ink);
      out += text(p, frame_.top - 9.0, t.label, "middle");
    }
    return out +
           text(0.5 * (frame_.left + frame_.right), frame_.top - 27.0, chart_.top->label, "middle");
  }

  std::string marks() const {
    std::string out = fmt::format("<g clip-path=\"url(#{})\">\n", id());
    if (chart_.diagonal) {
      const double low = std::max(frame_.x.low, frame_.y.low);
      const double high = std::min(frame_.x.high, frame_.y.high);
      out += line(frame_.x(low), frame_.y(low), frame_.x(high), frame_.y(high), "#7A7A7A",
                  " stroke-dasharray=\"5 4\"");
    }
    bool any = false;
    for (const Series& s : chart_.series) {
      const std::string drawn = draw(s, frame_);
      any = any || !drawn.empty();
      out += drawn;
    }
    if (!any)
      out += text(0.5 * (frame_.left + frame_.right), 0.5 * (frame_.top + frame_.bottom), "no data",
                  "middle");
    return out + "</g>\n";
  }

  std::string guides() const {
    std::string out;
    const std::string style = " stroke-dasharray=\"5 4\" stroke-width=\"1.2\"";
    for (const Guide& g : chart_.guides) {
      const Scale& s = g.vertical ? frame_.x : frame_.y;
      if (!s.drawable(g.at) || g.at < s.low || g.at > s.high) continue;
      const double p = s(g.at);
      if (g.vertical) {
        out += line(p, frame_.top, p, frame_.bottom, "#606060", style);
        // beside the line, on the side with more room
        const bool right_half = p > 0.5 * (frame_.left + frame_.right);
        out += text(right_half ? p - 5.0 : p + 5.0, frame_.top + 16.0, g.label,
                    right_half ? "end" : "start", 12.0, " fill=\"#404040\"");
      } else {
        out += line(frame_.left, p, frame_.right, p, "#606060", style);
        const double y = p - 5.0 < frame_.top + 10.0 ? p + 14.0 : p - 5.0;
        out += text(frame_.right - 6.0, y, g.label, "end", 12.0, " fill=\"#404040\"");
      }
    }
    return out;
  }

  std::string border() const {
    return fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" "
        "stroke=\"{}\"/>\n",
        frame_.left, frame_.top, frame_.right - frame_.left, frame_.bottom - frame_.top, ink);
  }

  std::string labels() const {
    const double middle = 0.5 * (frame_.top + frame_.bottom), x = 20.0 + 0.5 * font;
    return text(20.0, 24.0, chart_.title, "start", title_font, " font-weight=\"600\"") +
           text(0.5 * (frame_.left + frame_.right), chart_.height - 14.0, chart_.x.label, "middle",
                14.0) +
           text(x, middle, chart_.y.label, "middle", 14.0,
                fmt::format(" transform=\"rotate(-90 {:.1f} {:.1f})\"", x, middle));
  }

  std::string legend() const {
    std::string out;
    for (const Entry& e : entries_)
      out +=
          legend_sample(*e.series, e.x, e.y) + text(e.x + 34.0, e.y + 4.5, e.series->name, "start");
    return out;
  }

  const Chart& chart_;
  Frame frame_;
  std::vector<Entry> entries_;
  double legend_bottom_ = 0.0;
};

}  // namespace

double text_width(const std::string& text, double size) {
  double em = 0.0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // inside a UTF-8 character
    em += std::string("iljtfI.,:;|!' ()").find(c) != std::string::npos ? 0.36 : 0.62;
  }
  return em * size;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      out += c;
  }
  return out;
}

std::string to_svg(const Chart& chart) {
  check(chart);
  return Writer(chart).run();
}

}  // namespace lithiate::analysis
