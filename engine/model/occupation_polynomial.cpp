#include "model/occupation_polynomial.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lithiate::model {
namespace {

/// The same set with its first place in cell 0; sorted.
Places canonical(Places places) {
  std::sort(places.begin(), places.end());
  const crystal::Vector3i back = -places.front().cell_vector();
  for (Place& p : places) p = translated(p, back);
  return places;
}

/// dE/dn of a term's own site for each choice of the others' n, bit j for slot j: then turned into
/// coefficients of the products of n by Moebius inversion.
std::vector<double> derivative_polynomial(const Sublattice& s, const Term& term,
                                          const std::vector<int>& one_of_slot, int one) {
  const auto n = static_cast<std::size_t>(term.n_slots);
  std::vector<double> c(std::size_t{1} << n);
  for (std::size_t bits = 0; bits < c.size(); ++bits) {
    std::size_t row = 0;
    for (std::size_t j = 0; j < n; ++j)
      row = row * 2 +
            static_cast<std::size_t>((bits >> j & 1u) != 0 ? one_of_slot[j] : 1 - one_of_slot[j]);
    const double* value = s.values_eV.data() + term.first_value + 2 * static_cast<long>(row);
    c[bits] = value[one] - value[1 - one];
  }
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t bits = 0; bits < c.size(); ++bits)
      if ((bits >> j & 1u) != 0) c[bits] -= c[bits ^ (std::size_t{1} << j)];
  return c;
}

}  // namespace

bool OccupationPolynomial::applies(const LatticeModel& model) {
  constexpr int max_others = 16;  // 2^n values per term
  return std::all_of(model.sublattices().begin(), model.sublattices().end(), [](const auto& s) {
    return s.species.size() == 2 &&
           std::all_of(s.terms.begin(), s.terms.end(),
                       [](const Term& term) { return term.n_slots <= max_others; });
  });
}

OccupationPolynomial::OccupationPolynomial(const LatticeModel& model,
                                           const std::vector<Species>& one) {
  assert(applies(model));
  std::map<Places, double> sums_eV;
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b)
    collect(model, one, b, sums_eV);
  for (const auto& [places, J] : sums_eV) {
    const auto rounded = static_cast<std::int64_t>(std::llround(J / unit_eV));
    if (rounded != 0) sets_.emplace(places, rounded);
  }
}

/// Adds every set to the sum from the terms of its first site only, which hold all of it.
void OccupationPolynomial::collect(const LatticeModel& model, const std::vector<Species>& one,
                                   int sublattice, std::map<Places, double>& sums_eV) const {
  const Sublattice& s = model.sublattices()[static_cast<std::size_t>(sublattice)];
  const Place own{sublattice, {0, 0, 0}};
  for (const Term& term : s.terms) {
    Places slots;
    std::vector<int> one_of_slot;
    for (std::int32_t k = term.first_slot; k < term.first_slot + term.n_slots; ++k) {
      const auto& [sub, shift] =
          s.neighbors[static_cast<std::size_t>(s.slots[static_cast<std::size_t>(k)])];
      slots.push_back(translated(Place{sub, {0, 0, 0}}, shift));
      one_of_slot.push_back(one[static_cast<std::size_t>(sub)]);
    }
    const auto c =
        derivative_polynomial(s, term, one_of_slot, one[static_cast<std::size_t>(sublattice)]);
    for (std::size_t bits = 0; bits < c.size(); ++bits) {
      Places places{own};
      for (std::size_t j = 0; j < slots.size(); ++j)
        if ((bits >> j & 1u) != 0) places.push_back(slots[j]);
      if (*std::min_element(places.begin(), places.end()) == own)
        sums_eV[canonical(places)] += c[bits];
    }
  }
}

std::int64_t OccupationPolynomial::coefficient(const Places& places) const {
  const auto at = sets_.find(canonical(places));
  return at == sets_.end() ? 0 : at->second;
}

std::vector<OccupationPolynomial::Set> OccupationPolynomial::sets_through(int sublattice) const {
  std::vector<Set> through;
  for (const auto& [places, J] : sets_)
    for (const Place& own : places) {
      if (own.basis != sublattice) continue;
      Set set{{}, J};
      for (const Place& p : places)
        if (p != own) set.others.push_back(translated(p, -own.cell_vector()));
      through.push_back(std::move(set));
    }
  return through;
}

}  // namespace lithiate::model
