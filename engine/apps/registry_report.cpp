#include "apps/registry_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart.hpp"
#include "analysis/hysteresis.hpp"
#include "apps/path_charts.hpp"
#include "core/error.hpp"
#include "io/run_settings.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;
using analysis::HalfWay;
using analysis::RegistrySweeps;
using io::Quantity;
using io::VoltageFile;
using stacking::StackPoint;

constexpr double meV = 1000.0;

Quantity make(const VoltageFile& file, const RegistrySweeps& sweeps, const std::string& unit,
              const std::string& method) {
  const analysis::StackConfig& c = file.stack->config.stack;
  Quantity q;
  q.unit = unit;
  q.method = method;
  q.role = "calibrated";  // expansions that were fitted
  q.numbers = {
      {"temperature_K", sweeps.temperature_K},    {"gaps", c.gaps},
      {"cells_per_gap", c.cells[0] * c.cells[1]}, {"cells_per_patch", c.patch[0] * c.patch[1]},
      {"wall_meV_per_A", meV * c.wall_eV_per_A},  {"coherency_meV", meV * sweeps.coherency_eV}};
  q.words["what"] = file.stacking->config.from + " to " + file.stacking->config.to;
  q.words["stacking_energy"] = "computed here";
  if (c.wall_eV_per_A > 0.0) q.words["wall_source"] = file.stack->sources.wall;
  if (sweeps.coherency_eV > 0.0) q.words["coherency_source"] = file.stack->sources.coherency;
  return q;
}

/// The two directions as one number: their mean, with half their distance in the error.
struct Change {
  HalfWay up, down;
  bool found() const { return up.x && down.x; }
  static double mean(double a, double b) { return 0.5 * (a + b); }
  static double error(double a, double b, double a_error, double b_error) {
    return std::hypot(0.5 * (a - b), 0.5 * std::hypot(a_error, b_error));
  }
};

Change change_of(const RegistrySweeps& sweeps, const std::string& family) {
  const auto at = std::find(sweeps.families.begin(), sweeps.families.end(), family);
  if (at == sweeps.families.end()) {
    HalfWay none;
    none.reason = "no registry of family " + family + " in the stack";
    return {none, none};
  }
  const auto k = static_cast<std::size_t>(at - sweeps.families.begin());
  return {analysis::half_way(sweeps.up, k), analysis::half_way(sweeps.down, k)};
}

void add_transition(const VoltageFile& file, const RegistrySweeps& sweeps, std::vector<Quantity>& x,
                    std::vector<Quantity>& V) {
  const std::string method =
      "half of all gaps' area in the new family, mean of both directions; error: half their "
      "distance and the steps of mu; Metropolis over lithium and registries";
  const Change change = change_of(sweeps, file.stacking->config.to);
  Quantity at_x = make(file, sweeps, "", method);
  Quantity at_V = make(file, sweeps, "V", method);
  if (change.found()) {
    const HalfWay &up = change.up, &down = change.down;
    const double reference_V = file.material.reference_voltage_V();
    at_x.value = Change::mean(*up.x, *down.x);
    at_x.error = Change::error(*up.x, *down.x, up.x_error, down.x_error);
    at_x.numbers["x_up"] = *up.x, at_x.numbers["x_down"] = *down.x;
    at_V.value = reference_V - Change::mean(*up.mu_eV, *down.mu_eV);
    at_V.error = Change::error(*up.mu_eV, *down.mu_eV, up.mu_error_eV, down.mu_error_eV);
    at_V.numbers["V_up"] = reference_V - *up.mu_eV,
    at_V.numbers["V_down"] = reference_V - *down.mu_eV;
  } else {
    at_x.reason = at_V.reason = change.up.x ? "with falling mu: " + change.down.reason
                                            : "with rising mu: " + change.up.reason;
  }
  x.push_back(std::move(at_x)), V.push_back(std::move(at_V));
}

std::string column_of(const std::string& what, const std::string& family) {
  return what + "_" + family;
}

Table registry_table(const VoltageFile& file, const VoltageOutcome& outcome) {
  Table table;
  for (const auto& [name, unit] :
       std::vector<std::pair<std::string, std::string>>{{"temperature", "K"},
                                                        {"coherency", "meV"},
                                                        {"direction", ""},
                                                        {"mu", "eV"},
                                                        {"voltage", "V"},
                                                        {"x", ""},
                                                        {"x_error", ""},
                                                        {"energy", "eV/f.u."},
                                                        {"glide_acceptance", ""},
                                                        {"equilibrated", ""},
                                                        {"x_of_emptiest_gap", ""},
                                                        {"x_of_fullest_gap", ""}})
    table.add_column(name, unit);
  if (outcome.registries.empty()) return table;
  for (const std::string& family : outcome.registries.front().families)
    for (const char* what : {"fraction", "fraction_error", "domains_per_gap", "patches_per_domain"})
      table.add_column(column_of(what, family));
  const auto add = [&](const RegistrySweeps& sweeps, const StackPoint& p, const char* direction) {
    const auto [least, most] =
        std::minmax_element(p.x_of_gap.begin(), p.x_of_gap.end(),
                            [](const auto& a, const auto& b) { return a.value < b.value; });
    std::vector<Cell> row{p.temperature_K,
                          meV * sweeps.coherency_eV,
                          direction,
                          p.mu_eV,
                          file.material.reference_voltage_V() - p.mu_eV,
                          p.x.value,
                          p.x.error,
                          p.energy_eV.value,
                          p.glide_acceptance,
                          p.equilibrated ? 1.0 : 0.0,
                          least->value,
                          most->value};
    for (std::size_t f = 0; f < p.fraction.size(); ++f)
      for (const double v : {p.fraction[f].value, p.fraction[f].error, p.domains_per_gap[f].value,
                             p.domain_patches[f].value})
        row.emplace_back(v);
    table.add_row(std::move(row));
  };
  for (const RegistrySweeps& sweeps : outcome.registries) {
    for (const StackPoint& p : sweeps.up) add(sweeps, p, "up");
    for (const StackPoint& p : sweeps.down) add(sweeps, p, "down");
  }
  return table;
}

}  // namespace

