#pragma once
#include <filesystem>
#include <vector>

#include "apps/voltage_report.hpp"

namespace lithiate::apps {

/// The answers of [stacking]: on the hull at 0 K if there is [dft] with families, then at each
/// temperature. REQUIRES: file.stacking; outcome.run and outcome.dft are there.
std::vector<analysis::StackingAt> compute_stacking(const io::VoltageFile& file,
                                                   const VoltageOutcome& outcome, Journal* journal);
/// voltage_steps, stacking_transition_x, hysteresis_mV, stacking_range, E_stack and what depends on
/// it. A number that was fitted to experiment is never under a name or role of a computed one.
void set_stacking(io::Results& results, const io::VoltageFile& file, const VoltageOutcome& outcome);
/// stacking.csv: the change against E_stack; stacking_curves.csv: V(x) as computed and calibrated.
void write_stacking_tables(const std::filesystem::path& folder, const io::VoltageFile& file,
                           const VoltageOutcome& outcome);

/// "0 K" or "300 K".
std::string at_temperature(double temperature_K);

}  // namespace lithiate::apps
