#include "apps/kmc_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

#include "core/error.hpp"
#include "core/log.hpp"
#include "io/write_atoms.hpp"
#include "kmc/checkpoint.hpp"
#include "parallel/threads.hpp"

namespace lithiate::apps {
namespace {

/// Frames of the first run, cut back to those of the checkpoint when it is taken up again.
class TrajectoryFile {
 public:
  TrajectoryFile(const std::string& folder, const std::optional<std::uint64_t>& bytes)
      : path_(folder + "/trajectory.xyz") {
    if (bytes) {
      std::error_code fault;
      if (std::filesystem::file_size(path_, fault) < *bytes || fault)
        throw InputError(path_ + " is shorter than at the checkpoint, expected the file it was");
      std::filesystem::resize_file(path_, *bytes);
    }
    out_.open(path_, bytes ? std::ios::app : std::ios::trunc);
    require_good();
  }
  void write(const crystal::Atoms& atoms) { io::write_extxyz(out_, atoms); }
  std::uint64_t flushed_bytes() {
    out_.flush();
    require_good();
    return static_cast<std::uint64_t>(std::filesystem::file_size(path_));
  }

 private:
  void require_good() const {
    if (!out_) throw Error("cannot write " + path_);
  }
  std::string path_;
  std::ofstream out_;
};

/// The file's window, or a tenth of the mean time that the fastest hop takes between states of
/// equal energy.
double chosen_window_s(const io::KmcFile& file, const kmc::RateModel& rates,
                       const model::HopNetwork& network) {
  double fastest_Hz = 0.0;
  for (int h = 0; h < static_cast<int>(network.hops.size()); ++h)
    fastest_Hz = std::max(fastest_Hz, rates.rate_at_rest_Hz(h));
  const double hop_s = 1.0 / fastest_Hz, shortest_s = 1e-4 * hop_s, longest_s = 100.0 * hop_s;
  const double window_s = file.window_s > 0.0 ? file.window_s : 0.1 * hop_s;
  if (file.tiles && !(window_s >= shortest_s && window_s <= longest_s))
    throw InputError(
        fmt::format("{}: window_s = {}: expected {:.2g} to {:.2g} s, for a hop that takes {:.2g} s",
                    file.path.string(), window_s, shortest_s, longest_s, hop_s));
  return window_s;
}

constexpr std::int64_t steps_per_run = 100;

std::size_t n_runs(const io::KmcFile& file) { return file.measure_bias ? 3 : 1; }

}  // namespace

KmcJob::KmcJob(const KmcSystem& system, const KmcMember& member, const parallel::Session* session)
    : system_(system),
      member_(member),
      session_(session),
      rates_(system.hops().network(), member.temperature_K),
      window_s_(chosen_window_s(system.file(), rates_, system.hops().network())) {}

std::int64_t KmcJob::steps(const io::KmcFile& file) {
  return static_cast<std::int64_t>(n_runs(file)) * steps_per_run;
}

kmc::KmcConfig KmcJob::config(const io::KmcFile& file, std::int64_t ions) {
  kmc::KmcConfig config;
  config.equilibration_hops_per_ion = file.equilibration_hops_per_ion;
  constexpr std::int64_t least = 8 * transport_config.segment_samples;
  constexpr double most = 100'000.0;
  const double parts =
      file.hops_per_ion * static_cast<double>(ions) / static_cast<double>(kmc::hops_in_a_row(ions));
  const auto wanted = std::max(least, static_cast<std::int64_t>(std::min(parts, most)));
  const std::int64_t frames = std::max(1, file.frames);
  config.samples = frames * ((wanted + frames - 1) / frames);
  config.sampling_hops_per_ion = file.hops_per_ion / static_cast<double>(config.samples);
  return config;
}

kmc::KmcEngine KmcJob::engine(std::vector<model::Species> occupation) const {
  return {system_.model(),
          system_.hops(),
          rates_,
          std::move(occupation),
          Random(system_.file().seed, Purpose::kmc_event, member_.number),
          kmc::Method::automatic,
          system_.file().basins ? kmc::Flicker::basins : kmc::Flicker::every_hop};
}

kmc::Tiles KmcJob::tiles(kmc::State start, double window_s, std::uint32_t replica) const {
  return {*session_,
          system_.model(),
          system_.hops(),
          rates_,
          std::move(start),
          {.window_s = window_s,
           .seed = system_.file().seed,
           .replica = replica,
           .min_sector_cells = system_.file().tile_cells}};
}

bool KmcJob::run(const std::string& folder, KmcCheckpoints& checkpoints, Progress& progress) {
  outcomes_ = checkpoints.finished();
  const std::size_t finished = outcomes_.size();
  progress.advance(static_cast<std::int64_t>(finished) * steps_per_run);
  for (std::size_t k = finished; k < n_runs(system_.file()); ++k) {
    const bool resumed = checkpoints.stored() && k == finished;
    auto outcome =
        run_once(window_s_ / static_cast<double>(1 << k), folder, resumed, checkpoints, progress);
    if (!outcome) return false;
    outcomes_.push_back(std::move(*outcome));
  }
  return true;
}

std::optional<KmcOutcome> KmcJob::run_once(double window_s, const std::string& folder, bool resumed,
                                           KmcCheckpoints& checkpoints, Progress& progress) const {
  const auto start = [&] { return system_.starting_occupation(member_); };
  if (!system_.file().tiles) {
    auto walk = resumed ? kmc::load_engine(*checkpoints.stored(), "engine/", system_.model(),
                                           system_.hops(), rates_)
                        : engine(start());
    return run_engine(walk, folder, resumed, checkpoints, progress);
  }
  auto walk = tiles(resumed ? kmc::load_state(*checkpoints.stored(), "engine/")
                            : kmc::initial_state(system_.model(), system_.hops(), start()),
                    window_s, static_cast<std::uint32_t>(outcomes_.size()));
  log::info(fmt::format("tiles: {} x {} sectors, window {:.3g} s, {} processes of {} threads",
                        walk.grid().n_u(), walk.grid().n_v(), window_s, session_->size(),
                        parallel::max_threads()));
  return run_engine(walk, folder, resumed, checkpoints, progress);
}

template <class Engine>
std::optional<KmcOutcome> KmcJob::run_engine(Engine& engine, const std::string& folder,
                                             bool resumed, KmcCheckpoints& checkpoints,
                                             Progress& progress) const {
  KmcOutcome outcome{{}, observe::Transport(static_cast<int>(engine.n_ions()), transport_config)};
  std::optional<kmc::KmcRun> before;
  if (resumed) {
    before = kmc::load_run(*checkpoints.stored(), "run/");
    if (root()) outcome.transport.load(*checkpoints.stored(), "transport/");
  }
  std::optional<TrajectoryFile> trajectory;
  const bool with_frames = outcomes_.empty() && system_.file().frames > 0;
  const bool writes = root() && with_frames;
  if (writes && before && before->samples > 0)
    trajectory.emplace(folder, checkpoints.stored()->scalar<std::uint64_t>("trajectory_bytes"));
  const kmc::KmcConfig plan = config(system_.file(), engine.n_ions());
  const std::int64_t every = plan.samples / std::max(1, system_.file().frames);
  std::int64_t steps = 0;
  bool stopped = false;
  const auto after_part = [&](const kmc::KmcRun& run) {
    if (writes && run.samples > 0 && !trajectory) trajectory.emplace(folder, std::nullopt);
    const bool frame_due = with_frames && run.samples > 0 && run.samples % every == 0;
    if (frame_due) engine.collect();
    if (frame_due && trajectory) trajectory->write(system_.frame(engine.state()));
    const std::int64_t steps_now = steps_per_run * run.samples / plan.samples;
    if (steps_now > steps) progress.advance(steps_now - std::exchange(steps, steps_now));
    const auto collect = [&] { engine.collect(); };
    stopped = !checkpoints.pass(outcomes_, collect, [&](Archive& archive) {
      save(archive, "run/", run);
      save(archive, "engine/", engine);
      outcome.transport.save(archive, "transport/");
      if (trajectory) archive.put<std::uint64_t>("trajectory_bytes", {trajectory->flushed_bytes()});
    });
    return !stopped;
  };
  const auto start = std::chrono::steady_clock::now();
  outcome.done = run_kmc(engine, plan, outcome.transport, after_part, before);
  outcome.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (trajectory) trajectory->flushed_bytes();
  if (stopped) return std::nullopt;
  engine.collect();
  if (root()) outcome.hash = hash(engine.state());
  outcome.hops_in_basins = engine.state().expected_hops;
  return outcome;
}

}  // namespace lithiate::apps
