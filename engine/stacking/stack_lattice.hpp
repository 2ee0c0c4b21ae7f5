#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace lithiate::stacking {

using SiteIndex = std::int32_t;

/// A periodic stack of gaps, each cut into patches of patch_1 x patch_2 cells.
struct StackShape {
  int gaps = 1;
  int cells_1 = 1, cells_2 = 1;   ///< along a1 and a2, periodic
  int patch_1 = 1, patch_2 = 1;   ///< divide cells_1 and cells_2
  int slab_sites = 0;             ///< free sites of a slab's cell: its own vacancies
  int gap_sites = 1;              ///< octahedra of a gap's cell
  double formula_units = 1.0;     ///< per cell and gap
  double a1_A = 1.0, a2_A = 1.0;  ///< lengths of the cell vectors
};

/// The border between two patches of one gap.
struct Border {
  int first = 0, second = 0;
  double length_A = 0.0;
};

/// Addresses of the sites of a stack. Layer g holds slab g and the gap above it; slab g + 1 (or 0)
/// closes that gap. Site = (layer * cells + cell) * per_cell + number in the cell, the slab's own
/// sites first.
class StackLattice {
 public:
  /// Throws InputError for sizes below 1, patches that do not divide the cells, more than 2^31 - 1
  /// sites.
  explicit StackLattice(const StackShape& shape);

  const StackShape& shape() const noexcept { return shape_; }
  int gaps() const noexcept { return shape_.gaps; }
  int cells() const noexcept { return cells_; }
  int per_cell() const noexcept { return per_cell_; }
  SiteIndex n_sites() const noexcept { return shape_.gaps * cells_ * per_cell_; }
  int roles() const noexcept { return per_cell_ + shape_.slab_sites; }
  double formula_units() const noexcept { return shape_.formula_units * shape_.gaps * cells_; }

  SiteIndex site(int layer, int cell, int number) const noexcept {
    return (layer * cells_ + cell) * per_cell_ + number;
  }
  int layer(SiteIndex site) const noexcept { return site / (cells_ * per_cell_); }
  int cell(SiteIndex site) const noexcept { return site / per_cell_ % cells_; }
  int number(SiteIndex site) const noexcept { return site % per_cell_; }
  bool in_gap(SiteIndex site) const noexcept { return number(site) >= shape_.slab_sites; }
  int above(int layer) const noexcept { return layer + 1 == shape_.gaps ? 0 : layer + 1; }
  int below(int layer) const noexcept { return layer == 0 ? shape_.gaps - 1 : layer - 1; }
  /// The site that plays this role for a cell of a gap.
  SiteIndex in_role(int gap, int cell, int role) const noexcept {
    return role < per_cell_ ? site(gap, cell, role) : site(above(gap), cell, role - per_cell_);
  }

  int cell_at(int i, int j) const noexcept;  ///< any whole numbers, wrapped
  std::array<int, 2> place(int cell) const noexcept {
    return {cell / shape_.cells_2, cell % shape_.cells_2};
  }

  int patches() const noexcept { return static_cast<int>(cells_of_.size()); }  ///< of one gap
  int patch(int cell) const noexcept { return patch_of_[static_cast<std::size_t>(cell)]; }
  const std::vector<int>& cells_of(int patch) const noexcept {
    return cells_of_[static_cast<std::size_t>(patch)];
  }
  /// Borders of different patches of one gap, each once.
  const std::vector<Border>& borders() const noexcept { return borders_; }
  /// Length of the border around one patch, walls to itself (across the period) included.
  double perimeter_A() const noexcept {
    return 2.0 * (shape_.patch_1 * shape_.a1_A + shape_.patch_2 * shape_.a2_A);
  }

 private:
  StackShape shape_;
  int cells_ = 0, per_cell_ = 0;
  std::vector<int> patch_of_;               // per cell
  std::vector<std::vector<int>> cells_of_;  // per patch, row by row
  std::vector<Border> borders_;
};

}  // namespace lithiate::stacking
