#pragma once
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "model/hop_table.hpp"
#include "model/occupation_polynomial.hpp"

namespace lithiate::kmc {

/// A quantity of one hop as a polynomial in the occupations around its start, in units of
/// OccupationPolynomial::unit_eV.
class HopPolynomial {
 public:
  /// The energy change: the sets through the hop's end without its start, minus the sets through
  /// its start without its end. `hop` starts in cell 0.
  HopPolynomial(const model::OccupationPolynomial& energy, const model::Hop& hop);
  /// A local expansion of models with two species per site.
  HopPolynomial(const std::vector<model::LocalTerm>& terms, double model::LocalTerm::*coefficient);

  const std::vector<model::OccupationPolynomial::Set>& sets() const noexcept { return sets_; }
  /// Seen from this many cells before the hop's start.
  void move(const crystal::Vector3i& cells) {
    for (auto& set : sets_)
      for (model::Place& p : set.others) p = translated(p, cells);
  }
  /// occupied(place) for all places; the value times unit_eV.
  template <class Occupied>
  double value(Occupied occupied) const {
    std::int64_t sum = 0;
    for (const auto& set : sets_)
      sum += std::all_of(set.others.begin(), set.others.end(), occupied) ? set.coefficient : 0;
    return model::OccupationPolynomial::unit_eV * static_cast<double>(sum);
  }
  /// No occupation gives a smaller value (eV); some may all be above it.
  double lower_bound_eV() const;

 private:
  std::vector<model::OccupationPolynomial::Set> sets_;
};

/// No occupation gives a smaller sum of weight times polynomial.
struct Weighted {
  double weight;
  const HopPolynomial& polynomial;
};
double lower_bound(std::initializer_list<Weighted> sum);

}  // namespace lithiate::kmc
