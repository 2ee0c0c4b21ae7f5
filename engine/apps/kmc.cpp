#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "apps/interruption.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/units.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"
#include "io/point_files.hpp"
#include "io/results.hpp"
#include "io/write_atoms.hpp"
#include "kmc/checkpoint.hpp"
#include "kmc/run.hpp"
#include "kmc/window_bias.hpp"
#include "mc/run.hpp"
#include "model/occupation.hpp"
#include "parallel/session.hpp"
#include "parallel/threads.hpp"

namespace lithiate::apps {
namespace {

using Cell = model::PhaseCell;

/// Where the ions begin, the same on every rank.
std::vector<model::Species> starting_occupation(const io::KmcFile& file, const Cell& cell,
                                                std::int64_t n) {
  Random start(file.seed, Purpose::initial_state);
  auto occ = random_occupation(cell.model, file.cell.material.mobile, n, start);
  if (file.random_start) return occ;
  const mc::Sampled sampled{cell.model, file.cell.material.mobile, cell.formula_units,
                            cell.max_mobile};
  sample_canonical(sampled, file.temperature_K, {400, 400, 0.0}, occ,
                   Random(file.seed, Purpose::mc_step));
  return occ;
}

/// Ions where they are, with the clock in the comment line.
crystal::Atoms frame(const io::KmcFile& file, const model::LatticeModel& model,
                     const kmc::State& state) {
  const crystal::Lattice lattice(model.host_lattice().columns() *
                                 model.repeats().cast<double>().asDiagonal());
  crystal::Atoms atoms{file.cell.material.name, lattice, {}, {}, {}};
  atoms.info["time_s"] = fmt::format("{:.9e}", state.time_s);
  atoms.info["hops"] = fmt::format("{}", state.hops);
  for (const model::SiteIndex site : state.site_of) {
    atoms.species.push_back(file.cell.material.mobile);
    crystal::Vector3d f = lattice.fractional(model.position_A(site));
    atoms.fractional.push_back(f - f.array().floor().matrix());
  }
  return atoms;
}

/// What one run gave; the rest is known at the root only.
struct Outcome {
  kmc::KmcRun done;
  observe::Transport transport;
  std::uint64_t hash = 0;
  double hops_in_basins = 0.0;  ///< mean number, with those of the equilibration
  double wall_s = 0.0;
};

constexpr observe::TransportConfig transport_config;

/// Checkpoints of a job in its folder. A job is one run, or three of different windows.
class Checkpoints {
 public:
  Checkpoints(const Options& options, const io::KmcFile& file, const std::string& folder)
      : folder_(folder),
        root_(options.session->is_root()),
        fingerprint_(io::fingerprint(file.inputs, file.overrides)),
        interruption_(options) {
    stored_ = stored_checkpoint(options, folder, fingerprint_);
  }

  const std::optional<Archive>& stored() const noexcept { return stored_; }
  const std::string& reason() const noexcept { return interruption_.reason(); }

  /// Saves if it is time to. @return false if the run must stop. Collective.
  template <class Fill>  // fill(archive)
  bool pass(const std::vector<Outcome>& finished, Fill fill) {
    const auto wish = interruption_.ask();
    if (wish == Interruption::Wish::go_on) return true;
    if (root_) {
      Archive archive;
      archive.put_text("inputs", fingerprint_);
      archive.put<std::int64_t>("finished", {std::ssize(finished)});
      for (std::size_t k = 0; k < finished.size(); ++k) {
        const std::string prefix = fmt::format("finished{}/", k);
        save(archive, prefix + "run/", finished[k].done);
        finished[k].transport.save(archive, prefix + "transport/");
        archive.put<std::uint64_t>(prefix + "hash", {finished[k].hash});
      }
      fill(archive);
      io::write_checkpoint(folder_, archive);
    }
    return wish != Interruption::Wish::stop;
  }

