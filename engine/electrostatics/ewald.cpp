#include "electrostatics/ewald.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/units.hpp"
#include "crystal/reduction.hpp"

namespace lithiate::electrostatics {
namespace {

using std::numbers::pi;

/// An erfc of the real-space sum costs as much as this many waves: the two sums then balance.
constexpr double cost_ratio = 4.5;
/// Outside, one of the two sums has millions of terms.
constexpr double smallest_alpha_L = 0.2, largest_alpha_L = 30.0;
/// Integrals over a tail stand for sums over its shells; this factor covers the difference.
constexpr double tail_margin = 0.1;
/// Sums of formal charges written with the digits of a double.
constexpr double neutral_e = 1e-8;

/// Smallest s with factor * exp(-s^2) / s <= bound.
double tail_start(double factor, double bound) {
  double s = 1.0;
  while (factor * std::exp(-s * s) / s > bound) s += 0.02;
  return s;
}

double checked_splitting(const EwaldConfig& config, double size_A) {
  if (!(config.accuracy >= 1e-14 && config.accuracy <= 1e-2))
    throw InputError(fmt::format("ewald: accuracy = {}, expected 1e-14 to 1e-2", config.accuracy));
  const double alpha =
      config.splitting_per_A.value_or(std::sqrt(pi) * std::pow(cost_ratio, 1.0 / 6.0) / size_A);
  if (!(alpha * size_A >= smallest_alpha_L && alpha * size_A <= largest_alpha_L))
    throw InputError(fmt::format("ewald: splitting parameter = {} 1/A, expected {:.3g} to {:.3g}",
                                 alpha, smallest_alpha_L / size_A, largest_alpha_L / size_A));
  return alpha;
}

/// Calls visit(n) for every integer triple in the block [-limit, limit].
template <class Visit>
void for_each_triple(const Vector3i& limit, const Visit& visit) {
  for (int i = -limit[0]; i <= limit[0]; ++i)
    for (int j = -limit[1]; j <= limit[1]; ++j)
      for (int k = -limit[2]; k <= limit[2]; ++k) visit(Vector3i(i, j, k));
}

bool first_of_pair(const Vector3i& n) {
  for (int i = 0; i < 3; ++i)
    if (n[i] != 0) return n[i] > 0;
  return false;  // G = 0 belongs to the background
}

}  // namespace

Ewald::Ewald(const crystal::Lattice& lattice, const EwaldConfig& config)
    : lattice_(lattice),
      reduced_(lattice.columns() * crystal::reduction(lattice.columns()).cast<double>()) {
  const double V = lattice.volume_A3(), size_A = std::cbrt(V);
  alpha_per_A_ = checked_splitting(config, size_A);
  const double alpha_L = alpha_per_A_ * size_A, bound = tail_margin * config.accuracy;
  // integrals of the two sums from the cut-off on, in units of 1 / size
  real_cutoff_A_ = tail_start(2.0 * std::sqrt(pi) / (alpha_L * alpha_L), bound) / alpha_per_A_;
  reciprocal_cutoff_per_A_ = tail_start(2.0 / pi * alpha_L, bound) * 2.0 * alpha_per_A_;
  background_eV_ = -coulomb_eV_A * pi / (V * alpha_per_A_ * alpha_per_A_);
  collect_images();
  collect_waves();
  double images = 0.0;
  for (const Vector3d& T : images_A_) {
    const double r = T.norm();
    if (r > 0.0 && r < real_cutoff_A_) images += std::erfc(alpha_per_A_ * r) / r;
  }
  self_eV_ = coulomb_eV_A * (images - 2.0 * alpha_per_A_ / std::sqrt(pi)) +
             reciprocal_eV(Vector3d::Zero()) + background_eV_;
}

void Ewald::collect_images() {
  const crystal::Matrix3d& columns = reduced_.columns();
  const double farthest_A = real_cutoff_A_ + 0.5 * (columns.col(0).norm() + columns.col(1).norm() +
                                                    columns.col(2).norm());
  // a wrapped separation lies within half a cell of the origin along each axis
  for_each_triple(reduced_.cells_within(real_cutoff_A_), [&](const Vector3i& n) {
    const Vector3d T = columns * n.cast<double>();
    if (T.norm() <= farthest_A) images_A_.push_back(T);
  });
}

void Ewald::collect_waves() {
  const crystal::Matrix3d reciprocal = 2.0 * pi * reduced_.columns().inverse().transpose();
  Vector3i limit;  // |n_i| = |G a_i| / 2 pi
  for (int i = 0; i < 3; ++i)
    limit[i] =
        static_cast<int>(reciprocal_cutoff_per_A_ * reduced_.columns().col(i).norm() / (2.0 * pi));
  for_each_triple(limit, [&](const Vector3i& n) {
    const double G2 = (reciprocal * n.cast<double>()).squaredNorm();
    if (!first_of_pair(n) || G2 > reciprocal_cutoff_per_A_ * reciprocal_cutoff_per_A_) return;
    const double decay = std::exp(-G2 / (4.0 * alpha_per_A_ * alpha_per_A_)) / G2;
    waves_.push_back({2.0 * pi * n.cast<double>(),
                      2.0 * coulomb_eV_A * 4.0 * pi / lattice_.volume_A3() * decay});
  });
}

double Ewald::reciprocal_eV(const Vector3d& reduced_fractional) const {
  double sum_eV = 0.0;
  for (const Wave& wave : waves_)
    sum_eV += wave.weight_eV * std::cos(wave.phase.dot(reduced_fractional));
  return sum_eV;
}

double Ewald::pair_eV(const Vector3d& separation_A) const {
  Vector3d f = reduced_.fractional(separation_A);
  for (int i = 0; i < 3; ++i) f[i] -= std::round(f[i]);
  const Vector3d wrapped_A = reduced_.cartesian(f);
  const double cutoff2_A2 = real_cutoff_A_ * real_cutoff_A_;
  double sum = 0.0;
  for (const Vector3d& T : images_A_) {
    const double r2 = (wrapped_A + T).squaredNorm();
    if (r2 > cutoff2_A2) continue;
    if (r2 < closest_A * closest_A)
      throw InputError(fmt::format("ewald: two sites are {:.3g} A apart, expected at least {} A",
                                   std::sqrt(r2), closest_A));
    const double r = std::sqrt(r2);
    sum += std::erfc(alpha_per_A_ * r) / r;
  }
  return coulomb_eV_A * sum + reciprocal_eV(f) + background_eV_;
}

double Ewald::energy_eV(std::span<const Vector3d> fractional, std::span<const double> charges_e,
                        Neutrality neutrality) const {
  if (fractional.size() != charges_e.size())
    throw InputError(fmt::format("ewald: {} positions and {} charges, expected as many",
                                 fractional.size(), charges_e.size()));
  double total_e = 0.0, energy_eV = 0.0;
  for (const double q : charges_e) total_e += q;
  check_neutrality(total_e, neutrality);
  for (std::size_t i = 0; i < fractional.size(); ++i) {
    energy_eV += 0.5 * charges_e[i] * charges_e[i] * self_eV_;
    for (std::size_t j = 0; j < i; ++j)
      energy_eV +=
          charges_e[i] * charges_e[j] * pair_eV(lattice_.cartesian(fractional[i] - fractional[j]));
  }
  return energy_eV;
}

void check_neutrality(double total_charge_e, Neutrality neutrality) {
  if (!std::isfinite(total_charge_e)) throw InputError("ewald: a charge is not finite");
  if (neutrality == Neutrality::required && std::abs(total_charge_e) > neutral_e)
    throw InputError(fmt::format(
        "ewald: the cell has a net charge of {:+.6g} e, expected a neutral cell", total_charge_e));
}

}  // namespace lithiate::electrostatics
