#pragma once
#include <vector>

#include "stacking/guests.hpp"

namespace lithiate::stacking {

/// Energies of inserting a guest on each empty site and of removing each guest, of sampled states.
struct Trials {
  std::vector<double> insertion_eV, removal_eV;
};
/// Adds those of one state.
void add_trials(const StackModel& model, const StackState& state, Trials& trials);

/// The chemical potential at a fixed number of guests at which a reservoir would put in and take
/// out equally many: sum over insertions of min(1, exp(-(dE - mu)/kT)) = sum over removals of
/// min(1, exp(-(dE + mu)/kT)), the balance of Bennett, J. Comput. Phys. 22, 245 (1976), with both
/// sides sampled at the same number (midway between the mu of N - 1 -> N and N -> N + 1; exact for
/// an ideal lattice gas). Throws InputError if one side is empty: an empty or a full host has none.
double balanced_potential_eV(const Trials& trials, double beta);

}  // namespace lithiate::stacking
