#pragma once
#include <vector>

#include "crystal/site_offset.hpp"
#include "layers/registry.hpp"

namespace lithiate::layers {

/// Where the guests of a gap go in a glide: octahedron k of cell 0 of the `from` registry goes to
/// octahedron target[k].basis of the `to` registry in the in-plane cell target[k].cell (third
/// component 0), both counted in the frame of the lower slab.
struct GapMap {
  std::vector<crystal::SiteOffset> target;
};

/// A slab glides over the one below, out of one registry into a neighbouring one. Guests move as
/// one rigid net; seen from half-way between the slabs (lower by -d/2, upper by +d/2) the two
/// nearest nets of octahedra are equally far, sqrt(3)/2 |d| to either side of d: two maps.
struct Glide {
  int from, to;
  Vector3d displacement_A;  ///< d, of the upper slab against the lower one, shortest
  /// from.shift + d = to.shift + a1 * upper_cell[0] + a2 * upper_cell[1]: addresses of cells of the
  /// upper slab change by this much.
  crystal::Vector3i upper_cell;
  std::vector<GapMap> maps;  ///< two, equidistant
};

/// All shortest glides between O1 and O3 registries, without the way over P3 on top of anions: 18
/// in MX3 (|d| = a/3), 6 in MX2 (|d| = a/sqrt(3); three ways from O1 to O3 and back). Glide 2k + 1
/// is the exact reverse of glide 2k: displacement and upper_cell negated, map m the inverse of map
/// m.
std::vector<Glide> glides(const std::vector<Registry>& registries, const Slab& slab);

/// The inverse of a one-to-one map.
GapMap inverse(const GapMap& map);

}  // namespace lithiate::layers
