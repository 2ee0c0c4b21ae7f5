#pragma once
#include <filesystem>
#include <vector>

#include "analysis/report_page.hpp"
#include "apps/voltage_report.hpp"

namespace lithiate::apps {

/// Level 2 at every temperature, over the chemical potentials of the sweeps of the phases.
/// REQUIRES: file.stacking and file.stack.
std::vector<analysis::RegistrySweeps> compute_registries(const io::VoltageFile& file,
                                                         const analysis::VoltageRun& run,
                                                         Journal* journal);
/// registry_transition_x, registry_transition_V, registry_hysteresis_mV.
void set_registries(io::Results& results, const io::VoltageFile& file,
                    const VoltageOutcome& outcome);
/// registry.csv: per temperature, direction and chemical potential.
void write_registry_table(const std::filesystem::path& folder, const io::VoltageFile& file,
                          const VoltageOutcome& outcome);
/// Voltage, families and lithium per gap against x, from registry.csv; none without it.
std::vector<analysis::Figure> registry_figures(const std::filesystem::path& folder);

}  // namespace lithiate::apps
