#pragma once
/// Exactly solvable models as sources of sweeps.
#include <cmath>
#include <vector>

#include "analysis/branch.hpp"
#include "core/random.hpp"
#include "core/units.hpp"

namespace lithiate::fixtures {

using analysis::Branch;
using analysis::MuPoint;
using analysis::Sweep;

inline std::vector<double> grid(double first, double last, int steps) {
  std::vector<double> mu;
  for (int i = 0; i <= steps; ++i) mu.push_back(first + (last - first) * i / steps);
  return mu;
}

/// One independent site per formula unit.
struct IdealGas {
  double e0_eV = 0.0, T = 300.0, empty_eV = 0.0;
  double kT() const { return k_B * T; }
  double x(double mu) const { return 1.0 / (1.0 + std::exp((e0_eV - mu) / kT())); }
  double dx_dmu(double mu) const { return x(mu) * (1.0 - x(mu)) / kT(); }
  double phi(double mu) const {
    return empty_eV - kT() * std::log1p(std::exp((mu - e0_eV) / kT()));
  }
};

/// Nearest-neighbour chain with pair energy w: largest eigenvalue of the transfer matrix
/// (1, z^1/2; z^1/2, z exp(-w/kT)), z = exp(mu/kT). x = 1/2 at mu = w.
struct Chain {
  double w_eV = 0.05, T = 300.0;
  double kT() const { return k_B * T; }
  double h(double mu) const { return (mu - w_eV) / (2.0 * kT()); }
  double root(double mu) const {
    return std::sqrt(std::pow(std::sinh(h(mu)), 2) + std::exp(w_eV / kT()));
  }
  double x(double mu) const { return 0.5 * (1.0 + std::sinh(h(mu)) / root(mu)); }
  double dx_dmu(double mu) const {
    return std::exp(w_eV / kT()) * std::cosh(h(mu)) / (4.0 * kT() * std::pow(root(mu), 3));
  }
  double phi(double mu) const {
    const double z = std::exp(mu / kT()), b = z * std::exp(-w_eV / kT());
    return -kT() * std::log(0.5 * (1.0 + b + std::sqrt((1.0 - b) * (1.0 - b) + 4.0 * z)));
  }
};

/// Exact sweep of a model; the first point carries the exact reference.
template <class Model>
Branch sweep(const Model& model, const std::string& phase, const std::vector<double>& mu,
             Sweep direction) {
  Branch b{phase, direction, model.T, {}, analysis::Reference{model.phi(mu.front()), 0.0}};
  for (const double m : mu) b.points.push_back({m, model.x(m), 0, 0, 0, model.dx_dmu(m), 0});
  return b;
}

/// The same with Gaussian noise of the stated standard errors.
inline Branch noisy(Branch b, double x_error, double relative_slope_error, std::uint64_t seed) {
  Random random(seed, Purpose::test);
  for (MuPoint& p : b.points) {
    p.x_error = x_error;
    p.x += x_error * random.normal();
    p.dx_dmu_error = relative_slope_error * p.dx_dmu_per_eV;
    p.dx_dmu_per_eV += p.dx_dmu_error * random.normal();
  }
  return b;
}

}  // namespace lithiate::fixtures
