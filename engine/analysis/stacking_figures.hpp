#pragma once
/// Figures of a stacking analysis, from plain numbers; each returns a self-contained SVG.
#include <string>
#include <vector>

#include "analysis/figures.hpp"

namespace lithiate::analysis {

/// A voltage of experiment.
struct Marked {
  double value = 0.0;
  std::string name;
};

/// V(x) as computed and with calibrated E_stack, beside voltages of experiment.
struct StackingVoltageFigure {
  std::string title;
  bool steps = false;            ///< plateaus of a hull rather than a curve
  std::vector<Trace> curves;     ///< x, V; the first as computed, the others calibrated
  std::vector<TwoPhase> change;  ///< of the first curve
  std::vector<Marked> measured_V;
  std::vector<TwoPhase> measured_x;  ///< ranges of a family
};
std::string stacking_voltage_figure(const StackingVoltageFigure& data);

/// The change at one value of E_stack that is marked.
struct MarkedChange {
  std::string name;
  double E_stack_meV = 0.0, x_middle = 0.0, V = 0.0;
  double x_error = 0.0, V_error = 0.0;  ///< 0: none shown
  bool fitted = false;                  ///< to experiment
};

/// The change against E_stack (meV per f.u.), rising. NaN where it does not exist or jumps.
struct StackingShiftFigure {
  std::string title;
  std::vector<double> E_stack_meV, x_begin, x_end, x_middle, V;
  std::vector<MarkedChange> marked;
  std::vector<Marked> measured_V;
};
std::string stacking_composition_figure(const StackingShiftFigure& data);
std::string stacking_shift_voltage_figure(const StackingShiftFigure& data);

}  // namespace lithiate::analysis
