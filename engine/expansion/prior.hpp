#pragma once
#include <Eigen/Core>

#include "expansion/cluster_basis.hpp"

namespace lithiate::expansion {

/// How much less likely large coefficients are the larger the cluster: the prior that makes fits to
/// few structures sound (Mueller and Ceder, Phys. Rev. B 80, 024103 (2009)).
struct SizePenalty {
  double per_site = 2.7;        ///< factor for each site beyond the first, at least 1
  double distance_power = 4.0;  ///< p of (1 + diameter / length)^p, at least 0
  double length_A = 3.0;        ///< about the nearest-neighbour distance, above 0
};

/// penalty_per_column for columns m_alpha Phi_alpha, one entry per function of the basis:
/// c = m per_site^(n-1) (1 + r / length_A)^p for n sites of diameter r; the factor m makes ridge
/// act on sqrt(m) J, the energy a cluster function carries per primitive cell. 1 for the constant.
/// Throws InputError for values out of range.
Eigen::VectorXd size_penalty(const ClusterBasis& basis, const SizePenalty& penalty);

}  // namespace lithiate::expansion
