#pragma once
#include "mc/run.hpp"

namespace lithiate::mc {

/// Cost (eV) of one mobile atom on a site of each sublattice: alone in the empty host, or (filled)
/// as the last to come into the full one. Sublattices that cannot hold it are left out.
std::vector<double> insertion_energies_eV(const Sampled& sampled, bool filled);

/// Helmholtz free energy per formula unit (eV) at n mobile atoms, by integration of
/// d(beta F)/d beta = <U> from infinite temperature, where beta F = -ln(number of arrangements).
/// `steps` temperatures (even; Simpson in sqrt(beta)); the path is cooled, so a first-order
/// transition on it shows as a gap against other references. `occ` receives the last state.
observe::Estimate canonical_free_energy_eV(const Sampled& sampled, std::int64_t n,
                                           double temperature_K, const SamplingConfig& config,
                                           int steps, const Random& random,
                                           std::vector<Species>& occ);

}  // namespace lithiate::mc
