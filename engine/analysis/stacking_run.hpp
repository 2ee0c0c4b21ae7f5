#pragma once
/// The stacking analysis of one material: a change of family at every temperature and on the hull
/// of structures at 0 K, what E_stack does to it, and what experiment would need.
#include <optional>
#include <string>
#include <vector>

#include "analysis/stacking_draws.hpp"
#include "analysis/voltage_run.hpp"

namespace lithiate::analysis {

/// What is asked. Energies in eV per f.u.; E_stack is added to the family `to`.
struct StackingConfig {
  std::string from, to;                 ///< families at the low and at the high x of the change
  std::optional<double> calibrated_eV;  ///< an E_stack that was fitted; shown beside zero
  double scan_low_eV = -0.05, scan_high_eV = 0.05;
  int scan_points = 101;
  double step_eV = 5e-4;               ///< of the differences
  DrawConfig draws;                    ///< of the fitted energies, above 0 K
  std::optional<double> dft_error_eV;  ///< standard deviation of a family's energy at 0 K
  int dft_draws = 400;
  std::vector<Target> targets;  ///< of experiment, in the order of the results
  std::uint64_t seed = 1;
};
void check(const StackingConfig& config, InputReport& report);

/// All answers at one temperature, or on the hull at 0 K.
struct StackingAt {
  double temperature_K = 0.0;  ///< 0: hull of computed structures, nothing fitted
  ChangeFound found;           ///< with the energies as computed
  DrawnSpread spread;          ///< no draws: the error of the energies is not known
  Sensitivity sensitivity;
  std::vector<ScanPoint> scanned;
  Window window;
  std::vector<Calibration> calibrations;  ///< one per target
  std::optional<ChangeFound> calibrated;  ///< at the fitted E_stack of the run file
};

/// Range of x in which a family alone is stable, or why it is nowhere.
struct FamilyRange {
  std::string family;
  std::optional<double> x_min, x_max;
  std::string reason;
};

/// The lowest structure of a family at a composition that several families share, above the lowest
/// of all there.
struct FamilyEnergy {
  std::string family, structure;
  double x = 0.0, above_eV = 0.0;
};
/// By rising x, then energy.
std::vector<FamilyEnergy> family_energies(const std::vector<GroundState>& structures);

/// `voltage_at`: V(x) as computed, for separations asked for.
StackingAt analyse(const ChangeAt& at, const StackingConfig& config, double temperature_K,
                   const std::function<std::optional<double>(double)>& voltage_at);

/// One entry per temperature of the run. With a journal, repeated sweeps are taken from it.
std::vector<StackingAt> stacking_run(const model::Material& material, const SweepConfig& sweeps,
                                     const VoltageRun& run, const StackingConfig& config,
                                     Journal* journal = nullptr);
/// On the hull of the structures with x <= x_max.
StackingAt stacking_at_zero(const std::vector<GroundState>& structures, double lithium_eV,
                            double x_max, const StackingConfig& config);

/// Equilibrium of one temperature with E_stack added to the family `to`.
Equilibrium shifted_equilibrium(const model::Material& material, const VoltageRun& run,
                                double temperature_K, const std::string& family, double E_stack_eV);

/// Every family of `families` (by name), on the hull at 0 K or in an equilibrium.
std::vector<FamilyRange> family_ranges(const Equilibrium& eq, const Families& family_of,
                                       const std::vector<std::string>& families);
std::vector<FamilyRange> family_ranges(const ZeroKelvin& zero,
                                       const std::vector<GroundState>& structures,
                                       const std::vector<std::string>& families);

}  // namespace lithiate::analysis
