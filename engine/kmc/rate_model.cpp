#include "kmc/rate_model.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/units.hpp"

namespace lithiate::kmc {

RateModel::RateModel(const model::HopNetwork& network, double temperature_K,
                     const crystal::Vector3d& force_eV_per_A)
    : temperature_K_(temperature_K), beta_(1.0 / (k_B * temperature_K)) {
  if (!(temperature_K > 0.0) || !std::isfinite(temperature_K))
    throw InputError(fmt::format("kMC: temperature_K = {}, expected above 0", temperature_K));
  if (!force_eV_per_A.allFinite())
    throw InputError("kMC: the force on the mobile species is not finite");
  for (const model::Hop& hop : network.hops) {
    const model::HopClass& c = network.classes[static_cast<std::size_t>(hop.hop_class)];
    rules_.push_back({c.e_kra_eV, c.prefactor_Hz, force_eV_per_A.dot(hop.vector_A), 0.0});
    rules_.back().rate_at_rest_Hz = rate_Hz(static_cast<int>(rules_.size()) - 1, 0.0);
  }
}

}  // namespace lithiate::kmc
