#include "stacking/patch_glide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/error.hpp"

namespace lithiate::stacking {
namespace {

bool undoes(const GapGlide& back, const GapGlide& glide) {
  if (back.from != glide.to || back.to != glide.from || back.maps.size() != glide.maps.size())
    return false;
  for (std::size_t m = 0; m < glide.maps.size(); ++m)
    if (back.maps[m].target != layers::inverse(glide.maps[m]).target) return false;
  return true;
}

std::vector<int> reverses(const std::vector<GapGlide>& glides) {
  std::vector<int> reverse(glides.size(), -1);
  for (std::size_t i = 0; i < glides.size(); ++i) {
    for (std::size_t j = 0; j < glides.size() && reverse[i] < 0; ++j) {
      if (reverse[j] >= 0 || j == i || !undoes(glides[j], glides[i])) continue;
      reverse[i] = static_cast<int>(j);
      reverse[j] = static_cast<int>(i);
    }
    if (reverse[i] < 0)
      throw InputError(fmt::format(
          "stack: glide {} from registry {} to {} has no exact reverse among the {} glides", i,
          glides[i].from, glides[i].to, glides.size()));
  }
  return reverse;
}

}  // namespace

PatchGlide::PatchGlide(const StackModel& model)
    : model_(model), reverse_(reverses(model.glides())) {
  for (int gap = 0; gap < lattice().gaps(); ++gap)
    for (int patch = GlideMove::whole_gap; patch < lattice().patches(); ++patch)
      sites_at_.push_back(list_sites(gap, patch));
  for (int r = 0; r < static_cast<int>(model.registries().size()); ++r) {
    int n = 0;
    for (const int glide : model.glides_from(r))
      n += static_cast<int>(model.glides()[static_cast<std::size_t>(glide)].maps.size());
    choices_ = std::max(choices_, n);
  }
}

std::vector<SiteIndex> PatchGlide::list_sites(int gap, int patch) const {
  std::vector<SiteIndex> sites;
  for (int cell = 0; cell < lattice().cells(); ++cell)
    for (int role = 0; role < lattice().roles(); ++role)
      if (patch == GlideMove::whole_gap || lattice().patch(cell) == patch)
        sites.push_back(lattice().in_role(gap, cell, role));
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

bool PatchGlide::uniform(const StackState& state, int gap) const noexcept {
  for (int patch = 1; patch < lattice().patches(); ++patch)
    if (state.registry(gap, patch) != state.registry(gap, 0)) return false;
  return true;
}

bool PatchGlide::choose(int registry, int choice, GlideMove& move) const noexcept {
  for (const int glide : model_.glides_from(registry)) {
    const auto n = static_cast<int>(model_.glides()[static_cast<std::size_t>(glide)].maps.size());
    move.glide = glide;
    move.map = choice;
    if (choice < n) return true;
    choice -= n;
  }
  return false;
}

GlideMove PatchGlide::reverse(const GlideMove& move) const noexcept {
  GlideMove back = move;
  back.glide = reverse_[static_cast<std::size_t>(move.glide)];
  return back;
}

SiteIndex PatchGlide::image(const GlideMove& move, SiteIndex site) const noexcept {
  const StackLattice& l = lattice();
  const bool whole = move.patch == GlideMove::whole_gap;
  const int cell = l.cell(site);
  if (!l.in_gap(site) || l.layer(site) != move.gap || (!whole && l.patch(cell) != move.patch))
    return site;
  const StackShape& s = l.shape();
  const int width_1 = whole ? s.cells_1 : s.patch_1, width_2 = whole ? s.cells_2 : s.patch_2;
  const layers::GapMap& map = model_.glides()[static_cast<std::size_t>(move.glide)]
                                  .maps[static_cast<std::size_t>(move.map)];
  const auto& target = map.target[static_cast<std::size_t>(l.number(site) - s.slab_sites)];
  const auto within = [](int i, int by, int width) {
    const int begin = i - i % width;
    return begin + ((i - begin + by) % width + width) % width;
  };
  const auto [i, j] = l.place(cell);
  const int to = l.cell_at(within(i, target.cell[0], width_1), within(j, target.cell[1], width_2));
  return l.site(move.gap, to, s.slab_sites + target.basis);
}

std::int64_t PatchGlide::apply(const GlideMove& move, StackState& state) const {
  const bool whole = move.patch == GlideMove::whole_gap;
  const GapGlide& glide = model_.glides()[static_cast<std::size_t>(move.glide)];
  std::int64_t change = 0;
  for (int patch = whole ? 0 : move.patch; patch <= (whole ? lattice().patches() - 1 : move.patch);
       ++patch) {
    assert(state.registry(move.gap, patch) == glide.from);
    change += model_.switch_delta(state, move.gap, patch, glide.to);
    state.set_registry(move.gap, patch, glide.to);
  }
  std::vector<SiteIndex> leaves, comes;  // guests that no other replaces, sites that get one
  for (const SiteIndex site : sites_at(move.gap, move.patch))
    if (state.occupied(site)) {
      leaves.push_back(site);
      comes.push_back(image(move, site));
    }
  std::sort(comes.begin(), comes.end());
  const auto differing = [&](const std::vector<SiteIndex>& a, const std::vector<SiteIndex>& b) {
    std::vector<SiteIndex> only;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only));
    return only;
  };
  for (const auto& sites : {differing(leaves, comes), differing(comes, leaves)})
    for (const SiteIndex site : sites) {
      change += model_.flip_delta(state, site);
      state.flip(lattice(), site);
    }
  return change;
}

}  // namespace lithiate::stacking
