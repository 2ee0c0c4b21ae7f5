#include "apps/voltage_report.hpp"

#include <fmt/format.h>

#include "apps/registry_report.hpp"
#include "apps/stacking_report.hpp"
#include "core/log.hpp"
#include "core/units.hpp"
#include "io/run_settings.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

using analysis::Equilibrium;
using io::Quantity;
using io::VoltageFile;

Quantity quantity(std::optional<double> value, std::optional<double> error, const std::string& unit,
                  const std::string& method, const std::string& role) {
  Quantity q;
  q.value = value;
  q.error = error;
  q.unit = unit;
  q.method = method;
  q.role = role;
  return q;
}

void add_voltages(io::Results& results, const std::string& name, const std::string& method,
                  const std::string& role, const std::vector<io::NamedVoltage>& all) {
  std::vector<Quantity> list;
  for (const io::NamedVoltage& v : all) {
    Quantity q = quantity(v.voltage_V, {}, "V", method, role);
    q.words = {{"name", v.name}, {"from", v.from}, {"to", v.to}};
    list.push_back(std::move(q));
  }
  results.set(name, list);
}

void set_dft(io::Results& results, const VoltageFile& file, const io::DftVoltages& dft) {
  const std::string role = dft_role(file);
  add_voltages(results, "average_voltage", "0 K, DFT energies as computed", role, dft.averages);
  if (!dft.spread.empty())
    add_voltages(results, "voltage_spread", "0 K, other choices of the DFT settings", role,
                 dft.spread);
  std::vector<Quantity> steps;
  for (const analysis::VoltageStep& s : dft.hull.steps) {
    Quantity q = quantity(s.V, {}, "V", "0 K, lower hull of DFT energies over all stackings", role);
    q.numbers = {{"x_low", s.low.x}, {"x_high", s.high.x}};
    q.words = {{"low", s.low.name}, {"high", s.high.name}};
    steps.push_back(std::move(q));
  }
  results.set("voltage_steps", steps);
}

/// Where the stacking family of the hull changes; null with the reason if it does not.
void set_transitions(io::Results& results, const VoltageFile& file, const io::DftVoltages& dft) {
  std::vector<Quantity> transitions;
  const std::string method = "0 K, lower hull of DFT energies";
  for (const analysis::StackingTransition& t : dft.hull.transitions) {
    Quantity q = quantity(t.x_begin, {}, "", method, dft_role(file));
    q.numbers = {{"x_end", t.x_end}, {"V", t.V}};
    q.words = {{"from", t.from}, {"to", t.to}};
    transitions.push_back(std::move(q));
  }
  if (transitions.empty()) {
    transitions.push_back(quantity({}, {}, "", method, dft_role(file)));
    transitions.back().reason = dft.hull.no_transition_reason;
  }
  if (transitions.size() == 1)
    results.set("stacking_transition_x", transitions.front());
  else
    results.set("stacking_transition_x", transitions);
}

void set_plateaus(io::Results& results, const analysis::VoltageRun& run) {
  std::vector<Quantity> plateaus, closures;
  for (const Equilibrium& eq : run.equilibria) {
    for (const analysis::Plateau& p : eq.plateaus) {
      Quantity q = quantity(p.V, p.mu_error_eV, "V", "common tangent of the phases' free energies",
                            "calibrated");
      q.numbers = {{"temperature_K", eq.temperature_K},
                   {"x_left", p.x_left},
                   {"x_right", p.x_right},
                   {"x_left_error", p.x_left_error},
                   {"x_right_error", p.x_right_error}};
      q.words = {{"phase_left", p.phase_left}, {"phase_right", p.phase_right}};
      plateaus.push_back(std::move(q));
    }
    for (const analysis::LoopClosure& c : eq.closures) {
      Quantity q =
          quantity(c.largest_eV, c.error_eV, "eV/f.u.",
                   "largest difference of phi between the sweeps up and down", "calibrated");
      q.reason = c.reason;
      q.numbers = {{"temperature_K", eq.temperature_K}};
      q.words = {{"phase", c.phase}};
      closures.push_back(std::move(q));
    }
  }
  results.set("plateaus", plateaus);
  results.set("loop_closure", closures);
}

