#pragma once
#include <Eigen/Core>
#include <string>
#include <vector>

#include "cluster/orbit.hpp"
#include "cluster/site_basis.hpp"
#include "crystal/mapping.hpp"

namespace lithiate::expansion {

/// One symmetry-adapted cluster function: an orbit with site functions on its places.
struct ClusterFunction {
  std::size_t orbit = 0;
  /// Site function per place, all tuples that symmetry makes equivalent; the first names it.
  std::vector<std::vector<int>> decorations;
};

/// The functions of a cluster expansion on one primitive cell.
struct ClusterBasis {
  crystal::Structure prim;
  cluster::BasisKind kind = cluster::BasisKind::occupation;
  cluster::Cutoffs cutoffs_A;
  std::vector<cluster::Orbit> orbits;
  std::vector<ClusterFunction> functions;  ///< the first is the constant

  std::size_t size() const noexcept { return functions.size(); }
  /// m_alpha: terms of function alpha per primitive cell.
  int multiplicity(std::size_t alpha) const;
  /// "pair 2.97 A, orbit 3, functions (0 0)": for reports.
  std::string describe(std::size_t alpha) const;
};

/// Throws InputError as find_orbits does.
ClusterBasis make_cluster_basis(const crystal::Structure& prim, cluster::BasisKind kind,
                                const cluster::Cutoffs& cutoffs_A);

/// Phi_alpha, the mean of each cluster function over its images in the decoration (length size()).
Eigen::VectorXd correlations(const ClusterBasis& basis, const crystal::Decoration& decoration);

/// E per primitive cell = sum over alpha of m_alpha J_alpha Phi_alpha (eV).
struct ClusterExpansion {
  ClusterBasis basis;
  Eigen::VectorXd eci_eV;          ///< J_alpha, length basis.size()
  Eigen::MatrixXd eci_samples_eV;  ///< posterior draws, one row each (may be empty)
};

double energy_eV_per_prim(const ClusterExpansion& expansion, const crystal::Decoration& decoration);

}  // namespace lithiate::expansion
