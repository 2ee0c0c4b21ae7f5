#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <optional>

#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/units.hpp"
#include "io/directory.hpp"
#include "io/point_files.hpp"
#include "io/results.hpp"
#include "io/write_atoms.hpp"
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
std::vector<model::Species> starting_occupation(const io::KmcFile& file, const Cell& cell) {
  const auto n =
      std::clamp<std::int64_t>(std::llround(file.x * cell.formula_units), 1, cell.max_mobile);
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
  observe::TransportResult transport;
  std::uint64_t hash = 0;
  double wall_s = 0.0;
};

/// Runs an engine and writes its trajectory, unless `folder` is empty.
template <class Engine>
Outcome run_engine(Engine& engine, const io::KmcFile& file, const std::string& folder, bool root) {
  std::ofstream out;
  if (root && !folder.empty()) {
    out.open(folder + "/trajectory.xyz");
    if (!out) throw InputError("cannot write " + folder + "/trajectory.xyz");
  }
  Progress progress("kmc of " + file.cell.material.name, file.frames);
  kmc::KmcConfig config;
  config.equilibration_hops_per_ion = file.equilibration_hops_per_ion;
  const observe::TransportConfig how;
  config.samples = std::max<std::int64_t>(8 * how.segment_samples, file.frames);
  config.sampling_hops_per_ion = file.hops_per_ion / static_cast<double>(config.samples);
  observe::Transport transport(static_cast<int>(engine.n_ions()), how);
  const std::int64_t every = std::max<std::int64_t>(1, config.samples / file.frames);
  Outcome outcome;
  const auto start = std::chrono::steady_clock::now();
  outcome.done = run_kmc(engine, config, transport, [&](std::int64_t sample) {
    if (sample % every != 0) return true;
    if (out.is_open()) io::write_extxyz(out, frame(file, engine.model(), engine.state()));
    progress.advance();
    return true;
  });
  outcome.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (out.is_open() && !out.flush())
    throw Error("cannot write " + folder + "/trajectory.xyz: disk full?");
  if (root) {
    outcome.transport = transport.result(file.axes);
    outcome.hash = hash(engine.state());
  }
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
    occupation_ = starting_occupation(file_, cell_);
  }

  void run(const std::string& folder) {
    outcomes_.push_back(once(file_.window_s, folder));
    if (!file_.measure_bias) return;
    for (const double part : {2.0, 4.0}) outcomes_.push_back(once(file_.window_s / part, ""));
  }

  void report(const std::string& folder) const {
    if (!session_.is_root()) return;
    const Outcome& first = outcomes_.front();
    io::Results results = io::Results::open(folder, "kmc");
    results.inputs(file_.inputs);
    results.overrides(file_.overrides);
    results.seed(file_.seed);
    results.text("state_hash", fmt::format("{:016x}", first.hash));
    set(results, "D_tracer", scaled(first.transport.d_tracer, cm2_per_A2), "cm2/s");
    set(results, "D_J", scaled(first.transport.d_jump, cm2_per_A2), "cm2/s");
    set(results, "tracer_correlation_factor", first.transport.f, "");
    set(results, "haven_ratio", first.transport.haven, "");
    if (file_.measure_bias) report_bias(results);
    results.run_info("ranks", session_.size());
    results.run_info("hops", static_cast<double>(first.done.hops));
    results.run_info("simulated_s", first.done.time_s);
    results.run_info("kmc_wall_s", first.wall_s);
    results.save();
    log::info(fmt::format("{} hops of {} ions in {:.3g} s of simulated time", first.done.hops,
                          n_ions(), first.done.time_s));
  }

 private:
  std::int64_t n_ions() const {
    return std::count_if(occupation_.begin(), occupation_.end(), [&, site = 0](auto s) mutable {
      return s == hops_.mobile(hops_.sublattice(site++));
    });
  }

  Outcome once(double window_s, const std::string& folder) const {
    if (!file_.tiles) {
      kmc::KmcEngine engine(cell_.model, hops_, rates_, occupation_,
                            Random(file_.seed, Purpose::kmc_event));
      return run_engine(engine, file_, folder, true);
    }
    kmc::Tiles engine(session_, cell_.model, hops_, rates_,
                      kmc::initial_state(cell_.model, hops_, occupation_),
                      {.window_s = window_s,
                       .seed = file_.seed,
                       .replica = static_cast<std::uint32_t>(outcomes_.size()),
                       .min_sector_cells = file_.tile_cells});
    log::info(fmt::format("tiles: {} x {} sectors, window {:.3g} s, {} processes of {} threads",
                          engine.grid().n_u(), engine.grid().n_v(), window_s, session_.size(),
                          parallel::max_threads()));
    return run_engine(engine, file_, folder, session_.is_root());
  }

  /// D* at window 0 from windows tau, tau/2, tau/4, whose bias grows as tau^2.
  void report_bias(io::Results& results) const {
    const auto fit =
        kmc::extrapolate_window({outcomes_[0].transport.d_tracer, outcomes_[1].transport.d_tracer,
                                 outcomes_[2].transport.d_tracer});
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
  std::vector<model::Species> occupation_;
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
  job.run(folder);
  job.report(folder);
  return 0;
}

}  // namespace

Verb kmc_verb() {
  return {{"kmc",
           "FILE",
           1,
           1,
           "one kinetic Monte Carlo trajectory, exact or parallel",
           "  lithiate kmc kmc.toml -o runs/kmc      # trajectory.xyz opens in OVITO\n"
           "  mpirun -n 4 lithiate kmc kmc.toml -o runs/kmc --set algorithm=tiles\n"
           "kmc.toml: model = \"model.toml\", phase = \"O3\", temperature_K = 400, x = 0.5,\n"
           "hops_per_ion = 200, frames = 100; table [supercell] as in voltage.toml;\n"
           "start = \"metropolis\" or \"random\"; algorithm = \"exact\" or \"tiles\", the latter "
           "on any\n"
           "processes and threads with window_s (0: chosen), tile_cells, measure_bias = true\n",
           {},
           run_options,
           true},
          run};
}

}  // namespace lithiate::apps
