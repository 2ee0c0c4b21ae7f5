#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "analysis/check_model.hpp"
#include "apps/diffusion_report.hpp"
#include "apps/fit_report.hpp"
#include "apps/run_report.hpp"
#include "apps/verb.hpp"
#include "apps/voltage_report.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "io/directory.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;

/// A model whose identities fail must not give numbers.
void require_sound(const model::Material& material) {
  for (const auto& check : analysis::check_model(material, 600.0, 1))
    if (!check.passed())
      throw CheckError(fmt::format("phase {}: {}: {:.3g}, expected at most {:.3g} {}", check.phase,
                                   check.law, check.value, check.limit, check.unit));
  log::info("model checks passed");
}

int run(const Options& options) {
  const fs::path material = options.arguments.front();
  const fs::path folder = options.output_or_usage_error("run");
  const fs::path file_name = material / "diffusion.toml";
  if (!fs::is_regular_file(file_name))
    throw InputError(material.string() +
                     ": no diffusion.toml, expected a material folder (see "
                     "lithiate init template)");
  const std::vector<std::string> overrides = options.overrides();
  const io::DiffusionFile file = io::read_diffusion_file(file_name, overrides);
  std::optional<MaterialFit> fit;
  std::vector<std::string> verbs{"voltage", "diffusion"};
  if (fs::exists(material / "fit.toml")) {
    fit = read_fit(material / "fit.toml", {});
    verbs.push_back("fit");
  }
  io::require_same_inputs(folder, verbs, file.inputs);
  require_sound(file.voltage.material);
  const io::OutputFolder guard(folder);
  if (fit) fit_material(*fit, folder);
  carry_warning(material, folder);
  const VoltageOutcome voltage = compute_voltage(file.voltage);
  write_voltage(folder, file.voltage, voltage);
  write_diffusion(folder, file, compute_diffusion(file, voltage.run));
  write_report(folder);
  return 0;
}

}  // namespace

Verb run_verb() {
  return {{"run",
           "FOLDER",
           1,
           1,
           "a material folder to V(x), D(x) and a report, in one command",
           "  lithiate run potentials/LixNiO2 -o runs/LixNiO2\n",
           {},
           run_options},
          run};
}

}  // namespace lithiate::apps
