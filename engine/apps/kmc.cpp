#include <fmt/format.h>

#include <optional>

#include "apps/kmc_charge.hpp"
#include "apps/kmc_ensemble.hpp"
#include "apps/kmc_plan.hpp"
#include "apps/kmc_report.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "io/charge_file.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"
#include "io/results.hpp"

namespace lithiate::apps {
namespace {

int run_one(const Options& options, const KmcSystem& system, const std::string& folder) {
  const parallel::Session& session = *options.session;
  const io::KmcFile& file = system.file();
  if (!file.tiles && session.size() > 1)
    throw UsageError(
        fmt::format("{} processes were launched for one exact trajectory, expected one process, "
                    "algorithm = \"tiles\" or several state points or replicas in {}",
                    session.size(), file.path.string()));
  KmcCheckpoints checkpoints(options, &session, folder,
                             io::fingerprint(file.inputs, file.overrides));
  const KmcMember member = system.members().front();
  KmcJob job(system, member, &session);
  Progress progress("kmc of " + file.cell.material.name, KmcJob::steps(file));
  if (!job.run(folder, checkpoints, progress)) {
    if (session.is_root())
      log::warning(fmt::format("stopped by {}; go on with --restart auto", checkpoints.reason()));
    return resumable;
  }
  if (session.is_root())
    report_kmc(folder, system, {numbers_of(system, member, job.outcomes().front())}, session,
               file.tiles ? &job : nullptr);
  return 0;
}

int run(const Options& options) {
  if (io::has_stack(options.arguments.front(), options.overrides())) return run_charge(options);
  const bool plan = options.on("dry-run");
  const std::string folder = plan ? "" : options.output_or_usage_error("kmc");
  const io::KmcFile file = io::read_kmc_file(options.arguments.front(), options.overrides());
  if (plan) return print_plan(options, file);
  io::require_same_inputs(folder, {"kmc"}, file.inputs);
  std::optional<io::OutputFolder> guard;
  if (options.session->is_root()) guard.emplace(folder);
  const KmcSystem system(file);
  return file.n_trajectories() > 1 ? run_ensemble(options, system, folder)
                                   : run_one(options, system, folder);
}

std::vector<OptionSpec> all_options() {
  auto all = checkpoint_options();
  all.push_back({"dry-run", "say what the run takes: events, memory, hops/s, wall time", ""});
  return all;
}

}  // namespace

Verb kmc_verb() {
  return {{"kmc", "FILE", 1, 1, "kinetic Monte Carlo: one trajectory, exact or parallel, or many",
           "  lithiate kmc kmc.toml -o runs/kmc      # trajectory.xyz opens in OVITO\n"
           "  lithiate kmc kmc.toml --dry-run        # how long would it take?\n"
           "  mpirun -n 4 lithiate kmc kmc.toml -o runs/kmc --set algorithm=tiles\n"
           "  mpirun -n 4 lithiate kmc kmc.toml -o runs/kmc --set replicas=8\n"
           "kmc.toml: model = \"model.toml\", phase = \"O3\", temperature_K = 400, x = 0.5,\n"
           "hops_per_ion = 200, frames = 100; table [supercell] as in voltage.toml;\n"
           "start = \"metropolis\" or \"random\"; algorithm = \"exact\" or \"tiles\", the latter "
           "on any\n"
           "processes and threads with window_s (0: chosen), tile_cells, measure_bias = true;\n"
           "basin = \"auto\" or \"off\" (exact algorithm): whether an ion that flickers between\n"
           "neighbouring sites leaves them in one step. Hops left out count by their mean: raise\n"
           "hops_per_ion as far as fast hops outnumber slow ones.\n"
           "Lists of temperature_K and of x (or voltage_V), or replicas = N, make an ensemble of\n"
           "exact trajectories, shared among processes and threads\n"
           "With [stack] (gaps, cells, patch) and [glides] (barrier_meV_per_A, barrier_source): a\n"
           "stack whose gaps change their registry is charged and discharged at c_rate_per_h over\n"
           "x_range, with hysteresis; movie and figures in DIR:\n"
           "  lithiate kmc potentials/LixVCl3/charge.toml -o runs/charge\n",
           all_options(), run_options, true},
          run};
}

}  // namespace lithiate::apps
