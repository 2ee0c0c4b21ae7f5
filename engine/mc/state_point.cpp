#include "mc/state_point.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace lithiate::mc {
namespace {

std::span<const double> after(const std::vector<double>& series, std::size_t start) {
  return std::span<const double>(series).subspan(start);
}

observe::Estimate per_formula_unit(observe::Estimate e, double formula_units) {
  e.value /= formula_units;
  e.error /= formula_units;
  return e;
}

observe::Estimate mean_from(const std::vector<double>& series, std::size_t start,
                            double formula_units) {
  return per_formula_unit(observe::mean_with_error(after(series, start)), formula_units);
}

}  // namespace

StatePoint averages(const Series& series, double formula_units) {
  const auto by_n = observe::equilibration_start(series.n);
  const auto by_energy = observe::equilibration_start(series.energy_eV);
  const std::size_t start = std::max(by_n.start, by_energy.start);
  StatePoint point;
  point.equilibrated = by_n.equilibrated && by_energy.equilibrated;
  point.x = mean_from(series.n, start, formula_units);
  point.energy_eV = mean_from(series.energy_eV, start, formula_units);
  point.variance_n =
      per_formula_unit(observe::variance_with_error(after(series.n, start)), formula_units);
  point.sweeps = std::ssize(series.n) - static_cast<std::int64_t>(start);
  for (const auto& numbers_of_one : series.species)
    point.species.push_back(mean_from(numbers_of_one, start, formula_units));
  return point;
}

std::vector<double> numbers(const StatePoint& p) {
  std::vector<double> all{p.temperature_K, p.mu_eV, static_cast<double>(p.sweeps),
                          p.equilibrated ? 1.0 : 0.0, p.acceptance};
  for (const observe::Estimate* e : {&p.x, &p.energy_eV, &p.variance_n})
    for (const double number : observe::numbers(*e)) all.push_back(number);
  for (const observe::Estimate& e : p.species)
    for (const double number : observe::numbers(e)) all.push_back(number);
  return all;
}

StatePoint state_point(const std::vector<double>& all) {
  constexpr std::size_t fixed = 5, per_estimate = 6, fewest = fixed + 3 * per_estimate;
  if (all.size() < fewest || (all.size() - fewest) % per_estimate != 0)
    throw InputError("checkpoint: a state point of other numbers than expected");
  const auto estimate = [&](std::size_t k) {
    return observe::estimate(
        std::span<const double>(all).subspan(fixed + per_estimate * k, per_estimate));
  };
  StatePoint point{.temperature_K = all[0],
                   .mu_eV = all[1],
                   .x = estimate(0),
                   .energy_eV = estimate(1),
                   .variance_n = estimate(2),
                   .sweeps = static_cast<std::int64_t>(all[2]),
                   .equilibrated = all[3] != 0.0,
                   .acceptance = all[4],
                   .species = {}};
  for (std::size_t k = 3; fixed + per_estimate * k < all.size(); ++k)
    point.species.push_back(estimate(k));
  return point;
}

}  // namespace lithiate::mc
