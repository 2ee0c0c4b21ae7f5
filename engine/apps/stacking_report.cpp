#include "apps/stacking_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/stacking_phases.hpp"
#include "core/log.hpp"

namespace lithiate::apps {
namespace {

using analysis::ChangeFound;
using analysis::FamilyChange;
using analysis::StackingAt;
using io::Quantity;
using io::VoltageFile;

constexpr double meV = 1000.0;
/// A peak of dQ/dV counts if so many of its resamples show it, and if it is so many times the
/// median of dQ/dV where that is more than a hundredth of the highest.
constexpr double sure_peak = 0.95, high_peak = 2.0;

double median_dqdv(const analysis::Dqdv& d) {
  std::vector<double> y = d.dQ_dV_mAh_per_g_V;
  std::sort(y.begin(), y.end());
  const auto first = std::upper_bound(y.begin(), y.end(), y.empty() ? 0.0 : 0.01 * y.back());
  return first == y.end() ? 0.0 : first[(y.end() - first) / 2];
}

/// Results of [stacking], list by list.
class Writer {
 public:
  Writer(io::Results& results, const VoltageFile& file, const VoltageOutcome& outcome)
      : results_(results), file_(file), section_(*file.stacking), outcome_(outcome) {}

  void run() {
    energy();
    transitions();
    sensitivities();
    windows();
    shifts();
    steps();
    set_stacking_hysteresis(results_, file_, outcome_);
    set_stacking_ranges(results_, file_, outcome_);
    set_stacking_energies(results_, file_, outcome_);
  }

 private:
  Quantity make(const StackingAt& at, const std::string& what, const std::string& unit,
                const std::string& method) const {
    return stacking_quantity(file_, at, what, unit, method);
  }

  std::string change_name() const {
    return fmt::format("{} to {}", section_.config.from, section_.config.to);
  }

  std::string method_at(const StackingAt& at) const {
    if (at.temperature_K == 0.0)
      return section_.config.dft_error_eV
                 ? fmt::format(
                       "0 K, lower hull of DFT energies; error: {} draws of one offset per "
                       "family, standard deviation {:.1f} meV/f.u. ({})",
                       at.spread.draws, meV * *section_.config.dft_error_eV,
                       section_.dft_error_source)
                 : "0 K, lower hull of DFT energies; their error was not estimated";
    const std::string method = "common tangent of free energies of expansions fitted to DFT";
    if (at.spread.draws == 0) return method;
    return fmt::format(
        "{}; error: sampling, and spread over those of {} draws that show the change "
        "({})",
        method, at.spread.draws, analysis::error_method(analysis::phase_errors(file_.material)));
  }

  void energy() {
    Quantity q;
    q.unit = "meV/f.u.";
    const auto calibrated = section_.config.calibrated_eV;
    q.value = meV * calibrated.value_or(0.0);
    q.role = calibrated ? "calibrated" : "input";
    q.method = calibrated ? fmt::format(
                                "added to family '{}' by the run file, calibrated to: {}; "
                                "shown beside the results without it",
                                section_.config.to, section_.calibrated_to)
                          : "stacking energies are computed here: nothing is added to them";
    results_.set("E_stack", q);
  }

  /// The change at x_begin, where the new family first appears on insertion.
  void fill(Quantity& q, const ChangeFound& found, const StackingAt& at, bool drawn) const {
    q.numbers["temperature_K"] = at.temperature_K;
    q.words["from"] = section_.config.from, q.words["to"] = section_.config.to;
    const analysis::DrawnSpread& s = at.spread;
    if (s.draws > 0 && drawn) {
      q.numbers["draws"] = s.draws, q.numbers["draws_with_change"] = s.found;
      if (2 * s.found < s.draws)
        q.words["note"] =
            "fewer than half of the draws show the change: with these errors of the "
            "energies the data do not settle that it exists";
    }
    if (!found.change) {
      q.reason = found.reason;
      return;
    }
    const FamilyChange& c = *found.change;
    const bool errors = drawn && s.draws > 0;
    const auto total = [&](double sampling, const std::optional<double>& spread) {
      return std::hypot(sampling, errors ? spread.value_or(0.0) : 0.0);
    };
    q.value = c.x_begin;
    const double error = total(c.x_begin_error, s.x_begin_error);
    if (at.temperature_K > 0.0 || error > 0.0)
      q.error = error;  // else of one structure in all draws
    q.numbers.insert({{"x_end", c.x_end}, {"x_middle", c.x_middle()}, {"V", c.V}});
    q.words["state_from"] = c.state_from, q.words["state_to"] = c.state_to;
    if (!errors && at.temperature_K == 0.0) return;
    q.numbers["x_end_error"] = total(c.x_end_error, s.x_end_error);
    q.numbers["x_middle_error"] = total(c.x_middle_error(), s.x_middle_error);
    q.numbers["V_error"] = total(c.V_error, s.V_error);
    q.numbers["sampling_error"] = c.x_begin_error;
  }

