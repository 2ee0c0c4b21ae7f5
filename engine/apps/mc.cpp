#include "mc/run.hpp"

#include <fmt/format.h>

#include <cmath>

#include "apps/interruption.hpp"
#include "apps/verb.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "io/checkpoint.hpp"
#include "io/directory.hpp"
#include "io/point_files.hpp"
#include "io/results.hpp"
#include "io/table_file.hpp"
#include "model/occupation.hpp"

namespace lithiate::apps {
namespace {

/// All state points in order, each started from the last state of the one before it.
std::vector<mc::StatePoint> sample_all(const io::McFile& file, Journal* journal) {
  const model::PhaseCell cell = file.cell.compiled();
  const mc::Sampled sampled{cell.model, file.cell.material.mobile, cell.formula_units,
                            cell.max_mobile, journal};
  const auto& list = file.x.empty() ? file.voltage_V : file.x;
  const double V0 = file.cell.material.reference_voltage_V();
  std::vector<mc::StatePoint> points;
  Progress progress("mc of " + file.cell.material.name,
                    std::ssize(list) * std::ssize(file.temperature_K));
  auto occ = model::uniform_occupation(cell.model, crystal::vacancy);
  for (const double T : file.temperature_K)
    for (const double value : list) {
      const Random random(file.seed, Purpose::mc_step, points.size());
      if (file.x.empty()) {
        points.push_back(sample_semi_grand(sampled, T, V0 - value, file.sampling, occ, random));
      } else {
        Random start(file.seed, Purpose::initial_state, points.size());
        occ = random_occupation(cell.model, sampled.mobile,
                                std::llround(value * cell.formula_units), start);
        points.push_back(sample_canonical(sampled, T, file.sampling, occ, random));
      }
      progress.advance();
    }
  return points;
}

int run(const Options& options) {
  const std::string folder = options.output_or_usage_error("mc");
  const std::vector<std::string> overrides = options.overrides();
  const io::McFile file = io::read_mc_file(options.arguments.front(), overrides);
  io::require_same_inputs(folder, {"mc"}, file.inputs);
  const io::OutputFolder guard(folder);
  JournaledRun journaled(options, folder, io::fingerprint(file.inputs, file.overrides));
  Table table;
  for (const char* name : {"temperature", "mu", "x", "x_error", "energy", "energy_error",
                           "variance_n", "sweeps", "acceptance", "equilibrated"})
    table.add_column(name, std::string(name) == "temperature"        ? "K"
                           : std::string(name) == "mu"               ? "eV"
                           : std::string(name).starts_with("energy") ? "eV/f.u."
                                                                     : "");
  std::vector<io::Quantity> energies;
  for (const mc::StatePoint& p : sample_all(file, journaled.journal())) {
    const std::optional<double> mu = file.x.empty() ? std::optional(p.mu_eV) : std::nullopt;
    table.add_row({p.temperature_K, mu, p.x.value, p.x.error, p.energy_eV.value, p.energy_eV.error,
                   p.variance_n.value, static_cast<double>(p.sweeps), p.acceptance,
                   std::string(p.equilibrated ? "yes" : "no")});
    io::Quantity q;
    q.value = p.energy_eV.value;
    q.error = p.energy_eV.error;
    q.unit = "eV/f.u.";
    q.method = file.x.empty() ? "semi-grand Metropolis" : "canonical Metropolis";
    q.role = "calibrated";
    q.numbers = {{"x", p.x.value}, {"x_error", p.x.error}, {"temperature_K", p.temperature_K}};
    energies.push_back(std::move(q));
  }
  io::Results results = io::Results::open(folder, "mc");
  results.inputs(file.inputs);
  results.overrides(file.overrides);
  results.seed(file.seed);
  results.set("formation_energy", energies);
  io::write_csv(std::filesystem::path(folder) / "mc.csv", table);
  results.save();
  log::info("wrote " + folder + "/mc.csv, results.json");
  return 0;
}

}  // namespace

Verb mc_verb() {
  return {{"mc", "FILE", 1, 1, "Metropolis averages at (T, x) or (T, voltage)",
           "  lithiate mc mc.toml -o runs/mc\n"
           "mc.toml: model = \"model.toml\", phase = \"O3\", temperature_K = [300], and either\n"
           "x = [0.25, 0.5] or voltage_V = [3.6, 3.8]; tables [supercell] and [sampling] as in\n"
           "voltage.toml\n",
           checkpoint_options(), run_options & ~with_threads},
          run};
}

}  // namespace lithiate::apps
