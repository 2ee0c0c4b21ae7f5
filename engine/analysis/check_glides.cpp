#include "analysis/check_glides.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/stack_config.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "stacking/patch_glide.hpp"

namespace lithiate::analysis {
namespace {

using stacking::GlideMove;
using stacking::StackModel;
using stacking::StackState;

/// Two gaps, each of two patches by two, as small as the clusters allow.
std::optional<StackModel> small_stack(const stacking::LayeredMaterial& material) {
  for (const int cells : {2, 4, 6, 8}) {
    StackConfig config;
    config.gaps = 2;
    config.cells = {cells, cells};
    config.patch = {cells / 2, cells / 2};
    try {
      return stack_model(material, config);
    } catch (const InputError&) {
      continue;  // a cluster meets its own image
    }
  }
  return std::nullopt;
}

StackState random_stack(const StackModel& model, Random& random) {
  const stacking::StackLattice& l = model.lattice();
  StackState state(l);
  for (int gap = 0; gap < l.gaps(); ++gap)
    for (int patch = 0; patch < l.patches(); ++patch)
      state.set_registry(gap, patch, static_cast<int>(random.below(model.registries().size())));
  const double filled = random.uniform();
  for (stacking::SiteIndex site = 0; site < l.n_sites(); ++site)
    if (random.uniform() < filled) state.flip(l, site);
  return state;
}

}  // namespace

std::vector<ModelCheck> check_glides(const model::Material& material, double temperature_K,
                                     std::uint64_t seed) {
  std::optional<StackModel> model;
  try {
    const auto layered = stacking::layered_material(material);
    if (!layered.glides.empty()) model = small_stack(layered);
  } catch (const InputError&) {  // no layers, or phases that do not share a slab: nothing glides
  }
  if (!model) return {};
  ModelCheck returned{"stack", "a glide and its reverse return the state bit for bit, each map",
                      0.0, 0.0, "states"};
  ModelCheck work{"stack", "the energy change of a glide is the difference of total energies", 0.0,
                  0.0, "eV"};
  ModelCheck balance{"stack", "a glide and its reverse obey detailed balance, each map", 0.0, 1e-9,
                     "kT"};
  const stacking::PatchGlide glides(*model);
  const double beta = 1.0 / (k_B * temperature_K);
  Random random(seed, Purpose::test, 2);
  const auto eV = [](std::int64_t units) { return static_cast<double>(units) * stacking::unit_eV; };
  const auto rate = [&](double dE_eV) { return std::exp(-beta * std::max(0.0, dE_eV)); };
  for (int trial = 0; trial < 50; ++trial) {
    const StackState start = random_stack(*model, random);
    const auto gap = static_cast<int>(random.below(2));
    const auto patch =
        static_cast<int>(random.below(static_cast<std::uint64_t>(model->lattice().patches())));
    for (int choice = 0; choice < glides.choices(); ++choice) {
      GlideMove move{gap, patch, 0, 0};
      if (!glides.choose(start.registry(gap, patch), choice, move)) continue;
      StackState state = start;
      const std::int64_t there = glides.apply(move, state);
      const std::int64_t change = model->energy(state) - model->energy(start);
      const std::int64_t back = glides.apply(glides.reverse(move), state);
      returned.value += state == start ? 0.0 : 1.0;
      work.value = std::max(work.value, eV(std::abs(there - change)));
      balance.value = std::max(
          balance.value, std::abs(std::log(rate(eV(there)) / rate(eV(back))) + beta * eV(change)));
    }
  }
  return {returned, work, balance};
}

}  // namespace lithiate::analysis
