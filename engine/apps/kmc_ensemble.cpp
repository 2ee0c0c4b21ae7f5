#include "apps/kmc_ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "apps/kmc_report.hpp"
#include "core/log.hpp"
#include "io/checkpoint.hpp"
#include "parallel/threads.hpp"

namespace lithiate::apps {
namespace {

/// One member from start or checkpoint to its end. Nothing if it was stopped.
std::optional<KmcNumbers> run_member(const Options& options, const KmcSystem& system,
                                     const KmcMember& member, const std::string& folder,
                                     Progress& progress) {
  std::filesystem::create_directories(folder);
  const io::KmcFile& file = system.file();
  KmcCheckpoints checkpoints(
      options, nullptr, folder,
      fmt::format("{} member {}", io::fingerprint(file.inputs, file.overrides), member.number));
  KmcJob job(system, member, nullptr);
  const bool ended_before = !checkpoints.finished().empty();
  if (!job.run(folder, checkpoints, progress)) return std::nullopt;
  if (!ended_before) checkpoints.finish(job.outcomes());
  return numbers_of(system, member, job.outcomes().front());
}

}  // namespace

int run_ensemble(const Options& options, const KmcSystem& system, const std::string& folder) {
  const parallel::Session& session = *options.session;
  std::vector<KmcMember> mine;
  for (const KmcMember& m : system.members())
    if (std::cmp_equal(m.number % static_cast<std::uint64_t>(session.size()), session.rank()))
      mine.push_back(m);
  Progress progress(fmt::format("kmc of {}, {} trajectories", system.file().cell.material.name,
                                system.members().size()),
                    std::ssize(mine) * KmcJob::steps(system.file()));
  std::vector<std::optional<KmcNumbers>> done(mine.size());
  parallel::for_each(std::ssize(mine), [&](std::ptrdiff_t i, int) {
    const auto k = static_cast<std::size_t>(i);
    const std::string place = folder + "/members/" + mine[k].name(system.file().replicas);
    done[k] = run_member(options, system, mine[k], place, progress);
  });
  const bool stopped = !std::all_of(done.begin(), done.end(), [](const auto& n) { return !!n; });
  if (session.max(stopped ? 1 : 0) != 0) {
    if (session.is_root())
      log::warning("stopped before all trajectories ended; go on with --restart auto");
    return resumable;
  }
  std::vector<KmcNumbers> numbers;
  for (const auto& n : done) numbers.push_back(*n);
  auto all = parallel::gather<KmcNumbers>(session, numbers);
  if (!session.is_root()) return 0;
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  report_kmc(folder, system, all, session, nullptr);
  return 0;
}

}  // namespace lithiate::apps
