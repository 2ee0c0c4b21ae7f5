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
template <class Engine>
struct KmcOf {
  model::LatticeModel model;
  model::HopTable table;
  kmc::RateModel rates;
  Engine engine;

  template <class... More>
  KmcOf(model::LatticeModel m, const model::HopNetwork& network, std::vector<model::Species> occ,
        std::uint64_t seed, const crystal::Vector3d& force_eV_per_A, More... more)
      : model(std::move(m)),
        table(network, model),
        rates(network, T_K, force_eV_per_A),
        engine(model, table, rates, std::move(occ), Random(seed, Purpose::kmc_event), more...) {}
  KmcOf(const KmcOf&) = delete;
};

/// The reference, whose rates can be read one by one.
struct Rates : kmc::RejectionFree {
  Rates(const model::LatticeModel& m, const model::HopTable& t, const kmc::RateModel& rates,
        std::vector<model::Species> occ, const Random& random)
      : RejectionFree(m, t, rates, kmc::initial_state(m, t, std::move(occ)), random) {}
};
using Kmc = KmcOf<Rates>;
using Run = KmcOf<kmc::KmcEngine>;

inline std::vector<model::Species> random_ions(const model::LatticeModel& m, std::int64_t n,
                                               std::uint64_t seed) {
  Random random(seed, Purpose::initial_state);
  return random_occupation(m, "Li", n, random);
}

/// n ions on random sites.
inline std::unique_ptr<Kmc> random_kmc(const model::LatticeModel& m,
                                       const model::HopNetwork& network, std::int64_t n,
                                       std::uint64_t seed,
                                       const crystal::Vector3d& force = crystal::Vector3d::Zero()) {
  return std::make_unique<Kmc>(m, network, random_ions(m, n, seed), seed, force);
}

/// The same as a user runs it.
inline std::unique_ptr<Run> random_run(const model::LatticeModel& m,
                                       const model::HopNetwork& network, std::int64_t n,
                                       std::uint64_t seed, kmc::Method method,
                                       const crystal::Vector3d& force = crystal::Vector3d::Zero()) {
  return std::make_unique<Run>(m, network, random_ions(m, n, seed), seed, force, method);
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

/// Two square layers of Li sites 3.5 A apart that interact; only the first has hops.
struct HalfMobile {
  crystal::Structure prim = [] {
    auto p = square();
    p.sites.push_back({{0.5, 0.5, 2.78 / vacuum_A}, {"Li", "Va"}});
    p.sites.push_back({{0.0, 0.0, 0.5}, {"O"}});  // makes the layers different
    return p;
  }();
  model::LatticeModel model = model::compile(
      random_expansion(prim, cluster::BasisKind::chebyshev, {3.6}, 5, 0.01), {}, {12, 12, 1});
  model::HopNetwork network = [this] {
    auto n = nn_hops(prim, 0.2);
    for (const auto& hop : n.hops)
      if (hop.from == 1) n.classes[static_cast<std::size_t>(hop.hop_class)].prefactor_Hz = 0.0;
    return n;
  }();
};

}  // namespace lithiate::fixtures
