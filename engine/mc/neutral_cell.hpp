#pragma once
#include "mc/exchange_table.hpp"
#include "model/phase.hpp"

namespace lithiate::mc {

/// Charges of the free sites of a phase and their sum in a neutral supercell.
struct NeutralCell {
  Charges charges;
  std::int64_t total = 0;
};

/// Throws InputError for a species, free or frozen, whose charge neither its name nor
/// `oxidation_states` says.
NeutralCell neutral_cell(const model::Phase& phase, const LatticeModel& model,
                         const std::map<std::string, int>& oxidation_states);

}  // namespace lithiate::mc
