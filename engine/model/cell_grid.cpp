#include "model/cell_grid.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/error.hpp"

namespace lithiate::model {
namespace {

SiteIndex checked_sites(const crystal::Vector3i& repeats, int n_sublattices) {
  if (repeats.minCoeff() < 1)
    throw InputError(fmt::format("supercell: repeats = [{}, {}, {}], expected at least 1 each",
                                 repeats[0], repeats[1], repeats[2]));
  __extension__ using Wide = __int128;  // the product of three repeats passes 2^64
  const Wide n = static_cast<Wide>(static_cast<std::int64_t>(repeats[0]) * repeats[1]) *
                 repeats[2] * n_sublattices;
  if (n < 1 || n > std::numeric_limits<SiteIndex>::max())
    throw InputError(fmt::format(
        "supercell: repeats = [{}, {}, {}] of {} sites, expected 1 to 2147483647 sites in all",
        repeats[0], repeats[1], repeats[2], n_sublattices));
  return static_cast<SiteIndex>(n);
}

}  // namespace

CellGrid::CellGrid(const crystal::Vector3i& repeats, int n_sublattices,
                   const crystal::Vector3i& reach)
    : repeats_(repeats),
      n_sublattices_(n_sublattices),
      n_sites_(checked_sites(repeats, n_sublattices)),
      reach_{reach[0], reach[1], reach[2]},
      by_sublattices_(static_cast<std::uint32_t>(n_sublattices)),
      by_z_(static_cast<std::uint32_t>(repeats[2])),
      by_y_(static_cast<std::uint32_t>(repeats[1])) {
  const std::array<std::int32_t, 3> stride{repeats[1] * repeats[2] * n_sublattices,
                                           repeats[2] * n_sublattices, n_sublattices};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int n = repeats[static_cast<long>(axis)];
    for (int c = -reach_[axis]; c < n + reach_[axis]; ++c)
      wrap_[axis].push_back(((c % n) + n) % n * stride[axis]);
  }
}

}  // namespace lithiate::model
