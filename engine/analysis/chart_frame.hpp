#pragma once
/// Where things stand in a chart: shared by the frame and the marks, not part of the interface.
#include <string>
#include <vector>

#include "analysis/chart.hpp"

namespace lithiate::analysis {

/// One axis on the picture: values to pixels.
struct Scale {
  double low = 0.0, high = 1.0;
  bool logarithmic = false;
  double pixel_low = 0.0, pixel_high = 1.0;

  double operator()(double value) const;
  bool drawable(double value) const;  ///< finite, and positive on a logarithmic axis
};

/// The plot rectangle with both scales.
struct Frame {
  double left = 0.0, right = 0.0, top = 0.0, bottom = 0.0;
  Scale x, y;
};

/// Range of an axis over all data, error limits included, with a margin; fixed ends win.
Scale make_scale(const Chart& chart, bool is_x);

/// SVG of one series inside the frame, without clipping.
std::string draw(const Series& series, const Frame& frame);
/// The sample of a series in the legend, 26 pixels wide, centred on y.
std::string legend_sample(const Series& series, double x, double y);

/// Estimated width in pixels of text of this size; the renderer's font is not known.
double text_width(const std::string& text, double size);

}  // namespace lithiate::analysis
