#include "apps/stacking_phases.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lithiate::apps {
namespace {

using analysis::StackingAt;
using io::Quantity;
using io::VoltageFile;

constexpr double meV = 1000.0;

void add_ranges(const VoltageFile& file, const StackingAt& at,
                const std::vector<analysis::FamilyRange>& found, std::vector<Quantity>& all) {
  for (const analysis::FamilyRange& range : found) {
    Quantity q =
        stacking_quantity(file, at, range.family, "",
                          at.temperature_K > 0.0 ? "stable alone, from free energies of expansions"
                                                 : "first and last ground state on the hull");
    q.value = range.x_min, q.reason = range.reason;
    q.words["family"] = range.family;
    if (range.x_max) q.numbers["x_max"] = *range.x_max;
    for (const io::Experiment& e : file.experiments) {
      if (e.family != range.family || !e.x_min) continue;
      q.numbers["experiment_x_min"] = *e.x_min, q.numbers["experiment_x_max"] = *e.x_max;
    }
    all.push_back(std::move(q));
  }
}

}  // namespace

Quantity stacking_quantity(const VoltageFile& file, const StackingAt& at, const std::string& what,
                           const std::string& unit, const std::string& method) {
  Quantity q;
  q.unit = unit;
  q.method = method;
  // above 0 K everything rests on expansions that were fitted
  q.role = at.temperature_K > 0.0 ? "calibrated" : dft_role(file);
  q.numbers["temperature_K"] = at.temperature_K;
  q.words["what"] = what;
  q.words["stacking_energy"] = "computed here";
  return q;
}

void set_stacking_hysteresis(io::Results& results, const VoltageFile& file,
                             const VoltageOutcome& outcome) {
  std::vector<Quantity> all;
  for (const StackingAt& at : outcome.stacking) {
    if (at.temperature_K == 0.0) continue;
    for (const analysis::PhaseSweeps& s : outcome.run.sweeps) {
      if (s.temperature_K != at.temperature_K) continue;
      const analysis::Hysteresis h = analysis::hysteresis(s.up, s.down);
      Quantity q = stacking_quantity(
          file, at, "order of lithium in " + s.phase, "mV",
          "widest separation of the sweeps up and down; error: step of the sweeps");
      if (h.widest_V) q.value = meV * *h.widest_V, q.error = meV * h.resolution_V;
      q.reason = h.reason;
      q.numbers["x"] = h.at_x;
      all.push_back(std::move(q));
    }
    all.push_back(stacking_quantity(file, at, "change of stacking", "mV",
                                    "free energies of stackings as phases"));
    all.back().reason =
        "stackings are separate phases here, no path of slabs between them is part of the model, "
        "so what the change costs beyond equilibrium is not known";
  }
  results.set("hysteresis_mV", all);
}

void set_stacking_ranges(io::Results& results, const VoltageFile& file,
                         const VoltageOutcome& outcome) {
  std::vector<Quantity> all;
  analysis::Families family_of;
  for (const model::Phase& p : file.material.phases) family_of[p.name] = p.family;
  for (const StackingAt& at : outcome.stacking) {
    if (at.temperature_K == 0.0) {
      const auto own = analysis::shifted(outcome.dft->structures, {}, file.material.x_max);
      add_ranges(
          file, at,
          family_ranges(zero_kelvin(own, outcome.dft->lithium_eV), own, file.stacking->families),
          all);
      continue;
    }
    for (const analysis::Equilibrium& eq : outcome.run.equilibria)
      if (eq.temperature_K == at.temperature_K)
        add_ranges(file, at, family_ranges(eq, family_of, file.stacking->families), all);
  }
  results.set("stacking_range", all);
}

void set_stacking_energies(io::Results& results, const VoltageFile& file,
                           const VoltageOutcome& outcome) {
  if (outcome.stacking.empty() || outcome.stacking.front().temperature_K > 0.0) return;
  std::vector<Quantity> all;
  for (const analysis::FamilyEnergy& e : family_energies(outcome.dft->structures)) {
    all.push_back(stacking_quantity(
        file, outcome.stacking.front(), fmt::format("{}, {}", e.family, e.structure), "meV/f.u.",
        "lowest structure of the family above the lowest of all at this x"));
    all.back().value = meV * e.above_eV;
    if (file.stacking->config.dft_error_eV)
      all.back().error = meV * *file.stacking->config.dft_error_eV * std::sqrt(2.0);
    all.back().numbers["x"] = e.x;
    all.back().words["family"] = e.family;
  }
  results.set("stacking_energy", all);
}

}  // namespace lithiate::apps
