#include "apps/kmc_checkpoints.hpp"

#include <fmt/format.h>

#include <utility>

#include "io/checkpoint.hpp"
#include "kmc/checkpoint.hpp"

namespace lithiate::apps {
namespace {

std::string prefix(std::size_t k) { return fmt::format("finished{}/", k); }

}  // namespace

KmcCheckpoints::KmcCheckpoints(const Options& options, const parallel::Session* session,
                               std::string folder, std::string fingerprint)
    : folder_(std::move(folder)),
      fingerprint_(std::move(fingerprint)),
      root_(session == nullptr || session->is_root()),
      interruption_(options, session),
      stored_(stored_checkpoint(options, folder_, fingerprint_)) {}

std::vector<KmcOutcome> KmcCheckpoints::finished() const {
  std::vector<KmcOutcome> all;
  const auto n = stored_ ? stored_->scalar<std::int64_t>("finished") : 0;
  for (std::size_t k = 0; std::cmp_less(k, n); ++k) {
    const auto ions = static_cast<int>(stored_->scalar<std::int64_t>(prefix(k) + "ions"));
    all.push_back({kmc::load_run(*stored_, prefix(k) + "run/"),
                   observe::Transport(ions, transport_config),
                   stored_->scalar<std::uint64_t>(prefix(k) + "hash"),
                   stored_->scalar<double>(prefix(k) + "hops_in_basins")});
    all.back().transport.load(*stored_, prefix(k) + "transport/");
  }
  return all;
}

Archive KmcCheckpoints::archived(const std::vector<KmcOutcome>& finished) const {
  Archive archive;
  archive.put_text("inputs", fingerprint_);
  archive.put<std::int64_t>("finished", {std::ssize(finished)});
  for (std::size_t k = 0; k < finished.size(); ++k) {
    save(archive, prefix(k) + "run/", finished[k].done);
    finished[k].transport.save(archive, prefix(k) + "transport/");
    archive.put<std::uint64_t>(prefix(k) + "hash", {finished[k].hash});
    archive.put<double>(prefix(k) + "hops_in_basins", {finished[k].hops_in_basins});
    archive.put<std::int64_t>(prefix(k) + "ions", {finished[k].transport.n_ions()});
  }
  return archive;
}

void KmcCheckpoints::write(const Archive& archive) const { io::write_checkpoint(folder_, archive); }

}  // namespace lithiate::apps
