#include "analysis/stacking_draws.hpp"

#include <fmt/format.h>

#include "core/random.hpp"

namespace lithiate::analysis {
namespace {

/// Streams of this purpose: the seeds of sweeps with drawn ECI, then the offsets.
constexpr std::uint64_t place_of_sweeps = 1, place_of_offsets = 2;

PhaseError error_of(const model::Phase& phase) {
  PhaseError e;
  e.phase = phase.name;
  const auto functions = static_cast<int>(phase.expansion.basis.size());
  const int structures = phase.training_structures;
  const bool draws = phase.expansion.eci_samples_eV.rows() > 1;
  e.posterior = draws && structures > functions;
  if (e.posterior) {
    e.method = fmt::format("{}: draws of the ECI ({} functions, {} structures)", e.phase, functions,
                           structures);
    return e;
  }
  e.offset_eV = phase.cv_score_nested_eV_per_fu;
  const std::string why =
      !draws ? "no draws stored"
             : fmt::format("no posterior: {} functions, {} structures", functions, structures);
  e.method = e.offset_eV > 0.0
                 ? fmt::format(
                       "{}: one offset of its energy, standard deviation the nested "
                       "cross-validation score of {:.1f} meV/f.u. ({})",
                       e.phase, 1e3 * e.offset_eV, why)
                 : fmt::format("{}: no error ({}, no cross-validation score)", e.phase, why);
  return e;
}

bool any_posterior(const std::vector<PhaseError>& errors) {
  for (const PhaseError& e : errors)
    if (e.posterior) return true;
  return false;
}

bool any_offset(const std::vector<PhaseError>& errors) {
  for (const PhaseError& e : errors)
    if (e.offset_eV > 0.0) return true;
  return false;
}

}  // namespace

std::vector<PhaseError> phase_errors(const model::Material& material) {
  std::vector<PhaseError> all;
  for (const model::Phase& phase : material.phases) all.push_back(error_of(phase));
  return all;
}

std::string error_method(const std::vector<PhaseError>& errors) {
  std::vector<std::string> methods;
  for (const PhaseError& e : errors) methods.push_back(e.method);
  return fmt::format("{}", fmt::join(methods, "; "));
}

Offsets drawn_offsets(const std::vector<PhaseError>& errors, std::uint64_t seed,
                      std::uint64_t draw) {
  Random random(seed, Purpose::resampling, place_of_offsets, draw);
  Offsets offsets;
  for (const PhaseError& e : errors) offsets[e.phase] = e.offset_eV * random.normal();
  return offsets;
}

std::vector<std::vector<PhaseSweeps>> drawn_sweeps(const model::Material& material,
                                                   const std::vector<PhaseError>& errors,
                                                   const SweepConfig& config,
                                                   const std::vector<PhaseSweeps>& computed,
                                                   int eci_draws, Journal* journal) {
  if (!any_posterior(errors)) return {computed};
  std::vector<std::vector<PhaseSweeps>> all;
  for (int d = 0; d < eci_draws; ++d) {
    model::Material drawn = material;
    for (std::size_t p = 0; p < drawn.phases.size(); ++p) {
      if (!errors[p].posterior) continue;
      auto& expansion = drawn.phases[p].expansion;
      expansion.eci_eV = expansion.eci_samples_eV.row(d % expansion.eci_samples_eV.rows());
    }
    SweepConfig own = config;
    own.seed =
        Random(config.seed, Purpose::resampling, place_of_sweeps, static_cast<std::uint64_t>(d))
            .bits();
    all.push_back(run_sweeps(drawn, own, journal));
  }
  return all;
}

std::vector<ChangeFound> drawn_changes(
    const std::vector<std::vector<PhaseSweeps>>& sweeps, const std::vector<PhaseError>& errors,
    double temperature_K, int offset_draws, std::uint64_t seed,
    const std::function<ChangeFound(const std::vector<Branch>&)>& change_of) {
  std::vector<ChangeFound> all;
  const int repeats = any_offset(errors) ? offset_draws : 1;
  std::uint64_t draw = 0;
  for (const auto& one : sweeps) {
    const std::vector<Branch> branches = branches_at(one, temperature_K);
    for (int k = 0; k < repeats; ++k)
      all.push_back(change_of(shifted(branches, drawn_offsets(errors, seed, draw++))));
  }
  return all;
}

}  // namespace lithiate::analysis
