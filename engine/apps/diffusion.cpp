#include <fmt/format.h>

#include "apps/diffusion_report.hpp"
#include "apps/interruption.hpp"
#include "apps/verb.hpp"
#include "apps/voltage_report.hpp"
#include "core/log.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"

namespace lithiate::apps {
namespace {

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("diffusion");
  const std::vector<std::string> overrides = options.overrides();
  const io::DiffusionFile file = io::read_diffusion_file(options.arguments.front(), overrides);
  io::require_same_inputs(folder, {"diffusion"}, file.inputs);
  const io::OutputFolder guard(folder);
  JournaledRun journaled(options, folder, io::fingerprint(file.inputs, file.overrides));
  Journal* journal = journaled.journal();
  write_diffusion(folder, file,
                  compute_diffusion(file, compute_sweeps(file.voltage, journal), journal));
  log::info("wrote " + folder + "/diffusion.csv, results.json");
  return 0;
}

}  // namespace

Verb diffusion_verb() {
  return {{"diffusion", "FILE", 1, 1, "D*, D_J, Theta, D_chem and H_R over x and T",
           "  lithiate diffusion potentials/LixNiO2/diffusion.toml -o runs/LixNiO2\n"
           "  lithiate diffusion diffusion.toml -o runs/d --set 'x=[0.5]' --set "
           "'voltage.temperature_K=[400]'\n",
           checkpoint_options(), run_options},
          run};
}

}  // namespace lithiate::apps