  void transitions() {
    std::vector<Quantity> all;
    for (const StackingAt& at : outcome_.stacking) {
      Quantity q = make(at, change_name(), "", method_at(at));
      fill(q, at.found, at, true);
      if (q.words.contains("note"))
        log::warning(fmt::format(
            "{}: {} of {} draws show a change of stacking from {}: the data do "
            "not settle that it exists",
            at_temperature(at.temperature_K), at.spread.found, at.spread.draws, change_name()));
      if (!at.found.change)
        log::warning(fmt::format("{}: no change of stacking from {}: {}",
                                 at_temperature(at.temperature_K), change_name(), q.reason));
      all.push_back(std::move(q));
      if (!at.calibrated) continue;
      Quantity shifted = make(at, change_name() + ", calibrated", "",
                              fmt::format("as without E_stack, with {:+.2f} meV/f.u. added",
                                          meV * *section_.config.calibrated_eV));
      fill(shifted, *at.calibrated, at, false);
      mark_calibrated(shifted, section_.calibrated_to);
      all.push_back(std::move(shifted));
    }
    results_.set("stacking_transition_x", all);
  }

  static void mark_calibrated(Quantity& q, const std::string& to) {
    q.role = "calibrated";
    q.words["stacking_energy"] = "calibrated to " + to;
  }

  /// Standard error (meV) of the energy of one state of a change against the other: so far a value
  /// of E_stack is unknown. Null if the error of a phase is no single energy, or not known.
  std::optional<double> energy_error(const StackingAt& at, const FamilyChange& c) const {
    if (at.temperature_K == 0.0) {
      const auto one = section_.config.dft_error_eV;
      return one ? std::optional(meV * std::sqrt(2.0) * *one) : std::nullopt;
    }
    double squares = 0.0;
    for (const analysis::PhaseError& e : analysis::phase_errors(file_.material)) {
      if (e.phase != c.state_from && e.phase != c.state_to) continue;
      if (e.offset_eV <= 0.0) return std::nullopt;
      squares += e.offset_eV * e.offset_eV;
    }
    return meV * std::sqrt(squares);
  }

  void sensitivities() {
    std::vector<Quantity> x, V;
    const std::string method = fmt::format(
        "difference of the change at E_stack -{0:g} and +{0:g} meV, same sweeps, not repeated",
        meV * section_.config.step_eV);
    for (const StackingAt& at : outcome_.stacking) {
      const analysis::Sensitivity& s = at.sensitivity;
      const bool error = at.temperature_K > 0.0;
      x.push_back(make(at, change_name(), "1/eV", method));
      x.back().value = s.dx_begin, x.back().reason = s.reason;
      V.push_back(make(at, change_name(), "V/eV", method));
      V.back().value = s.dV, V.back().reason = s.reason;
      if (!s.dx_begin) continue;
      x.back().numbers.insert({{"dx_end", *s.dx_end}, {"dx_middle", *s.dx_middle}});
      x.back().words["difference"] = V.back().words["difference"] =
          s.two_sided ? "two-sided" : "one-sided";
      if (!error) continue;
      x.back().error = s.dx_begin_error, V.back().error = s.dV_error;
      x.back().numbers.insert(
          {{"dx_end_error", s.dx_end_error}, {"dx_middle_error", s.dx_middle_error}});
    }
    results_.set("dx_t_dE_stack", x);
    results_.set("dV_t_dE_stack", V);
  }

  void windows() {
    std::vector<Quantity> all;
    for (const StackingAt& at : outcome_.stacking)
      for (const bool low : {true, false}) {
        const analysis::Window& w = at.window;
        Quantity q =
            make(at, low ? "lowest E_stack with the change" : "highest", "meV/f.u.",
                 "bisection on the same data; error: of the energy of one phase against the other");
        const auto& end = low ? w.low_eV : w.high_eV;
        const auto& change = low ? w.at_low : w.at_high;
        if (end) q.value = meV * *end;
        if (change) q.numbers.insert({{"x_begin", change->x_begin}, {"x_end", change->x_end}});
        if (change) q.numbers["V"] = change->V, q.error = energy_error(at, *change);
        q.reason = end ? "" : !w.reason.empty() ? w.reason : "beyond scan_meV";
        all.push_back(std::move(q));
      }
    results_.set("E_stack_window", all);
  }

