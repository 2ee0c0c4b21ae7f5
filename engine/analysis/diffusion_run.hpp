#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/equilibrium.hpp"
#include "mc/run.hpp"
#include "model/phase.hpp"
#include "observe/transport.hpp"

namespace lithiate::analysis {

/// Settings of a diffusion run.
struct DiffusionConfig {
  std::vector<double> x;                                  ///< Li per formula unit
  observe::Axes axes;                                     ///< directions that D is averaged over
  crystal::Vector3i repeats = crystal::Vector3i::Zero();  ///< of the host cell; zero: by min_sites
  std::int64_t min_sites = 600;
  double equilibration_hops_per_ion = 50.0, hops_per_ion = 1000.0;
  int segments = 24;  ///< independent pieces of the trajectory behind the errors
  mc::SamplingConfig sampling{400, 4000, 0.0};  ///< of the state before kMC and of the fluctuations
  std::uint64_t seed = 1;
};
void check(const DiffusionConfig& config, InputReport& report);

/// Transport at one composition and temperature, cm^2/s. D_chem = Theta D_J.
struct DiffusionPoint {
  double temperature_K = 0.0, x = 0.0;  ///< x as simulated
  std::string phase;
  bool metastable = false;  ///< x lies inside a two-phase plateau
  observe::Estimate D_tracer, D_J, f, f_I, H_R;
  std::optional<observe::Estimate> theta, D_chem;
  std::string reason;  ///< if theta and D_chem are null
  std::int64_t ions = 0, hops = 0;
  double clamped_fraction = 0.0;  ///< hops whose barrier fell below an end state
  bool lag_converged = true;      ///< D does not depend on the lag within its error
};

/// Exact serial kMC at every x and T in the phase that is stable there (inside a plateau: in the
/// phase of the nearer end, as a metastable solid solution, without Theta and D_chem). Points run
/// on OpenMP threads; the numbers do not depend on how many. With a journal, trajectories and state
/// points are taken from it or kept in it.
std::vector<DiffusionPoint> run_diffusion(const model::Material& material,
                                          const std::vector<Equilibrium>& equilibria,
                                          const DiffusionConfig& config,
                                          Journal* journal = nullptr);

}  // namespace lithiate::analysis
