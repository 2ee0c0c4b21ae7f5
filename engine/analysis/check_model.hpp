#pragma once
#include <string>
#include <vector>

#include "model/phase.hpp"

namespace lithiate::analysis {

/// One law that a model must obey, with what was found. value <= limit means passed.
struct ModelCheck {
  std::string phase, law;
  double value = 0.0, limit = 0.0;
  std::string unit;
  bool passed() const { return value <= limit; }
};

/// For every phase, on a small supercell and random states: local energy changes against total
/// energies; detailed balance of every hop class; conservation of ions by hops; the kinetic Monte
/// Carlo time average of the energy against canonical Monte Carlo. Deterministic by seed.
std::vector<ModelCheck> check_model(const model::Material& material, double temperature_K,
                                    std::uint64_t seed);

}  // namespace lithiate::analysis
