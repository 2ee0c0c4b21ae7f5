#include "kmc/hop_polynomial.hpp"

#include <algorithm>
#include <cmath>
#include <map>

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

/// With n = (1 + s) / 2, s = -1, 1, the sum of |coefficients| of products of s bounds the
/// polynomial about its mean more tightly than products of n do.
double HopPolynomial::lower_bound_eV() const {
  std::map<Places, double> spins;
  for (const auto& set : sets_) {
    const std::size_t n = set.others.size();
    const double share =
        static_cast<double>(set.coefficient) / std::pow(2.0, static_cast<double>(n));
    for (std::size_t bits = 0; bits < std::size_t{1} << n; ++bits) {
      Places places;
      for (std::size_t k = 0; k < n; ++k)
        if ((bits >> k & 1u) != 0) places.push_back(set.others[k]);
      spins[places] += share;
    }
  }
  double bound = 0.0;
  for (const auto& [places, J] : spins) bound += places.empty() ? J : -std::abs(J);
  return OccupationPolynomial::unit_eV * bound;
}

}  // namespace lithiate::kmc
