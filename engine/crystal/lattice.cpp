#include "crystal/lattice.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <cmath>

#include "core/error.hpp"
#include "crystal/reduction.hpp"

namespace lithiate::crystal {
namespace {
/// Below this fraction of |a||b||c| a cell counts as flat; real cells lie above 0.01.
constexpr double smallest_relative_volume = 1e-6;
constexpr double degree = M_PI / 180.0;
}  // namespace

Lattice::Lattice(const Matrix3d& columns_A) : columns_A_(columns_A) {
  if (!columns_A.allFinite()) throw InputError("lattice: a vector is not finite");
  const double box = columns_A.col(0).norm() * columns_A.col(1).norm() * columns_A.col(2).norm();
  volume_A3_ = columns_A.determinant();
  if (std::abs(volume_A3_) <= smallest_relative_volume * box || box == 0.0)
    throw InputError(fmt::format(
        "lattice: the cell is singular (volume {:.3g} A^3), expected three independent vectors",
        volume_A3_));
  if (volume_A3_ < 0.0)
    throw InputError(
        fmt::format("lattice: the vectors are left-handed (a x b . c = {:.6g} A^3), expected a "
                    "positive volume; "
                    "exchange two vectors",
                    volume_A3_));
  inverse_ = columns_A.inverse();
  reduced_A_ = columns_A * reduction(columns_A).cast<double>();
  to_reduced_ = reduced_A_.inverse() * columns_A;
}

Eigen::Matrix<double, 6, 1> Lattice::parameters() const {
  const Vector3d a = columns_A_.col(0), b = columns_A_.col(1), c = columns_A_.col(2);
  const auto angle = [](const Vector3d& u, const Vector3d& v) {
    return std::atan2(u.cross(v).norm(), u.dot(v)) / degree;
  };
  Eigen::Matrix<double, 6, 1> all;
  all << a.norm(), b.norm(), c.norm(), angle(b, c), angle(a, c), angle(a, b);
  return all;
}

Lattice Lattice::from_parameters(double a_A, double b_A, double c_A, double alpha_deg,
                                 double beta_deg, double gamma_deg) {
  const double ca = std::cos(alpha_deg * degree), cb = std::cos(beta_deg * degree);
  const double cg = std::cos(gamma_deg * degree), sg = std::sin(gamma_deg * degree);
  const double cx = cb, cy = (ca - cb * cg) / sg, cz2 = 1.0 - cx * cx - cy * cy;
  if (!(cz2 > 0.0))
    throw InputError(fmt::format("lattice: angles {} {} {} degrees close no cell", alpha_deg,
                                 beta_deg, gamma_deg));
  Matrix3d m = Matrix3d::Zero();
  m.col(0) = Vector3d(a_A, 0, 0);
  m.col(1) = Vector3d(b_A * cg, b_A * sg, 0);
  m.col(2) = c_A * Vector3d(cx, cy, std::sqrt(cz2));
  return Lattice(m);
}

Vector3i Lattice::cells_within(double radius_A) const {
  Vector3i n;
  for (int i = 0; i < 3; ++i)
    n[i] = static_cast<int>(std::ceil(radius_A * inverse_.row(i).norm())) + 1;
  return n;
}

Vector3d Lattice::shortest_A(const Vector3d& fractional_1, const Vector3d& fractional_2) const {
  Vector3d d = to_reduced_ * (fractional_2 - fractional_1);
  for (int i = 0; i < 3; ++i) d[i] -= std::round(d[i]);
  const Vector3d wrapped_A = reduced_A_ * d;
  Vector3d best_A = wrapped_A;
  // in a Minkowski-reduced cell the nearest image is among the 27 around the wrapped one
  for (int i = -1; i <= 1; ++i)
    for (int j = -1; j <= 1; ++j)
      for (int k = -1; k <= 1; ++k) {
        const Vector3d v_A =
            wrapped_A + i * reduced_A_.col(0) + j * reduced_A_.col(1) + k * reduced_A_.col(2);
        if (v_A.squaredNorm() < best_A.squaredNorm() - 1e-12) best_A = v_A;
      }
  return best_A;
}

double Lattice::distance_A(const Vector3d& fractional_1, const Vector3d& fractional_2) const {
  return shortest_A(fractional_1, fractional_2).norm();
}

}  // namespace lithiate::crystal