/// Where the equilibrium is not known, and pieces of sweeps that take no part in it.
void set_gaps(io::Results& results, const analysis::VoltageRun& run) {
  std::vector<Quantity> gaps;
  for (const Equilibrium& eq : run.equilibria) {
    for (const analysis::Gap& g : eq.gaps) {
      Quantity q = quantity({}, {}, "V", "equilibrium not known here", "calibrated");
      q.reason = g.reason;
      q.numbers = {{"temperature_K", eq.temperature_K},
                   {"x_left", g.x_left},
                   {"x_right", g.x_right},
                   {"V_high", eq.reference_voltage_V - g.mu_min_eV},
                   {"V_low", eq.reference_voltage_V - g.mu_max_eV}};
      gaps.push_back(std::move(q));
      log::warning(fmt::format("{:g} K: equilibrium not known for x = {:.3f} to {:.3f}: {}",
                               eq.temperature_K, g.x_left, g.x_right, g.reason));
    }
    for (const analysis::Excluded& e : eq.excluded)
      log::info(
          fmt::format("{:g} K, {}: the {} sweep's piece x = {:.3f} to {:.3f} takes no part: {}",
                      eq.temperature_K, e.phase, name(e.sweep), e.x_min, e.x_max, e.reason));
  }
  results.set("equilibrium_gaps", gaps);
}

void set_sweeps(io::Results& results, const analysis::VoltageRun& run) {
  std::vector<Quantity> hysteresis, peaks;
  for (const analysis::PhaseSweeps& s : run.sweeps) {
    const analysis::Hysteresis h = analysis::hysteresis(s.up, s.down);
    Quantity q = quantity(h.widest_V, h.resolution_V, "V",
                          "widest separation of the sweeps up and down", "calibrated");
    if (!h.widest_V) q.error.reset();
    q.reason = h.reason;
    q.numbers = {
        {"temperature_K", s.temperature_K}, {"x", h.at_x}, {"sites", static_cast<double>(s.sites)}};
    q.words = {{"phase", s.phase}, {"equilibrated", s.equilibrated ? "yes" : "no"}};
    hysteresis.push_back(std::move(q));
    if (!s.equilibrated)
      log::warning(
          fmt::format("phase '{}' at {:g} K: some points may not be equilibrated; raise "
                      "sampling.max_sweeps",
                      s.phase, s.temperature_K));
  }
  for (std::size_t i = 0; i < run.differential.size(); ++i)
    for (const analysis::DqdvPeak& p : run.differential[i].peaks) {
      Quantity q =
          quantity(p.V, p.V_error, "V", "dQ/dV peak of the equilibrium curve", "calibrated");
      q.numbers = {{"temperature_K", run.equilibria[i].temperature_K},
                   {"height_mAh_per_g_V", p.height_mAh_per_g_V},
                   {"height_error", p.height_error}};
      q.words = {{"plateau", p.plateau ? "yes" : "no"}};
      peaks.push_back(std::move(q));
    }
  results.set("hysteresis", hysteresis);
  results.set("dqdv_peaks", peaks);
}

void set_experiments(io::Results& results, const VoltageFile& file) {
  std::vector<Quantity> all;
  for (const io::Experiment& e : file.experiments) {
    const auto volts = e.voltage_V ? e.voltage_V : e.separation_V;
    const auto value = volts ? volts : e.x ? e.x : e.x_min;
    all.push_back(quantity(value, {}, volts ? "V" : "", e.source, "input"));
    all.back().words = {{"name", e.name}};
    if (e.separation_V) all.back().words["what"] = "separation";
    if (e.x) all.back().numbers["x"] = *e.x;
    if (e.x_max) all.back().numbers["x_max"] = *e.x_max;
    if (!e.from.empty()) all.back().words["from"] = e.from, all.back().words["to"] = e.to;
    if (!e.family.empty()) all.back().words["family"] = e.family;
  }
  if (!all.empty()) results.set("experiment", all);
}

