#include "mc/wang_landau_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "parallel/threads.hpp"

namespace lithiate::mc {
namespace {

using Clock = std::chrono::steady_clock;

/// One run to its end, with its state in the journal on the way.
template <class Ensemble>
void finish(WangLandau<Ensemble>& walk, Journal* journal, const std::string& name,
            const std::function<void(std::int64_t)>& advanced) {
  if (journal != nullptr)
    if (const auto kept = journal->kept(name)) walk.restore(*kept);
  std::int64_t told = 0;
  Clock::time_point kept_at = Clock::now();
  while (!walk.finished()) {
    walk.sweep();
    const auto thousandths = static_cast<std::int64_t>(1000.0 * walk.progress());
    if (thousandths > told) {
      advanced(thousandths - told);
      told = thousandths;
    }
    if (journal == nullptr || walk.finished()) continue;
    if (Clock::now() - kept_at < std::chrono::seconds(1)) continue;
    Archive state;
    walk.save(state);
    journal->keep(name, std::move(state));
    kept_at = Clock::now();
  }
  if (told < 1000) advanced(1000 - told);
}

struct Outcome {
  DensityOfStates density;
  std::vector<Species> occupation;
};

/// A run that `begin` begins, or its result from the journal.
template <class Begin>
Outcome outcome(Journal* journal, const std::string& name,
                const std::function<void(std::int64_t)>& advanced, Begin begin) {
  bool computed = false;
  const auto compute = [&] {
    computed = true;
    auto walk = begin();
    finish(walk, journal, name + "-state", advanced);
    Archive result;
    result.put("density", numbers(walk.density()));
    result.put("occupation", walk.occupation());
    return result;
  };
  const Archive piece = journal == nullptr ? compute() : journal->piece(name, compute);
  if (journal != nullptr) journal->forget(name + "-state");
  if (!computed) advanced(1000);
  return {density_of_states(piece.get<double>("density")), piece.get<Species>("occupation")};
}

/// ln g by level, averaged over the runs that met it.
std::vector<DensityOfStates::Level> averaged(const std::vector<Outcome>& runs) {
  std::map<std::int64_t, std::pair<DensityOfStates::Level, double>> sums;
  for (const Outcome& run : runs)
    for (const auto& level : run.density.levels) {
      auto& [sum, n] = sums[level.bin];
      const double log_g = n > 0.0 ? sum.log_g + level.log_g : level.log_g;
      if (n == 0.0) sum = level;
      sum.log_g = log_g;
      n += 1.0;
    }
  std::vector<DensityOfStates::Level> levels;
  for (auto& [bin, entry] : sums) {
    entry.first.log_g /= entry.second;
    levels.push_back(entry.first);
  }
  return levels;
}

}  // namespace

template <class Ensemble>
std::vector<DensityOfStates> run_wang_landau(const Sampled& s, const Ensemble& ensemble,
                                             const std::vector<Species>& occ,
                                             const WangLandauConfig& config, int runs,
                                             std::uint64_t seed, std::uint64_t place,
                                             const std::string& name,
                                             const std::function<void(std::int64_t)>& advanced) {
  const auto walk = [&](const std::vector<Species>& from, std::ptrdiff_t number) {
    return WangLandau<Ensemble>(
        s.model, ensemble, from, s.mobile, config,
        Random(seed, Purpose::wang_landau, place, static_cast<std::uint64_t>(number)));
  };
  std::vector<Outcome> first(static_cast<std::size_t>(runs)), second(first.size());
  parallel::for_each(runs, [&](std::ptrdiff_t r, int) {
    first[static_cast<std::size_t>(r)] = outcome(s.journal, fmt::format("{}:run{}", name, r),
                                                 advanced, [&] { return walk(occ, r); });
  });
  const auto levels = averaged(first);
  std::int64_t sweeps = 0;
  for (const Outcome& run : first) sweeps += run.density.sweeps;
  parallel::for_each(runs, [&](std::ptrdiff_t r, int) {
    const auto k = static_cast<std::size_t>(r);
    second[k] = outcome(s.journal, fmt::format("{}:count{}", name, r), advanced, [&] {
      auto counting = walk(first[k].occupation, runs + r);
      counting.count(levels, std::max<std::int64_t>(1, sweeps / runs));
      return counting;
    });
  });
  std::vector<DensityOfStates> all;
  for (std::size_t k = 0; k < first.size(); ++k) {
    all.push_back(std::move(second[k].density));
    all.back().ln_f = first[k].density.ln_f;
    all.back().sweeps = first[k].density.sweeps;
    all.back().converged = first[k].density.converged;
  }
  return all;
}

template std::vector<DensityOfStates> run_wang_landau(const Sampled&, const SemiGrand&,
                                                      const std::vector<Species>&,
                                                      const WangLandauConfig&, int, std::uint64_t,
                                                      std::uint64_t, const std::string&,
                                                      const std::function<void(std::int64_t)>&);
template std::vector<DensityOfStates> run_wang_landau(const Sampled&, const Canonical&,
                                                      const std::vector<Species>&,
                                                      const WangLandauConfig&, int, std::uint64_t,
                                                      std::uint64_t, const std::string&,
                                                      const std::function<void(std::int64_t)>&);

}  // namespace lithiate::mc