  /// What would have to be added for the change to be where experiment has it.
  void shifts() {
    std::vector<Quantity> all;
    for (const StackingAt& at : outcome_.stacking)
      for (std::size_t i = 0; i < at.calibrations.size(); ++i) {
        const analysis::Calibration& c = at.calibrations[i];
        const analysis::Target& wanted = section_.config.targets[i];
        const std::string& name = section_.of_target[i].name;
        Quantity q =
            make(at, name, "meV/f.u.",
                 fmt::format("E_stack of family '{}' at which the change has the {} of "
                             "experiment: fitted to it, no prediction; error: of the energy of "
                             "one phase against the other",
                             section_.config.to,
                             wanted.voltage_V      ? "voltage"
                             : wanted.separation_V ? "separation from V(x) as computed"
                                                   : "x (middle)"));
        mark_calibrated(q, name);
        if (c.E_stack_eV) q.value = meV * *c.E_stack_eV;
        q.reason = c.reason;
        if (c.change)
          q.numbers.insert(
              {{"x_begin", c.change->x_begin}, {"x_end", c.change->x_end}, {"V", c.change->V}});
        if (c.change) q.error = energy_error(at, *c.change);
        if (c.jumps) q.words["note"] = "the wanted value is passed by a jump here";
        all.push_back(std::move(q));
      }
    if (!all.empty()) results_.set("E_stack_of_experiment", all);
  }

  void hull_steps(std::vector<Quantity>& all) const;
  void plateau_steps(const StackingAt& at, const analysis::Equilibrium& eq,
                     const analysis::Dqdv& dqdv, std::vector<Quantity>& all) const;
  void steps();

  io::Results& results_;
  const VoltageFile& file_;
  const io::StackingSection& section_;
  const VoltageOutcome& outcome_;
};

/// Of the hull, up to x_max.
void Writer::hull_steps(std::vector<Quantity>& all) const {
  const StackingAt& at = outcome_.stacking.front();
  if (at.temperature_K > 0.0) return;
  const auto hull =
      zero_kelvin(analysis::shifted(outcome_.dft->structures, {}, file_.material.x_max),
                  outcome_.dft->lithium_eV);
  for (const analysis::VoltageStep& s : hull.steps) {
    all.push_back(make(at, fmt::format("{} to {}", s.low.name, s.high.name), "V",
                       "0 K, lower hull of DFT energies over all stackings"));
    all.back().value = s.V;
    if (s.low.family != s.high.family) all.back().error = at.spread.V_error;
    all.back().numbers.insert({{"x_low", s.low.x}, {"x_high", s.high.x}});
    all.back().words.insert({{"low", s.low.name}, {"high", s.high.name}});
  }
}

/// Plateaus of one temperature, and peaks of dQ/dV that are none.
void Writer::plateau_steps(const StackingAt& at, const analysis::Equilibrium& eq,
                           const analysis::Dqdv& dqdv, std::vector<Quantity>& all) const {
  for (const analysis::Plateau& p : eq.plateaus) {
    const bool change = at.found.change && at.found.change->x_begin == p.x_left;
    all.push_back(make(at, fmt::format("plateau {} + {}", p.phase_left, p.phase_right), "V",
                       change ? method_at(at) : "common tangent; error of the sampling alone"));
    all.back().value = p.V;
    all.back().error = std::hypot(p.mu_error_eV, change ? at.spread.V_error.value_or(0.0) : 0.0);
    all.back().numbers.insert({{"x_low", p.x_left}, {"x_high", p.x_right}});
  }
  const double least = high_peak * median_dqdv(dqdv);
  for (const analysis::DqdvPeak& p : dqdv.peaks) {
    if (p.plateau || p.found < sure_peak || p.height_mAh_per_g_V < least) continue;
    all.push_back(make(at, "peak of dQ/dV in one phase", "V",
                       "equilibrium curve; error of the sampling alone"));
    all.back().value = p.V, all.back().error = p.V_error;
  }
}

void Writer::steps() {
  std::vector<Quantity> all;
  hull_steps(all);
  const std::size_t n = outcome_.run.equilibria.size(), first = outcome_.stacking.size() - n;
  for (std::size_t t = 0; t < n; ++t)
    plateau_steps(outcome_.stacking[first + t], outcome_.run.equilibria[t],
                  outcome_.run.differential[t], all);
  results_.set("voltage_steps", all);
}

}  // namespace

std::string at_temperature(double temperature_K) { return fmt::format("{:g} K", temperature_K); }

std::vector<StackingAt> compute_stacking(const VoltageFile& file, const VoltageOutcome& outcome,
                                         Journal* journal) {
  const analysis::StackingConfig& config = file.stacking->config;
  std::vector<StackingAt> all;
  if (outcome.dft && !file.dft->group_by.empty())
    all.push_back(stacking_at_zero(outcome.dft->structures, outcome.dft->lithium_eV,
                                   file.material.x_max, config));
  for (StackingAt& at : stacking_run(file.material, file.sweeps, outcome.run, config, journal))
    all.push_back(std::move(at));
  return all;
}

void set_stacking(io::Results& results, const VoltageFile& file, const VoltageOutcome& outcome) {
  Writer(results, file, outcome).run();
}

}  // namespace lithiate::apps
