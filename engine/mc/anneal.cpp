#include "mc/anneal.hpp"

#include <cmath>

namespace lithiate::mc {

std::vector<Species> anneal(const LatticeModel& model, std::vector<Species> occ,
                            const AnnealConfig& config, Random random) {
  const Canonical ensemble(model);
  std::vector<Species> best = occ;
  double best_eV = model.energy_eV(occ);
  const double ratio = std::pow(config.to_K / config.from_K, 1.0 / std::max(1, config.steps - 1));
  double temperature_K = config.from_K;
  const std::uint64_t stream = random.bits();
  for (int step = 0; step < config.steps; ++step, temperature_K *= ratio) {
    Metropolis<Canonical> walk(
        model, ensemble, std::move(occ), temperature_K,
        Random(stream, Purpose::anneal, 0, static_cast<std::uint64_t>(step)));
    for (int k = 0; k < config.sweeps_per_step; ++k) walk.sweep();
    occ = walk.occupation();
    const double energy_eV = model.energy_eV(occ);
    if (energy_eV < best_eV) {
      best_eV = energy_eV;
      best = occ;
    }
  }
  return best;
}

}  // namespace lithiate::mc
