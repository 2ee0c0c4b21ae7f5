#include "apps/interruption.hpp"
#include "apps/mc_methods.hpp"
#include "apps/verb.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"
#include "io/results.hpp"

namespace lithiate::apps {
namespace {

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("mc");
  const std::vector<std::string> overrides = options.overrides();
  const io::McFile file = io::read_mc_file(options.arguments.front(), overrides);
  io::require_same_inputs(folder, {"mc"}, file.inputs);
  const io::OutputFolder guard(folder);
  JournaledRun journaled(options, folder, io::fingerprint(file.inputs, file.overrides));
  write_mc(folder, file, sample_mc(file, journaled.journal()));
  return 0;
}

}  // namespace

Verb mc_verb() {
  return {
      {"mc", "FILE", 1, 1, "Monte Carlo at (T, x), (T, voltage) or fixed charge",
       "  lithiate mc mc.toml -o runs/mc\n"
       "mc.toml: model = \"model.toml\", phase = \"O3\", temperature_K = [300], and one of\n"
       "  x = [0.25, 0.5]              canonical\n"
       "  voltage_V = [3.6, 3.8]       semi-grand\n"
       "  ensemble = \"neutral-semi-grand\" with [chemical_potentials_eV] by species\n"
       "    and [oxidation_states] for species whose names have no charge\n"
       "method = \"metropolis\" (default; [sampling] as in voltage.toml),\n"
       "  \"tempering\" ([tempering] sweeps, sweeps_per_swap, along = \"temperature\" or\n"
       "  \"voltage\"), or \"wang-landau\" ([wang_landau] bin_eV of the whole cell, final_ln_f,\n"
       "  max_sweeps, runs); [supercell] as in voltage.toml. Replicas and runs use threads.\n",
       checkpoint_options(), run_options},
      run};
}

}  // namespace lithiate::apps
