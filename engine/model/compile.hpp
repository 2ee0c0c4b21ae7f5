#pragma once
#include "expansion/cluster_basis.hpp"
#include "model/lattice_model.hpp"

namespace lithiate::model {

/// The periodic cell that Monte Carlo repeats: a supercell of the prim in which some sites are
/// frozen (a stacking of metal layers, say) and the others are free.
struct Host {
  crystal::Matrix3i transformation = crystal::Matrix3i::Identity();  ///< columns, in prim vectors
  /// Species per site of Supercell(prim, transformation); -1: free. Empty: every site with two or
  /// more allowed species is free.
  std::vector<int> frozen;
};

/// Species per host site: -1 free, spectators 0. Throws InputError for a list of the wrong length
/// or a species the site does not allow.
std::vector<int> frozen_species(const crystal::Structure& prim, const Host& host);

/// Host whose sites of the named species' sublattices are frozen as in `decoration`: every active
/// prim site that cannot hold `mobile` is frozen.
Host frozen_host(const crystal::Structure& prim, const crystal::Decoration& decoration,
                 const std::string& mobile);

/// Flat tables for `repeats` host cells. Throws InputError if a cluster meets its own image (two of
/// its sites fall on one site of the supercell): the message names the cluster and the size needed.
LatticeModel compile(const expansion::ClusterExpansion& expansion, const Host& host,
                     const crystal::Vector3i& repeats);

}  // namespace lithiate::model
