#include "analysis/stack_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lithiate::analysis {

void check(const StackConfig& c, InputReport& report) {
  report.require(c.gaps >= 1 && c.gaps <= 10'000, "gaps", c.gaps, "must be 1 to 10000");
  for (std::size_t i = 0; i < 2; ++i) {
    report.require(c.cells[i] >= 1 && c.cells[i] <= 10'000, "cells", c.cells[i],
                   "must be 1 to 10000");
    report.require(c.patch[i] >= 1 && c.cells[i] % c.patch[i] == 0, "patch", c.patch[i],
                   fmt::format("must divide the {} cells", c.cells[i]));
  }
  report.require(std::isfinite(c.wall_eV_per_A) && c.wall_eV_per_A >= 0.0, "wall", c.wall_eV_per_A,
                 "must be at least 0");
  report.require(std::isfinite(c.coherency_eV) && c.coherency_eV >= 0.0, "coherency",
                 c.coherency_eV, "must be at least 0");
  report.require(c.follow_steps >= 0 && c.follow_steps <= 100'000, "follow_steps", c.follow_steps,
                 "must be 0 to 100000");
}

stacking::StackModel stack_model(const stacking::LayeredMaterial& material,
                                 const StackConfig& config) {
  stacking::StackShape shape = material.cell;
  shape.gaps = config.gaps;
  shape.cells_1 = config.cells[0], shape.cells_2 = config.cells[1];
  shape.patch_1 = config.patch[0], shape.patch_2 = config.patch[1];
  stacking::Couplings couplings;
  couplings.wall_eV_per_A = config.wall_eV_per_A;
  couplings.coherency_eV = config.coherency_eV;
  return {shape, material.registries, material.glides, couplings};
}

stacking::StackState empty_stack(const stacking::StackModel& model) {
  stacking::StackState state(model.lattice());
  const auto& all = model.registries();
  const auto lowest = std::min_element(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.empty < b.empty; });
  for (int gap = 0; gap < model.lattice().gaps(); ++gap)
    for (int patch = 0; patch < model.lattice().patches(); ++patch)
      state.set_registry(gap, patch, static_cast<int>(lowest - all.begin()));
  return state;
}

}  // namespace lithiate::analysis
