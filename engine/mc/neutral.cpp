#include "mc/neutral.hpp"

#include <algorithm>
#include <cmath>

namespace lithiate::mc {

NeutralSemiGrand::NeutralSemiGrand(const LatticeModel& model, const Charges& charges,
                                   const std::map<std::string, double>& mu_eV)
    : model_(model),
      table_(model, charges),
      single_(model, mu_eV),
      class_sites_(static_cast<std::size_t>(table_.n_classes())) {
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    class_sites_[static_cast<std::size_t>(table_.class_of(model.sublattice(site)))].push_back(site);
}

void NeutralSemiGrand::attach(const std::vector<Species>& occ) {
  sites_.assign(static_cast<std::size_t>(table_.n_dimensions()), {});
  place_.resize(occ.size());
  for (SiteIndex site = 0; site < model_.n_sites(); ++site) {
    const auto i = static_cast<std::size_t>(site);
    auto& list = sites_[static_cast<std::size_t>(dimension(site, occ[i]))];
    place_[i] = list.size();
    list.push_back(site);
  }
  // any list may come to hold its whole class: no allocation while the walk goes on
  for (int b = 0; b < static_cast<int>(model_.sublattices().size()); ++b)
    for (int s = 0;
         s < static_cast<int>(model_.sublattices()[static_cast<std::size_t>(b)].species.size());
         ++s)
      sites_[static_cast<std::size_t>(table_.dimension(b, static_cast<Species>(s)))].reserve(
          class_sites_[static_cast<std::size_t>(table_.class_of(b))].size());
}

bool NeutralSemiGrand::propose(const Configuration& state, Random& random,
                               Move& move) const noexcept {
  if ((random.bits() >> 63) != 0) return propose_exchange(state, random, move);
  return propose_row(table_.rows()[random.below(table_.rows().size())], random, move);
}

bool NeutralSemiGrand::propose_exchange(const Configuration& state, Random& random,
                                        Move& move) const noexcept {
  const auto i = static_cast<SiteIndex>(random.below(static_cast<std::uint64_t>(model_.n_sites())));
  const auto& partners =
      class_sites_[static_cast<std::size_t>(table_.class_of(model_.sublattice(i)))];
  const SiteIndex j = partners[random.below(partners.size())];
  move.n = 2;
  move.site[0] = i;
  move.site[1] = j;
  move.next[0] = state[j];
  move.next[1] = state[i];
  move.log_choices = 0.0;
  return move.next[0] != move.next[1];
}

bool NeutralSemiGrand::propose_row(const ExchangeTable::Row& row, Random& random,
                                   Move& move) const noexcept {
  move.n = 0;
  double choices = 1.0;  // prod n_d! / (n_d + u_d)!
  for (const ExchangeTable::Part& part : row) {
    const std::size_t first = move.n;
    std::size_t taken = 0;  // sites of this species so far
    for (std::size_t k = 0; k < part.from.size(); ++k) {
      const auto& list = at(part.from[k]);
      taken = k > 0 && part.from[k] == part.from[k - 1] ? taken + 1 : 0;
      if (list.size() <= taken) return false;
      choices *= static_cast<double>(list.size() - taken);
      SiteIndex site;
      do {
        site = list[random.below(list.size())];
      } while (std::count(move.site.begin(), move.site.begin() + move.n, site) > 0);
      move.site[move.n++] = site;
    }
    std::size_t given = 0;
    for (std::size_t k = 0; k < part.to.size(); ++k) {
      given = k > 0 && part.to[k] == part.to[k - 1] ? given + 1 : 0;
      choices /= static_cast<double>(at(part.to[k]).size() + 1 + given);
      move.next[first + k] = table_.species(part.to[k]);
    }
    for (std::size_t k = part.to.size(); k > 1; --k)  // Fisher-Yates
      std::swap(move.next[first + k - 1], move.next[first + random.below(k)]);
  }
  move.log_choices = std::log(choices);
  return true;
}

double NeutralSemiGrand::delta_potential_eV(Configuration& state, const Move& move,
                                            double& dE_eV) const noexcept {
  std::array<Species, ExchangeTable::max_sites> before;
  dE_eV = 0.0;
  double dmu_eV = 0.0;
  for (std::size_t k = 0; k < move.n; ++k) {
    before[k] = state[move.site[k]];
    dE_eV += state.delta_energy_eV(move.site[k], move.next[k]);
    dmu_eV += single_.mu_eV(move.site[k], move.next[k]) - single_.mu_eV(move.site[k], before[k]);
    state.set(move.site[k], move.next[k]);
  }
  for (std::size_t k = 0; k < move.n; ++k) state.set(move.site[k], before[k]);
  return dE_eV - dmu_eV;
}

void NeutralSemiGrand::apply(Configuration& state, const Move& move) noexcept {
  for (std::size_t k = 0; k < move.n; ++k) {
    const SiteIndex site = move.site[k];
    const auto i = static_cast<std::size_t>(site);
    auto& from = sites_[static_cast<std::size_t>(dimension(site, state[site]))];
    auto& to = sites_[static_cast<std::size_t>(dimension(site, move.next[k]))];
    place_[static_cast<std::size_t>(from.back())] = place_[i];
    from[place_[i]] = from.back();
    from.pop_back();
    place_[i] = to.size();
    to.push_back(site);
    state.set(site, move.next[k]);
  }
}

}  // namespace lithiate::mc
