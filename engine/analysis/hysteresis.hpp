#pragma once
#include <optional>
#include <string>

#include "analysis/branch.hpp"

namespace lithiate::analysis {

/// Separation of the up and down sweeps of one phase. A sweep inserts Li when mu rises, so at one x
/// the up sweep has the higher mu and the lower voltage.
struct Hysteresis {
  std::optional<double> widest_V;        ///< largest mu_up(x) - mu_down(x)
  double at_x = 0.0;                     ///< composition of the widest separation
  std::optional<double> loss_eV_per_fu;  ///< area of the loop, int (x_down - x_up) dmu
  double resolution_V = 0.0;             ///< largest step of mu: the width is known to this
  std::string reason;                    ///< if null
};

/// Null with a reason if the sweeps have no common range. REQUIRES: both pass check().
Hysteresis hysteresis(const Branch& up, const Branch& down);

}  // namespace lithiate::analysis
