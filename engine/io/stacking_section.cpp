#include "io/stacking_section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::io {
namespace {

constexpr double meV = 1e-3;
constexpr double widest_scan_meV = 1000.0;

std::optional<double> optional_number(const Input& table, const std::string& key) {
  if (!table.has(key)) return std::nullopt;
  return table.number(key);
}

/// E_stack is either computed (nothing is added) or fitted to something, and the file says which.
void read_origin(const Input& table, StackingSection& section) {
  table.text("stacking_energy");  // no default: the file must say it
  const bool calibrated =
      table.choice("stacking_energy", {"computed", "calibrated"}) == std::size_t{1};
  if (!calibrated) {
    for (const char* key : {"E_stack_meV", "calibrated_to"})
      if (table.has(key))
        table.fail(key,
                   "expected only with stacking_energy = \"calibrated\"; a computed stacking "
                   "energy is that of the DFT set, nothing is added to it");
    return;
  }
  section.config.calibrated_eV = meV * table.number("E_stack_meV");
  section.calibrated_to = table.text("calibrated_to");
  if (section.calibrated_to.empty())
    table.fail("calibrated_to", "expected what E_stack_meV was fitted to");
}

void read_scan(const Input& table, analysis::StackingConfig& c) {
  const auto range = table.numbers("scan_meV", {c.scan_low_eV / meV, c.scan_high_eV / meV});
  if (range.size() != 2 || range[0] < -widest_scan_meV || range[1] > widest_scan_meV)
    table.fail("scan_meV", fmt::format("expected two energies from {:g} to {:g}, as in [-50, 50]",
                                       -widest_scan_meV, widest_scan_meV));
  c.scan_low_eV = meV * range[0], c.scan_high_eV = meV * range[1];
  c.scan_points = static_cast<int>(table.integer("scan_points", c.scan_points, Range(5, 2001)));
  c.step_eV = meV * table.positive("step_meV", c.step_eV / meV);
}

}  // namespace

Experiment read_experiment(const Input& entry) {
  Experiment e;
  e.name = entry.text("name");
  e.source = entry.text("source");
  e.voltage_V = optional_number(entry, "voltage_V");
  e.x = optional_number(entry, "x");
  e.separation_V = optional_number(entry, "separation_V");
  if (e.separation_V && (!e.x || e.voltage_V))
    entry.fail("separation_V", "expected with x, at which the upper voltage is, and no voltage_V");
  e.from = entry.text("from", ""), e.to = entry.text("to", "");
  e.family = entry.text("family", "");
  if (entry.has("x_range")) {
    const auto range = entry.numbers("x_range");
    if (range.size() != 2 || range[0] > range[1])
      entry.fail("x_range", "expected two compositions, the smaller one first");
    e.x_min = range[0], e.x_max = range[1];
  }
  if (e.from.empty() != e.to.empty())
    entry.fail(e.from.empty() ? "to" : "from", "expected both from and to: families of stackings");
  if (e.family.empty() == e.x_min.has_value())
    entry.fail(e.family.empty() ? "x_range" : "family", "expected both family and x_range");
  if (!e.voltage_V && !e.x && (!e.x_min || !e.from.empty()))
    entry.fail("voltage_V", "missing; expected voltage_V, x, or x_range with family");
  return e;
}

StackingSection read_stacking(const Input& table, const std::vector<Experiment>& experiments,
                              std::uint64_t seed) {
  StackingSection section;
  analysis::StackingConfig& c = section.config;
  c.seed = seed;
  c.from = table.text("from"), c.to = table.text("to");
  read_origin(table, section);
  read_scan(table, c);
  c.draws.eci_draws =
      static_cast<int>(table.integer("posterior_draws", c.draws.eci_draws, Range(2, 200)));
  c.draws.offset_draws =
      static_cast<int>(table.integer("offset_draws", c.draws.offset_draws, Range(2, 10'000)));
  if (table.has("dft_error_meV")) {
    c.dft_error_eV = meV * table.positive("dft_error_meV");
    section.dft_error_source = table.text("dft_error_source");
  }
  for (const Experiment& e : experiments) {
    if (e.from != c.from || e.to != c.to) continue;
    if (e.voltage_V) c.targets.push_back({e.voltage_V, {}, {}}), section.of_target.push_back(e);
    if (e.x) c.targets.push_back({{}, e.x, e.separation_V}), section.of_target.push_back(e);
  }
  InputReport report(table.path().string());
  check(c, report);
  report.throw_if_any();
  return section;
}

void set_families(const Input& table, const std::vector<std::string>& known,
                  StackingSection& section) {
  for (const std::string& family : known)
    if (std::find(section.families.begin(), section.families.end(), family) ==
        section.families.end())
      section.families.push_back(family);
  for (const char* key : {"from", "to"}) {
    const std::string family = table.text(key);
    if (std::find(known.begin(), known.end(), family) == known.end())
      table.fail(key, fmt::format("no family '{}' in the model or in [dft]{}", family,
                                  did_you_mean(family, section.families)));
  }
}

}  // namespace lithiate::io
