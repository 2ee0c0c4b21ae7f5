#pragma once
/// Figures of a stacking analysis, from plain numbers; each returns a self-contained SVG.
#include <string>
#include <vector>

#include "analysis/figures.hpp"

namespace lithiate::analysis {

/// A value with a name: of an experiment, or of E_stack.
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
};
std::string stacking_voltage_figure(const StackingVoltageFigure& data);

/// The change against E_stack (meV per f.u.). NaN where it does not exist.
struct StackingShiftFigure {
  std::string title;
  std::vector<double> E_stack_meV, x_begin, x_end, x_middle, V;
  std::vector<Marked> fitted_meV;  ///< values of E_stack that meet an experiment
  std::vector<Marked> measured_V;
};
std::string stacking_composition_figure(const StackingShiftFigure& data);
std::string stacking_shift_voltage_figure(const StackingShiftFigure& data);

}  // namespace lithiate::analysis
