#pragma once
/// Charts as self-contained SVG text: no scripts, fonts or files from outside.
#include <optional>
#include <string>
#include <vector>

namespace lithiate::analysis {

struct Axis {
  std::string label;  ///< with the unit
  bool logarithmic = false;
  std::optional<double> low, high;  ///< default: the data with a margin
};

enum class Mark { line, points, line_points, steps, band, bars };
enum class Dash { solid, dashed, dotted };
enum class Shape { circle, square, triangle, diamond };

/// Colours of Okabe and Ito that remain distinct for colour-blind readers, then grey.
enum class Color { blue, vermilion, green, purple, orange, sky, black, grey };

/// Data in the units of the axes. NaN breaks a line. Error limits are absolute values; either pair
/// may be empty. A band is filled between y_low and y_high, or, if these are empty, between x_low
/// and x_high. Bars rise from zero, as wide as the smallest distance allows. Steps join (x[i],
/// y[i]) by vertical lines, so a plateau is two points of equal y.
struct Series {
  std::string name;  ///< in the legend; empty: none
  Mark mark = Mark::line;
  std::vector<double> x, y, y_low, y_high, x_low, x_high;
  Color color = Color::blue;
  Dash dash = Dash::solid;
  Shape shape = Shape::circle;
  double width = 2.0;
  bool hollow = false;  ///< open markers
};

/// A line across the plot at one value.
struct Guide {
  bool vertical = true;
  double at = 0.0;
  std::string label;
};

/// A shaded range of x, for example a two-phase region.
struct Region {
  double from = 0.0, to = 0.0;
  std::string label;  ///< shown where it fits
};

/// A second scale on the upper edge: value = factor * x.
struct SecondAxis {
  std::string label;
  double factor = 1.0;
};

struct Chart {
  std::string title;
  std::string description;  ///< for readers who do not see the picture
  Axis x, y;
  std::vector<Series> series;
  std::vector<Guide> guides;
  std::vector<Region> regions;
  std::optional<SecondAxis> top;
  bool diagonal = false;  ///< draws y = x
  int width = 760, height = 460;
};

/// Throws InputError if lengths within a series differ. An empty chart shows "no data".
std::string to_svg(const Chart& chart);

std::string hex(Color color);
/// & < > " ' as entities; control characters dropped. Fit for XML text and attributes.
std::string escaped(const std::string& text);

}  // namespace lithiate::analysis
