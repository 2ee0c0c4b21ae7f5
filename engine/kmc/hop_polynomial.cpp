#include "kmc/hop_polynomial.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "kmc/spin_polynomial.hpp"

namespace lithiate::kmc {

using model::OccupationPolynomial;
using model::Place;
using model::Places;

HopPolynomial::HopPolynomial(const OccupationPolynomial& energy, const model::Hop& hop) {
  const Place start{hop.from, {0, 0, 0}};
  const Place end = translated(Place{hop.to, {0, 0, 0}}, hop.shift);
  std::map<Places, std::int64_t> sums;
  const auto add = [&](const Place& own, const Place& other, std::int64_t sign) {
    for (const auto& set : energy.sets_through(own.basis)) {
      Places places;
      for (const Place& p : set.others) places.push_back(translated(p, own.cell_vector()));
      if (std::find(places.begin(), places.end(), other) != places.end()) continue;
      std::sort(places.begin(), places.end());
      sums[places] += sign * set.coefficient;
    }
  };
  add(end, start, 1);
  add(start, end, -1);
  for (const auto& [places, J] : sums)
    if (J != 0) sets_.push_back({places, J});
}

HopPolynomial::HopPolynomial(const std::vector<model::LocalTerm>& terms,
                             double model::LocalTerm::*coefficient) {
  for (const model::LocalTerm& term : terms) {
    const auto J =
        static_cast<std::int64_t>(std::llround(term.*coefficient / OccupationPolynomial::unit_eV));
    if (J == 0) continue;
    Places places;
    for (const model::LocalSite& site : term.cluster) places.push_back(site.place);
    sets_.push_back({std::move(places), J});
  }
}

double HopPolynomial::lower_bound_eV() const { return lower_bound({{1.0, *this}}); }

/// n = (1 + s) / 2 with s = -1, 1: a polynomial about its mean.
double lower_bound(std::initializer_list<Weighted> sum) {
  std::map<Place, int> numbers;
  SpinPolynomial spins;
  for (const auto& [weight, polynomial] : sum)
    for (const auto& set : polynomial.sets()) {
      const std::size_t n = set.others.size();
      const double share =
          weight * std::ldexp(static_cast<double>(set.coefficient), -static_cast<int>(n));
      for (std::size_t bits = 0; bits < std::size_t{1} << n; ++bits) {
        std::vector<int> product;
        for (std::size_t k = 0; k < n; ++k)
          if ((bits >> k & 1u) != 0)
            product.push_back(
                numbers.try_emplace(set.others[k], static_cast<int>(std::ssize(numbers)))
                    .first->second);
        std::sort(product.begin(), product.end());
        spins.add(product, share);
      }
    }
  return OccupationPolynomial::unit_eV * spins.lower_bound();
}

}  // namespace lithiate::kmc
