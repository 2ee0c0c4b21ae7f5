#pragma once
#include <functional>

#include "mc/run.hpp"
#include "mc/tempering.hpp"

namespace lithiate::mc {

struct TemperingConfig {
  std::int64_t sweeps = 20'000;  ///< of every rung
  std::int64_t sweeps_per_swap = 10;
};

/// Averages of all rungs; StatePoint::sweeps counts rounds, from which one entry each is taken.
struct TemperingResult {
  std::vector<StatePoint> points;
  std::vector<double> swap_acceptance;  ///< of rung k and k + 1
  std::int64_t rounds = 0, round_trips = 0;
};

/// A ladder from its name in checkpoints to its averages. With a journal, its state is kept about
/// every second and the run can be taken up after any round. `advanced(n)` hears of n more rounds
/// done, those of a checkpoint included.
template <class Ensemble>
TemperingResult run_tempering(const Sampled& sampled, Tempering<Ensemble> ladder,
                              const TemperingConfig& config, const std::string& name,
                              const std::function<void(std::int64_t)>& advanced);

extern template TemperingResult run_tempering(const Sampled&, Tempering<SemiGrand>,
                                              const TemperingConfig&, const std::string&,
                                              const std::function<void(std::int64_t)>&);
extern template TemperingResult run_tempering(const Sampled&, Tempering<Canonical>,
                                              const TemperingConfig&, const std::string&,
                                              const std::function<void(std::int64_t)>&);
extern template TemperingResult run_tempering(const Sampled&, Tempering<NeutralSemiGrand>,
                                              const TemperingConfig&, const std::string&,
                                              const std::function<void(std::int64_t)>&);

}  // namespace lithiate::mc
