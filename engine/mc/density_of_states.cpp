#include "mc/density_of_states.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"

namespace lithiate::mc {
namespace {

observe::Estimate over(std::span<const Thermodynamics> runs, double Thermodynamics::*member,
                       double formula_units) {
  std::vector<double> values;
  for (const Thermodynamics& run : runs) values.push_back(run.*member / formula_units);
  return observe::mean_of_replicas(values);
}

}  // namespace

Thermodynamics thermodynamics(const DensityOfStates& density, double temperature_K) {
  if (density.levels.empty()) throw InputError("density of states without a level");
  const double beta = 1.0 / (k_B * temperature_K);
  std::vector<double> exponent;
  for (const auto& level : density.levels)
    exponent.push_back(level.log_g - beta * level.P_eV + 0.5 * beta * beta * level.variance_eV2);
  const double top = *std::max_element(exponent.begin(), exponent.end());
  double z = 0.0, P = 0.0, n = 0.0;
  for (std::size_t k = 0; k < exponent.size(); ++k) {
    const auto& level = density.levels[k];
    const double w = std::exp(exponent[k] - top);
    z += w;
    P += w * (level.P_eV - beta * level.variance_eV2);
    n += w * level.n;
  }
  P /= z;
  double variance = 0.0;
  for (std::size_t k = 0; k < exponent.size(); ++k) {
    const auto& level = density.levels[k];
    const double off = level.P_eV - beta * level.variance_eV2 - P;
    variance += std::exp(exponent[k] - top) * (off * off + level.variance_eV2);
  }
  Thermodynamics t;
  const double log_z = top + std::log(z);
  t.free_energy_eV = -log_z / beta;
  t.P_eV = P;
  t.entropy_kB = beta * P + log_z;
  t.heat_capacity_kB = beta * beta * variance / z;
  t.n = n / z;
  return t;
}

ThermodynamicPoint thermodynamic_point(std::span<const DensityOfStates> runs, double temperature_K,
                                       double formula_units) {
  std::vector<Thermodynamics> all;
  for (const DensityOfStates& run : runs) all.push_back(thermodynamics(run, temperature_K));
  const auto mean = [&](double Thermodynamics::*member) {
    return over(all, member, formula_units);
  };
  return {temperature_K,
          mean(&Thermodynamics::free_energy_eV),
          mean(&Thermodynamics::P_eV),
          mean(&Thermodynamics::entropy_kB),
          mean(&Thermodynamics::heat_capacity_kB),
          mean(&Thermodynamics::n)};
}

std::vector<double> numbers(const DensityOfStates& d) {
  std::vector<double> all{d.ln_f, static_cast<double>(d.sweeps), d.converged ? 1.0 : 0.0};
  for (const auto& l : d.levels) all.insert(all.end(), {l.log_g, l.P_eV, l.variance_eV2, l.n});
  return all;
}

DensityOfStates density_of_states(const std::vector<double>& all) {
  constexpr std::size_t fixed = 3, per_level = 4;
  if (all.size() < fixed + per_level || (all.size() - fixed) % per_level != 0)
    throw InputError("checkpoint: a density of states of other numbers than expected");
  DensityOfStates d{{}, all[0], static_cast<std::int64_t>(all[1]), all[2] != 0.0};
  for (std::size_t k = fixed; k < all.size(); k += per_level)
    d.levels.push_back({all[k], all[k + 1], all[k + 2], all[k + 3]});
  return d;
}

}  // namespace lithiate::mc
