#include "analysis/stacking_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"

namespace lithiate::analysis {
namespace {

constexpr std::uint64_t place_of_hull_draws = 3;  // of Purpose::resampling, after those of draws

Families families_of(const model::Material& material) {
  Families all;
  for (const model::Phase& p : material.phases) all[p.name] = p.family;
  return all;
}

/// E_stack of a family, phase by phase.
Offsets by_phase(const model::Material& material, const std::string& family, double eV) {
  Offsets all;
  for (const model::Phase& p : material.phases)
    if (p.family == family) all[p.name] = eV;
  return all;
}

bool has_family(const model::Material& material, const std::string& family) {
  return std::any_of(material.phases.begin(), material.phases.end(),
                     [&](const model::Phase& p) { return p.family == family; });
}

void extend(FamilyRange& range, double x_min, double x_max) {
  range.x_min = std::min(range.x_min.value_or(x_min), x_min);
  range.x_max = std::max(range.x_max.value_or(x_max), x_max);
}

std::optional<double> step_voltage(const ZeroKelvin& hull, double x) {
  for (const VoltageStep& s : hull.steps)
    if (x >= s.low.x && x <= s.high.x) return s.V;
  return {};
}

/// A separation counts from the voltage at x, which must not lie within the change.
void keep_apart(const Target& target, Calibration& c) {
  if (!target.separation_V || !c.change || c.change->x_begin >= *target.x) return;
  c = {{},
       {},
       false,
       fmt::format("met at E_stack = {:+.2f} meV, where the change begins at x = {:.3f} already, "
                   "before x = {:.3f} from which the separation counts",
                   1e3 * *c.E_stack_eV, c.change->x_begin, *target.x)};
}

/// Compositions of the structures of a family and how far the best is above the hull.
std::string off_hull(const ZeroKelvin& zero, const std::vector<GroundState>& structures,
                     const std::string& family) {
  std::string text;
  int n = 0;
  for (const GroundState& s : structures) {
    if (s.family != family) continue;
    ++n;
    const auto above = zero.above_hull_eV(s.x, s.energy_eV);
    if (n <= 4)
      text += fmt::format("{}{} (x = {:.3f}): {}", n > 1 ? ", " : "", s.name, s.x,
                          above ? fmt::format("{:.1f} meV/f.u. above the hull", 1e3 * *above)
                                : "outside the hull's range of x");
  }
  if (n == 0) return "no structure of this family was computed";
  return fmt::format("{} computed structure{}, none on the hull: {}{}", n, n > 1 ? "s" : "", text,
                     n > 4 ? ", ..." : "");
}

}  // namespace

void check(const StackingConfig& c, InputReport& report) {
  report.require(!c.from.empty() && !c.to.empty() && c.from != c.to, "stacking.from", c.from,
                 "must be another family than stacking.to");
  report.require(c.scan_low_eV < 0.0 && c.scan_high_eV > 0.0, "stacking.scan_meV",
                 fmt::format("[{}, {}]", 1e3 * c.scan_low_eV, 1e3 * c.scan_high_eV),
                 "must reach from below to above zero");
  report.require(c.scan_points >= 5 && c.scan_points <= 2001, "stacking.scan_points", c.scan_points,
                 "must be 5 to 2001");
  report.require(c.step_eV > 0.0 && c.step_eV <= 0.01, "stacking.step_meV", 1e3 * c.step_eV,
                 "must be above 0 and at most 10");
  report.require(c.draws.eci_draws >= 2 && c.draws.eci_draws <= 200, "stacking.posterior_draws",
                 c.draws.eci_draws, "must be 2 to 200");
  report.require(c.draws.offset_draws >= 2 && c.draws.offset_draws <= 10000,
                 "stacking.offset_draws", c.draws.offset_draws, "must be 2 to 10000");
}

StackingAt analyse(const ChangeAt& at, const StackingConfig& config, double temperature_K,
                   const std::function<std::optional<double>(double)>& voltage_at) {
  StackingAt out;
  out.temperature_K = temperature_K;
  out.found = at(0.0);
  out.sensitivity = sensitivity(at, 0.0, config.step_eV);
  out.scanned = scan(at, config.scan_low_eV, config.scan_high_eV, config.scan_points);
  out.window = window(out.scanned, 0.0);
  for (const Target& target : config.targets) {
    const auto V = target.separation_V ? voltage_at(*target.x) : std::nullopt;
    out.calibrations.push_back(calibrate(at, out.scanned, as_voltage(target, V)));
    keep_apart(target, out.calibrations.back());
  }
  if (config.calibrated_eV) out.calibrated = at(*config.calibrated_eV);
  return out;
}

std::vector<StackingAt> stacking_run(const model::Material& material, const SweepConfig& sweeps,
                                     const VoltageRun& run, const StackingConfig& config,
                                     Journal* journal) {
  const Families family_of = families_of(material);
  const EquilibriumConfig how = equilibrium_config(material);
  const auto change_of = [&](const std::vector<Branch>& branches) {
    return find_change(equilibrium(branches, how), family_of, config.from, config.to);
  };
  const auto errors = phase_errors(material);
  std::vector<std::vector<PhaseSweeps>> drawn;  // none where a family has no phase to change to
  if (has_family(material, config.from) && has_family(material, config.to))
    drawn = drawn_sweeps(material, errors, sweeps, run.sweeps, config.draws.eci_draws, journal);
  std::vector<StackingAt> all;
  for (const Equilibrium& eq : run.equilibria) {
    const std::vector<Branch> branches = branches_at(run.sweeps, eq.temperature_K);
    const ChangeAt at = [&](double E) {
      return change_of(shifted(branches, by_phase(material, config.to, E)));
    };
    all.push_back(
        analyse(at, config, eq.temperature_K, [&](double x) { return eq.voltage_at(x); }));
    all.back().spread = spread_of(drawn_changes(drawn, errors, eq.temperature_K,
                                                config.draws.offset_draws, config.seed, change_of));
  }
  return all;
}

StackingAt stacking_at_zero(const std::vector<GroundState>& structures, double lithium_eV,
                            double x_max, const StackingConfig& config) {
  const auto change_with = [&](const Offsets& offsets) {
    const auto own = shifted(structures, offsets, x_max);
    return find_change(zero_kelvin(own, lithium_eV), own, config.from, config.to);
  };
  const ChangeAt at = [&](double E) { return change_with({{config.to, E}}); };
  const ZeroKelvin hull = zero_kelvin(shifted(structures, {}, x_max), lithium_eV);
  StackingAt out = analyse(at, config, 0.0, [&](double x) { return step_voltage(hull, x); });
  if (!config.dft_error_eV) return out;
  std::vector<std::string> families;
  for (const GroundState& s : structures)
    if (std::find(families.begin(), families.end(), s.family) == families.end())
      families.push_back(s.family);
  std::vector<ChangeFound> draws;
  for (int d = 0; d < config.dft_draws; ++d) {
    Random random(config.seed, Purpose::resampling, place_of_hull_draws,
                  static_cast<std::uint64_t>(d));
    Offsets offsets;
    for (const std::string& f : families) offsets[f] = *config.dft_error_eV * random.normal();
    draws.push_back(change_with(offsets));
  }
  out.spread = spread_of(draws);
  return out;
}

Equilibrium shifted_equilibrium(const model::Material& material, const VoltageRun& run,
                                double temperature_K, const std::string& family,
                                double E_stack_eV) {
  return equilibrium(
      shifted(branches_at(run.sweeps, temperature_K), by_phase(material, family, E_stack_eV)),
      equilibrium_config(material));
}

std::vector<FamilyRange> family_ranges(const Equilibrium& eq, const Families& family_of,
                                       const std::vector<std::string>& families) {
  std::vector<FamilyRange> all;
  for (const std::string& family : families) {
    FamilyRange range{family, {}, {}, {}};
    bool sampled = false;
    for (const LoopClosure& c : eq.closures) sampled |= family_of.at(c.phase) == family;
    for (const Stretch& s : eq.stretches)
      if (family_of.at(s.phase) == family) extend(range, s.x_min, s.x_max);
    if (!range.x_min)
      range.reason =
          sampled ? "nowhere the lowest of the phases" : "no phase of this family has an expansion";
    all.push_back(std::move(range));
  }
  return all;
}

std::vector<FamilyRange> family_ranges(const ZeroKelvin& zero,
                                       const std::vector<GroundState>& structures,
                                       const std::vector<std::string>& families) {
  std::vector<FamilyRange> all;
  for (const std::string& family : families) {
    FamilyRange range{family, {}, {}, {}};
    for (const GroundState& s : zero.hull)
      if (s.family == family) extend(range, s.x, s.x);
    if (!range.x_min) range.reason = off_hull(zero, structures, family);
    all.push_back(std::move(range));
  }
  return all;
}

std::vector<FamilyEnergy> family_energies(const std::vector<GroundState>& structures) {
  constexpr double same_x = 1e-6;
  std::vector<FamilyEnergy> all;
  for (const GroundState& s : structures) {
    double lowest = s.energy_eV;
    bool other_family = false, lowest_of_its_own = true;
    for (const GroundState& t : structures) {
      if (std::abs(t.x - s.x) > same_x) continue;
      lowest = std::min(lowest, t.energy_eV);
      other_family |= t.family != s.family;
      lowest_of_its_own &= t.family != s.family || t.energy_eV >= s.energy_eV;
    }
    if (other_family && lowest_of_its_own)
      all.push_back({s.family, s.name, s.x, s.energy_eV - lowest});
  }
  std::stable_sort(all.begin(), all.end(), [](const FamilyEnergy& a, const FamilyEnergy& b) {
    return std::abs(a.x - b.x) > same_x ? a.x < b.x : a.above_eV < b.above_eV;
  });
  return all;
}

}  // namespace lithiate::analysis
