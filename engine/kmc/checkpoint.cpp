#include "kmc/checkpoint.hpp"

#include "core/error.hpp"

namespace lithiate::kmc {

void save(Archive& archive, const std::string& prefix, const State& s) {
  archive.put(prefix + "occupation", s.occupation);
  archive.put(prefix + "site_of", s.site_of);
  archive.put(prefix + "origin", s.origin);
  std::vector<std::int32_t> cells;
  for (const auto& c : s.cells_moved) cells.insert(cells.end(), c.begin(), c.end());
  archive.put(prefix + "cells_moved", std::move(cells));
  archive.put(prefix + "hop_counts", s.hop_counts);
  archive.put<double>(prefix + "time_s", {s.time_s});
  archive.put<std::int64_t>(prefix + "hops", {s.hops, s.clamped});
  archive.put(prefix + "expected_counts", s.expected_counts);
  archive.put<double>(prefix + "expected_hops", {s.expected_hops, s.expected_clamped});
}

State load_state(const Archive& archive, const std::string& prefix) {
  State s;
  s.occupation = archive.get<Species>(prefix + "occupation");
  s.site_of = archive.get<SiteIndex>(prefix + "site_of");
  s.origin = archive.get<SiteIndex>(prefix + "origin");
  const auto& cells = archive.get<std::int32_t>(prefix + "cells_moved");
  for (std::size_t k = 0; k + 2 < cells.size(); k += 3)
    s.cells_moved.push_back({cells[k], cells[k + 1], cells[k + 2]});
  s.hop_counts = archive.get<std::int64_t>(prefix + "hop_counts");
  s.time_s = archive.scalar<double>(prefix + "time_s");
  const auto& hops = archive.get<std::int64_t>(prefix + "hops");
  if (hops.size() != 2) throw InputError("checkpoint: '" + prefix + "hops' needs two numbers");
  s.hops = hops[0];
  s.clamped = hops[1];
  s.expected_counts = archive.get<double>(prefix + "expected_counts");
  const auto& expected = archive.get<double>(prefix + "expected_hops");
  if (expected.size() != 2)
    throw InputError("checkpoint: '" + prefix + "expected_hops' needs two numbers");
  s.expected_hops = expected[0];
  s.expected_clamped = expected[1];
  return s;
}

void save(Archive& archive, const std::string& prefix, const KmcEngine& engine) {
  const Snapshot s = engine.snapshot();
  save(archive, prefix, s.state);
  const Random::Saved random = s.random.saved();
  archive.put(prefix + "random", std::span<const std::uint64_t>(random));
  archive.put<std::int64_t>(prefix + "method",
                            {s.method == Method::thinning ? 1 : 0, s.automatic ? 1 : 0, s.trials,
                             s.trials_seen, s.hops_seen, s.basins ? 1 : 0, s.undecided ? 1 : 0});
  archive.put(prefix + "vacancies", s.vacancies);
  archive.put<double>(prefix + "next_hop_s", {s.next_hop_s});
  archive.put(prefix + "came_from", s.basin_memory.came_from);
  archive.put(prefix + "returns", s.basin_memory.returns);
  archive.put(prefix + "patience", s.basin_memory.patience);
}

KmcEngine load_engine(const Archive& archive, const std::string& prefix,
                      const model::LatticeModel& model, const model::HopTable& hops,
                      const RateModel& rates) {
  const auto& stored = archive.get<std::uint64_t>(prefix + "random");
  const auto& method = archive.get<std::int64_t>(prefix + "method");
  Random::Saved random;
  if (stored.size() != random.size() || method.size() != 7)
    throw InputError("checkpoint: '" + prefix + "' holds no kMC engine");
  std::copy(stored.begin(), stored.end(), random.begin());
  return {model, hops, rates,
          Snapshot{.state = load_state(archive, prefix),
                   .random = Random::restored(random),
                   .method = method[0] != 0 ? Method::thinning : Method::rejection_free,
                   .automatic = method[1] != 0,
                   .vacancies = archive.get<SiteIndex>(prefix + "vacancies"),
                   .trials = method[2],
                   .trials_seen = method[3],
                   .hops_seen = method[4],
                   .next_hop_s = archive.scalar<double>(prefix + "next_hop_s"),
                   .basins = method[5] != 0,
                   .undecided = method[6] != 0,
                   .basin_memory = {archive.get<SiteIndex>(prefix + "came_from"),
                                    archive.get<std::int32_t>(prefix + "returns"),
                                    archive.get<std::int32_t>(prefix + "patience")}}};
}

void save(Archive& archive, const std::string& prefix, const Tiles& tiles) {
  save(archive, prefix, tiles.state());
}

void save(Archive& archive, const std::string& prefix, const KmcRun& run) {
  archive.put<double>(prefix + "times_s", {run.start_s, run.sampling_interval_s, run.time_s});
  archive.put<std::int64_t>(
      prefix + "counts", {run.samples, run.hops, run.clamped, run.hops_before, run.clamped_before});
}

KmcRun load_run(const Archive& archive, const std::string& prefix) {
  const auto& times = archive.get<double>(prefix + "times_s");
  const auto& counts = archive.get<std::int64_t>(prefix + "counts");
  if (times.size() != 3 || counts.size() != 5)
    throw InputError("checkpoint: '" + prefix + "' holds no kMC run");
  return {.time_s = times[2],
          .sampling_interval_s = times[1],
          .samples = counts[0],
          .hops = counts[1],
          .clamped = counts[2],
          .start_s = times[0],
          .hops_before = counts[3],
          .clamped_before = counts[4]};
}

}  // namespace lithiate::kmc
