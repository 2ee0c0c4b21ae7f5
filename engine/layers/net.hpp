#pragma once
#include <vector>

#include "crystal/lattice.hpp"

namespace lithiate::layers {

using crystal::Matrix3d;
using crystal::Vector3d;
using crystal::Vector3i;

/// Vectors of a plane whose lengths differ by less than this, in Angstrom, count as equally long:
/// above the rounding of files with ten digits, below any real difference.
inline constexpr double tie_A = 1e-4;

/// Two-dimensional lattice in the plane z = 0; lengths in Angstrom. The z of an argument is
/// ignored.
class Net {
 public:
  /// Throws InputError if the vectors are parallel.
  Net(const Vector3d& u_A, const Vector3d& v_A);

  const Vector3d& u_A() const noexcept { return u_A_; }
  const Vector3d& v_A() const noexcept { return v_A_; }
  double area_A2() const;
  /// Shortest vector equal to x up to a net vector; of several within tie_A that of the smallest
  /// angle(), so the choice turns with the net.
  Vector3d shortest_A(const Vector3d& x_A) const { return all_shortest_A(x_A).front(); }
  /// All that are at most `slack_A` longer than the shortest, ascending in angle().
  std::vector<Vector3d> all_shortest_A(const Vector3d& x_A, double slack_A = tie_A) const;
  /// The net vector nearest to x: whole coordinates along u and v, third 0.
  Vector3i coordinates(const Vector3d& x_A) const;
  /// Counterclockwise from u - v, in [0, 2 pi) up to tie_A.
  double angle(const Vector3d& x_A) const;
  /// True if the two shortest vectors are equally long and make 60 or 120 degrees, within
  /// `tolerance` of their length.
  bool triangular(double tolerance) const;
  /// From a point of a triangular net to the centre of one of its triangles; the negative is one of
  /// the other kind.
  Vector3d hollow_A() const;
  double shortest_vector_A() const { return short_.col(0).norm(); }

 private:
  Vector3d u_A_, v_A_;
  Eigen::Matrix<double, 3, 2> short_;    // reduced: two shortest vectors of the same net
  Eigen::Matrix<double, 2, 2> inverse_;  // x, y -> coordinates along short_
};

}  // namespace lithiate::layers
