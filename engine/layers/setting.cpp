#include "layers/setting.hpp"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "crystal/reduction.hpp"

namespace lithiate::layers {
namespace {

using crystal::Vector3d;
using crystal::Vector3i;

/// Turns the plane of the first two columns to z = 0 if it does not lie there.
Setting turned(const Matrix3d& columns_A) {
  constexpr double straight = 1e-9;  // sine of the tilt of a plane that counts as z = 0
  const Vector3d normal = columns_A.col(0).cross(columns_A.col(1)).normalized();
  Matrix3d rotation = Matrix3d::Identity();
  if ((normal - Vector3d::UnitZ()).norm() > straight) {
    const Vector3d x = columns_A.col(0).normalized();
    rotation << x.transpose(), normal.cross(x).transpose(), normal.transpose();
  }
  Setting s{rotation * columns_A, rotation};
  s.columns_A(2, 0) = s.columns_A(2, 1) = 0.0;
  return s;
}

std::vector<Vector3i> small_vectors() {
  std::vector<Vector3i> all;
  for (int i = -1; i <= 1; ++i)
    for (int j = -1; j <= 1; ++j)
      for (int k = -1; k <= 1; ++k)
        if (i != 0 || j != 0 || k != 0) all.emplace_back(i, j, k);
  return all;
}

/// A basis of the lattice with its first two vectors, the shortest ones, in the plane of this
/// normal (whole reciprocal coordinates) and the third one plane further.
Matrix3d basis_on(const Matrix3d& cell_A, const Vector3i& normal) {
  std::vector<Vector3d> inside, above;
  for (const Vector3i& v : small_vectors()) {
    if (v.dot(normal) == 0) inside.push_back(cell_A * v.cast<double>());
    if (v.dot(normal) == 1) above.push_back(cell_A * v.cast<double>());
  }
  const auto shorter = [](const Vector3d& a, const Vector3d& b) { return a.norm() < b.norm(); };
  std::stable_sort(inside.begin(), inside.end(), shorter);
  const Vector3d third = *std::min_element(above.begin(), above.end(), shorter);
  const double volume_A3 = cell_A.determinant();
  constexpr double half = 0.5;       // determinants are whole multiples of the volume
  constexpr double rounding = 1e-6;  // of a right angle's cosine
  for (const Vector3d& a : inside)
    for (const Vector3d& b : inside) {
      Matrix3d basis;
      basis << a, b, third;
      if (a.dot(b) <= rounding * a.norm() * b.norm() &&
          std::abs(basis.determinant() - volume_A3) < half * volume_A3)
        return basis;
    }
  return cell_A;
}

}  // namespace

std::vector<Setting> settings(const crystal::Lattice& lattice) {
  const Matrix3d cell_A = lattice.columns() * crystal::reduction(lattice.columns()).cast<double>();
  std::vector<Setting> all;
  for (const Vector3i& normal : small_vectors()) all.push_back(turned(basis_on(cell_A, normal)));
  std::stable_sort(all.begin(), all.end(), [](const Setting& a, const Setting& b) {
    return a.columns_A(2, 2) > b.columns_A(2, 2) + 1e-6;
  });
  all.insert(all.begin(), turned(lattice.columns()));
  return all;
}

}  // namespace lithiate::layers
