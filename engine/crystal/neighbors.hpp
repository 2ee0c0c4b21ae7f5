#pragma once
#include <vector>

#include "crystal/site_offset.hpp"
#include "crystal/structure.hpp"

namespace lithiate::crystal {

struct Neighbor {
  SiteOffset site;
  double distance_A = 0.0;
};

/// All sites within radius of basis site `basis` of the home cell, itself left out; ascending in
/// distance, then in address, so the order is the same everywhere. Spectator sites are included.
std::vector<Neighbor> neighbors_within(const Structure& structure, int basis, double radius_A);

/// Shells of equal distance (within `tolerance_A`), per basis site.
struct Shell {
  double distance_A = 0.0;
  std::vector<SiteOffset> sites;
};
std::vector<Shell> neighbor_shells(const Structure& structure, int basis, double radius_A,
                                   double tolerance_A = 1e-3);

/// Cartesian vector in Angstrom from one site to another.
Vector3d separation_A(const Structure& structure, const SiteOffset& from, const SiteOffset& to);

}  // namespace lithiate::crystal
