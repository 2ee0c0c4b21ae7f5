#pragma once
#include <utility>
#include <vector>

#include "benchmark/bins.hpp"
#include "mc/metropolis.hpp"

namespace lithiate::benchmark {

/// A system of one size for a crossing: order parameter m = 2 x - 1 of its Li.
struct BinderSystem {
  model::LatticeModel model;
  double mu_eV = 0.0;  ///< of Li
  int sweeps = 1;      ///< in each sample
};

/// Cumulants U = 1 - <m^4> / (3 <m^2>^2) of several sizes, sampled at one temperature and carried
/// to two neighbouring ones by histogram reweighting (Ferrenberg and Swendsen, Phys. Rev. Lett. 61,
/// 2635 (1988)); two sizes have equal U near the critical point (K. Binder, Z. Phys. B 43, 119
/// (1981)).
class BinderScan {
 public:
  /// Keeps references to the systems. `step` is the relative distance of the temperatures.
  BinderScan(const std::vector<BinderSystem>& systems, double temperature_K, double step,
             std::uint64_t seed, std::uint64_t place);

  Eigen::Index columns() const noexcept { return 9 * std::ssize(systems_); }
  /// Sweeps every system; sums of w, w m^2, w m^4 at the three temperatures of each.
  void sample(Eigen::VectorXd& sums);
  /// Temperature (K) at which the cumulants of two systems, quadratic in T through their three
  /// values, are equal.
  double crossing_K(const Eigen::VectorXd& means, std::size_t smaller, std::size_t larger) const;

 private:
  /// Coefficients of U(t) = c0 + c1 t + c2 t^2 with T = T0 (1 + step t).
  Eigen::Vector3d cumulant(const Eigen::VectorXd& means, std::size_t system) const;

  const std::vector<BinderSystem>& systems_;
  std::vector<mc::Metropolis<mc::SemiGrand>> walks_;
  double temperature_K_, step_;
  Eigen::Vector3d delta_beta_;
  std::vector<double> reference_eV_;  // keeps the weights near 1
};

}  // namespace lithiate::benchmark
