#pragma once
#include "analysis/check_model.hpp"

namespace lithiate::analysis {

/// For a material of several stackings, on a small stack with random guests and registries, over
/// every glide and both maps of the guests: the reverse returns the state, energy changes are
/// differences of total energies, rates obey detailed balance. Nothing for a material whose phases
/// are not stackings of one slab. Deterministic by seed.
std::vector<ModelCheck> check_glides(const model::Material& material, double temperature_K,
                                     std::uint64_t seed);

}  // namespace lithiate::analysis
