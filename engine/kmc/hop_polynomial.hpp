#pragma once
#include <vector>

#include "model/hop_table.hpp"
#include "model/occupation_polynomial.hpp"

namespace lithiate::kmc {

/// Energy change of one hop as a polynomial in the occupations around its start: the sets through
/// its end without its start, minus the sets through its start without its end.
class HopPolynomial {
 public:
  /// `hop` starts in cell 0.
  HopPolynomial(const model::OccupationPolynomial& energy, const model::Hop& hop);

  const std::vector<model::OccupationPolynomial::Set>& sets() const noexcept { return sets_; }
  /// No occupation gives a smaller energy change (eV); some may all be above it.
  double lower_bound_eV() const;

 private:
  std::vector<model::OccupationPolynomial::Set> sets_;
};

}  // namespace lithiate::kmc
