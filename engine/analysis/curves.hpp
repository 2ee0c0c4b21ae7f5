#pragma once
/// From the sweeps of one phase to its equilibrium candidates: pieces without jumps, each with a
/// reference, pieces that show the same state averaged into one.
#include <optional>
#include <string>
#include <vector>

#include "analysis/branch.hpp"

namespace lithiate::analysis {

/// When two pieces show the same state: |dx| within 4 standard errors + x + dx/dmu * mu_eV.
struct AgreementRule {
  double x = 0.01;
  double mu_eV = 0.002;
  int run = 3;  ///< neighbouring points that must agree before a reference is passed on
};
bool agree(const Knot& a, const Knot& b, const AgreementRule& rule);

/// Difference of two independently referenced sweeps of one phase where they show the same state.
/// DESIGN: at most 0.5 meV per f.u. Null with a reason when no such pair exists.
struct LoopClosure {
  std::string phase;
  std::optional<double> largest_eV, error_eV;  ///< largest |phi_up - phi_down| and its error there
  std::optional<double> at_filled_end_eV;      ///< phi_up - exact value, at the end of the up sweep
  std::string reason;
};

/// A piece that takes no part in the equilibrium, and why.
struct Excluded {
  std::string phase;
  Sweep sweep = Sweep::up;
  double mu_min_eV = 0.0, mu_max_eV = 0.0, x_min = 0.0, x_max = 0.0;
  std::string reason;
};

/// Gives pieces behind a jump the reference of an agreeing piece of the same phase (normally the
/// reverse sweep), until nothing changes. The rest stays unreferenced.
void pass_on_references(std::vector<Curve>& curves, const AgreementRule& rule);

LoopClosure loop_closure(const std::string& phase, const std::vector<Curve>& curves,
                         const AgreementRule& rule);

/// Referenced pieces of one phase that agree wherever they overlap become one curve: x averaged
/// with weights 1/error^2; phi likewise over the independently referenced ones, its error scaled up
/// where they differ by more than their errors say (as the Particle Data Group does).
std::vector<Curve> merged(std::vector<Curve> curves, const AgreementRule& rule);

}  // namespace lithiate::analysis
