#pragma once
#include <filesystem>
#include <string>

#include "model/phase.hpp"

namespace lithiate::io {

/// hops.toml: one barrier for all hops within a distance, then exceptions by class and phase. Fills
/// `phase.hops` from its prim and host. A [[class]] may add a local expansion of its barrier,
/// `kra_expansion`: the name of a file, or a table, with
///   cutoffs_A = [points, pairs, triplets]   from the bond's midpoint to the farthest site
///   [[orbit]] number, radius_A, e_kra_eV, ln_prefactor = 0
/// where an orbit is named twice, by number and by radius. Throws InputError with file:line:key.
void read_hops(const std::filesystem::path& file, const std::string& mobile, model::Phase& phase);

}  // namespace lithiate::io
