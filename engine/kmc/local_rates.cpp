#include "kmc/local_rates.hpp"

#include <algorithm>
#include <cmath>

#include "kmc/hop_polynomial.hpp"

namespace lithiate::kmc {
namespace {

using model::OccupationPolynomial;

std::int64_t digits(double x) {
  return static_cast<std::int64_t>(std::llround(x / OccupationPolynomial::unit_eV));
}

double value(const model::LocalPolynomial& p, const model::BitLattice& bits,
             const model::BitLattice::Position& from) noexcept {
  model::Surroundings::Words words;
  p.surroundings().read(bits, from, words);
  return OccupationPolynomial::unit_eV * static_cast<double>(p(words));
}

}  // namespace

LocalRates::LocalRates(const model::LatticeModel& model, const model::HopTable& hops)
    : hops_(hops) {
  for (const auto& list : hops.network().local) {
    std::vector<Term> row;
    for (const model::LocalTerm& term : list) {
      const Term t{static_cast<std::int32_t>(sites_.size()),
                   static_cast<std::int32_t>(term.cluster.size()), digits(term.e_kra_eV),
                   digits(term.ln_prefactor)};
      if (t.e_kra == 0 && t.ln_prefactor == 0) continue;
      row.push_back(t);
      for (const auto& [place, species] : term.cluster)
        sites_.push_back({{place.cell[0], place.cell[1], place.cell[2]},
                          place.basis,
                          static_cast<model::Species>(model.species_index(place.basis, species))});
    }
    terms_.append(row);
  }
}

LocalRate LocalRates::operator()(std::span<const model::Species> occ, model::SiteIndex from,
                                 int hop) const noexcept {
  const model::CellGrid::Anchor anchor = hops_.grid().anchor(from);
  std::int64_t e_kra = 0, ln_prefactor = 0;
  for (const Term& term : terms_.row(hop)) {
    const Site* first = sites_.data() + term.first_site;
    const bool all = std::all_of(first, first + term.n_sites, [&](const Site& s) {
      const auto site = model::CellGrid::site(anchor, s.shift, s.sublattice);
      return occ[static_cast<std::size_t>(site)] == s.species;
    });
    e_kra += all ? term.e_kra : 0;
    ln_prefactor += all ? term.ln_prefactor : 0;
  }
  return {OccupationPolynomial::unit_eV * static_cast<double>(e_kra),
          OccupationPolynomial::unit_eV * static_cast<double>(ln_prefactor)};
}

std::optional<LocalRatePolynomials> LocalRatePolynomials::make(
    const model::HopTable& hops, const model::BinaryEnergies& energies) {
  LocalRatePolynomials all;
  bool constant_prefactors = true;
  for (const auto& terms : hops.network().local) {
    for (const auto& [coefficient, list] :
         {std::pair(&model::LocalTerm::e_kra_eV, &all.e_kra_),
          std::pair(&model::LocalTerm::ln_prefactor, &all.ln_prefactor_)}) {
      auto p =
          model::LocalPolynomial::make(HopPolynomial(terms, coefficient).sets(), energies.bits());
      if (!p) return std::nullopt;
      list->push_back(std::move(*p));
    }
    for (const model::LocalTerm& term : terms)
      constant_prefactors = constant_prefactors && digits(term.ln_prefactor) == 0;
  }
  if (constant_prefactors) all.ln_prefactor_.clear();
  return all;
}

LocalRate LocalRatePolynomials::operator()(const model::BitLattice& bits,
                                           const model::BitLattice::Position& from,
                                           int hop) const noexcept {
  const auto h = static_cast<std::size_t>(hop);
  return {value(e_kra_[h], bits, from),
          ln_prefactor_.empty() ? 0.0 : value(ln_prefactor_[h], bits, from)};
}

double LocalRatePolynomials::reads(int hop) const noexcept {
  double sum = 0.0;
  for (const Polynomials* list : {&e_kra_, &ln_prefactor_})
    if (!list->empty()) {
      const auto& p = (*list)[static_cast<std::size_t>(hop)];
      sum += p.surroundings().n_pieces() + static_cast<double>(p.n_groups());
    }
  return sum;
}

}  // namespace lithiate::kmc
