#include "kmc/hop_energies.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <compare>
#include <map>
#include <set>

namespace lithiate::kmc {
namespace {

using crystal::Vector3i;
using model::Hop;
using model::HopTable;
using model::LatticeModel;
using model::SiteIndex;
using model::Sublattice;

/// A site relative to a cell.
struct Place {
  std::array<int, 3> cell{};
  int sublattice = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};
using Places = std::vector<Place>;

Place moved(const Place& by, int sublattice, const Vector3i& shift) {
  return {{by.cell[0] + shift[0], by.cell[1] + shift[1], by.cell[2] + shift[2]}, sublattice};
}

/// The same set with its first place in cell 0; sorted.
Places canonical(Places places) {
  std::sort(places.begin(), places.end());
  const auto origin = places.front().cell;
  for (Place& p : places)
    for (std::size_t i = 0; i < 3; ++i) p.cell[i] -= origin[i];
  return places;
}

/// dE/dn of a term's own site for each choice of the others' n, bit j for slot j: then turned into
/// coefficients of the products of n by Moebius inversion.
std::vector<double> derivative_polynomial(const Sublattice& s, const model::Term& term,
                                          const std::vector<int>& mobile_of_slot, int mobile) {
  const auto n = static_cast<std::size_t>(term.n_slots);
  std::vector<double> c(std::size_t{1} << n);
  for (std::size_t bits = 0; bits < c.size(); ++bits) {
    std::size_t row = 0;
    for (std::size_t j = 0; j < n; ++j)
      row = row * 2 + static_cast<std::size_t>((bits >> j & 1u) != 0 ? mobile_of_slot[j]
                                                                     : 1 - mobile_of_slot[j]);
    const double* value = s.values_eV.data() + term.first_value + 2 * static_cast<long>(row);
    c[bits] = value[mobile] - value[1 - mobile];
  }
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t bits = 0; bits < c.size(); ++bits)
      if ((bits >> j & 1u) != 0) c[bits] -= c[bits ^ (std::size_t{1} << j)];
  return c;
}

}  // namespace

/// Coefficients of the energy polynomial, each rounded once, and the tables made of them.
class HopEnergies::Builder {
 public:
  Builder(const LatticeModel& model, const HopTable& hops) : model_(model), hops_(hops) {
    for (const Sublattice& s : model.sublattices())
      mobile_.push_back(s.species.front() == hops.network().mobile ? 0 : 1);
    std::map<Places, double> sums_eV;
    for (int b = 0; b < hops.n_sublattices(); ++b) collect(b, sums_eV);
    for (const auto& [places, J] : sums_eV) {
      const auto rounded = static_cast<std::int64_t>(std::llround(J / unit_eV));
      if (rounded != 0) sets_.emplace(places, rounded);
    }
  }
  std::int64_t coefficient(const Places& places) const {
    const auto at = sets_.find(canonical(places));
    return at == sets_.end() ? 0 : at->second;
  }
  std::vector<Table> tables() const {
    std::vector<Table> all(model_.sublattices().size());
    for (const auto& [places, J] : sets_)
      for (const Place& own : places) {
        Places others;
        for (const Place& p : places)
          if (p != own)
            others.push_back(moved(p, p.sublattice, {-own.cell[0], -own.cell[1], -own.cell[2]}));
        add(all[static_cast<std::size_t>(own.sublattice)], own.sublattice, others, J);
      }
    return all;
  }

