#include "stacking/layered_material.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/error.hpp"

namespace lithiate::stacking {
namespace {

std::vector<PhaseGap> all_gaps(const model::Material& material, const Reference& reference) {
  std::vector<PhaseGap> gaps;
  for (const model::Phase& phase : material.phases) {
    gaps.push_back(phase_gap(material, phase, reference));
    const PhaseGap& last = gaps.back();
    for (std::size_t i = 0; i + 1 < gaps.size(); ++i)
      if (gaps[i].terms.name == last.terms.name)
        throw InputError(fmt::format("phases '{}' and '{}' both have the registry {}",
                                     material.phases[i].name, phase.name, last.terms.name));
    if (last.formula_units != gaps.front().formula_units)
      throw InputError(fmt::format("phase '{}': {} formula units per cell, expected {} as in '{}'",
                                   phase.name, last.formula_units, gaps.front().formula_units,
                                   material.phases.front().name));
  }
  return gaps;
}

/// The terms of a registry and the number of the phase they come from.
std::optional<std::pair<GapTerms, std::size_t>> terms_of(const layers::Registry& registry,
                                                         const std::vector<PhaseGap>& gaps,
                                                         const std::vector<Isometry>& motions) {
  for (std::size_t p = 0; p < gaps.size(); ++p)
    if (gaps[p].terms.name == registry.name) return {{gaps[p].terms, p}};
  for (std::size_t p = 0; p < gaps.size(); ++p) {
    if (gaps[p].geometry.registry.stacking != registry.stacking) continue;
    for (const Isometry& motion : motions) {
      if (!connects(motion, gaps[p].geometry, registry)) continue;
      GapTerms terms = carried(gaps[p].terms, motion, gaps[p].geometry, registry);
      terms.name = registry.name;
      return {{std::move(terms), p}};
    }
  }
  return std::nullopt;
}

}  // namespace

LayeredMaterial layered_material(const model::Material& material) {
  if (material.phases.empty()) throw InputError(material.name + ": no phases to stack");
  const Reference known = reference(material.phases.front());
  const std::vector<PhaseGap> gaps = all_gaps(material, known);
  const std::vector<Isometry> motions = isometries(known.slab);
  LayeredMaterial result;
  std::vector<int> number(known.registries.size(), -1);
  for (std::size_t r = 0; r < known.registries.size(); ++r) {
    auto found = terms_of(known.registries[r], gaps, motions);
    if (!found) continue;
    number[r] = static_cast<int>(result.registries.size());
    result.registries.push_back(std::move(found->first));
    result.made_from.push_back(material.phases[found->second].name);
    result.geometry.push_back({known.slab, known.free_sites, known.registries[r],
                               gaps[found->second].geometry.spacing_A});
  }
  for (const layers::Glide& glide : layers::glides(known.registries, known.slab)) {
    const int from = number[static_cast<std::size_t>(glide.from)];
    const int to = number[static_cast<std::size_t>(glide.to)];
    if (from >= 0 && to >= 0) result.glides.push_back({from, to, glide.maps});
  }
  result.cell.slab_sites = static_cast<int>(known.free_sites.size());
  result.cell.gap_sites = static_cast<int>(result.geometry.front().registry.octahedra_A.size());
  result.cell.formula_units = gaps.front().formula_units;
  result.cell.a1_A = known.slab.a1_A.norm();
  result.cell.a2_A = known.slab.a2_A.norm();
  result.x_max = material.x_max;
  return result;
}

}  // namespace lithiate::stacking
