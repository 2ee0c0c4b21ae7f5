#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "crystal/mapping.hpp"
#include "crystal/space_group.hpp"

namespace lithiate::cluster {

/// One Hermite normal form per symmetry-distinct supercell shape with n_cells primitive cells.
std::vector<crystal::Matrix3i> distinct_supercells(const crystal::SpaceGroup& group, int n_cells);

struct EnumerateConfig {
  int max_cells = 4;  ///< largest supercell in primitive cells
  int min_cells = 1;
  /// Allowed number of one species per primitive cell, inclusive; empty species: no limit.
  std::string species;
  double min_per_cell = 0.0, max_per_cell = 1e9;
  std::int64_t max_decorations = 200'000'000;  ///< colourings looked at, before an InputError
};

/// Every symmetry-distinct decoration of the active sites once, over all cell shapes, each in its
/// smallest cell (superperiodic ones are left out); Hart and Forcade, Phys. Rev. B 77, 224115
/// (2008). Calls `found` in a deterministic order: by size, shape, colouring.
/// Decoration::occupation covers all sites, spectators with species 0.
void enumerate(const crystal::Structure& prim, const crystal::SpaceGroup& group,
               const EnumerateConfig& config,
               const std::function<void(const crystal::Decoration&)>& found);

/// At most this many decorations will be found: classes of colourings with the superperiodic ones,
/// by the Cauchy-Frobenius lemma over all cell shapes, within the bounds. Stops counting at the
/// first cell size that passes `enough`; `counted` is called after every size. Throws InputError as
/// enumerate() does.
double most_decorations(const crystal::Structure& prim, const crystal::SpaceGroup& group,
                        const EnumerateConfig& config, double enough,
                        const std::function<void(int n_cells, double so_far)>& counted = {});

/// Atoms of a decoration in its ideal positions; vacancies are left out.
crystal::Atoms ideal_atoms(const crystal::Structure& prim, const crystal::Decoration& decoration);

}  // namespace lithiate::cluster
