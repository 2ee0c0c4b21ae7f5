#pragma once
/// Differential capacity from an equilibrium curve.
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/equilibrium.hpp"

namespace lithiate::analysis {

struct DqdvConfig {
  double molar_mass_g_per_mol = 0.0;  ///< of one formula unit of the empty host
  double width_V = 0.0;               ///< of a broadened plateau; 0: kT
  double step_V = 0.001;              ///< of the output grid
  double prominence = 0.05;           ///< a peak rises this fraction of the highest above its sides
  int resamples = 200;                ///< for the errors of the peaks
  std::uint64_t seed = 1;
};

struct DqdvPeak {
  double V = 0.0, V_error = 0.0;
  double height_mAh_per_g_V = 0.0, height_error = 0.0;
  bool plateau = false;  ///< a two-phase plateau: true height infinite, shown with width_V
  double found = 0.0;    ///< fraction of the resamples that show the peak
};

/// All arrays on one grid of voltages, rising. Signs: -dx/dV and -dQ/dV (positive).
struct Dqdv {
  std::vector<double> V, dx_dV, dQ_dV_mAh_per_g_V, dQ_dV_error;
  std::vector<DqdvPeak> peaks;  ///< by rising V
  double width_V = 0.0;
};

/// Single-phase parts from dx/dmu; a plateau of width dx at V0 becomes
/// dx sech^2((V - V0)/(2 w)) / (4 w), w = width_V, which is the line shape of one independent site
/// for w = kT. Errors: x, dx/dmu and plateaus redrawn within their errors (normal).
/// Throws InputError for a molar mass, step or width that is not positive.
Dqdv dqdv(const Equilibrium& eq, const DqdvConfig& config);

/// Peaks of a curve on a uniform grid; position and height by a parabola through three points.
std::vector<DqdvPeak> find_peaks(const std::vector<double>& V, const std::vector<double>& y,
                                 double prominence);

}  // namespace lithiate::analysis
