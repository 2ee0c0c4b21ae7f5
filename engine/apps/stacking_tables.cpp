#include <fmt/format.h>

#include "apps/stacking_report.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

using analysis::StackingAt;
using io::VoltageFile;

constexpr double meV = 1000.0;

Table scan_table(const VoltageOutcome& outcome) {
  Table table;
  table.add_column("temperature", "K");
  table.add_column("E_stack", "meV/f.u.");
  table.add_column("x_begin");
  table.add_column("x_end");
  table.add_column("x_middle");
  table.add_column("voltage", "V");
  table.add_column("state_from");
  table.add_column("state_to");
  const std::optional<double> none;
  for (const StackingAt& at : outcome.stacking)
    for (const analysis::ScanPoint& p : at.scanned) {
      const double E = meV * p.E_stack_eV;
      if (const auto& c = p.found.change)
        table.add_row({at.temperature_K, E, c->x_begin, c->x_end, c->x_middle(), c->V,
                       c->state_from, c->state_to});
      else
        table.add_row({at.temperature_K, E, none, none, none, none, std::string(), std::string()});
    }
  return table;
}

/// A value of E_stack and what it is.
struct Labelled {
  double E_stack_eV = 0.0;
  std::string name;
};

std::vector<Labelled> shifts_of(const StackingAt& at, const io::StackingSection& section) {
  std::vector<Labelled> all{{0.0, "computed here"}};
  const auto add = [&](double E, const std::string& to) {
    all.push_back({E, fmt::format("E_stack {:+.1f} meV, calibrated to {}", meV * E, to)});
  };
  if (section.config.calibrated_eV) add(*section.config.calibrated_eV, section.calibrated_to);
  for (std::size_t i = 0; i < at.calibrations.size(); ++i)
    if (at.calibrations[i].E_stack_eV)
      add(*at.calibrations[i].E_stack_eV, section.of_target[i].name);
  return all;
}

Table curve_table(const VoltageFile& file, const VoltageOutcome& outcome) {
  Table table;
  table.add_column("temperature", "K");
  table.add_column("curve");
  table.add_column("x");
  table.add_column("voltage", "V");
  const std::string& family = file.stacking->config.to;
  for (const StackingAt& at : outcome.stacking)
    for (const Labelled& shift : shifts_of(at, *file.stacking)) {
      const auto add = [&](double x, double V) {
        table.add_row({at.temperature_K, shift.name, x, V});
      };
      if (at.temperature_K > 0.0) {
        const auto eq = shifted_equilibrium(file.material, outcome.run, at.temperature_K, family,
                                            shift.E_stack_eV);
        for (const analysis::CurvePoint& p : eq.curve) add(p.x, p.V);
        continue;
      }
      const auto own = analysis::shifted(outcome.dft->structures, {{family, shift.E_stack_eV}},
                                         file.material.x_max);
      for (const auto& s : zero_kelvin(own, outcome.dft->lithium_eV).steps)
        add(s.low.x, s.V), add(s.high.x, s.V);
    }
  return table;
}

}  // namespace

void write_stacking_tables(const std::filesystem::path& folder, const VoltageFile& file,
                           const VoltageOutcome& outcome) {
  io::write_csv(folder / "stacking.csv", scan_table(outcome));
  io::write_csv(folder / "stacking_curves.csv", curve_table(file, outcome));
}

}  // namespace lithiate::apps
