#include <fmt/format.h>

#include "apps/interruption.hpp"
#include "apps/run_report.hpp"
#include "apps/verb.hpp"
#include "apps/voltage_report.hpp"
#include "core/log.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"

namespace lithiate::apps {
namespace {

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("voltage");
  const std::vector<std::string> overrides = options.overrides();
  const io::VoltageFile file = io::read_voltage_file(options.arguments.front(), overrides);
  io::require_same_inputs(folder, {"voltage"}, file.inputs);
  const io::OutputFolder guard(folder);
  JournaledRun journaled(options, folder, io::fingerprint(file.inputs, file.overrides));
  write_voltage(folder, file, compute_voltage(file, journaled.journal()));
  if (file.stacking) {
    carry_warning(file.path.parent_path(), folder);
    write_report(folder);
  }
  log::info("wrote " + folder + "/voltage.csv, dqdv.csv, results.json");
  return 0;
}

}  // namespace

Verb voltage_verb() {
  return {
      {"voltage", "FILE", 1, 1, "V(x,T): sweeps up and down, equilibrium, dQ/dV",
       "  lithiate voltage potentials/LixVCl3/voltage.toml -o runs/LixVCl3\n"
       "  lithiate voltage potentials/LixVCl3/stacking.toml -o runs/stacking   # with report.html\n"
       "  lithiate voltage potentials/LixVCl3/stacking.toml -o runs/large --set 'stack.cells=[6, 6]'\n"
       "  lithiate voltage voltage.toml -o runs/hot --set 'temperature_K=[300, 330]'\n",
       checkpoint_options(), run_options},
      run};
}

}  // namespace lithiate::apps