 private:
  /// Adds every set to the sum from the terms of its first site only, which hold all of it.
  void collect(int b, std::map<Places, double>& sums_eV) const {
    const Sublattice& s = model_.sublattices()[static_cast<std::size_t>(b)];
    const Place own{{0, 0, 0}, b};
    for (const model::Term& term : s.terms) {
      Places slots;
      std::vector<int> mobile;
      for (std::int32_t k = term.first_slot; k < term.first_slot + term.n_slots; ++k) {
        const auto& [sub, shift] =
            s.neighbors[static_cast<std::size_t>(s.slots[static_cast<std::size_t>(k)])];
        slots.push_back(moved(own, sub, shift));
        mobile.push_back(mobile_[static_cast<std::size_t>(sub)]);
      }
      const auto c = derivative_polynomial(s, term, mobile, mobile_[static_cast<std::size_t>(b)]);
      for (std::size_t bits = 0; bits < c.size(); ++bits) {
        Places places{own};
        for (std::size_t j = 0; j < slots.size(); ++j)
          if ((bits >> j & 1u) != 0) places.push_back(slots[j]);
        if (*std::min_element(places.begin(), places.end()) == own)
          sums_eV[canonical(places)] += c[bits];
      }
    }
  }
  std::int32_t neighbor_place(int sublattice, const Place& other) const {
    const auto& list = model_.sublattices()[static_cast<std::size_t>(sublattice)].neighbors;
    const auto at = std::find_if(list.begin(), list.end(), [&](const auto& n) {
      return moved({}, n.first, n.second) == other;
    });
    assert(at != list.end());
    return static_cast<std::int32_t>(at - list.begin());
  }
  /// Slot of the hop between two places, or -1.
  std::int32_t hop_slot(const Place& from, const Place& to) const {
    const int* numbers = hops_.hop_numbers(from.sublattice);
    for (int k = 0; k < hops_.n_slots(from.sublattice); ++k) {
      const Hop& hop = hops_.network().hops[static_cast<std::size_t>(numbers[k])];
      if (moved(from, hop.to, hop.shift) == to) return k;
    }
    return -1;
  }
  void add(Table& table, int sublattice, const Places& others, std::int64_t J) const {
    std::vector<std::int32_t> at;
    for (const Place& p : others) at.push_back(neighbor_place(sublattice, p));
    if (others.size() == 1) table.pairs.push_back({J, at[0]});
    if (others.size() == 2)
      table.triplets.push_back(
          {J, {at[0], at[1]}, {hop_slot(others[0], others[1]), hop_slot(others[1], others[0])}});
    if (others.size() < 3) return;
    Larger set{J, static_cast<std::int32_t>(table.others.size()),
               static_cast<std::int32_t>(at.size()), static_cast<std::int32_t>(table.bonds.size()),
               0};
    table.others.insert(table.others.end(), at.begin(), at.end());
    for (std::size_t i = 0; i < others.size(); ++i)
      for (std::size_t j = 0; j < others.size(); ++j) {
        const std::int32_t slot = i == j ? -1 : hop_slot(others[i], others[j]);
        if (slot < 0) continue;
        table.bonds.push_back({static_cast<std::int32_t>(i), slot, 1u << i | 1u << j});
        ++set.n_bonds;
      }
    table.larger.push_back(set);
  }

  const LatticeModel& model_;
  const HopTable& hops_;
  std::vector<int> mobile_;  // species number per sublattice
  std::map<Places, std::int64_t> sets_;
};

bool HopEnergies::applies(const LatticeModel& model, const HopTable& hops) {
  const auto& network = hops.network();
  for (int b = 0; b < hops.n_sublattices(); ++b) {
    const Sublattice& s = model.sublattices()[static_cast<std::size_t>(b)];
    if (s.species.size() != 2 || model.species_index(b, network.mobile) < 0 ||
        model.species_index(b, network.vacancy) < 0)
      return false;
    // a term of 31 others would not fit the masks
    for (const model::Term& term : s.terms)
      if (term.n_slots > 16) return false;
    std::map<SiteIndex, std::set<Place>> seen;  // addresses per site
    const SiteIndex site = model.index(b, {0, 0, 0});
    for (const auto& [sub, shift] : s.neighbors)
      seen[model.index(sub, shift)].insert(moved({}, sub, shift));
    for (int k = 0; k < hops.n_slots(b); ++k) {
      const Hop& hop = network.hops[static_cast<std::size_t>(hops.hop_numbers(b)[k])];
      seen[hops.targets(site)[k]].insert(moved({}, hop.to, hop.shift));
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
  const Builder builder(model, hops);
  tables_ = builder.tables();
  for (int b = 0; b < hops.n_sublattices(); ++b) {
    const Place own{{0, 0, 0}, b};
    const std::int64_t alone = builder.coefficient({own});
    std::vector<std::int64_t> pair;
    for (int k = 0; k < hops.n_slots(b); ++k) {
      const Hop& hop = hops.network().hops[static_cast<std::size_t>(hops.hop_numbers(b)[k])];
      pair.push_back(builder.coefficient({own, moved(own, hop.to, hop.shift)}));
    }
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

void HopEnergies::toggle(SiteIndex site) noexcept {
  const Table& table = tables_[static_cast<std::size_t>(model_.sublattice(site))];
  const SiteIndex* neighbor = model_.neighbors(site).data();
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
