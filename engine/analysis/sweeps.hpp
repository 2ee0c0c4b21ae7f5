#pragma once
#include <vector>

#include "analysis/branch.hpp"
#include "analysis/heated.hpp"
#include "mc/free_energy.hpp"
#include "mc/run.hpp"
#include "model/phase.hpp"

namespace lithiate::analysis {

/// Settings of the chemical-potential sweeps of a voltage run.
struct SweepConfig {
  std::vector<double> temperature_K{300.0};
  crystal::Vector3i repeats = crystal::Vector3i::Zero();  ///< of the host cell; zero: by min_sites
  std::int64_t min_sites = 400;                           ///< free sites of the supercell
  mc::SamplingConfig sampling;
  double step_kT = 0.5;        ///< distance of chemical potentials in units of kT
  int free_energy_steps = 16;  ///< temperatures of the reference at the redox limit
  std::uint64_t seed = 1;
};
void check(const SweepConfig& config, InputReport& report);

/// Both sweeps of one phase at one temperature, on the formation scale of mu. The up sweep starts
/// from the empty host, the down sweep from the filled one, each with its own reference of phi:
/// independent atoms, independent vacancies, or at a redox limit within the host the canonical free
/// energy integrated from infinite temperature.
struct PhaseSweeps {
  std::string phase, family;
  double temperature_K = 0.0;
  Branch up, down;
  std::vector<Branch> heated;  ///< from ordered states inside the host, heated from 0 K
  bool equilibrated = true;    ///< every point
  std::int64_t sites = 0;      ///< free sites of the supercell
  double formula_units = 0.0;
  crystal::Vector3i repeats = crystal::Vector3i::Zero();
};

/// All phases at all temperatures; independent sweeps run on OpenMP threads, the numbers do not
/// depend on how many.
/// With a journal, state points are taken from it or kept in it.
std::vector<PhaseSweeps> run_sweeps(const model::Material& material, const SweepConfig& config,
                                    Journal* journal = nullptr);

/// All branches of one temperature: what the equilibrium of the phases is made of.
std::vector<Branch> branches_at(const std::vector<PhaseSweeps>& sweeps, double temperature_K);

}  // namespace lithiate::analysis
