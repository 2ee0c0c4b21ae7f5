#include <fmt/format.h>

#include <cmath>
#include <fstream>

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
#include "mc/run.hpp"
#include "model/occupation.hpp"

namespace lithiate::apps {
namespace {

/// One trajectory of one phase at one composition.
class Trajectory {
 public:
  explicit Trajectory(const io::KmcFile& file)
      : file_(file),
        cell_(file.cell.compiled()),
        hops_(*file.cell.chosen().hops, cell_.model),
        engine_(cell_.model, hops_, kmc::RateModel(*file.cell.chosen().hops, file.temperature_K),
                equilibrated(), Random(file.seed, Purpose::kmc_event)) {}

  void write(const std::string& folder) {
    std::ofstream out(folder + "/trajectory.xyz");
    if (!out) throw InputError("cannot write " + folder + "/trajectory.xyz");
    Progress progress("kmc of " + file_.cell.material.name, file_.frames);
    kmc::KmcConfig config;
    config.equilibration_hops_per_ion = file_.equilibration_hops_per_ion;
    const observe::TransportConfig how;
    config.samples = std::max<std::int64_t>(8 * how.segment_samples, file_.frames);
    config.sampling_hops_per_ion = file_.hops_per_ion / static_cast<double>(config.samples);
    observe::Transport transport(static_cast<int>(engine_.n_ions()), how);
    const std::int64_t every = std::max<std::int64_t>(1, config.samples / file_.frames);
    done_ = run_kmc(engine_, config, transport, [&](std::int64_t sample) {
      if (sample % every == 0) {
        io::write_extxyz(out, frame());
        progress.advance();
      }
      return true;
    });
    if (!out.flush()) throw Error("cannot write " + folder + "/trajectory.xyz");
    result_ = transport.result(file_.axes);
  }

  void report(const std::string& folder) const {
    io::Results results = io::Results::open(folder, "kmc");
    results.inputs(file_.inputs);
    results.overrides(file_.overrides);
    results.seed(file_.seed);
    set(results, "D_tracer", scaled(result_.d_tracer, cm2_per_A2), "cm2/s");
    set(results, "D_J", scaled(result_.d_jump, cm2_per_A2), "cm2/s");
    set(results, "tracer_correlation_factor", result_.f, "");
    set(results, "haven_ratio", result_.haven, "");
    results.run_info("hops", static_cast<double>(done_.hops));
    results.run_info("simulated_s", done_.time_s);
    results.save();
    log::info(fmt::format("{} hops of {} ions in {:.3g} s of simulated time", done_.hops,
                          engine_.n_ions(), done_.time_s));
  }

 private:
  std::vector<model::Species> equilibrated() const {
    const auto n =
        std::clamp<std::int64_t>(std::llround(file_.x * cell_.formula_units), 1, cell_.max_mobile);
    Random start(file_.seed, Purpose::initial_state);
    auto occ = random_occupation(cell_.model, file_.cell.material.mobile, n, start);
    const mc::Sampled sampled{cell_.model, file_.cell.material.mobile, cell_.formula_units,
                              cell_.max_mobile};
    sample_canonical(sampled, file_.temperature_K, {400, 400, 0.0}, occ,
                     Random(file_.seed, Purpose::mc_step));
    return occ;
  }

  /// Ions where they are, with the clock in the comment line.
  crystal::Atoms frame() const {
    const crystal::Vector3i& n = cell_.model.repeats();
    const crystal::Lattice lattice(cell_.model.host_lattice().columns() *
                                   n.cast<double>().asDiagonal());
    crystal::Atoms atoms{file_.cell.material.name, lattice, {}, {}, {}};
    atoms.info["time_s"] = fmt::format("{:.9e}", engine_.state().time_s);
    atoms.info["hops"] = fmt::format("{}", engine_.state().hops);
    for (const model::SiteIndex site : engine_.state().site_of) {
      atoms.species.push_back(file_.cell.material.mobile);
      crystal::Vector3d f = lattice.fractional(cell_.model.position_A(site));
      atoms.fractional.push_back(f - f.array().floor().matrix());
    }
    return atoms;
  }

  void set(io::Results& results, const std::string& name, const observe::Estimate& e,
           const std::string& unit) const {
    io::Quantity q;
    q.unit = unit;
    q.method = "exact kinetic Monte Carlo, hop barriers: " + file_.cell.chosen().hops_role;
    q.role = "calibrated";
    q.numbers = {{"x", static_cast<double>(engine_.n_ions()) / cell_.formula_units},
                 {"temperature_K", file_.temperature_K}};
    if (std::isfinite(e.value) && std::isfinite(e.error)) {
      q.value = e.value;
      q.error = e.error;
    } else {
      q.reason = "the run was too short to tell";
    }
    results.set(name, q);
  }

  const io::KmcFile& file_;
  model::PhaseCell cell_;
  model::HopTable hops_;
  kmc::KmcEngine engine_;
  kmc::KmcRun done_;
  observe::TransportResult result_;
};

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("kmc");
  const std::vector<std::string> overrides = options.overrides();
  const io::KmcFile file = io::read_kmc_file(options.arguments.front(), overrides);
  io::require_same_inputs(folder, {"kmc"}, file.inputs);
  const io::OutputFolder guard(folder);
  Trajectory trajectory(file);
  trajectory.write(folder);
  trajectory.report(folder);
  return 0;
}

}  // namespace

Verb kmc_verb() {
  return {{"kmc",
           "FILE",
           1,
           1,
           "one kinetic Monte Carlo trajectory, exact and serial",
           "  lithiate kmc kmc.toml -o runs/kmc      # trajectory.xyz opens in OVITO\n"
           "kmc.toml: model = \"model.toml\", phase = \"O3\", temperature_K = 400, x = 0.5,\n"
           "hops_per_ion = 200, frames = 100; table [supercell] as in voltage.toml\n",
           {},
           run_options & ~with_threads},
          run};
}

}  // namespace lithiate::apps
