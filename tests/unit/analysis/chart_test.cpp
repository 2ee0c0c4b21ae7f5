#include "analysis/chart.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "analysis/figures.hpp"
#include "analysis/ticks.hpp"
#include "core/error.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> out;
  for (const Tick& t : ticks)
    if (!t.label.empty()) out.push_back(t.label);
  return out;
}

int count(const std::string& text, const std::string& pattern) {
  int n = 0;
  for (auto at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at + 1)) ++n;
  return n;
}

Chart one_series(std::vector<double> x, std::vector<double> y, Mark mark) {
  Chart c;
  c.series.resize(1);
  c.series[0].x = x, c.series[0].y = y, c.series[0].mark = mark;
  return c;
}

/// What stands between `begin` and the next quote, for every occurrence.
std::vector<std::string> quoted(const std::string& text, const std::string& begin) {
  std::vector<std::string> out;
  for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const auto from = at + begin.size();
    out.push_back(text.substr(from, text.find('"', from) - from));
  }
  return out;
}

/// Pixel heights of the circles of a chart.
std::vector<double> circle_heights(const std::string& svg) {
  std::vector<double> out;
  for (const std::string& word : quoted(svg, "cy=\"")) out.push_back(std::stod(word));
  return out;
}

}  // namespace

TEST_CASE("linear ticks are round numbers inside the axis", "[analysis]") {
  REQUIRE(labels(linear_ticks(0.0, 1.0, 5)) ==
          std::vector<std::string>{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  REQUIRE(labels(linear_ticks(-0.013, 0.012, 5)) ==
          std::vector<std::string>{"−0.010", "−0.005", "0.000", "0.005", "0.010"});
  REQUIRE(labels(linear_ticks(130.0, 1720.0, 4)) ==
          std::vector<std::string>{"500", "1000", "1500"});
}

TEST_CASE("linear ticks end even where the span is lost in rounding", "[analysis]") {
  REQUIRE(linear_ticks(1e16, 1e16 + 2.0, 7).size() <= 22);
  REQUIRE(linear_ticks(1.0, 1.0, 7).empty());
}

TEST_CASE("logarithmic ticks label decades and mark 2 to 9 between them", "[analysis]") {
  const auto t = log_ticks(1e-12, 1e-9, 7);
  REQUIRE(labels(t) == std::vector<std::string>{"10⁻¹²", "10⁻¹¹", "10⁻¹⁰", "10⁻⁹"});
  REQUIRE(t.size() == 4 + 3 * 8);
}

TEST_CASE("long logarithmic axes thin their labels and short ones gain some", "[analysis]") {
  REQUIRE(labels(log_ticks(1e-20, 1.0, 7)).size() <= 8);
  REQUIRE(labels(log_ticks(1.5e-10, 7e-10, 7)) == std::vector<std::string>{"2·10⁻¹⁰", "5·10⁻¹⁰"});
}

TEST_CASE("a value is rounded by its error", "[analysis]") {
  REQUIRE(value_with_error(3.41234, 0.0132) == "3.412 ± 0.013");
  REQUIRE(value_with_error(3.41234, 0.0532) == "3.41 ± 0.05");
  REQUIRE(value_with_error(-1234.0, 27.0) == "−1234 ± 27");
  REQUIRE(value_with_error(1.234e-9, 3.1e-10) == "(1.2 ± 0.3) × 10⁻⁹");
  REQUIRE(value_with_error(0.0, 0.0) == "0");
  REQUIRE(value_with_error(0.5, {}) == "0.5");
  REQUIRE(value_with_error(2.5e-12, {}) == "2.5 × 10⁻¹²");
  REQUIRE(value_with_error(1.0, std::numeric_limits<double>::infinity()) == "1 ± unknown");
}

TEST_CASE("text in a chart cannot break out of it", "[analysis]") {
  REQUIRE(escaped("a<b> & \"c\" 'd'\x01") == "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  Chart c = one_series({0, 1}, {0, 1}, Mark::line);
  c.title = c.x.label = c.series[0].name = "<script>alert(1)</script>";
  REQUIRE(to_svg(c).find("<script>") == std::string::npos);
}

TEST_CASE("a chart has a title and a description for readers who do not see it", "[analysis]") {
  Chart c = one_series({0, 1}, {0, 1}, Mark::line);
  c.title = "Voltage", c.description = "falls";
  const std::string svg = to_svg(c);
  REQUIRE_THAT(
      svg, Contains(">Voltage</title>") && Contains(">falls</desc>") && Contains("role=\"img\""));
}

TEST_CASE("equal ratios are equal distances on a logarithmic axis", "[analysis]") {
  Chart c = one_series({0, 1, 2}, {1e-12, 1e-11, 1e-9}, Mark::points);
  c.y.logarithmic = true;
  const auto y = circle_heights(to_svg(c));
  REQUIRE(y.size() == 3);
  REQUIRE_THAT((y[1] - y[2]) / (y[0] - y[1]), Catch::Matchers::WithinAbs(2.0, 1e-3));
}

TEST_CASE("points without a place on a logarithmic axis are left out", "[analysis]") {
  Chart c = one_series({0, 1, 2, 3}, {1e-3, 0.0, -1.0, 1e-2}, Mark::points);
  c.y.logarithmic = true;
  REQUIRE(circle_heights(to_svg(c)).size() == 2);
}

TEST_CASE("NaN breaks a line", "[analysis]") {
  const double nan = std::nan("");
  const std::string svg = to_svg(one_series({0, 1, 2, 3, 4}, {0, 1, nan, 1, 0}, Mark::line));
  const auto from = svg.find("<g clip-path");
  const std::string plot = svg.substr(from, svg.find("</g>", from) - from);
  REQUIRE(count(plot, "M") == 2);
}

TEST_CASE("an empty chart says so", "[analysis]") {
  REQUIRE_THAT(to_svg(Chart{}), Contains("no data"));
  REQUIRE_THAT(to_svg(one_series({std::nan("")}, {1.0}, Mark::points)), Contains("no data"));
}

TEST_CASE("series of unequal lengths are refused by name", "[analysis]") {
  Chart c = one_series({0, 1}, {0}, Mark::line);
  c.series[0].name = "sweep";
  REQUIRE_THROWS_WITH(to_svg(c), Contains("sweep"));
  c = one_series({0, 1}, {0, 1}, Mark::points);
  c.series[0].y_low = {0, 1};
  REQUIRE_THROWS_AS(to_svg(c), InputError);
}

TEST_CASE("two charts of one page have different clip paths", "[analysis]") {
  Chart a = one_series({0, 1}, {0, 1}, Mark::line), b = a;
  a.title = "first", b.title = "second";
  const auto one = quoted(to_svg(a), "clipPath id=\""), two = quoted(to_svg(b), "clipPath id=\"");
  REQUIRE(one.size() == 1);
  REQUIRE(two.size() == 1);
  REQUIRE(one[0] != two[0]);
}

TEST_CASE("traces of a 0 K hull are flat steps", "[analysis]") {
  const ZeroKelvin zero =
      zero_kelvin({{"a", "P", 0, 0, 0}, {"b", "P", 0.5, -2, 0}, {"c", "P", 1, -3, 0}}, 0.0);
  const Trace t = trace(zero, "0 K");
  REQUIRE(t.x == std::vector<double>{0, 0.5, 0.5, 1});
  REQUIRE(t.y == std::vector<double>{4, 4, 2, 2});
}

TEST_CASE("a gap of the equilibrium curve is a break in its trace", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  const Equilibrium eq = equilibrium({sweep(a, "A", grid(-0.5, 0.0, 20), Sweep::up),
                                      sweep(b, "B", grid(0.5, 0.2, 20), Sweep::down)});
  const Trace t = trace(eq, "equilibrium");
  int breaks = 0;
  for (const double x : t.x) breaks += std::isnan(x);
  REQUIRE(breaks == 1);
}

TEST_CASE("the parity figure states both errors", "[analysis]") {
  ParityFigure f{"fit", {"in sample", {0, 10}, {1, 11}, {}}, {"held out", {5}, {8}, {}}};
  const std::string svg = parity_figure(f);
  REQUIRE_THAT(svg, Contains("in sample (2 structures, RMSE 1 meV/f.u.)"));
  REQUIRE_THAT(svg, Contains("held out (1 structures, RMSE 3 meV/f.u.)"));
}
