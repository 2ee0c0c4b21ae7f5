#include "stacking/gap_terms.hpp"

#include <cmath>

namespace lithiate::stacking {

std::int64_t in_units(double energy_eV) {
  return static_cast<std::int64_t>(std::llround(energy_eV / unit_eV));
}

std::vector<std::int64_t> shares(std::int64_t whole, std::size_t n) {
  const auto parts = static_cast<std::int64_t>(n);
  std::int64_t least = whole / parts, rest = whole % parts;
  if (rest < 0) {
    rest += parts;
    --least;
  }
  std::vector<std::int64_t> all(n, least);
  for (std::int64_t i = 0; i < rest; ++i) ++all[static_cast<std::size_t>(i)];
  return all;
}

}  // namespace lithiate::stacking
