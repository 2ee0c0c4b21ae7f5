#pragma once
#include <functional>

#include "mc/run.hpp"
#include "mc/wang_landau.hpp"

namespace lithiate::mc {

/// Independent runs of one ensemble from `occ`, on threads: Wang-Landau by each, then counting by
/// each with ln g averaged over all, for as many sweeps as the first took on average. Runs draw
/// from Random(seed, Purpose::wang_landau, place, number). With a journal, their states are kept
/// about every second and can be taken up after any sweep. `advanced(k)` hears of k more of the
/// 2000 parts of a run, from any thread.
template <class Ensemble>
std::vector<DensityOfStates> run_wang_landau(const Sampled& sampled, const Ensemble& ensemble,
                                             const std::vector<Species>& occ,
                                             const WangLandauConfig& config, int runs,
                                             std::uint64_t seed, std::uint64_t place,
                                             const std::string& name,
                                             const std::function<void(std::int64_t)>& advanced);

extern template std::vector<DensityOfStates> run_wang_landau(
    const Sampled&, const SemiGrand&, const std::vector<Species>&, const WangLandauConfig&, int,
    std::uint64_t, std::uint64_t, const std::string&, const std::function<void(std::int64_t)>&);
extern template std::vector<DensityOfStates> run_wang_landau(
    const Sampled&, const Canonical&, const std::vector<Species>&, const WangLandauConfig&, int,
    std::uint64_t, std::uint64_t, const std::string&, const std::function<void(std::int64_t)>&);

}  // namespace lithiate::mc
