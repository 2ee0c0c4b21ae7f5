#include "apps/run_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/report_page.hpp"
#include "apps/charge_report.hpp"
#include "apps/registry_report.hpp"
#include "apps/run_figures.hpp"
#include "apps/stacking_figures.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "io/results.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;
using analysis::Quantity;
using analysis::Section;
using nlohmann::json;

std::optional<double> number(const json& entry, const char* key) {
  if (!entry.contains(key) || !entry[key].is_number()) return std::nullopt;
  return entry[key].get<double>();
}

/// "average_voltage: O1 to O3" or "D_chem, x = 0.25": what tells the entries of a list apart.
std::string label(const std::string& name, const json& entry) {
  std::string text = name;
  for (const char* key : {"name", "what", "expansion", "phase", "structure", "phase_left",
                          "phase_right", "direction"})
    if (entry.contains(key)) text += ", " + entry[key].get<std::string>();
  for (const char* key : {"x", "x_low", "x_high", "x_left", "x_right"})
    if (const auto x = number(entry, key)) text += fmt::format(", {} = {:.3f}", key, *x);
  if (const auto T = number(entry, "temperature_K")) text += fmt::format(", {:g} K", *T);
  if (const auto rate = number(entry, "c_rate_per_h"))
    text += fmt::format(", {:g} per hour", *rate);
  return text;
}

Quantity quantity(const std::string& name, const json& entry) {
  Quantity q;
  q.name = label(name, entry);
  q.value = number(entry, "value");
  q.error = number(entry, "error");
  q.unit = entry.value("unit", "");
  q.method = entry.value("method", "");
  q.role = entry.value("role", "");
  q.reason = entry.value("reason", "");
  return q;
}

std::vector<Quantity> quantities(const json& results, const std::vector<std::string>& names) {
  std::vector<Quantity> all;
  for (const std::string& name : names) {
    if (!results["quantities"].contains(name)) continue;
    const json& entry = results["quantities"][name];
    if (entry.is_array())
      for (const json& one : entry) all.push_back(quantity(name, one));
    else
      all.push_back(quantity(name, entry));
  }
  return all;
}

/// Quantities that no section names: shown at the end so that nothing is hidden.
std::vector<std::string> others(const json& results, const std::vector<std::string>& named) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : results["quantities"].items())
    if (std::find(named.begin(), named.end(), name) == named.end()) names.push_back(name);
  return names;
}

void add_section(analysis::Page& page, const std::string& title, const std::string& text,
                 std::vector<Quantity> found, std::vector<analysis::Figure> figures) {
  if (found.empty() && figures.empty()) return;
  page.sections.push_back({title, text, std::move(found), {}, std::move(figures)});
}

std::string footer(const json& results) {
  std::string text =
      fmt::format("lithiate {} ({})", results.value("version", "?"), results.value("git", "?"));
  for (const auto& [file, entry] : results["inputs"].items()) text += "; input " + file;
  return text;
}

const std::vector<std::string> fit_names{"cv_score_nested", "cv_score", "fit_rmse",
                                         "formation_energies", "excluded"};
const std::vector<std::string> voltage_names{
    "average_voltage",  "voltage_spread",    "voltage_steps", "stacking_transition_x",
    "plateaus",         "dqdv_peaks",        "hysteresis",    "loop_closure",
    "equilibrium_gaps", "reference_voltage", "experiment"};
const std::vector<std::string> stacking_names{
    "stacking_range", "stacking_energy", "E_stack",        "dx_t_dE_stack",
    "dV_t_dE_stack",  "hysteresis_mV",   "E_stack_window", "E_stack_of_experiment"};
const std::vector<std::string> registry_names{"registry_transition_x", "registry_transition_V",
                                              "registry_hysteresis_mV"};
const std::vector<std::string> charge_names{"charge_hysteresis_mV", "charge_transition_x",
                                            "charge_glides"};
const std::vector<std::string> diffusion_names{
    "D_chem", "D_tracer", "D_J", "theta", "tracer_correlation_factor", "haven_ratio"};

}  // namespace

void carry_warning(const fs::path& material, const fs::path& folder) {
  if (fs::exists(material / "warning.txt"))
    fs::copy_file(material / "warning.txt", folder / "warning.txt",
                  fs::copy_options::overwrite_existing);
}

void write_report(const fs::path& folder) {
  const json results = io::read_results(folder);
  analysis::Page page;
  const std::string system = fs::weakly_canonical(folder).filename().string();
  page.title = system + ": voltage and lithium diffusion";
  page.subtitle =
      "Written by lithiate from the results of this folder. calibrated: fitted to DFT "
      "energies or built on model parameters; predicted: not fitted; input: given.";
  page.headline =
      quantities(results, {"average_voltage", "stacking_transition_x", "cv_score_nested"});
  const std::string warning = folder_warning(folder);
  if (!warning.empty()) page.warnings.push_back(warning);
  add_section(
      page, "Voltage",
      "Sweeps of the lithium chemical potential up and down in every phase; the equilibrium "
      "curve comes from their free energies by common tangents.",
      quantities(results, voltage_names), voltage_figures(folder));
  add_section(
      page, "Stacking",
      "Stackings as phases on one energy zero. Computed and calibrated are kept apart: E_stack is "
      "an energy added to all states of one family, zero for what is computed here, and whatever "
      "is fitted to an experiment says so. The sensitivities show what the transition owes to it.",
      quantities(results, stacking_names), stacking_figures(folder, results));
  add_section(
      page, "Lithium and registries together",
      "Every gap of a stack has a registry of its own, patch by patch; lithium and registries are "
      "sampled on one lattice with the energies of the same expansions, and lithium follows a "
      "glide.",
      quantities(results, registry_names), registry_figures(folder));
  add_section(
      page, "Charge and discharge",
      "Lithium comes and goes at constant current; patches of the gaps glide from registry to "
      "registry over a barrier that is given, and lithium, whose hops are far faster, is at "
      "partial "
      "equilibrium with the registries of the moment, as far as guest_sweeps has converged: then "
      "all hysteresis is that of the stacking. It vanishes for glides that keep up with the "
      "current, and again for glides too slow to happen at all.",
      quantities(results, charge_names), charge_figures(folder));
  add_section(page, "Diffusion",
              "Exact kinetic Monte Carlo in the phase that is stable at each composition. Inside a "
              "two-phase region the thermodynamic factor and D_chem do not exist.",
              quantities(results, diffusion_names), diffusion_figures(folder));
  add_section(page, "Cluster expansion",
              "Quality of the fit to DFT energies. The nested cross-validation score repeats every "
              "choice inside each fold: it is the number to quote.",
              quantities(results, fit_names), fit_figures(folder));
  auto named = fit_names;
  named.insert(named.end(), voltage_names.begin(), voltage_names.end());
  named.insert(named.end(), stacking_names.begin(), stacking_names.end());
  named.insert(named.end(), registry_names.begin(), registry_names.end());
  named.insert(named.end(), charge_names.begin(), charge_names.end());
  named.insert(named.end(), diffusion_names.begin(), diffusion_names.end());
  add_section(page, "Further results", "", quantities(results, others(results, named)), {});
  page.footer = footer(results);
  std::ofstream out(folder / "report.html");
  if (!(out << html_page(page)).flush())
    throw InputError("cannot write " + (folder / "report.html").string());
  log::info("wrote " + (folder / "report.html").string());
}

}  // namespace lithiate::apps