 private:
  std::string folder_;
  bool root_;
  std::string fingerprint_;
  Interruption interruption_;
  std::optional<Archive> stored_;
};

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

/// Runs an engine from its start or from the checkpoint. @return nothing if it was stopped.
template <class Engine>
std::optional<Outcome> run_engine(Engine& engine, const io::KmcFile& file,
                                  const std::string& folder, bool root, bool resumed,
                                  const std::vector<Outcome>& finished, Checkpoints& checkpoints) {
  std::optional<TrajectoryFile> trajectory;
  const bool write = root && finished.empty();
  Outcome outcome{{}, observe::Transport(static_cast<int>(engine.n_ions()), transport_config)};
  std::optional<kmc::KmcRun> before;
  if (resumed) {
    before = kmc::load_run(*checkpoints.stored(), "run/");
    if (root) outcome.transport.load(*checkpoints.stored(), "transport/");
  }
  if (write)
    trajectory.emplace(
        folder, resumed
                    ? std::optional(checkpoints.stored()->scalar<std::uint64_t>("trajectory_bytes"))
                    : std::nullopt);
  Progress progress("kmc of " + file.cell.material.name, file.frames);
  kmc::KmcConfig config;
  config.equilibration_hops_per_ion = file.equilibration_hops_per_ion;
  config.samples = std::max<std::int64_t>(8 * transport_config.segment_samples, file.frames);
  config.sampling_hops_per_ion = file.hops_per_ion / static_cast<double>(config.samples);
  const std::int64_t every = std::max<std::int64_t>(1, config.samples / file.frames);
  if (before) progress.advance(before->samples / every);
  const auto start = std::chrono::steady_clock::now();
  bool stopped = false;
  const auto after_sample = [&](const kmc::KmcRun& run) {
    if (run.samples % every == 0) {
      if (trajectory) trajectory->write(frame(file, engine.model(), engine.state()));
      progress.advance();
    }
    stopped = !checkpoints.pass(finished, [&](Archive& archive) {
      save(archive, "run/", run);
      save(archive, "engine/", engine);
      outcome.transport.save(archive, "transport/");
      if (trajectory) archive.put<std::uint64_t>("trajectory_bytes", {trajectory->flushed_bytes()});
    });
    return !stopped;
  };
  outcome.done = run_kmc(engine, config, outcome.transport, after_sample, before);
  outcome.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (trajectory) trajectory->flushed_bytes();
  if (stopped) return std::nullopt;
  if (root) outcome.hash = hash(engine.state());
  outcome.hops_in_basins = engine.state().expected_hops;
  return outcome;
}

/// A tenth of the mean time that the fastest hop takes between states of equal energy.
double default_window_s(const kmc::RateModel& rates, const model::HopNetwork& network) {
  double fastest_Hz = 0.0;
  for (int h = 0; h < static_cast<int>(network.hops.size()); ++h)
    fastest_Hz = std::max(fastest_Hz, rates.rate_at_rest_Hz(h));
  return 0.1 / fastest_Hz;
}

/// One phase at one composition, by either algorithm.
class KmcJob {
 public:
  KmcJob(const io::KmcFile& file, const parallel::Session& session)
      : file_(file),
        session_(session),
        cell_(file.cell.compiled()),
        hops_(*file.cell.chosen().hops, cell_.model),
        rates_(*file.cell.chosen().hops, file.temperature_K) {
    if (!file.tiles && session.size() > 1)
      throw UsageError(
          fmt::format("{} processes were launched for one exact trajectory, expected one process "
                      "or algorithm = \"tiles\" in {}",
                      session.size(), file.path.string()));
    if (file.tiles && file_.window_s == 0.0)
      file_.window_s = default_window_s(rates_, hops_.network());
  }

