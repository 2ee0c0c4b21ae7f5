#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/equilibrium.hpp"

namespace lithiate::analysis {

/// Theta = d(mu/kT)/d ln x = N / (<N^2> - <N>^2), dimensionless, at one sampled point.
struct ThermodynamicFactor {
  double x = 0.0, mu_eV = 0.0;
  std::optional<double> value, error;  ///< from the fluctuations, one standard error
  std::optional<double> from_slope, from_slope_error;  ///< from mu(x) of the two neighbours
  std::string reason;                                  ///< if value is null
};

/// One entry per point of the branch. Null inside a plateau of `eq` (two states coexist: there is
/// no homogeneous state whose fluctuations would count) and where nothing fluctuates. The slope is
/// null at the ends, across jumps, and next to points without a value.
std::vector<ThermodynamicFactor> thermodynamic_factor(const Branch& branch, const Equilibrium& eq,
                                                      const JumpRule& rule = {});

}  // namespace lithiate::analysis
