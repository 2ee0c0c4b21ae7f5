#pragma once
#include <vector>

#include "layers/registry.hpp"
#include "stacking/gap_terms.hpp"

namespace lithiate::stacking {

/// Places nearer than this, in Angstrom, are one: far below the distance of neighbouring
/// octahedra or tetrahedra (2 A), above the differences between relaxed slabs of one host.
inline constexpr double same_place_A = 0.4;

/// A gap between two slabs of one kind, as far as its free sites go. Lengths in Angstrom, lateral
/// places relative to the slab below.
struct GapGeometry {
  layers::Slab slab;
  std::vector<int> free_sites;  ///< of slab.sites: roles 0 to v - 1
  layers::Registry registry;
  double spacing_A = 0.0;  ///< from metal plane to metal plane
};

/// A motion that carries a slab onto itself: x -> rotation x + translation, up to vectors of the
/// plane.
struct Isometry {
  layers::Matrix3d rotation;  ///< lateral; (2, 2) = -1 turns the slab upside down
  layers::Vector3d translation_A;
};

/// Of the 12 lateral operations of a triangular net with and without z -> -z, those that carry all
/// sites of the slab onto sites of the same species within same_place_A.
std::vector<Isometry> isometries(const layers::Slab& slab);

/// Whether the isometry of the slab carries a stack of registry `from` onto one of `to`.
bool connects(const Isometry& isometry, const GapGeometry& from, const layers::Registry& to);

/// The terms of registry `to`, which the isometry makes from those of `from`; name and family are
/// set by the caller. Throws InputError if a site has no image.
GapTerms carried(const GapTerms& terms, const Isometry& isometry, const GapGeometry& from,
                 const layers::Registry& to);

/// The site among `places` that lies at `place_A` modulo the net, and its cell; basis -1: none.
crystal::SiteOffset site_at(const layers::Vector3d& place_A,
                            const std::vector<layers::Vector3d>& places,
                            const layers::Net& lattice);

}  // namespace lithiate::stacking
