#pragma once
#include <vector>

#include "crystal/site_offset.hpp"
#include "crystal/space_group.hpp"
#include "crystal/structure.hpp"

namespace lithiate::cluster {

using crystal::SiteOffset;
using Sites = std::vector<SiteOffset>;

/// All clusters of active sites that symmetry carries into one another.
struct Orbit {
  Sites representative;                        ///< first image; empty for the constant term
  std::vector<Sites> images;                   ///< one per cluster and primitive cell, each with
                                               ///< its sites in the representative's order
  std::vector<std::vector<int>> permutations;  ///< of the representative's places that symmetry
                                               ///< allows; holds the identity
  double diameter_A = 0.0;                     ///< longest distance between two of its sites

  std::size_t size() const noexcept { return representative.size(); }
  /// Clusters per primitive cell.
  int multiplicity() const noexcept { return static_cast<int>(images.size()); }
};

/// Cut-offs in Angstrom on the diameter: [0] pairs, [1] triplets, [2] quadruplets; fewer entries
/// mean smaller clusters only, entries of 0 leave a size out.
using Cutoffs = std::vector<double>;

/// Orbits of active sites (two or more allowed species): the empty one, the points, then by size,
/// diameter and address. Deterministic. Throws InputError for more than three cut-offs, or if no
/// site is active.
std::vector<Orbit> find_orbits(const crystal::Structure& prim, const crystal::SpaceGroup& group,
                               const Cutoffs& cutoffs_A);

}  // namespace lithiate::cluster
