#include "apps/kmc_charge.hpp"

#include <fmt/format.h>

#include <iostream>

#include "apps/charge_report.hpp"
#include "apps/interruption.hpp"
#include "apps/run_report.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"
#include "io/run_settings.hpp"
#include "parallel/threads.hpp"

namespace lithiate::apps {
namespace {

using stacking::GlideKinetics;

/// What the run file names, built.
struct ChargeSystem {
  io::ChargeFile file;
  stacking::LayeredMaterial material;
  stacking::StackModel model;
  std::vector<std::int64_t> marks;

  explicit ChargeSystem(io::ChargeFile read)
      : file(std::move(read)),
        material(
            io::at_place(file.where, [&] { return stacking::layered_material(file.material); })),
        model(io::at_place(file.where,
                           [&] { return analysis::stack_model(material, file.config.stack); })),
        marks(io::at_place(file.where, [&] {
          return analysis::charge_marks(file.config, material, model.lattice());
        })) {}
};

void plan_line(const std::string& name, const std::string& text) {
  std::cout << fmt::format("{:<14}{}\n", name, text);
}

void print_charge_plan(const ChargeSystem& system) {
  const analysis::ChargeConfig& c = system.file.config;
  const stacking::StackLattice& l = system.model.lattice();
  plan_line("system", fmt::format("{}, {} gaps of {} x {} cells, {} registries",
                                  system.file.material.name, l.gaps(), c.stack.cells[0],
                                  c.stack.cells[1], system.model.registries().size()));
  plan_line("sites", fmt::format("{} in {} formula units", l.n_sites(), l.formula_units()));
  plan_line("patches", fmt::format("{} per gap, {} in all, of {} x {} cells", l.patches(),
                                   l.patches() * l.gaps(), c.stack.patch[0], c.stack.patch[1]));
  plan_line("points", fmt::format("{} on insertion, {} on removal", system.marks.size(),
                                  system.marks.size() - 1));
  const double guests = static_cast<double>(2 * system.marks.back() - system.marks.front());
  double steps = 0.0;
  for (const double T : c.temperature_K)
    for (const double rate : c.c_rate_per_h) {
      const GlideKinetics kinetics(system.model, kinetic_settings(c, system.material, T, rate),
                                   analysis::empty_stack(system.model),
                                   Random(c.seed, Purpose::stack_charge));
      const double per_guest = kinetics.attempts_per_guest();
      steps += c.replicas * guests * (1.0 + per_guest);
      plan_line("glides",
                fmt::format("{:g} K, {:g} per hour: {:.3g} attempts/s, {:.3g} per guest{}", T, rate,
                            kinetics.attempt_rate_Hz(), per_guest,
                            kinetics.slowed_by() > 1.0
                                ? fmt::format(", slowed down by {:.3g}", kinetics.slowed_by())
                                : std::string()));
    }
  plan_line("work",
            fmt::format("{:.3g} steps expected, each of {} sweeps over the sites, {} loops "
                        "on {} threads",
                        steps, c.guest_sweeps,
                        c.replicas * std::ssize(c.temperature_K) * std::ssize(c.c_rate_per_h),
                        parallel::max_threads()));
}

void write_charge(const std::string& folder, const ChargeSystem& system,
                  const analysis::ChargeRun& run) {
  const io::ChargeFile& file = system.file;
  io::Results results = io::Results::open(folder, "kmc");
  results.inputs(file.inputs);
  results.overrides(file.overrides);
  results.seed(file.config.seed);
  set_charge(results, file, run);
  write_charge_table(folder, file, run);
  write_charge_movie(folder, file, system.material, system.model, run);
  results.save();
  carry_warning(file.path.parent_path(), folder);
  write_report(folder);
  for (const analysis::ChargeLoop& loop : run.loops)
    log::info(fmt::format("{:g} K, {:g} per hour: hysteresis {:.3g} mV", loop.temperature_K,
                          loop.c_rate_per_h, 1000.0 * loop.hysteresis_V.value));
}

}  // namespace

int run_charge(const Options& options) {
  const bool plan = options.on("dry-run");
  const std::string folder = plan ? "" : options.output_or_usage_error("kmc");
  io::ChargeFile file = io::read_charge_file(options.arguments.front(), options.overrides());
  if (options.session->size() > 1)
    throw UsageError(fmt::format(
        "{} processes were launched for {} with [stack], expected one process: its replicas run on "
        "threads",
        options.session->size(), file.path.string()));
  if (!plan) io::require_same_inputs(folder, {"kmc"}, file.inputs);
  const ChargeSystem system(std::move(file));
  if (plan) {
    print_charge_plan(system);
    return 0;
  }
  const io::OutputFolder guard(folder);
  JournaledRun journaled(options, folder,
                         io::fingerprint(system.file.inputs, system.file.overrides));
  const auto run =
      analysis::charge_run(system.material, system.model, system.file.config, journaled.journal());
  write_charge(folder, system, run);
  return 0;
}

}  // namespace lithiate::apps
