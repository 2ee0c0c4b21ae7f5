#pragma once
#include <string>
#include <vector>

#include "model/hops.hpp"

namespace lithiate::model {

/// Clusters of species near the bonds of one hop class that symmetry carries into one another: one
/// term of a local cluster expansion (Van der Ven et al., Phys. Rev. B 64, 184307 (2001)). They are
/// equivalent under the symmetries of the host that keep the bond, the exchange of its ends among
/// them where that is one.
struct LocalOrbit {
  double radius_A = 0.0;    ///< from the bond's midpoint to the farthest site
  double diameter_A = 0.0;  ///< longest distance between two sites; 0 for one site
  /// "pair Li Li, farthest 3.64 A from the midpoint, 2.83 A apart, 4 per bond"
  std::string description;
  /// Per hop of the network, as LocalTerm has them; none for hops of other classes.
  std::vector<std::vector<LocalCluster>> images;

  std::size_t size() const noexcept;  ///< sites of each cluster
};

/// Longest distance in Angstrom of a site from the bond's midpoint, in clusters of one, two and
/// three sites; 0: none of this size.
using LocalCutoffs = std::vector<double>;

/// Orbits of clusters of free sites without the two ends of the bond. Every species of a site but
/// the vacancy is told apart (the last one, if no vacancy is allowed). Ascending in size, radius,
/// diameter and address. `network` as find_hops() made it from this host. Throws InputError for
/// more than three cut-offs, negative ones, or more than a million clusters.
std::vector<LocalOrbit> find_local_orbits(const crystal::Structure& prim, const Host& host,
                                          const HopNetwork& network, int hop_class,
                                          const LocalCutoffs& cutoffs_A);

/// Adds an orbit's clusters to the terms of the hops of its class.
void add_local_terms(HopNetwork& network, const LocalOrbit& orbit, double e_kra_eV,
                     double ln_prefactor);

}  // namespace lithiate::model
