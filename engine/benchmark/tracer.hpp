#pragma once
#include <cstdint>

#include "benchmark/lattices.hpp"
#include "kmc/run.hpp"

namespace lithiate::benchmark {

/// A kMC experiment that is repeated with fresh random occupations until its error is small enough.
/// Lags and lengths are in hops per ion.
struct TracerPlan {
  std::int64_t n_ions = 1;
  double temperature_K = 300.0;
  double equilibration_hops_per_ion = 0.0;
  double lag_hops_per_ion = 100.0;  ///< W: slopes are taken between W/2 and W
  int segments_per_run = 1;         ///< each 2 W long
  int min_runs = 32, max_runs = 100000;
};

/// One number of a TransportResult, and the absolute error it is wanted with.
struct TransportWanted {
  observe::Estimate observe::TransportResult::*quantity;
  double error;
};

/// Runs replicas, each from a random occupation at its own stream (`place` of Random), until every
/// error is reached.
observe::TransportResult trace(const HoppingGas& gas, const observe::Axes& axes,
                               const TracerPlan& plan, const std::vector<TransportWanted>& wanted,
                               std::uint64_t seed, std::uint64_t place);

}  // namespace lithiate::benchmark
