#include "crystal/supercell.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "core/error.hpp"

namespace lithiate::crystal {
namespace {

std::int64_t determinant(const Matrix3i& m) {
  const auto at = [&m](int i, int j) { return static_cast<std::int64_t>(m(i, j)); };
  return at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) -
         at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0)) +
         at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
}

int floor_division(int a, int b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0); }

/// Euclid on columns j > row until m(row, j) = 0 there and m(row, row) > 0.
void clear_row(Matrix3i& m, int row) {
  for (int j = row + 1; j < 3; ++j)
    while (m(row, j) != 0) {
      const int q = floor_division(m(row, row), m(row, j));
      const Vector3i rest = m.col(row) - q * m.col(j);
      m.col(row) = m.col(j);
      m.col(j) = rest;
    }
  if (m(row, row) < 0) m.col(row) *= -1;
}

}  // namespace

Matrix3i hermite_normal_form(const Matrix3i& matrix) {
  Matrix3i m = matrix;
  for (int row = 0; row < 3; ++row) clear_row(m, row);
  for (int row = 1; row < 3; ++row)
    for (int j = 0; j < row; ++j) m.col(j) -= floor_division(m(row, j), m(row, row)) * m.col(row);
  return m;
}

Supercell::Supercell(const Structure& prim, const Matrix3i& transformation)
    : n_basis_(static_cast<int>(prim.sites.size())),
      n_cells_(determinant(transformation)),
      transformation_(transformation) {
  if (n_cells_ <= 0)
    throw InputError(
        fmt::format("{}: supercell matrix has determinant {}, expected a positive number of cells",
                    prim.name, n_cells_));
  hermite_ = hermite_normal_form(transformation);
  to_supercell_ = transformation.cast<double>().inverse();
  lattice_ = Lattice(prim.lattice.columns() * transformation.cast<double>());
  for (const Site& site : prim.sites) basis_.push_back(site.fractional);
}

std::int64_t Supercell::cell_index(const Vector3i& cell) const noexcept {
  Vector3i c = cell;
  std::int64_t index = 0;
  for (int i = 0; i < 3; ++i) {
    const int q = floor_division(c[i], hermite_(i, i));
    c -= q * hermite_.col(i);
    index = index * hermite_(i, i) + c[i];
  }
  return index;
}

Vector3i Supercell::cell(std::int64_t cell_index) const noexcept {
  Vector3i c;
  for (int i = 2; i >= 0; --i) {
    c[i] = static_cast<int>(cell_index % hermite_(i, i));
    cell_index /= hermite_(i, i);
  }
  return c;
}

SiteOffset Supercell::offset(std::int64_t index) const noexcept {
  const Vector3i c = cell(index / n_basis_);
  return {static_cast<int>(index % n_basis_), {c[0], c[1], c[2]}};
}

Vector3d Supercell::fractional(std::int64_t index) const {
  const SiteOffset site = offset(index);
  Vector3d f = to_supercell_ *
               (basis_[static_cast<std::size_t>(site.basis)] + site.cell_vector().cast<double>());
  for (int i = 0; i < 3; ++i) {
    f[i] -= std::floor(f[i]);
    if (f[i] > 1.0 - 1e-9) f[i] = 0.0;
  }
  return f;
}

}  // namespace lithiate::crystal
