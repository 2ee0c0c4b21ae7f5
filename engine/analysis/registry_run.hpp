#pragma once
/// Level 2 of stackings: guests and the registries of all gaps on one lattice (stacking/), swept up
/// and down in the chemical potential. Energies in eV, x per formula unit.
#include <optional>
#include <string>
#include <vector>

#include "analysis/hysteresis.hpp"
#include "analysis/stack_config.hpp"
#include "core/journal.hpp"
#include "core/report.hpp"
#include "model/phase.hpp"
#include "stacking/observables.hpp"

namespace lithiate::analysis {

struct RegistryConfig {
  StackConfig stack;
  double glides_per_patch = 0.5;  ///< attempts per sweep
  std::int64_t sweeps = 400;      ///< per chemical potential
  double step_kT = 1.0;           ///< distance of chemical potentials
  std::uint64_t seed = 1;
};
void check(const RegistryConfig& config, InputReport& report);

/// Range of chemical potentials at one temperature, on the scale of the material's energies.
struct MuRange {
  double temperature_K = 0.0, low_eV = 0.0, high_eV = 0.0;
};

/// Both directions at one temperature: down starts from the last state of up.
struct RegistrySweeps {
  double temperature_K = 0.0;
  double coherency_eV = 0.0;          ///< of the config, or 0 beside it
  std::vector<std::string> families;  ///< order of StackPoint::fraction
  std::vector<stacking::StackPoint> up, down;
};

/// One entry per range, and with a coherency energy one without it for each, to show what it does;
/// they run on OpenMP threads, the numbers do not depend on how many. With a
/// journal, finished directions are taken from it. The empty stack starts in the registry of the
/// lowest energy. Throws InputError for a bad config or a material that stacking::layered_material
/// refuses.
std::vector<RegistrySweeps> registry_run(const model::Material& material,
                                         const RegistryConfig& config,
                                         const std::vector<MuRange>& ranges,
                                         Journal* journal = nullptr);

/// Where half of the gaps' area belongs to a family, along one direction.
struct HalfWay {
  std::optional<double> x, mu_eV;
  double x_error = 0.0;  ///< half the distance of the two points around it, and their errors
  double mu_error_eV = 0.0;
  std::string reason;  ///< if null
};
/// The last crossing in the order of rising x. REQUIRES: family < number of families.
HalfWay half_way(const std::vector<stacking::StackPoint>& path, std::size_t family);

/// The direction as a branch, for hysteresis().
Branch branch(const std::vector<stacking::StackPoint>& path, Sweep sweep);

}  // namespace lithiate::analysis
