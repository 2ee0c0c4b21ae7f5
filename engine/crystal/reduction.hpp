#pragma once
#include "crystal/lattice.hpp"

namespace lithiate::crystal {

/// Unimodular U (determinant 1) such that no vector of columns_A * U gets shorter when the other
/// two are added or subtracted: a Minkowski-reduced cell (Semaev, Lect. Notes Comput. Sci. 2146,
/// 181 (2001)). REQUIRES: three independent columns.
Matrix3i reduction(const Matrix3d& columns_A);

}  // namespace lithiate::crystal
