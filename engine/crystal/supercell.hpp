#pragma once
#include <cstdint>
#include <vector>

#include "crystal/site_offset.hpp"
#include "crystal/structure.hpp"

namespace lithiate::crystal {

/// Periodic supercell of a primitive cell: columns of `transformation` are its vectors in units of
/// the primitive vectors, so lattice = prim.lattice * transformation. Addresses are integers.
/// Site index = cell * n_basis + basis; cells run through the Hermite normal form, c fastest.
class Supercell {
 public:
  /// Throws InputError unless det(transformation) > 0.
  Supercell(const Structure& prim, const Matrix3i& transformation);

  std::int64_t n_cells() const noexcept { return n_cells_; }
  std::int64_t n_sites() const noexcept { return n_cells_ * n_basis_; }
  int n_basis() const noexcept { return n_basis_; }
  const Matrix3i& transformation() const noexcept { return transformation_; }
  const Lattice& lattice() const noexcept { return lattice_; }

  std::int64_t cell_index(const Vector3i& cell) const noexcept;  ///< any translation, wrapped
  Vector3i cell(std::int64_t cell_index) const noexcept;
  std::int64_t index(const SiteOffset& site) const noexcept {
    return cell_index(site.cell_vector()) * n_basis_ + site.basis;
  }
  SiteOffset offset(std::int64_t index) const noexcept;
  /// Fractional position of a site in the supercell's own lattice, in [0, 1).
  Vector3d fractional(std::int64_t index) const;

 private:
  int n_basis_;
  std::int64_t n_cells_;
  Matrix3i transformation_, hermite_;
  Matrix3d to_supercell_;  // fractional of prim -> fractional of supercell
  Lattice lattice_;
  std::vector<Vector3d> basis_;
};

/// Lower-triangular column Hermite normal form of an integer matrix with positive determinant:
/// the same lattice, positive diagonal, 0 <= off-diagonal < diagonal of its row.
Matrix3i hermite_normal_form(const Matrix3i& matrix);

}  // namespace lithiate::crystal
