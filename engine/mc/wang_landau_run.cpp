#include "mc/wang_landau_run.hpp"

#include <fmt/format.h>

#include <chrono>

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

}  // namespace

template <class Ensemble>
std::vector<DensityOfStates> run_wang_landau(const Sampled& s, const Ensemble& ensemble,
                                             const std::vector<Species>& occ,
                                             const WangLandauConfig& config, int runs,
                                             std::uint64_t seed, std::uint64_t place,
                                             const std::string& name,
                                             const std::function<void(std::int64_t)>& advanced) {
  std::vector<DensityOfStates> all(static_cast<std::size_t>(runs));
  parallel::for_each(runs, [&](std::ptrdiff_t r, int) {
    const std::string mine = fmt::format("{}:run{}", name, r);
    bool computed = false;
    const auto compute = [&] {
      computed = true;
      WangLandau<Ensemble> walk(
          s.model, ensemble, occ, s.mobile, config,
          Random(seed, Purpose::wang_landau, place, static_cast<std::uint64_t>(r)));
      finish(walk, s.journal, mine + "-state", advanced);
      Archive result;
      result.put("density", numbers(walk.density()));
      return result;
    };
    const Archive piece = s.journal == nullptr ? compute() : s.journal->piece(mine, compute);
    if (s.journal != nullptr) s.journal->forget(mine + "-state");
    all[static_cast<std::size_t>(r)] = density_of_states(piece.get<double>("density"));
    if (!computed) advanced(1000);
  });
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
