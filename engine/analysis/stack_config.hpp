#pragma once
/// Size and couplings of a lattice of gaps and registries (level 2 of stackings).
#include <array>

#include "core/report.hpp"
#include "stacking/layered_material.hpp"

namespace lithiate::analysis {

struct StackConfig {
  int gaps = 4;
  std::array<int, 2> cells{6, 6};  ///< of each gap, along a1 and a2
  std::array<int, 2> patch{3, 3};  ///< cells that glide together; divide `cells`
  double wall_eV_per_A = 0.0;      ///< border of unequal registries within a gap
  double coherency_eV = 0.0;       ///< stacking::Couplings::coherency_eV
  int follow_steps = 20;           ///< intermediate Hamiltonians while guests follow a glide
};
void check(const StackConfig& config, InputReport& report);

/// Throws InputError as stacking::StackModel does.
stacking::StackModel stack_model(const stacking::LayeredMaterial& material,
                                 const StackConfig& config);
/// No guests, every gap in the registry whose energy is lowest without them.
stacking::StackState empty_stack(const stacking::StackModel& model);

}  // namespace lithiate::analysis
