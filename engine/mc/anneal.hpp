#pragma once
#include <vector>

#include "mc/metropolis.hpp"

namespace lithiate::mc {

struct AnnealConfig {
  double from_K = 2000.0, to_K = 10.0;  ///< geometric cooling
  int steps = 30;                       ///< temperatures
  int sweeps_per_step = 100;
};

/// Cools at fixed composition; the occupation of lowest energy met at the end of a step.
std::vector<Species> anneal(const LatticeModel& model, std::vector<Species> occ,
                            const AnnealConfig& config, Random random);

}  // namespace lithiate::mc