  /// @return false if it was stopped.
  bool run(const std::string& folder, Checkpoints& checkpoints) {
    const auto& stored = checkpoints.stored();
    const auto finished = stored ? stored->scalar<std::int64_t>("finished") : 0;
    for (std::int64_t k = 0; k < finished; ++k) outcomes_.push_back(load(*stored, k));
    const std::vector<double> parts =
        file_.measure_bias ? std::vector{1.0, 2.0, 4.0} : std::vector{1.0};
    for (auto k = static_cast<std::size_t>(finished); k < parts.size(); ++k) {
      const bool resumed = stored && std::cmp_equal(k, finished);
      auto outcome = once(file_.window_s / parts[k], folder, resumed, checkpoints);
      if (!outcome) return false;
      outcomes_.push_back(std::move(*outcome));
    }
    return true;
  }

  void report(const std::string& folder) const {
    if (!session_.is_root()) return;
    const Outcome& first = outcomes_.front();
    const observe::TransportResult transport = first.transport.result(file_.axes);
    io::Results results = io::Results::open(folder, "kmc");
    results.inputs(file_.inputs);
    results.overrides(file_.overrides);
    results.seed(file_.seed);
    results.text("state_hash", fmt::format("{:016x}", first.hash));
    set(results, "D_tracer", scaled(transport.d_tracer, cm2_per_A2), "cm2/s");
    set(results, "D_J", scaled(transport.d_jump, cm2_per_A2), "cm2/s");
    set(results, "tracer_correlation_factor", transport.f, "");
    set(results, "haven_ratio", transport.haven, "");
    if (file_.measure_bias) report_bias(results);
    results.run_info("ranks", session_.size());
    results.run_info("hops", static_cast<double>(first.done.hops));
    if (!file_.tiles) results.run_info("hops_in_basins", first.hops_in_basins);
    results.run_info("simulated_s", first.done.time_s);
    results.run_info("kmc_wall_s", first.wall_s);
    results.save();
    log::info(fmt::format("{} hops of {} ions in {:.3g} s of simulated time", first.done.hops,
                          n_ions(), first.done.time_s));
  }

 private:
  std::int64_t n_ions() const {
    return std::clamp<std::int64_t>(std::llround(file_.x * cell_.formula_units), 1,
                                    cell_.max_mobile);
  }
  const std::vector<model::Species>& occupation() {
    if (occupation_.empty()) occupation_ = starting_occupation(file_, cell_, n_ions());
    return occupation_;
  }

  Outcome load(const Archive& stored, std::int64_t k) const {
    const std::string prefix = fmt::format("finished{}/", k);
    Outcome outcome{kmc::load_run(stored, prefix + "run/"),
                    observe::Transport(static_cast<int>(n_ions()), transport_config)};
    outcome.transport.load(stored, prefix + "transport/");
    outcome.hash = stored.scalar<std::uint64_t>(prefix + "hash");
    return outcome;
  }

  std::optional<Outcome> once(double window_s, const std::string& folder, bool resumed,
                              Checkpoints& checkpoints) {
    const auto run = [&](auto& engine) {
      return run_engine(engine, file_, folder, session_.is_root(), resumed, outcomes_, checkpoints);
    };
    if (!file_.tiles) {
      auto engine =
          resumed ? kmc::load_engine(*checkpoints.stored(), "engine/", cell_.model, hops_, rates_)
                  : kmc::KmcEngine(cell_.model, hops_, rates_, occupation(),
                                   Random(file_.seed, Purpose::kmc_event), kmc::Method::automatic,
                                   file_.basins ? kmc::Flicker::basins : kmc::Flicker::every_hop);
      return run(engine);
    }
    kmc::Tiles engine(session_, cell_.model, hops_, rates_,
                      resumed ? kmc::load_state(*checkpoints.stored(), "engine/")
                              : kmc::initial_state(cell_.model, hops_, occupation()),
                      {.window_s = window_s,
                       .seed = file_.seed,
                       .replica = static_cast<std::uint32_t>(outcomes_.size()),
                       .min_sector_cells = file_.tile_cells});
    log::info(fmt::format("tiles: {} x {} sectors, window {:.3g} s, {} processes of {} threads",
                          engine.grid().n_u(), engine.grid().n_v(), window_s, session_.size(),
                          parallel::max_threads()));
    return run(engine);
  }

