#pragma once
/// The figures of a finished run, from plain numbers; each returns a self-contained SVG.
#include <optional>
#include <string>
#include <vector>

#include "analysis/dqdv.hpp"
#include "analysis/equilibrium.hpp"
#include "analysis/zero_kelvin.hpp"

namespace lithiate::analysis {

/// A named curve; `error` (same length or empty) is the standard error of y, or of x in voltage
/// curves, where mu is given and x is measured. NaN breaks the line.
struct Trace {
  std::string name;
  std::vector<double> x, y, error;
};

/// A two-phase region in x.
struct TwoPhase {
  double x_left = 0.0, x_right = 0.0;
  std::string label;
};

struct VoltageFigure {
  std::string title;
  std::vector<Trace> insertion, removal;  ///< sweeps: x, V; one per phase
  std::vector<Trace> equilibrium;         ///< x, V, error of x
  std::vector<Trace> zero_kelvin;         ///< plateaus as pairs of points of equal V
  std::vector<Trace> measured;            ///< experiments, as points
  std::vector<TwoPhase> two_phase;
  double capacity_mAh_per_g = 0.0;  ///< of x = 1; 0: no second axis
};
std::string voltage_figure(const VoltageFigure& data);

struct DqdvFigure {
  std::string title;
  std::vector<Trace> curves;     ///< V, dQ/dV, error; one per temperature or direction
  std::vector<DqdvPeak> peaks;   ///< marked with their errors
  double plateau_width_V = 0.0;  ///< said in the description
};
std::string dqdv_figure(const DqdvFigure& data);

struct DiffusionFigure {
  std::string title;
  Trace tracer, jump, chemical;  ///< x, D (cm^2/s), error; NaN where D_chem does not exist
  std::vector<Trace> measured;
  std::vector<TwoPhase> two_phase;
};
std::string diffusion_figure(const DiffusionFigure& data);

/// Energies in meV per formula unit.
struct ParityFigure {
  std::string title;
  Trace in_sample, held_out;  ///< x: DFT, y: predicted, error of the prediction
  std::string unit = "meV/f.u.";
};
std::string parity_figure(const ParityFigure& data);

/// Formation energies in meV per formula unit against x.
struct HullFigure {
  std::string title;
  Trace dft, predicted;            ///< all structures
  Trace dft_hull, predicted_hull;  ///< vertices by rising x
  std::string unit = "meV/f.u.";
};
std::string hull_figure(const HullFigure& data);

/// One bar per term, with its error.
struct CoefficientFigure {
  std::string title;
  Trace coefficients;  ///< x: number or size of the cluster, y: meV
  std::string x_label;
};
std::string coefficient_figure(const CoefficientFigure& data);

Trace trace(const Branch& branch, double reference_voltage_V);  ///< x, V, error of x
Trace trace(const Equilibrium& eq, const std::string& name);    ///< gaps as NaN
Trace trace(const ZeroKelvin& zero, const std::string& name);
std::vector<TwoPhase> two_phase_regions(const Equilibrium& eq);

}  // namespace lithiate::analysis
