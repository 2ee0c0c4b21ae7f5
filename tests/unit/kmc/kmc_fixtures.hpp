#pragma once
/// A kMC run needs a model, a hop table and an engine that refer to one another.
#include <memory>
#include <utility>
#include <vector>

#include "core/units.hpp"
#include "fixtures/toy_models.hpp"
#include "kmc/engine.hpp"
#include "model/occupation.hpp"

namespace lithiate::fixtures {

inline constexpr double T_K = 600.0;
inline constexpr double kT_eV = k_B * T_K;

/// Owns what an engine refers to; not to be moved.
struct Kmc {
  model::LatticeModel model;
  model::HopTable table;
  kmc::KmcEngine engine;

  Kmc(model::LatticeModel m, const model::HopNetwork& network, std::vector<model::Species> occ,
      std::uint64_t seed, const crystal::Vector3d& force_eV_per_A = crystal::Vector3d::Zero())
      : model(std::move(m)),
        table(network, model),
        engine(model, table, kmc::RateModel(network, T_K, force_eV_per_A), std::move(occ),
               Random(seed, Purpose::kmc_event)) {}
  Kmc(const Kmc&) = delete;
};

/// n ions on random sites.
inline std::unique_ptr<Kmc> random_kmc(const model::LatticeModel& m,
                                       const model::HopNetwork& network, std::int64_t n,
                                       std::uint64_t seed,
                                       const crystal::Vector3d& force = crystal::Vector3d::Zero()) {
  Random random(seed, Purpose::initial_state);
  return std::make_unique<Kmc>(m, network, random_occupation(m, "Li", n, random), seed, force);
}

/// Ions on hcp with random pairs and triplets, two hop classes of different barriers.
inline std::unique_ptr<Kmc> random_hcp_kmc(std::uint64_t seed, double e_kra_eV = 0.3) {
  const auto prim = hcp();
  auto network = nn_hops(prim, e_kra_eV, 1e12);
  network.classes[1].e_kra_eV += 0.1;
  network.classes[1].prefactor_Hz = 5e12;
  const auto e = random_expansion(prim, cluster::BasisKind::chebyshev, {4.5, 3.01}, seed);
  return random_kmc(model::compile(e, {}, {4, 4, 3}), network, 40, seed);
}

}  // namespace lithiate::fixtures
