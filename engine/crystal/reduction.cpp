#include "crystal/reduction.hpp"

namespace lithiate::crystal {
namespace {

/// Relative gain in squared length below which two vectors count as equally long; without it
/// rounding would let two vectors replace each other for ever.
constexpr double same_square = 1e-9;

}  // namespace

Matrix3i reduction(const Matrix3d& columns_A) {
  Matrix3d v = columns_A;
  Matrix3i u = Matrix3i::Identity();
  for (bool changed = true; changed;) {
    changed = false;
    for (int i = 0; i < 3; ++i)
      for (int x = -1; x <= 1; ++x)
        for (int y = -1; y <= 1; ++y) {
          const int j = (i + 1) % 3, k = (i + 2) % 3;
          const Vector3d sum = v.col(i) + x * v.col(j) + y * v.col(k);
          if (sum.squaredNorm() >= v.col(i).squaredNorm() * (1.0 - same_square)) continue;
          v.col(i) = sum;
          u.col(i) = Vector3i(u.col(i) + x * u.col(j) + y * u.col(k));
          changed = true;
        }
  }
  return u;
}

}  // namespace lithiate::crystal
