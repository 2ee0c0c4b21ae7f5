#pragma once
#include <string>

#include "model/phase.hpp"
#include "stacking/isometry.hpp"

namespace lithiate::stacking {

/// The energy of a one-slab phase, taken apart into gaps.
struct PhaseGap {
  GapGeometry geometry;  ///< in the labels of the reference
  GapTerms terms;
  double formula_units = 1.0;  ///< per cell and gap
};

/// Slab, registries and free slab sites as labels of all gaps, from a one-slab prim.
struct Reference {
  layers::Slab slab;
  std::vector<int> free_sites;  ///< of slab.sites
  std::vector<layers::Registry> registries;
};
Reference reference(const model::Phase& phase);

/// Every set of sites of the phase's compiled energy goes to the gap it lies in; a set within one
/// slab is shared half and half by the gaps on both sides; the energy of the empty host is
/// constant. Throws InputError if the phase is no stack of this slab with one slab per cell, has
/// free sites other than octahedra of the gap and sites of the slab, or a set that spans two gaps
/// (the message names its sites and its diameter).
PhaseGap phase_gap(const model::Material& material, const model::Phase& phase,
                   const Reference& reference);

}  // namespace lithiate::stacking
