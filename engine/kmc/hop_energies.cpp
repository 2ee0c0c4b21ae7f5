#include "kmc/hop_energies.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

namespace lithiate::kmc {
namespace {

using model::Hop;
using model::HopTable;
using model::LatticeModel;
using model::OccupationPolynomial;
using model::Place;
using model::Places;
using model::SiteIndex;
using model::Sublattice;

Place end_of(const Place& from, const Hop& hop) {
  return translated(Place{hop.to, from.cell}, hop.shift);
}

std::int32_t neighbor_place(const Sublattice& s, const Place& other) {
  const auto at = std::find_if(s.neighbors.begin(), s.neighbors.end(), [&](const auto& n) {
    return n.first == other.basis && n.second == other.cell_vector();
  });
  assert(at != s.neighbors.end());
  return static_cast<std::int32_t>(at - s.neighbors.begin());
}

/// Slot of the hop between two places, or -1.
std::int32_t hop_slot(const HopTable& hops, const Place& from, const Place& to) {
  const int* numbers = hops.hop_numbers(from.basis);
  for (int k = 0; k < hops.n_slots(from.basis); ++k)
    if (end_of(from, hops.network().hops[static_cast<std::size_t>(numbers[k])]) == to) return k;
  return -1;
}

}  // namespace

bool HopEnergies::applies(const LatticeModel& model, const HopTable& hops) {
  const auto& network = hops.network();
  if (!OccupationPolynomial::applies(model)) return false;
  for (int b = 0; b < hops.n_sublattices(); ++b) {
    const Sublattice& s = model.sublattices()[static_cast<std::size_t>(b)];
    if (model.species_index(b, network.mobile) < 0 || model.species_index(b, network.vacancy) < 0)
      return false;
    std::map<SiteIndex, std::set<Place>> seen;  // addresses per site
    const SiteIndex site = model.index(b, {0, 0, 0});
    for (const auto& [sub, shift] : s.neighbors)
      seen[model.index(sub, shift)].insert(translated(Place{sub, {0, 0, 0}}, shift));
    for (int k = 0; k < hops.n_slots(b); ++k) {
      const Hop& hop = network.hops[static_cast<std::size_t>(hops.hop_numbers(b)[k])];
      seen[hops.target(site, k)].insert(end_of({b, {0, 0, 0}}, hop));
    }
    for (const auto& [at, places] : seen)
      if (places.size() > 1 || at == site) return false;
  }
  return true;
}

HopEnergies::HopEnergies(const LatticeModel& model, const HopTable& hops,
                         std::span<const model::Species> occ)
    : model_(model),
      stride_(hops.stride()),
      filled_(static_cast<std::size_t>(model.n_sites()), 0),
      field_(filled_.size(), 0),
      coupling_(static_cast<std::size_t>(hops.n_events()), 0) {
  assert(applies(model, hops));
  const OccupationPolynomial energy(model, hops.mobile_species(model));
  for (int b = 0; b < hops.n_sublattices(); ++b) {
    const Place own{b, {0, 0, 0}};
    tables_.emplace_back();
    neighbors_.resize(std::max(neighbors_.size(),
                               model.sublattices()[static_cast<std::size_t>(b)].neighbors.size()));
    for (const auto& set : energy.sets_through(b)) add(tables_.back(), b, set, hops);
    const std::int64_t alone = energy.coefficient({own});
    std::vector<std::int64_t> pair;
    for (int k = 0; k < hops.n_slots(b); ++k)
      pair.push_back(energy.coefficient(
          {own,
           end_of(own, hops.network().hops[static_cast<std::size_t>(hops.hop_numbers(b)[k])])}));
    for (std::int64_t site = b; site < model.n_sites(); site += hops.n_sublattices()) {
      field_[static_cast<std::size_t>(site)] = alone;
      std::copy(pair.begin(), pair.end(), coupling_.begin() + site * stride_);
    }
  }
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    if (occ[static_cast<std::size_t>(site)] ==
        model.species_index(model.sublattice(site), hops.network().mobile))
      toggle(site);
}

void HopEnergies::add(Table& table, int sublattice, const OccupationPolynomial::Set& set,
                      const HopTable& hops) {
  const Places& others = set.others;
  std::vector<std::int32_t> at;
  for (const Place& p : others)
    at.push_back(neighbor_place(model_.sublattices()[static_cast<std::size_t>(sublattice)], p));
  if (others.size() == 1) table.pairs.push_back({set.coefficient, at[0]});
  if (others.size() == 2)
    table.triplets.push_back(
        {set.coefficient,
         {at[0], at[1]},
         {hop_slot(hops, others[0], others[1]), hop_slot(hops, others[1], others[0])}});
  if (others.size() < 3) return;
  Larger larger{set.coefficient, static_cast<std::int32_t>(table.others.size()),
                static_cast<std::int32_t>(at.size()), static_cast<std::int32_t>(table.bonds.size()),
                0};
  table.others.insert(table.others.end(), at.begin(), at.end());
  for (std::size_t i = 0; i < others.size(); ++i)
    for (std::size_t j = 0; j < others.size(); ++j) {
      const std::int32_t slot = i == j ? -1 : hop_slot(hops, others[i], others[j]);
      if (slot < 0) continue;
      table.bonds.push_back({static_cast<std::int32_t>(i), slot, 1u << i | 1u << j});
      ++larger.n_bonds;
    }
  table.larger.push_back(larger);
}

void HopEnergies::toggle(SiteIndex site) noexcept {
  const Table& table = tables_[static_cast<std::size_t>(model_.sublattice(site))];
  model_.list_neighbors(site, neighbors_.data());
  const SiteIndex* neighbor = neighbors_.data();
  std::uint8_t& n = filled_[static_cast<std::size_t>(site)];
  n ^= 1u;
  const std::int64_t sign = n != 0 ? 1 : -1;
  for (const Pair& pair : table.pairs)
    field_[static_cast<std::size_t>(neighbor[pair.other])] += sign * pair.coefficient;
  for (const Triplet& t : table.triplets) {
    const std::int64_t J = sign * t.coefficient;
    const auto a = static_cast<std::size_t>(neighbor[t.others[0]]);
    const auto b = static_cast<std::size_t>(neighbor[t.others[1]]);
    field_[a] += J * filled_[b];
    field_[b] += J * filled_[a];
    if (t.slots[0] < 0) continue;
    coupling_[a * static_cast<std::size_t>(stride_) + static_cast<std::size_t>(t.slots[0])] += J;
    coupling_[b * static_cast<std::size_t>(stride_) + static_cast<std::size_t>(t.slots[1])] += J;
  }
  if (!table.larger.empty()) toggle_larger(table, neighbor, sign);
}

void HopEnergies::toggle_larger(const Table& table, const SiteIndex* neighbor,
                                std::int64_t sign) noexcept {
  for (const Larger& set : table.larger) {
    const std::int32_t* other = table.others.data() + set.first_other;
    std::uint32_t empty = 0;  // bit j: no ion on others[j]
    for (std::int32_t j = 0; j < set.n_others; ++j)
      empty |=
          static_cast<std::uint32_t>(filled_[static_cast<std::size_t>(neighbor[other[j]])] ^ 1u)
          << j;
    const std::int64_t J = sign * set.coefficient;
    if ((empty & (empty - 1)) == 0)  // at most one empty: else every product with one left out is 0
      for (std::int32_t j = 0; j < set.n_others; ++j)
        if ((empty & ~(1u << j)) == 0) field_[static_cast<std::size_t>(neighbor[other[j]])] += J;
    const Bond* bond = table.bonds.data() + set.first_bond;
    for (const Bond* end = bond + set.n_bonds; bond != end; ++bond)
      if ((empty & ~bond->both) == 0)
        coupling_[static_cast<std::size_t>(neighbor[other[bond->from]] * stride_ + bond->slot)] +=
            J;
  }
}

}  // namespace lithiate::kmc