Table curve_table(const VoltageFile& file, const VoltageOutcome& outcome) {
  const double capacity = capacity_mAh_per_g(file.material.molar_mass_g_per_mol);
  const double V0 = file.material.reference_voltage_V();
  Table table;
  table.add_column("temperature", "K");
  table.add_column("curve");
  table.add_column("phase");
  table.add_column("x");
  table.add_column("x_error");
  table.add_column("voltage", "V");
  table.add_column("voltage_error", "V");
  table.add_column("capacity", "mAh/g");
  for (const analysis::PhaseSweeps& s : outcome.run.sweeps)
    for (const analysis::Branch* branch : {&s.up, &s.down})
      for (const analysis::MuPoint& p : branch->points)
        table.add_row({s.temperature_K, std::string(branch == &s.up ? "insertion" : "removal"),
                       s.phase, p.x, p.x_error, V0 - p.mu_eV, 0.0, p.x * capacity});
  for (const Equilibrium& eq : outcome.run.equilibria)
    for (const analysis::CurvePoint& p : eq.curve)
      table.add_row({eq.temperature_K, std::string("equilibrium"), p.phase, p.x, p.x_error, p.V,
                     p.V_error, p.x * capacity});
  if (outcome.dft)
    for (const analysis::VoltageStep& s : outcome.dft->hull.steps)
      for (const auto* end : {&s.low, &s.high})
        table.add_row({0.0, std::string("DFT hull"), end->name, end->x, std::optional<double>(),
                       s.V, std::optional<double>(), end->x * capacity});
  return table;
}

Table dqdv_table(const VoltageOutcome& outcome) {
  Table table;
  table.add_column("temperature", "K");
  table.add_column("voltage", "V");
  table.add_column("dx_dV", "1/V");
  table.add_column("dQ_dV", "mAh/g/V");
  table.add_column("dQ_dV_error", "mAh/g/V");
  for (std::size_t t = 0; t < outcome.run.differential.size(); ++t) {
    const analysis::Dqdv& d = outcome.run.differential[t];
    for (std::size_t i = 0; i < d.V.size(); ++i)
      table.add_row({outcome.run.equilibria[t].temperature_K, d.V[i], d.dx_dV[i],
                     d.dQ_dV_mAh_per_g_V[i], d.dQ_dV_error[i]});
  }
  return table;
}

}  // namespace

std::string dft_role(const VoltageFile& file) {
  return file.dft && file.dft->lithium_file.empty() ? file.material.lithium_role : "predicted";
}

analysis::VoltageRun compute_sweeps(const io::VoltageFile& file, Journal* journal) {
  return io::at_place(file.where,
                      [&] { return analysis::run_voltage(file.material, file.sweeps, journal); });
}

VoltageOutcome compute_voltage(const io::VoltageFile& file, Journal* journal) {
  VoltageOutcome outcome;
  if (file.dft) outcome.dft = io::dft_voltages(*file.dft, file.material);
  outcome.run = compute_sweeps(file, journal);
  if (file.stacking) outcome.stacking = compute_stacking(file, outcome, journal);
  if (file.stack) outcome.registries = compute_registries(file, outcome.run, journal);
  return outcome;
}

void write_voltage(const std::filesystem::path& folder, const VoltageFile& file,
                   const VoltageOutcome& outcome) {
  io::Results results = io::Results::open(folder, "voltage");
  results.inputs(file.inputs);
  results.overrides(file.overrides);
  results.seed(file.sweeps.seed);
  if (outcome.dft) set_dft(results, file, *outcome.dft);
  if (outcome.dft && !file.dft->group_by.empty()) set_transitions(results, file, *outcome.dft);
  set_plateaus(results, outcome.run);
  set_sweeps(results, outcome.run);
  set_gaps(results, outcome.run);
  set_experiments(results, file);
  if (file.stacking) set_stacking(results, file, outcome);
  if (file.stack) set_registries(results, file, outcome);
  Quantity reference = quantity(file.material.reference_voltage_V(), {}, "V",
                                "average voltage between the end members of the energy zero",
                                file.material.lithium_role);
  reference.words = {{"lithium_source", file.material.lithium_source}};
  results.set("reference_voltage", reference);
  io::write_csv(folder / "voltage.csv", curve_table(file, outcome));
  io::write_csv(folder / "dqdv.csv", dqdv_table(outcome));
  if (file.stacking) write_stacking_tables(folder, file, outcome);
  if (file.stack) write_registry_table(folder, file, outcome);
  results.save();
}

}  // namespace lithiate::apps