  /// D* at window 0 from windows tau, tau/2, tau/4, whose bias grows as tau^2.
  void report_bias(io::Results& results) const {
    const auto fit = kmc::extrapolate_window({outcomes_[0].transport.result(file_.axes).d_tracer,
                                              outcomes_[1].transport.result(file_.axes).d_tracer,
                                              outcomes_[2].transport.result(file_.axes).d_tracer});
    set(results, "D_tracer_without_bias", scaled(fit.limit, cm2_per_A2), "cm2/s");
    set(results, "D_tracer_bias", scaled(fit.bias, cm2_per_A2), "cm2/s");
    log::info(fmt::format("bias of D* at window {:.3g} s: {:.2g} +- {:.2g} % ({})", file_.window_s,
                          100.0 * fit.bias.value / fit.limit.value,
                          100.0 * fit.bias.error / fit.limit.value,
                          fit.resolved ? "resolved" : "unresolved: smaller than its error"));
  }

  void set(io::Results& results, const std::string& name, const observe::Estimate& e,
           const std::string& unit) const {
    io::Quantity q;
    q.unit = unit;
    q.method = fmt::format(
        "{} kinetic Monte Carlo, hop barriers: {}",
        file_.tiles ? fmt::format("tiled (window {:.3g} s)", file_.window_s) : std::string("exact"),
        file_.cell.chosen().hops_role);
    q.role = "calibrated";
    q.numbers = {{"x", static_cast<double>(n_ions()) / cell_.formula_units},
                 {"temperature_K", file_.temperature_K}};
    if (std::isfinite(e.value) && std::isfinite(e.error)) {
      q.value = e.value;
      q.error = e.error;
    } else {
      q.reason = "the run was too short to tell";
    }
    results.set(name, q);
  }

  io::KmcFile file_;
  const parallel::Session& session_;
  Cell cell_;
  model::HopTable hops_;
  kmc::RateModel rates_;
  std::vector<model::Species> occupation_;  // at the start, once asked for
  std::vector<Outcome> outcomes_;
};

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("kmc");
  const std::vector<std::string> overrides = options.overrides();
  const io::KmcFile file = io::read_kmc_file(options.arguments.front(), overrides);
  io::require_same_inputs(folder, {"kmc"}, file.inputs);
  std::optional<io::OutputFolder> guard;
  if (options.session->is_root()) guard.emplace(folder);
  KmcJob job(file, *options.session);
  Checkpoints checkpoints(options, file, folder);
  if (!job.run(folder, checkpoints)) {
    log::warning(fmt::format("stopped by {}; go on with --restart auto", checkpoints.reason()));
    return resumable;
  }
  job.report(folder);
  return 0;
}

}  // namespace

Verb kmc_verb() {
  return {
      {"kmc", "FILE", 1, 1, "one kinetic Monte Carlo trajectory, exact or parallel",
       "  lithiate kmc kmc.toml -o runs/kmc      # trajectory.xyz opens in OVITO\n"
       "  mpirun -n 4 lithiate kmc kmc.toml -o runs/kmc --set algorithm=tiles\n"
       "kmc.toml: model = \"model.toml\", phase = \"O3\", temperature_K = 400, x = 0.5,\n"
       "hops_per_ion = 200, frames = 100; table [supercell] as in voltage.toml;\n"
       "start = \"metropolis\" or \"random\"; algorithm = \"exact\" or \"tiles\", the latter "
       "on any\n"
       "processes and threads with window_s (0: chosen), tile_cells, measure_bias = true;\n"
       "basin = \"auto\" or \"off\": exact exits of ions that hop to and fro, whose hops count\n"
       "in hops_per_ion; raise it as far as fast hops outnumber slow ones\n",
       checkpoint_options(), run_options, true},
      run};
}

}  // namespace lithiate::apps
