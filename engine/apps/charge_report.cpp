#include "apps/charge_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>

#include "apps/path_charts.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "io/table_file.hpp"
#include "io/write_atoms.hpp"
#include "stacking/picture.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;
using analysis::ChargeBranch;
using analysis::ChargeLoop;
using analysis::ChargePoint;
using analysis::ChargeRun;
using io::ChargeFile;
using io::Quantity;
using observe::Estimate;

constexpr double mV = 1000.0, meV = 1000.0;

std::optional<double> finite_or_none(double x) {
  return std::isfinite(x) ? std::optional(x) : std::nullopt;
}

Quantity charge_quantity(const ChargeFile& file, const ChargeLoop& loop, const Estimate& e,
                         const std::string& unit, const std::string& method) {
  const analysis::ChargeConfig& c = file.config;
  Quantity q;
  q.value = e.value;
  q.error = finite_or_none(e.error);
  q.unit = unit;
  q.method = method;
  q.role = "calibrated";  // fitted expansions and a barrier that is given
  q.numbers = {{"temperature_K", loop.temperature_K},
               {"c_rate_per_h", loop.c_rate_per_h},
               {"replicas", c.replicas},
               {"gaps", c.stack.gaps},
               {"cells_per_gap", c.stack.cells[0] * c.stack.cells[1]},
               {"cells_per_patch", c.stack.patch[0] * c.stack.patch[1]},
               {"barrier_meV_per_A", meV * c.glide_barrier_eV_per_A},
               {"wall_meV_per_A", meV * c.stack.wall_eV_per_A},
               {"coherency_meV", meV * c.stack.coherency_eV},
               {"slowed_by", loop.slowed_by}};
  q.words["barrier_source"] = file.barrier_source;
  if (!file.sources.wall.empty()) q.words["wall_source"] = file.sources.wall;
  if (!file.sources.coherency.empty()) q.words["coherency_source"] = file.sources.coherency;
  return q;
}

std::string direction_name(bool insertion) { return insertion ? "insertion" : "removal"; }

void add_row(const ChargeFile& file, const ChargeLoop& loop, bool insertion, const ChargePoint& p,
             Table& table) {
  std::vector<Cell> row{loop.temperature_K,
                        loop.c_rate_per_h,
                        direction_name(insertion),
                        p.x,
                        file.material.reference_voltage_V() - p.mu_eV.value,
                        finite_or_none(p.mu_eV.error),
                        p.energy_eV.value,
                        p.time_s.value,
                        p.x_of_emptiest_gap.value,
                        p.x_of_fullest_gap.value};
  for (std::size_t f = 0; f < p.fraction.size(); ++f) {
    row.emplace_back(p.fraction[f].value);
    row.emplace_back(finite_or_none(p.fraction[f].error));
    row.emplace_back(p.domains_per_gap[f].value);
    row.emplace_back(p.domain_patches[f].value);
  }
  table.add_row(std::move(row));
}

Table charge_table(const ChargeFile& file, const ChargeRun& run) {
  Table table;
  for (const auto& [name, unit] :
       std::vector<std::pair<std::string, std::string>>{{"temperature", "K"},
                                                        {"c_rate", "1/h"},
                                                        {"direction", ""},
                                                        {"x", ""},
                                                        {"voltage", "V"},
                                                        {"voltage_error", "V"},
                                                        {"energy", "eV/f.u."},
                                                        {"time", "s"},
                                                        {"x_of_emptiest_gap", ""},
                                                        {"x_of_fullest_gap", ""}})
    table.add_column(name, unit);
  for (const std::string& family : run.families)
    for (const char* what : {"fraction", "fraction_error", "domains_per_gap", "patches_per_domain"})
      table.add_column(what + ("_" + family));
  for (const ChargeLoop& loop : run.loops) {
    for (const ChargePoint& p : loop.insertion.points) add_row(file, loop, true, p, table);
    for (const ChargePoint& p : loop.removal.points) add_row(file, loop, false, p, table);
  }
  return table;
}

std::string loop_name(double temperature_K, double rate) {
  return fmt::format("{:g} K, {:g} per hour", temperature_K, rate);
}

constexpr const char* figure_text =
    "Charge and discharge at constant current from the empty stack; means over the replicas, bars "
    "are standard errors.";

void add_loop_figures(const Table& table, double T, double rate,
                      std::vector<analysis::Figure>& all) {
  const Rows rows{{"temperature", T}, {"c_rate", rate}};
  const Directions directions{direction_name(true), direction_name(false)};
  const std::string name = loop_name(T, rate);
  all.push_back({path_chart(table, "Stacking of the gaps, " + name, "part of the gaps' area",
                            family_columns(table, "fraction", rows), directions),
                 "Which family of registries the patches of the gaps are in."});
  all.push_back({path_chart(table, "Lithium per gap, " + name, "x on octahedra of a gap",
                            {{"x_of_fullest_gap", "fullest gap", "", rows},
                             {"x_of_emptiest_gap", "emptiest gap", "", rows}},
                            directions),
                 "Gaps that fill one after another lie far apart here (staging)."});
  all.push_back({path_chart(table, "Domains, " + name, "domains per gap",
                            family_columns(table, "domains_per_gap", rows), directions),
                 "Domains: patches of one gap that touch and belong to one family."});
  all.push_back({path_chart(table, "Size of domains, " + name, "patches per domain",
                            family_columns(table, "patches_per_domain", rows), directions),
                 "Mean size; 0 where a family has no domain."});
}

}  // namespace

