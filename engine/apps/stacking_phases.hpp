#pragma once
#include <string>

#include "apps/voltage_report.hpp"

namespace lithiate::apps {

/// A result of the energies as computed, at 0 K or a temperature: predicted only if nothing in it
/// was fitted.
io::Quantity stacking_quantity(const io::VoltageFile& file, const analysis::StackingAt& at,
                               const std::string& what, const std::string& unit,
                               const std::string& method);

/// hysteresis_mV: of the order of lithium in each phase; of the change of stacking null, with why.
void set_stacking_hysteresis(io::Results& results, const io::VoltageFile& file,
                             const VoltageOutcome& outcome);
/// stacking_range: x over which each family is stable alone, beside experiment.
void set_stacking_ranges(io::Results& results, const io::VoltageFile& file,
                         const VoltageOutcome& outcome);
/// stacking_energy: what DFT says of the order of the stackings where several were computed at one
/// x.
void set_stacking_energies(io::Results& results, const io::VoltageFile& file,
                           const VoltageOutcome& outcome);

}  // namespace lithiate::apps
