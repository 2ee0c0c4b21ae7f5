#include "mc/free_energy.hpp"

#include <cmath>

#include "model/occupation.hpp"

namespace lithiate::mc {
namespace {

/// ln of the number of ways to put n on m sites.
double log_arrangements(double m, double n) {
  return std::lgamma(m + 1.0) - std::lgamma(n + 1.0) - std::lgamma(m - n + 1.0);
}

}  // namespace

std::vector<double> insertion_energies_eV(const Sampled& s, bool filled) {
  const std::string& all = filled ? s.mobile : crystal::vacancy;
  const std::vector<Species> occ = model::uniform_occupation(s.model, all);
  std::vector<double> energies;
  for (SiteIndex site = 0; site < static_cast<SiteIndex>(s.model.sublattices().size()); ++site) {
    const int from = s.model.species_index(site, all);
    const int to = s.model.species_index(site, filled ? crystal::vacancy : s.mobile);
    if (from < 0 || to < 0) continue;
    const double dE = s.model.delta_energy_eV(occ, site, static_cast<Species>(to));
    energies.push_back(filled ? -dE : dE);
  }
  return energies;
}

observe::Estimate canonical_free_energy_eV(const Sampled& s, std::int64_t n, double temperature_K,
                                           const SamplingConfig& config, int steps,
                                           const Random& random, std::vector<Species>& occ) {
  Random start = random;
  occ = model::random_occupation(s.model, s.mobile, n, start);
  const auto open = static_cast<double>(
      model::count(s.model, model::uniform_occupation(s.model, s.mobile), s.mobile));
  const double beta = 1.0 / (k_B * temperature_K);
  const std::uint64_t stream = start.bits();
  double integral = 0.0, variance = 0.0;
  for (int k = 0; k <= steps; ++k) {
    const double t = static_cast<double>(k) / steps;  // beta_k = beta t^2, d beta = 2 beta t dt
    const double simpson = (k == 0 || k == steps ? 1.0 : k % 2 == 1 ? 4.0 : 2.0) / (3.0 * steps);
    const double weight = simpson * 2.0 * beta * t;
    if (weight == 0.0) continue;
    const StatePoint point =
        sample_canonical(s, temperature_K / (t * t), config, occ,
                         Random(stream, Purpose::anneal, 1, static_cast<std::uint64_t>(k)));
    integral += weight * point.energy_eV.value;
    variance += std::pow(weight * point.energy_eV.error, 2);
  }
  observe::Estimate free_energy;
  free_energy.value =
      (integral - log_arrangements(open, static_cast<double>(n)) / s.formula_units) / beta;
  free_energy.error = std::sqrt(variance) / beta;
  return free_energy;
}

}  // namespace lithiate::mc
