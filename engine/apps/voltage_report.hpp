#pragma once
#include <filesystem>
#include <optional>

#include "analysis/registry_run.hpp"
#include "analysis/stacking_run.hpp"
#include "analysis/voltage_run.hpp"
#include "io/dft_voltages.hpp"
#include "io/results.hpp"
#include "io/run_files.hpp"

namespace lithiate::apps {

/// Everything a voltage run found.
struct VoltageOutcome {
  analysis::VoltageRun run;
  std::optional<io::DftVoltages> dft;
  std::vector<analysis::StackingAt>
      stacking;  ///< of [stacking]: 0 K if there is [dft], then each T
  std::vector<analysis::RegistrySweeps> registries;  ///< of [stack], each T
};
/// predicted, or that of the Li energy of the model if the DFT set has none of its own.
std::string dft_role(const io::VoltageFile& file);

/// The sweeps alone.
analysis::VoltageRun compute_sweeps(const io::VoltageFile& file, Journal* journal = nullptr);
VoltageOutcome compute_voltage(const io::VoltageFile& file, Journal* journal = nullptr);
/// results.json (verb voltage), voltage.csv, dqdv.csv, and with [stacking] stacking.csv and
/// stacking_curves.csv.
void write_voltage(const std::filesystem::path& folder, const io::VoltageFile& file,
                   const VoltageOutcome& outcome);

}  // namespace lithiate::apps
