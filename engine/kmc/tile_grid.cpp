#include "kmc/tile_grid.hpp"

#include <algorithm>
#include <array>

#include "model/bit_lattice.hpp"

namespace lithiate::kmc {
namespace {

/// Bounds of an even number of sectors at least `width` cells wide, as equal as can be.
std::vector<int> cut(int n, int width) {
  const int sectors = std::max(1, n / width / 2 * 2);
  std::vector<int> bounds;
  for (int s = 0; s <= sectors; ++s)
    bounds.push_back(static_cast<int>(static_cast<std::int64_t>(n) * s / sectors));
  return bounds;
}

}  // namespace

TileGrid::TileGrid(const model::LatticeModel& model, const model::HopTable& hops, int min_cells) {
  const crystal::Vector3i& n = model.repeats();
  axis_row_ = model::longest_axis(n);
  axis_u_ = axis_row_ == 0 ? 1 : 0;
  axis_v_ = axis_row_ == 2 ? 1 : 2;
  if (n[axis_v_] > n[axis_u_]) std::swap(axis_u_, axis_v_);
  const crystal::Vector3i hop_reach = hops.reach();
  const crystal::Vector3i& rate_reach = hops.rate_reach();
  hop_reach_u_ = hop_reach[axis_u_];
  rate_reach_u_ = rate_reach[axis_u_];
  // Bonds lead away from their cell towards larger u, but either way along v.
  bounds_u_ = cut(n[axis_u_], std::max({min_cells, hop_reach_u_ + rate_reach_u_, 1}));
  bounds_v_ =
      cut(n[axis_v_], std::max({min_cells, 2 * hop_reach[axis_v_] + rate_reach[axis_v_], 1}));
}

bool TileGrid::first_end(const model::Hop& hop) const noexcept {
  for (const int axis : {axis_u_, axis_v_, axis_row_})
    if (hop.shift[axis] != 0) return hop.shift[axis] > 0;
  return hop.from < hop.to;
}

}  // namespace lithiate::kmc
