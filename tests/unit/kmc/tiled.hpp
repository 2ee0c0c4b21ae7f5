#pragma once
#include "kmc/tiles.hpp"
#include "kmc_fixtures.hpp"

namespace lithiate::fixtures {

/// This process alone.
inline const parallel::Session& session() {
  static int argc = 0;
  static char** argv = nullptr;
  static const parallel::Session one(argc, argv);
  return one;
}

/// A tiled run and what it refers to.
struct Tiled {
  Tiled(const model::LatticeModel& m, const model::HopNetwork& network,
        std::vector<model::Species> occupation, kmc::Tiles::Config config)
      : model(m),
        table(network, model),
        rates(network, T_K),
        engine(session(), model, table, rates,
               kmc::initial_state(model, table, std::move(occupation)), config) {}
  /// Ions on random sites.
  Tiled(const model::LatticeModel& m, const model::HopNetwork& network, std::int64_t ions,
        kmc::Tiles::Config config)
      : Tiled(m, network, random_ions(m, ions, 3), config) {}
  model::LatticeModel model;
  model::HopTable table;
  kmc::RateModel rates;
  kmc::Tiles engine;
};

}  // namespace lithiate::fixtures
