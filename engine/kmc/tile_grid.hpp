#pragma once
#include <cstdint>
#include <vector>

#include "model/hop_table.hpp"

namespace lithiate::kmc {

/// Cells of a supercell cut into sectors for parallel kMC: a function of the supercell, the hops
/// and the reach of their rates, never of processes or threads. Rows along the longest axis stay
/// whole. The other two axes, u and v, are cut into tiles of two sectors each, if long enough. The
/// sectors of one colour (halves of tiles along u and v) cannot interact: none reads what another
/// changes. A hop belongs to the sector of its bond's first cell (first_end), so both directions
/// lie in one.
class TileGrid {
 public:
  /// @param min_cells  least width of a sector; it is larger where the reach demands it
  TileGrid(const model::LatticeModel& model, const model::HopTable& hops, int min_cells = 1);

  int axis_row() const noexcept { return axis_row_; }
  int axis_u() const noexcept { return axis_u_; }
  int axis_v() const noexcept { return axis_v_; }
  /// Sector s along u holds the cells bounds_u()[s] to bounds_u()[s + 1] - 1; an uncut axis is one.
  const std::vector<int>& bounds_u() const noexcept { return bounds_u_; }
  const std::vector<int>& bounds_v() const noexcept { return bounds_v_; }
  int n_u() const noexcept { return static_cast<int>(bounds_u_.size()) - 1; }
  int n_v() const noexcept { return static_cast<int>(bounds_v_.size()) - 1; }
  /// Rows of tiles along u: the most processes that can share the work.
  int n_tile_rows() const noexcept { return n_u() > 1 ? n_u() / 2 : 1; }
  int n_colours_u() const noexcept { return n_u() > 1 ? 2 : 1; }
  int n_colours() const noexcept { return n_colours_u() * (n_v() > 1 ? 2 : 1); }

  /// Cells that a hop crosses along u at most, and that its rate reads beyond either end.
  int hop_reach_u() const noexcept { return hop_reach_u_; }
  int rate_reach_u() const noexcept { return rate_reach_u_; }
  /// True for the one of a hop and its reverse that starts in the cell the bond belongs to.
  bool first_end(const model::Hop& hop) const noexcept;

 private:
  int axis_row_, axis_u_, axis_v_, hop_reach_u_ = 0, rate_reach_u_ = 0;
  std::vector<int> bounds_u_, bounds_v_;
};

}  // namespace lithiate::kmc