void set_charge(io::Results& results, const ChargeFile& file, const ChargeRun& run) {
  std::vector<Quantity> hysteresis, transition, glides;
  for (const ChargeLoop& loop : run.loops) {
    Quantity q = charge_quantity(
        file, loop, scaled(loop.hysteresis_V, mV), "mV",
        "V(removal) - V(insertion) at equal x, mean over x and replicas; kinetics of glides at "
        "constant current, lithium at partial equilibrium");
    q.numbers["widest_mV"] = mV * loop.widest_V.value;
    if (std::isfinite(loop.widest_V.error)) q.numbers["widest_error_mV"] = mV * loop.widest_V.error;
    q.numbers["widest_x"] = loop.widest_x;
    hysteresis.push_back(std::move(q));
    for (const bool insertion : {true, false}) {
      const ChargeBranch& branch = insertion ? loop.insertion : loop.removal;
      Quantity x = charge_quantity(
          file, loop, branch.transition_x, "",
          (insertion ? "half of the area has left " : "half of the area is back in ") +
              run.empty_family + ", mean of the replicas");
      x.words["direction"] = direction_name(insertion);
      if (!branch.no_transition.empty()) {
        x.value = x.error = std::nullopt;
        x.reason = branch.no_transition;
      }
      transition.push_back(std::move(x));
      Quantity n = charge_quantity(file, loop, branch.glides, "",
                                   "glides of patches that happened, mean of the replicas");
      n.words["direction"] = direction_name(insertion);
      n.numbers["attempts"] = branch.attempts.value;
      n.numbers["attempts_per_guest"] = loop.attempts_per_guest;
      glides.push_back(std::move(n));
    }
  }
  results.set("charge_hysteresis_mV", hysteresis);
  results.set("charge_transition_x", transition);
  results.set("charge_glides", glides);
}

void write_charge_table(const fs::path& folder, const ChargeFile& file, const ChargeRun& run) {
  io::write_csv(folder / "charge.csv", charge_table(file, run));
}

void write_charge_movie(const fs::path& folder, const ChargeFile& file,
                        const stacking::LayeredMaterial& material,
                        const stacking::StackModel& model, const ChargeRun& run) {
  const ChargeLoop& loop = run.loops.front();
  if (loop.insertion.frames.empty() && loop.removal.frames.empty()) return;
  const stacking::Picture picture(model, material, file.material.mobile);
  const fs::path path = folder / "trajectory.xyz";
  std::ofstream out(path);
  for (const bool insertion : {true, false})
    for (const analysis::ChargeFrame& frame : (insertion ? loop.insertion : loop.removal).frames) {
      const stacking::StackState state(model.lattice(), frame.occupation, frame.registries,
                                       static_cast<int>(model.registries().size()));
      crystal::Atoms atoms = picture.atoms(state);
      const stacking::KineticPoint& p = frame.point;
      atoms.info = {
          {"temperature_K", fmt::format("{}", loop.temperature_K)},
          {"c_rate_per_h", fmt::format("{}", loop.c_rate_per_h)},
          {"direction", direction_name(insertion)},
          {"x", fmt::format("{:.6f}", p.seen.x)},
          {"voltage_V", fmt::format("{:.6f}", file.material.reference_voltage_V() - p.mu_eV)},
          {"time_s", fmt::format("{:.6g}", p.time_s)},
          {"families", joined(run.families, " ")}};
      io::write_extxyz(out, atoms);
    }
  if (!out.flush()) throw InputError("cannot write " + path.string());
}

std::vector<analysis::Figure> charge_figures(const fs::path& folder) {
  if (!fs::exists(folder / "charge.csv")) return {};
  const Table table = io::read_csv(folder / "charge.csv");
  std::vector<analysis::Figure> all;
  const auto rates = distinct_numbers(table, "c_rate");
  for (const double T : distinct_numbers(table, "temperature")) {
    std::vector<DrawnColumn> voltages;
    for (const double rate : rates)
      voltages.push_back({"voltage",
                          fmt::format("{:g} per hour", rate),
                          "voltage_error",
                          {{"temperature", T}, {"c_rate", rate}}});
    all.push_back({path_chart(table, fmt::format("Voltage of the stack, {:g} K", T), "voltage (V)",
                              voltages, {direction_name(true), direction_name(false)}),
                   figure_text});
    for (const double rate : rates) add_loop_figures(table, T, rate, all);
  }
  return all;
}

}  // namespace lithiate::apps
