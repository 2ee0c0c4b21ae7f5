#pragma once
#include <string>

#include "core/archive.hpp"
#include "kmc/engine.hpp"
#include "kmc/run.hpp"
#include "kmc/tiles.hpp"

namespace lithiate::kmc {

// Runs to and from archives, under names that begin with `prefix`. Nothing in them depends on the
// number of processes. Loading throws InputError for what no run saves; what does not fit the model
// is refused by the engine that is built from it.

void save(Archive& archive, const std::string& prefix, const State& state);
State load_state(const Archive& archive, const std::string& prefix);

void save(Archive& archive, const std::string& prefix, const KmcEngine& engine);
KmcEngine load_engine(const Archive& archive, const std::string& prefix,
                      const model::LatticeModel& model, const model::HopTable& hops,
                      const RateModel& rates);

/// Of the root, after collect(); not collective.
void save(Archive& archive, const std::string& prefix, const Tiles& tiles);

void save(Archive& archive, const std::string& prefix, const KmcRun& run);
KmcRun load_run(const Archive& archive, const std::string& prefix);

}  // namespace lithiate::kmc
