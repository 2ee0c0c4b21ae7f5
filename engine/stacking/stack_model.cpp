#include "stacking/stack_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <set>

#include "core/error.hpp"
#include "core/report.hpp"

namespace lithiate::stacking {
namespace {

constexpr std::size_t max_registries = 32;  // bits of a mask

bool one_to_one(const layers::GapMap& map, int gap_sites) {
  std::set<int> reached;
  for (const auto& target : map.target) reached.insert(target.basis);
  return static_cast<int>(map.target.size()) == gap_sites &&
         static_cast<int>(reached.size()) == gap_sites && *reached.begin() == 0 &&
         *reached.rbegin() == gap_sites - 1;
}

void check(const StackLattice& lattice, const std::vector<GapTerms>& registries,
           const std::vector<GapGlide>& glides, const Couplings& couplings) {
  InputReport report("stack");
  const auto n = static_cast<int>(registries.size());
  report.require(n >= 1 && registries.size() <= max_registries, "registries", n, "must be 1 to 32");
  for (const GapTerms& terms : registries)
    for (const GapSet& set : terms.sets)
      for (const GapSite& site : set.sites)
        report.require(site.role >= 0 && site.role < lattice.roles(), terms.name + ".role",
                       site.role, fmt::format("must be 0 to {}", lattice.roles() - 1));
  for (const GapGlide& glide : glides) {
    report.require(std::min(glide.from, glide.to) >= 0 && std::max(glide.from, glide.to) < n,
                   "glide", fmt::format("{} to {}", glide.from, glide.to),
                   fmt::format("must be between registries 0 to {}", n - 1));
    for (const auto& map : glide.maps)
      report.require(one_to_one(map, lattice.shape().gap_sites), "glide.map", map.target.size(),
                     fmt::format("must permute {} octahedra", lattice.shape().gap_sites));
  }
  const auto& next = couplings.next_gap_eV;
  const bool square = std::all_of(next.begin(), next.end(),
                                  [&](const auto& row) { return row.size() == registries.size(); });
  report.require(next.empty() || (square && next.size() == registries.size()), "next_gap_eV",
                 next.size(), fmt::format("must be a table of {} x {}", n, n));
  report.throw_if_any();
}

}  // namespace

StackModel::StackModel(const StackShape& shape, std::vector<GapTerms> registries,
                       std::vector<GapGlide> glides, const Couplings& couplings)
    : lattice_(shape), registries_(std::move(registries)), glides_(std::move(glides)) {
  check(lattice_, registries_, glides_, couplings);
  glides_from_.resize(registries_.size());
  for (std::size_t i = 0; i < glides_.size(); ++i)
    glides_from_[static_cast<std::size_t>(glides_[i].from)].push_back(static_cast<int>(i));
  sets_.resize(registries_.size() * static_cast<std::size_t>(lattice_.roles()));
  for (int r = 0; r < static_cast<int>(registries_.size()); ++r) add_sets(r);
  list_reach();
  borders_of_.resize(static_cast<std::size_t>(lattice_.patches()));
  for (const Border& border : lattice_.borders()) {
    const auto number = static_cast<int>(wall_.size());
    borders_of_[static_cast<std::size_t>(border.first)].push_back(number);
    borders_of_[static_cast<std::size_t>(border.second)].push_back(number);
    wall_.push_back(in_units(couplings.wall_eV_per_A * border.length_A));
  }
  const int patch_cells = shape.patch_1 * shape.patch_2;
  for (const auto& row : couplings.next_gap_eV)
    for (const double J : row) next_gap_.push_back(in_units(J) * patch_cells);
  const double fu_of_gap = shape.formula_units * lattice_.cells();
  coherency_ = in_units(couplings.coherency_eV / (fu_of_gap * shape.gaps));
}

int StackModel::offset_number(const std::array<int, 2>& offset) {
  const auto at = std::find(offsets_.begin(), offsets_.end(), offset);
  if (at != offsets_.end()) return static_cast<int>(at - offsets_.begin());
  offsets_.push_back(offset);
  std::vector<std::int32_t> beyond;
  for (int cell = 0; cell < lattice_.cells(); ++cell) {
    const auto [i, j] = lattice_.place(cell);
    beyond.push_back(lattice_.cell_at(i + offset[0], j + offset[1]));
  }
  cell_beyond_.push_back(std::move(beyond));
  return static_cast<int>(offsets_.size()) - 1;
}

void StackModel::add_sets(int registry) {
  const GapTerms& terms = registries_[static_cast<std::size_t>(registry)];
  for (const GapSet& set : terms.sets) {
    const auto share = shares(set.coefficient, set.sites.size());
    std::set<SiteIndex> distinct;
    for (std::size_t own = 0; own < set.sites.size(); ++own) {
      const GapSite& here = set.sites[own];
      Sets& through = sets_[static_cast<std::size_t>(registry * lattice_.roles() + here.role)];
      Set entry{static_cast<std::int32_t>(through.others.size()), 0, set.coefficient, share[own]};
      for (std::size_t k = 0; k < set.sites.size(); ++k) {
        if (k == own) continue;
        const GapSite& there = set.sites[k];
        const int offset =
            offset_number({there.cell[0] - here.cell[0], there.cell[1] - here.cell[1]});
        through.others.push_back({offset, there.role, share[k]});
      }
      entry.last = static_cast<std::int32_t>(through.others.size());
      through.sets.push_back(entry);
      distinct.insert(lattice_.in_role(0, lattice_.cell_at(here.cell[0], here.cell[1]), here.role));
    }
    if (distinct.size() != set.sites.size())
      throw InputError(fmt::format(
          "stack: {} gaps of {} x {} cells: a set of {} sites of registry {} meets its own image, "
          "expected more cells or gaps",
          lattice_.gaps(), lattice_.shape().cells_1, lattice_.shape().cells_2, set.sites.size(),
          terms.name));
  }
}

/// Patches whose registry may enter the energy of a site of this patch.
void StackModel::list_reach() {
  for (int patch = 0; patch < lattice_.patches(); ++patch) {
    std::vector<int> near{patch};
    for (const int cell : lattice_.cells_of(patch))
      for (const auto& beyond : cell_beyond_) {
        const int other = lattice_.patch(beyond[static_cast<std::size_t>(cell)]);
        if (std::find(near.begin(), near.end(), other) == near.end()) near.push_back(other);
      }
    patches_near_.push_back(std::move(near));
  }
}

bool StackModel::all_occupied(const StackState& state, const Sets& s, const Set& set, int gap,
                              int cell) const noexcept {
  for (std::int32_t k = set.first; k < set.last; ++k) {
    const Other& other = s.others[static_cast<std::size_t>(k)];
    if (!state.occupied(lattice_.in_role(gap, beyond(other, cell), other.role))) return false;
  }
  return true;
}

std::uint32_t StackModel::registries_near(const StackState& state, int gap,
                                          int patch) const noexcept {
  std::uint32_t present = 0;
  for (const int near : patches_near_[static_cast<std::size_t>(patch)])
    present |= std::uint32_t{1} << state.registry(gap, near);
  return present;
}

/// dH/dn of the site in this role, of the terms of one gap.
std::int64_t StackModel::slope(const StackState& state, int gap, int cell,
                               int role) const noexcept {
  const std::uint32_t present = registries_near(state, gap, lattice_.patch(cell));
  if (!std::has_single_bit(present)) return mixed_slope(state, gap, cell, role, present);
  const Sets& s = sets(std::countr_zero(present), role);
  std::int64_t sum = 0;
  for (const Set& set : s.sets)
    if (all_occupied(state, s, set, gap, cell)) sum += set.coefficient;
  return sum;
}

/// The same where registries meet: every set of every registry around, with the shares of those of
/// its sites that lie in patches of that registry.
std::int64_t StackModel::mixed_slope(const StackState& state, int gap, int cell, int role,
                                     std::uint32_t present) const noexcept {
  std::int64_t sum = 0;
  const int own = state.registry(gap, lattice_.patch(cell));
  for (; present != 0; present &= present - 1) {
    const int registry = std::countr_zero(present);
    const Sets& s = sets(registry, role);
    for (const Set& set : s.sets) {
      if (!all_occupied(state, s, set, gap, cell)) continue;
      if (registry == own) sum += set.own_share;
      for (std::int32_t k = set.first; k < set.last; ++k) {
        const Other& other = s.others[static_cast<std::size_t>(k)];
        if (state.registry(gap, lattice_.patch(beyond(other, cell))) == registry)
          sum += other.share;
      }
    }
  }
  return sum;
}

std::int64_t StackModel::flip_delta(const StackState& state, SiteIndex site) const noexcept {
  const int layer = lattice_.layer(site), cell = lattice_.cell(site),
            number = lattice_.number(site);
  std::int64_t sum = slope(state, layer, cell, number);
  if (!lattice_.in_gap(site))
    sum += slope(state, lattice_.below(layer), cell, lattice_.per_cell() + number);
  return (state.occupied(site) ? -sum : sum) + coherency_delta(state, site);
}

std::int64_t StackModel::shares_through(const StackState& state, int registry, int gap, int cell,
                                        int role) const noexcept {
  const Sets& s = sets(registry, role);
  std::int64_t sum = 0;
  for (const Set& set : s.sets)
    if (all_occupied(state, s, set, gap, cell)) sum += set.own_share;
  return sum;
}

std::int64_t StackModel::next_gap(int below, int above) const noexcept {
  return next_gap_.empty() ? 0
                           : next_gap_[static_cast<std::size_t>(below) * registries_.size() +
                                       static_cast<std::size_t>(above)];
}

std::int64_t StackModel::coherency(const StackState& state) const noexcept {
  std::int64_t sum = 0, squares = 0;
  for (int gap = 0; gap < lattice_.gaps(); ++gap) {
    const std::int64_t n = state.guests_of_gap(gap);
    sum += n;
    squares += n * n;
  }
  return coherency_ * (lattice_.gaps() * squares - sum * sum);
}

std::int64_t StackModel::coherency_delta(const StackState& state, SiteIndex site) const noexcept {
  if (coherency_ == 0 || !lattice_.in_gap(site)) return 0;
  std::int64_t sum = 0;
  for (int gap = 0; gap < lattice_.gaps(); ++gap) sum += state.guests_of_gap(gap);
  const std::int64_t here = state.guests_of_gap(lattice_.layer(site));
  const int change = state.occupied(site) ? -1 : 1;
  return coherency_ * (lattice_.gaps() * (2 * here * change + 1) - (2 * sum * change + 1));
}

/// Walls of one gap and its terms with the next gap above.
std::int64_t StackModel::coupling_energy(const StackState& state, int gap) const noexcept {
  std::int64_t sum = 0;
  for (std::size_t b = 0; b < wall_.size(); ++b) {
    const Border& border = lattice_.borders()[b];
    if (state.registry(gap, border.first) != state.registry(gap, border.second)) sum += wall_[b];
  }
  for (int patch = 0; patch < lattice_.patches(); ++patch)
    sum += next_gap(state.registry(gap, patch), state.registry(lattice_.above(gap), patch));
  return sum;
}

std::int64_t StackModel::energy(const StackState& state) const noexcept {
  std::int64_t sum = coherency(state);
  for (int gap = 0; gap < lattice_.gaps(); ++gap) {
    sum += coupling_energy(state, gap);
    for (int cell = 0; cell < lattice_.cells(); ++cell) {
      const int registry = state.registry(gap, lattice_.patch(cell));
      sum += registries_[static_cast<std::size_t>(registry)].empty;
      for (int role = 0; role < lattice_.roles(); ++role)
        if (state.occupied(lattice_.in_role(gap, cell, role)))
          sum += shares_through(state, registry, gap, cell, role);
    }
  }
  return sum;
}

std::int64_t StackModel::switch_delta(const StackState& state, int gap, int patch,
                                      int registry) const noexcept {
  const int now = state.registry(gap, patch);
  const auto empty = [&](int r) { return registries_[static_cast<std::size_t>(r)].empty; };
  std::int64_t sum = 0;
  for (const int cell : lattice_.cells_of(patch)) {
    sum += empty(registry) - empty(now);
    for (int role = 0; role < lattice_.roles(); ++role)
      if (state.occupied(lattice_.in_role(gap, cell, role)))
        sum += shares_through(state, registry, gap, cell, role) -
               shares_through(state, now, gap, cell, role);
  }
  for (const int b : borders_of_[static_cast<std::size_t>(patch)]) {
    const Border& border = lattice_.borders()[static_cast<std::size_t>(b)];
    const int other = state.registry(gap, border.first == patch ? border.second : border.first);
    sum += wall_[static_cast<std::size_t>(b)] * ((other != registry) - (other != now));
  }
  if (lattice_.gaps() == 1) return sum + next_gap(registry, registry) - next_gap(now, now);
  const int above = state.registry(lattice_.above(gap), patch);
  const int below = state.registry(lattice_.below(gap), patch);
  return sum + next_gap(registry, above) - next_gap(now, above) + next_gap(below, registry) -
         next_gap(below, now);
}

}  // namespace lithiate::stacking
