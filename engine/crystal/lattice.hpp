#pragma once
#include <Eigen/Core>

namespace lithiate::crystal {

using Eigen::Matrix3d;
using Eigen::Matrix3i;
using Eigen::Vector3d;
using Eigen::Vector3i;

/// Three right-handed basis vectors as columns, in Angstrom.
class Lattice {
 public:
  Lattice() : Lattice(Matrix3d::Identity()) {}
  /// Throws InputError if a vector is not finite, or the cell is singular or left-handed.
  explicit Lattice(const Matrix3d& columns_A);

  const Matrix3d& columns() const noexcept { return columns_A_; }
  Vector3d cartesian(const Vector3d& fractional) const { return columns_A_ * fractional; }
  Vector3d fractional(const Vector3d& cartesian_A) const { return inverse_ * cartesian_A; }
  double volume_A3() const noexcept { return volume_A3_; }
  /// a, b, c in Angstrom; alpha, beta, gamma in degrees.
  Eigen::Matrix<double, 6, 1> parameters() const;
  static Lattice from_parameters(double a_A, double b_A, double c_A, double alpha_deg,
                                 double beta_deg, double gamma_deg);
  /// Shortest distance in Angstrom between two points over all periodic images.
  double distance_A(const Vector3d& fractional_1, const Vector3d& fractional_2) const;
  /// Shortest difference vector 2 - 1 over all images, Cartesian, Angstrom.
  Vector3d shortest_A(const Vector3d& fractional_1, const Vector3d& fractional_2) const;
  /// Half-widths n of the block of cells [-n, n]^3 that covers a sphere of this radius around any
  /// point of the home cell.
  Vector3i cells_within(double radius_A) const;

 private:
  Matrix3d columns_A_, inverse_;
  Matrix3d reduced_A_, to_reduced_;  // short vectors of the same lattice; fractional -> theirs
  double volume_A3_;
};

}  // namespace lithiate::crystal
