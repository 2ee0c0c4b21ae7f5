#pragma once
/// Bragg-Williams lattice gas, one site per formula unit:
/// mu(x) = e0 + g (x - 1/2) + kT ln(x / (1 - x)), f(x) = e0 x + g x (x - 1)/2 + kT [x ln x + ...].
/// The analytic oracle of the common-tangent code: below g = -4 kT it phase-separates.
#include <optional>
#include <vector>

#include "analysis/branch.hpp"

namespace lithiate::analysis {

struct MeanField {
  double g_eV = 0.0;   ///< < 0: attraction
  double e0_eV = 0.0;  ///< mu at x = 1/2
  double temperature_K = 300.0;

  double mu_eV(double x) const;
  double dx_dmu_per_eV(double x) const;
  double free_energy_eV(double x) const;
  double phi_eV(double x) const { return free_energy_eV(x) - mu_eV(x) * x; }
  /// g at which separation begins: -4 kT.
  double critical_g_eV() const;
  /// Compositions with dmu/dx = 0, and of the common tangent (where mu = e0); null if g >= g_c.
  struct Pair {
    double low, high;
  };
  std::optional<Pair> spinodal() const;
  std::optional<Pair> binodal() const;
  /// Composition on the dilute or the dense branch at mu (the only one if just one exists).
  double x_at(double mu_eV, bool dense) const;
  /// Sweep over `mu` (any monotone order): follows its branch to the spinodal, then jumps. The
  /// first point carries its exact reference.
  Branch sweep(const std::vector<double>& mu, Sweep direction) const;
};

}  // namespace lithiate::analysis
