#pragma once
/// What the errors of the fitted energies do to a change of stacking.
#include <string>
#include <vector>

#include "analysis/stacking_transition.hpp"
#include "analysis/sweeps.hpp"

namespace lithiate::analysis {

/// How the error of the energies of one phase is drawn. An expansion with fewer functions than
/// structures has a posterior: its stored draws of the ECI. One with as many or more passes through
/// its training set whatever the noise, so its draws mean nothing; then one offset for all states
/// of the phase is drawn, with the nested cross-validation score as standard deviation.
struct PhaseError {
  std::string phase;
  bool posterior = false;
  double offset_eV = 0.0;  ///< standard deviation (per f.u.) of the offset; 0 with a posterior
  std::string method;      ///< in words
};
std::vector<PhaseError> phase_errors(const model::Material& material);
/// All methods in one sentence.
std::string error_method(const std::vector<PhaseError>& errors);

struct DrawConfig {
  int eci_draws = 8;      ///< of phases with a posterior: each repeats all sweeps
  int offset_draws = 50;  ///< of phases without one, for each draw of the ECI
};

/// Sweeps of the material with drawn ECI, one entry per draw; only `computed` if no phase has a
/// posterior. The numbers do not depend on the threads.
std::vector<std::vector<PhaseSweeps>> drawn_sweeps(const model::Material& material,
                                                   const std::vector<PhaseError>& errors,
                                                   const SweepConfig& config,
                                                   const std::vector<PhaseSweeps>& computed,
                                                   int eci_draws, Journal* journal);

/// The change in every draw at one temperature: the drawn sweeps, with drawn offsets.
std::vector<ChangeFound> drawn_changes(
    const std::vector<std::vector<PhaseSweeps>>& sweeps, const std::vector<PhaseError>& errors,
    double temperature_K, int offset_draws, std::uint64_t seed,
    const std::function<ChangeFound(const std::vector<Branch>&)>& change_of);

/// Normal offsets with the standard deviations of the phases, a function of seed and draw.
Offsets drawn_offsets(const std::vector<PhaseError>& errors, std::uint64_t seed,
                      std::uint64_t draw);

}  // namespace lithiate::analysis
