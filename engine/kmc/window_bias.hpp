#pragma once
#include <array>

#include "observe/estimate.hpp"

namespace lithiate::kmc {

/// A quantity at window 0 and what window tau adds to it.
struct WindowBias {
  observe::Estimate limit, bias;
  bool resolved = false;  ///< the bias is at least three of its errors
};

/// From independent runs with windows tau, tau / 2 and tau / 4: least squares of
/// a + b (window / tau)^2, weighted by the errors. Undefined estimates if one of them is.
WindowBias extrapolate_window(const std::array<observe::Estimate, 3>& runs);

}  // namespace lithiate::kmc