std::vector<RegistrySweeps> compute_registries(const VoltageFile& file,
                                               const analysis::VoltageRun& run, Journal* journal) {
  std::vector<analysis::MuRange> ranges;
  for (const double T : file.sweeps.temperature_K) {
    analysis::MuRange range{T, INFINITY, -INFINITY};
    for (const analysis::PhaseSweeps& s : run.sweeps) {
      if (s.temperature_K != T) continue;
      for (const analysis::MuPoint& p : s.up.points) {
        range.low_eV = std::min(range.low_eV, p.mu_eV);
        range.high_eV = std::max(range.high_eV, p.mu_eV);
      }
    }
    ranges.push_back(range);
  }
  return io::at_place(
      file.where, [&] { return registry_run(file.material, file.stack->config, ranges, journal); });
}

void set_registries(io::Results& results, const VoltageFile& file, const VoltageOutcome& outcome) {
  std::vector<Quantity> x, V, hysteresis;
  for (const RegistrySweeps& sweeps : outcome.registries) {
    add_transition(file, sweeps, x, V);
    const analysis::Hysteresis h = analysis::hysteresis(branch(sweeps.up, analysis::Sweep::up),
                                                        branch(sweeps.down, analysis::Sweep::down));
    Quantity q = make(file, sweeps, "mV",
                      fmt::format("widest separation of the sweeps up and down, {} sweeps per "
                                  "chemical potential; error: step of the sweeps",
                                  file.stack->config.sweeps));
    if (h.widest_V) q.value = meV * *h.widest_V, q.error = meV * h.resolution_V;
    q.reason = h.reason;
    q.numbers["x"] = h.at_x;
    hysteresis.push_back(std::move(q));
  }
  results.set("registry_transition_x", x);
  results.set("registry_transition_V", V);
  results.set("registry_hysteresis_mV", hysteresis);
}

void write_registry_table(const fs::path& folder, const VoltageFile& file,
                          const VoltageOutcome& outcome) {
  io::write_csv(folder / "registry.csv", registry_table(file, outcome));
}

namespace {

/// "stack", or named by the energy where there are several.
std::vector<DrawnColumn> coherency_columns(const Table& table, const std::string& column,
                                           const std::string& name, const std::string& error,
                                           const Rows& at) {
  const std::vector<double> energies = distinct_numbers(table, "coherency");
  std::vector<DrawnColumn> all;
  for (const double meV_per_fu : energies) {
    Rows rows = at;
    rows.emplace_back("coherency", meV_per_fu);
    const std::string with = energies.size() < 2 ? ""
                             : meV_per_fu > 0.0  ? fmt::format(", coherency {:g} meV", meV_per_fu)
                                                 : ", no coherency";
    all.push_back({column, name + with, error, rows});
  }
  return all;
}

}  // namespace

std::vector<analysis::Figure> registry_figures(const fs::path& folder) {
  if (!fs::exists(folder / "registry.csv")) return {};
  const Table table = io::read_csv(folder / "registry.csv");
  const Directions directions{"up", "down"};
  std::vector<analysis::Figure> all;
  for (const double T : distinct_numbers(table, "temperature")) {
    const Rows at{{"temperature", T}};
    const auto draw = [&](const char* title, const char* y, const std::vector<DrawnColumn>& columns,
                          const char* caption) {
      all.push_back({path_chart(table, fmt::format("{}, {:g} K", title, T), y, columns, directions),
                     caption});
    };
    std::vector<DrawnColumn> families;
    for (const DrawnColumn& f : family_columns(table, "fraction", at))
      for (DrawnColumn& one : coherency_columns(table, f.column, f.name, f.error, at))
        families.push_back(std::move(one));
    draw("Stacking of the gaps", "part of the gaps' area", families,
         "Which family of registries the gaps are in, lithium and registries sampled together.");
    std::vector<DrawnColumn> gaps =
        coherency_columns(table, "x_of_fullest_gap", "fullest gap", "", at);
    for (DrawnColumn& one : coherency_columns(table, "x_of_emptiest_gap", "emptiest gap", "", at))
      gaps.push_back(std::move(one));
    draw("Lithium per gap", "x on octahedra of a gap", gaps,
         "Gaps that fill one after another lie far apart here (staging).");
    draw("Voltage of the stack", "voltage (V)",
         coherency_columns(table, "voltage", "stack", "", at),
         "Sweeps of the chemical potential up (insertion) and down (removal).");
  }
  return all;
}

}  // namespace lithiate::apps
