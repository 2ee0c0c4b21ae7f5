#pragma once
#include <array>
#include <compare>

#include "crystal/lattice.hpp"

namespace lithiate::crystal {

/// Exact integer address of a site: basis site of the primitive cell and lattice translation.
struct SiteOffset {
  int basis = 0;
  std::array<int, 3> cell{0, 0, 0};

  friend auto operator<=>(const SiteOffset&, const SiteOffset&) = default;
  Vector3i cell_vector() const { return {cell[0], cell[1], cell[2]}; }
};

inline SiteOffset translated(SiteOffset site, const Vector3i& by) {
  for (int i = 0; i < 3; ++i) site.cell[static_cast<std::size_t>(i)] += by[i];
  return site;
}

}  // namespace lithiate::crystal
