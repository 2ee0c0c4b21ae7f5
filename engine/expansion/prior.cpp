#include "expansion/prior.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"

namespace lithiate::expansion {

Eigen::VectorXd size_penalty(const ClusterBasis& basis, const SizePenalty& penalty) {
  if (!(penalty.per_site >= 1.0) || !(penalty.distance_power >= 0.0) || !(penalty.length_A > 0.0))
    throw InputError(
        fmt::format("size penalty: per_site = {}, distance_power = {}, length_A = {}: "
                    "must be at least 1, at least 0, above 0",
                    penalty.per_site, penalty.distance_power, penalty.length_A));
  Eigen::VectorXd c = Eigen::VectorXd::Ones(static_cast<Eigen::Index>(basis.size()));
  for (std::size_t alpha = 0; alpha < basis.size(); ++alpha) {
    const cluster::Orbit& orbit = basis.orbits[basis.functions[alpha].orbit];
    if (orbit.size() == 0) continue;
    c[static_cast<Eigen::Index>(alpha)] =
        basis.multiplicity(alpha) *
        std::pow(penalty.per_site, static_cast<double>(orbit.size()) - 1.0) *
        std::pow(1.0 + orbit.diameter_A / penalty.length_A, penalty.distance_power);
  }
  return c;
}

}  // namespace lithiate::expansion
