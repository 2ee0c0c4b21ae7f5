#include "mc/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::mc {

std::vector<std::string> species_names(const LatticeModel& model) {
  std::set<std::string> names;
  for (const auto& s : model.sublattices()) names.insert(s.species.begin(), s.species.end());
  return {names.begin(), names.end()};
}

namespace {

double log_choose(std::size_t n, std::size_t k) {
  const auto a = static_cast<double>(n), b = static_cast<double>(k);
  return std::lgamma(a + 1.0) - std::lgamma(b + 1.0) - std::lgamma(a - b + 1.0);
}

double log_sum(const std::vector<double>& logs) {
  const double top = *std::max_element(logs.begin(), logs.end());
  double sum = 0.0;
  for (const double l : logs) sum += std::exp(l - top);
  return top + std::log(sum);
}

/// ln of the coefficients, up to the order `most`, of a product of polynomials given by theirs.
std::vector<double> log_convolved(const std::vector<double>& a, const std::vector<double>& b,
                                  std::size_t most) {
  std::vector<double> c;
  for (std::size_t k = 0; k <= std::min(most, a.size() + b.size() - 2); ++k) {
    std::vector<double> terms;
    for (std::size_t i = k < b.size() ? 0 : k - b.size() + 1; i <= std::min(k, a.size() - 1); ++i)
      terms.push_back(a[i] + b[k - i]);
    c.push_back(log_sum(terms));
  }
  return c;
}

void require_known(const LatticeModel& model, const std::string& species) {
  const auto known = species_names(model);
  if (std::find(known.begin(), known.end(), species) == known.end())
    throw InputError(
        fmt::format("chemical potential of '{}': no free site allows it, expected one of {}{}",
                    species, joined(known), did_you_mean(species, known)));
}

}  // namespace

SemiGrand::SemiGrand(const LatticeModel& model, const std::map<std::string, double>& mu_eV,
                     std::optional<Cap> cap)
    : model_(model),
      max_count_(cap ? cap->max_count : std::numeric_limits<std::int64_t>::max()),
      n_sites_(static_cast<std::uint64_t>(model.n_sites())) {
  for (const auto& [species, mu] : mu_eV) require_known(model, species);
  if (cap) require_known(model, cap->species);
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b) {
    const auto& list = model.sublattices()[static_cast<std::size_t>(b)].species;
    std::vector<double> row;
    for (const std::string& name : list) row.push_back(mu_eV.contains(name) ? mu_eV.at(name) : 0.0);
    mu_eV_.push_back(row);
    capped_.push_back(cap ? model.species_index(b, cap->species) : -1);
  }
}

void SemiGrand::attach(const std::vector<Species>& occ) {
  count_ = 0;
  for (SiteIndex site = 0; site < model_.n_sites(); ++site)
    count_ += occ[static_cast<std::size_t>(site)] ==
              capped_[static_cast<std::size_t>(model_.sublattice(site))];
}

bool SemiGrand::propose(const Configuration& state, Random& random, Move& move) const noexcept {
  move.i = static_cast<SiteIndex>(random.below(n_sites_));
  move.j = -1;
  const Species now = state[move.i];
  const int n = model_.n_species(move.i);
  if (n == 2) {
    move.next_i = static_cast<Species>(1 - now);
  } else {
    const auto step = 1 + random.below(static_cast<std::uint64_t>(n - 1));
    move.next_i = static_cast<Species>((now + step) % static_cast<std::uint64_t>(n));
  }
  if (count_ < max_count_) return true;
  return move.next_i != capped_[static_cast<std::size_t>(model_.sublattice(move.i))];
}

double SemiGrand::delta_potential_eV(Configuration& state, const Move& move,
                                     double& dE_eV) const noexcept {
  const auto& mu = mu_eV_[static_cast<std::size_t>(model_.sublattice(move.i))];
  dE_eV = state.delta_energy_eV(move.i, move.next_i);
  return dE_eV - mu[move.next_i] + mu[state[move.i]];
}

void SemiGrand::apply(Configuration& state, const Move& move) noexcept {
  const int capped = capped_[static_cast<std::size_t>(model_.sublattice(move.i))];
  count_ += (move.next_i == capped) - (state[move.i] == capped);
  state.set(move.i, move.next_i);
}

double SemiGrand::chemical_eV(const std::vector<Species>& occ) const noexcept {
  double sum_eV = 0.0;
  for (SiteIndex site = 0; site < model_.n_sites(); ++site)
    sum_eV += mu_eV_[static_cast<std::size_t>(model_.sublattice(site))]
                    [occ[static_cast<std::size_t>(site)]];
  return sum_eV;
}

double SemiGrand::log_states(const std::vector<Species>&) const {
  // ln of the number of states by number of the capped species, one sublattice after the other
  std::vector<double> by_count{0.0};
  for (std::size_t b = 0; b < capped_.size(); ++b) {
    const bool counts = capped_[b] >= 0;
    const auto sites = static_cast<std::size_t>(model_.n_cells());
    const double others =
        std::log(static_cast<double>(model_.sublattices()[b].species.size()) - (counts ? 1 : 0));
    std::vector<double> here;
    for (std::size_t k = 0; k <= (counts ? sites : 0); ++k)
      here.push_back(log_choose(sites, k) + static_cast<double>(sites - k) * others);
    by_count = log_convolved(by_count, here, static_cast<std::size_t>(max_count_));
  }
  return log_sum(by_count);
}

Canonical::Canonical(const LatticeModel& model) : model_(model) {
  std::vector<std::vector<std::string>> lists;
  for (const auto& s : model.sublattices()) {
    const auto at = std::find(lists.begin(), lists.end(), s.species);
    list_of_sublattice_.push_back(static_cast<int>(at - lists.begin()));
    if (at == lists.end()) lists.push_back(s.species);
  }
  partners_.resize(lists.size());
  for (SiteIndex site = 0; site < model.n_sites(); ++site)
    partners_[static_cast<std::size_t>(
                  list_of_sublattice_[static_cast<std::size_t>(model.sublattice(site))])]
        .push_back(site);
}

bool Canonical::propose(const Configuration& state, Random& random, Move& move) const noexcept {
  move.i = static_cast<SiteIndex>(random.below(static_cast<std::uint64_t>(model_.n_sites())));
  const auto& partners = partners_[static_cast<std::size_t>(
      list_of_sublattice_[static_cast<std::size_t>(model_.sublattice(move.i))])];
  move.j = partners[random.below(partners.size())];
  move.next_i = state[move.j];
  move.next_j = state[move.i];
  return move.next_i != move.next_j;
}

void Canonical::apply(Configuration& state, const Move& move) noexcept {
  state.set(move.i, move.next_i);
  state.set(move.j, move.next_j);
}

double Canonical::log_states(const std::vector<Species>& occ) const {
  double sum = 0.0;
  for (const auto& sites : partners_) {
    std::map<Species, int> counts;
    for (const SiteIndex site : sites) ++counts[occ[static_cast<std::size_t>(site)]];
    sum += std::lgamma(static_cast<double>(sites.size()) + 1.0);
    for (const auto& [species, n] : counts) sum -= std::lgamma(n + 1.0);
  }
  return sum;
}

double Canonical::delta_potential_eV(Configuration& state, const Move& move,
                                     double& dE_eV) const noexcept {
  dE_eV = state.delta_energy_eV(move.i, move.next_i, move.j, move.next_j);
  return dE_eV;
}

}  // namespace lithiate::mc
