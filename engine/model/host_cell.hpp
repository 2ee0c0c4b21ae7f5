#pragma once
#include <vector>

#include "crystal/site_offset.hpp"
#include "model/compile.hpp"

namespace lithiate::model {

/// The host cell as a crystal and the free sites in it.
struct HostCell {
  crystal::Structure structure;         ///< positions in [0, 1)
  std::vector<int> sublattice;          ///< of LatticeModel, per host site; -1 frozen
  std::vector<crystal::Vector3i> wrap;  ///< whole cells taken off LatticeModel's position of a site
};
HostCell make_host_cell(const crystal::Structure& prim, const Host& host);

/// A symmetry of the crystal in fractional coordinates of the host cell, which it need not carry
/// onto itself: the rotation is not integer then.
struct Motion {
  crystal::Matrix3d rotation;
  crystal::Vector3d translation;
};

/// All symmetries of the infinite crystal, one per translation modulo the host cell. The group of
/// the host cell alone lacks those that do not fit its shape, and would split classes.
std::vector<Motion> crystal_symmetries(const crystal::Structure& host);
/// The site onto which a motion carries a site of the host. Throws Error if there is none.
crystal::SiteOffset image(const Motion& motion, const crystal::Structure& host,
                          const crystal::SiteOffset& site);

}  // namespace lithiate::model
