#include "apps/stacking_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "analysis/stacking_figures.hpp"
#include "apps/stacking_report.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;
using analysis::Figure;
using analysis::Marked;
using nlohmann::json;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double number_at(const Table& table, std::size_t row, const char* column) {
  return table.number(row, table.column(column)).value_or(nothing);
}

std::string text_at(const Table& table, std::size_t row, const char* column) {
  const auto* text = std::get_if<std::string>(&table.rows[row][table.column(column)]);
  return text ? *text : std::string();
}

std::vector<double> temperatures(const Table& table) {
  std::vector<double> all;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const double T = number_at(table, i, "temperature");
    if (std::find(all.begin(), all.end(), T) == all.end()) all.push_back(T);
  }
  return all;
}

/// A quantity as a list, whether it is one or many.
json entries(const json& results, const char* name) {
  if (!results["quantities"].contains(name)) return json::array();
  const json& found = results["quantities"][name];
  return found.is_array() ? found : json::array({found});
}

std::vector<Marked> measured_voltages(const json& results) {
  std::vector<Marked> all;
  for (const json& e : entries(results, "experiment"))
    if (e.value("unit", "") == "V" && e["value"].is_number() && !e.contains("what"))
      all.push_back({e["value"].get<double>(), "experiment: " + e.value("name", "")});
  return all;
}

double field(const json& entry, const char* key) {
  return entry.contains(key) && entry[key].is_number() ? entry[key].get<double>() : 0.0;
}

bool is_at(const json& entry, double temperature_K) {
  return entry["value"].is_number() && entry.value("temperature_K", -1.0) == temperature_K;
}

/// "computed here", with the error of the energy that E_stack would change, if it is known.
std::string computed_name(const json& results, double T) {
  for (const json& e : entries(results, "E_stack_window"))
    if (is_at(e, T) && e["error"].is_number())
      return fmt::format("computed here (energy known to ± {:.1f} meV)", e["error"].get<double>());
  return "computed here";
}

/// The change as computed, then where it would have to be for each experiment.
std::vector<analysis::MarkedChange> marked_at(const json& results, double T) {
  std::vector<analysis::MarkedChange> all;
  for (const json& e : entries(results, "stacking_transition_x"))
    if (is_at(e, T) && e.value("stacking_energy", "") == "computed here")
      all.push_back({computed_name(results, T), 0.0, field(e, "x_middle"), field(e, "V"),
                     field(e, "x_middle_error"), field(e, "V_error"), false});
  for (const json& e : entries(results, "E_stack_of_experiment"))
    if (is_at(e, T))
      all.push_back({"calibrated to " + e.value("what", ""), field(e, "value"),
                     0.5 * (field(e, "x_begin") + field(e, "x_end")), field(e, "V"), 0.0, 0.0,
                     true});
  return all;
}

analysis::StackingVoltageFigure voltage_data(const Table& table, const json& results, double T) {
  analysis::StackingVoltageFigure data;
  data.title = "V(x) with stacking energies computed here and calibrated, " + at_temperature(T);
  data.steps = T == 0.0;
  data.measured_V = measured_voltages(results);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (number_at(table, i, "temperature") != T) continue;
    const std::string name = text_at(table, i, "curve");
    if (data.curves.empty() || data.curves.back().name != name)
      data.curves.push_back({name, {}, {}, {}});
    data.curves.back().x.push_back(number_at(table, i, "x"));
    data.curves.back().y.push_back(number_at(table, i, "voltage"));
  }
  for (const json& e : entries(results, "experiment"))
    if (e.contains("x_max"))
      data.measured_x.push_back({field(e, "value"), field(e, "x_max"), e.value("name", "")});
  for (const json& e : entries(results, "stacking_transition_x"))
    if (is_at(e, T) && e.value("stacking_energy", "") == "computed here")
      data.change.push_back({e["value"].get<double>(), e.value("x_end", 0.0), e.value("what", "")});
  return data;
}

analysis::StackingShiftFigure shift_data(const Table& table, const json& results, double T) {
  analysis::StackingShiftFigure data;
  data.title = "Change of stacking against the stacking energy, " + at_temperature(T);
  data.measured_V = measured_voltages(results);
  data.marked = marked_at(results, T);
  const auto add = [&](double E, double begin, double end, double middle, double V) {
    data.E_stack_meV.push_back(E), data.V.push_back(V), data.x_middle.push_back(middle);
    data.x_begin.push_back(begin), data.x_end.push_back(end);
  };
  std::string states;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (number_at(table, i, "temperature") != T) continue;
    const double E = number_at(table, i, "E_stack");
    // at 0 K another pair of structures is a jump
    const std::string now = text_at(table, i, "state_from") + text_at(table, i, "state_to");
    if (T == 0.0 && now != states && !states.empty()) add(E, nothing, nothing, nothing, nothing);
    states = now;
    add(E, number_at(table, i, "x_begin"), number_at(table, i, "x_end"),
        number_at(table, i, "x_middle"), number_at(table, i, "voltage"));
  }
  return data;
}

bool exists_somewhere(const analysis::StackingShiftFigure& data) {
  return std::any_of(data.V.begin(), data.V.end(), [](double V) { return std::isfinite(V); });
}

}  // namespace

std::vector<Figure> stacking_figures(const fs::path& folder, const json& results) {
  if (!fs::exists(folder / "stacking.csv") || !fs::exists(folder / "stacking_curves.csv"))
    return {};
  const Table scanned = io::read_csv(folder / "stacking.csv");
  const Table curves = io::read_csv(folder / "stacking_curves.csv");
  std::vector<Figure> all;
  for (const double T : temperatures(curves)) {
    const std::string at = T > 0.0 ? "From expansions fitted to DFT. " : "Straight from DFT. ";
    all.push_back({stacking_voltage_figure(voltage_data(curves, results, T)),
                   at + "Curves with an E_stack were fitted to the experiment they name: they show "
                        "what it would take, not a prediction."});
    const auto data = shift_data(scanned, results, T);
    if (!exists_somewhere(data)) continue;
    all.push_back({stacking_composition_figure(data),
                   "x at which the stacking changes if one energy were different: E_stack is added "
                   "to every state of the new family, the sweeps are the same."});
    all.push_back({stacking_shift_voltage_figure(data),
                   "Voltage of the change of stacking, likewise, beside those of experiment."});
  }
  return all;
}

}  // namespace lithiate::apps
