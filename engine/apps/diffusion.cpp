#include <fmt/format.h>

#include "apps/diffusion_report.hpp"
#include "apps/verb.hpp"
#include "apps/voltage_report.hpp"
#include "core/log.hpp"
#include "io/directory.hpp"

namespace lithiate::apps {
namespace {

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("diffusion");
  std::vector<std::string> overrides = options.set;
  if (options.seed) overrides.push_back(fmt::format("seed={}", *options.seed));
  const io::DiffusionFile file = io::read_diffusion_file(options.arguments.front(), overrides);
  io::prepare_output_directory(folder);
  const auto voltage = analysis::run_voltage(file.voltage.material, file.voltage.sweeps);
  write_diffusion(folder, file,
                  run_diffusion(file.voltage.material, voltage.equilibria, file.diffusion));
  log::info("wrote " + folder + "/diffusion.csv, results.json");
  return 0;
}

}  // namespace

Verb diffusion_verb() {
  return {{"diffusion",
           "FILE",
           1,
           1,
           "D*, D_J, Theta, D_chem and H_R over x and T",
           "  lithiate diffusion potentials/LixNiO2/diffusion.toml -o runs/LixNiO2\n"
           "  lithiate diffusion diffusion.toml -o runs/d --set 'x=[0.5]' --set "
           "'voltage.temperature_K=[400]'\n",
           {}},
          run};
}

}  // namespace lithiate::apps
