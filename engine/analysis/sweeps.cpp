#include "analysis/sweeps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "analysis/reference.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "model/occupation.hpp"
#include "parallel/threads.hpp"

namespace lithiate::analysis {
namespace {

using mc::Sampled;
using mc::StatePoint;

/// A sweep starts where the ideal dilute occupation is exp(-dilute_kT) and ends likewise.
constexpr double dilute_kT = 9.0;
/// A capped sweep ends when x is this near to its limit for several points in a row.
constexpr double limit_margin = 1e-3;
constexpr int points_at_limit = 3;
constexpr int most_points = 2000;
/// Steps into which the interval of a jump is cut.
constexpr int refined_steps = 8;
/// Inner states nearer than this in x, at one mu, are the same.
constexpr double inner_state_x = 0.01;

/// One task: a phase at a temperature.
class SweepRunner {
 public:
  SweepRunner(const model::Material& material, const model::Phase& phase, double temperature_K,
              const SweepConfig& config, std::uint64_t place, Journal* journal)
      : cell_(compile_phase(material, phase, config.repeats, config.min_sites)),
        sampled_{cell_.model, material.mobile, cell_.formula_units, cell_.max_mobile, journal},
        config_(config),
        kT_(k_B * temperature_K),
        place_(place) {
    out_.phase = phase.name;
    out_.family = phase.family;
    out_.temperature_K = temperature_K;
    out_.sites = cell_.model.n_sites();
    out_.formula_units = cell_.formula_units;
    out_.repeats = cell_.model.repeats();
    out_.up = {phase.name, analysis::Sweep::up, temperature_K, {}, {}};
    out_.down = {phase.name, analysis::Sweep::down, temperature_K, {}, {}};
    const auto full = model::uniform_occupation(cell_.model, material.mobile);
    capped_ = cell_.max_mobile < model::count(cell_.model, full, material.mobile);
    filled_x_ = static_cast<double>(cell_.max_mobile) / cell_.formula_units;
  }

  /// The lowest chemical potential this phase needs.
  double first_mu_eV() const {
    const auto first = insertion_energies_eV(sampled_, false);
    return *std::min_element(first.begin(), first.end()) - dilute_kT * kT_;
  }

  /// First half: up from mu_eV (at or below first_mu_eV()) until the host is filled.
  double sweep_up(double mu_eV);

  /// Second half: on to the last chemical potential of all phases, and back.
  PhaseSweeps finish(double mu_last_eV, Progress& progress) {
    while (out_.up.points.back().mu_eV < mu_last_eV - 1e-9)
      add(out_.up, out_.up.points.back().mu_eV + config_.step_kT * kT_);
    progress.advance(1, label());
    start_filled();
    const std::vector<MuPoint> visited = out_.up.points;
    for (auto point = visited.rbegin(); point != visited.rend(); ++point)
      add(out_.down, point->mu_eV);
    refine_jumps(out_.up);
    refine_jumps(out_.down);
    progress.advance(1, label());
    out_.up.reference = end_reference(out_.up, false);
    out_.down.reference = capped_ ? limit_reference() : end_reference(out_.down, true);
    reference_inner_states();
    progress.advance(1, label());
    return std::move(out_);
  }

 private:
  std::string label() const { return fmt::format("{} at {:g} K", out_.phase, out_.temperature_K); }

  void add(Branch& branch, double mu_eV) {
    const StatePoint p =
        sample_semi_grand(sampled_, out_.temperature_K, mu_eV, config_.sampling, occ_,
                          Random(config_.seed, Purpose::mc_step, place_, cycle_++));
    out_.equilibrated = out_.equilibrated && p.equilibrated;
    branch.points.push_back(mu_point(p));
    snapshots_.push_back({mu_eV, p.x.value, occ_});
  }

  bool finished(double mu_eV, int at_limit) const {
    if (capped_) return at_limit >= points_at_limit;
    const auto last = insertion_energies_eV(sampled_, true);
    return mu_eV > *std::max_element(last.begin(), last.end()) + dilute_kT * kT_ && at_limit > 0;
  }

  /// Follows the state before each jump in finer steps, so that branches reach to where they end.
  void refine_jumps(Branch& branch) {
    std::vector<MuPoint> coarse;
    coarse.swap(branch.points);
    for (std::size_t k = 0; k < coarse.size(); ++k) {
      branch.points.push_back(coarse[k]);
      if (k + 1 == coarse.size() || !is_jump(coarse[k], coarse[k + 1], {})) continue;
      occ_ = snapshot(coarse[k]).occupation;
      for (int j = 1; j < refined_steps; ++j) {
        const MuPoint before = branch.points.back();
        add(branch, coarse[k].mu_eV + (coarse[k + 1].mu_eV - coarse[k].mu_eV) * j / refined_steps);
        if (is_jump(before, branch.points.back(), {})) break;
      }
    }
  }

  const Snapshot& snapshot(const MuPoint& point) const {
    for (const Snapshot& s : snapshots_)
      if (s.mu_eV == point.mu_eV && s.x == point.x) return s;
    throw Error("sweep: no configuration was kept for a point");
  }

  /// The state that the down sweep starts from; at a redox limit also its free energy.
  void start_filled() {
    if (!capped_) {
      occ_ = model::uniform_occupation(cell_.model, sampled_.mobile);
      return;
    }
    limit_free_energy_ = canonical_free_energy_eV(
        sampled_, cell_.max_mobile, out_.temperature_K, config_.sampling, config_.free_energy_steps,
        Random(config_.seed, Purpose::anneal, place_), occ_);
  }

  /// States between two jumps have no end of the host to be integrated from: each is quenched and
  /// heated on its own, once.
  void reference_inner_states() {
    HeatingConfig how;
    how.sampling = config_.sampling;
    how.step_eV = config_.step_kT * kT_;
    for (const Branch* branch : {&out_.up, &out_.down})
      for (const Curve& piece : pieces(*branch, {}))
        if (!piece.referenced && !has_reference(piece)) heat(piece, how);
  }

  /// True if the middle of this piece lies on a heated branch already.
  bool has_reference(const Curve& piece) const {
    const Knot& middle = piece.knots[piece.knots.size() / 2];
    for (const Branch& branch : out_.heated)
      for (const MuPoint& p : branch.points)
        if (std::abs(p.mu_eV - middle.mu_eV) < config_.step_kT * kT_ &&
            std::abs(p.x - middle.x) < inner_state_x)
          return true;
    return false;
  }

  void heat(const Curve& piece, const HeatingConfig& how) {
    const Knot& middle = piece.knots[piece.knots.size() / 2];
    MuPoint point;
    point.mu_eV = middle.mu_eV;
    point.x = middle.x;
    for (Branch& branch :
         heated_branches(sampled_, out_.temperature_K, out_.phase, snapshot(point),
                         piece.mu_min() - how.step_eV, piece.mu_max() + how.step_eV, how,
                         Random(config_.seed, Purpose::anneal, place_, ++heated_states_)))
      out_.heated.push_back(std::move(branch));
  }

  Reference end_reference(const Branch& branch, bool filled) const {
    const double per_fu = static_cast<double>(cell_.model.n_cells()) / cell_.formula_units;
    std::vector<SiteClass> sites;
    for (const double e : insertion_energies_eV(sampled_, filled)) sites.push_back({per_fu, e});
    const auto occ =
        model::uniform_occupation(cell_.model, filled ? sampled_.mobile : crystal::vacancy);
    const double energy_eV = cell_.model.energy_eV(occ) / cell_.formula_units;
    const MuPoint& first = branch.points.front();
    const EndState end =
        filled ? filled_end(energy_eV, filled_x_, sites, first.mu_eV, out_.temperature_K)
               : dilute_end(energy_eV, sites, first.mu_eV, out_.temperature_K);
    return reference(end, first, out_.temperature_K);
  }

  Reference limit_reference() const {
    const MuPoint& first = out_.down.points.front();
    const EndState end{limit_free_energy_.value - first.mu_eV * filled_x_, filled_x_};
    Reference r = reference(end, first, out_.temperature_K);
    r.error_eV = std::hypot(r.error_eV, limit_free_energy_.error);
    return r;
  }

  model::PhaseCell cell_;
  Sampled sampled_;
  const SweepConfig& config_;
  double kT_;
  std::uint64_t place_, cycle_ = 0;
  bool capped_ = false;
  double filled_x_ = 1.0;
  observe::Estimate limit_free_energy_;
  std::vector<Snapshot> snapshots_;  ///< one per point of both sweeps
  std::uint64_t heated_states_ = 0;
  std::vector<model::Species> occ_;
  PhaseSweeps out_;
};

double SweepRunner::sweep_up(double mu_eV) {
  occ_ = model::uniform_occupation(cell_.model, crystal::vacancy);
  int at_limit = 0;
  while (!finished(mu_eV, at_limit)) {
    add(out_.up, mu_eV);
    at_limit = out_.up.points.back().x > filled_x_ - limit_margin ? at_limit + 1 : 0;
    mu_eV += config_.step_kT * kT_;
    if (std::ssize(out_.up.points) > most_points)
      throw InputError(
          fmt::format("phase '{}': x = {:.4f} after {} chemical potentials up to {:.3f} "
                      "eV, expected the host to fill",
                      out_.phase, out_.up.points.back().x, most_points, mu_eV));
  }
  return out_.up.points.back().mu_eV;
}

}  // namespace

void check(const SweepConfig& c, InputReport& report) {
  for (const double T : c.temperature_K)
    report.require(T > 0.0 && T <= 10000.0, "temperature_K", T,
                   "must be above 0 and at most 10000 K");
  report.require(!c.temperature_K.empty(), "temperature_K", "[]", "needs at least one temperature");
  report.require(c.step_kT > 0.0 && c.step_kT <= 5.0, "mu.step_kT", c.step_kT,
                 "must be above 0 and at most 5");
  report.require(c.min_sites >= 8 && c.min_sites <= 100'000'000, "supercell.min_sites", c.min_sites,
                 "must be 8 to 100000000");
  report.require(c.free_energy_steps >= 4 && c.free_energy_steps % 2 == 0, "free_energy_steps",
                 c.free_energy_steps, "must be even and at least 4");
  check(c.sampling, report);
}

std::vector<PhaseSweeps> run_sweeps(const model::Material& material, const SweepConfig& config,
                                    Journal* journal) {
  const std::size_t n_T = config.temperature_K.size(), n = material.phases.size() * n_T;
  Progress progress("sweeps of " + material.name, 4 * static_cast<std::int64_t>(n));
  std::vector<std::unique_ptr<SweepRunner>> runners;
  for (std::size_t task = 0; task < n; ++task)
    runners.push_back(std::make_unique<SweepRunner>(material, material.phases[task / n_T],
                                                    config.temperature_K[task % n_T], config, task,
                                                    journal));
  // all phases share one range of mu at each temperature, so that they can be compared throughout
  std::vector<double> first(n_T, std::numeric_limits<double>::infinity()), last(n);
  for (std::size_t task = 0; task < n; ++task)
    first[task % n_T] = std::min(first[task % n_T], runners[task]->first_mu_eV());
  parallel::for_each(std::ssize(runners), [&](std::ptrdiff_t i, int) {
    const auto task = static_cast<std::size_t>(i);
    last[task] = runners[task]->sweep_up(first[task % n_T]);
    progress.advance();
  });
  std::vector<double> highest(n_T, -std::numeric_limits<double>::infinity());
  for (std::size_t task = 0; task < n; ++task)
    highest[task % n_T] = std::max(highest[task % n_T], last[task]);
  std::vector<PhaseSweeps> all(n);
  parallel::for_each(std::ssize(runners), [&](std::ptrdiff_t i, int) {
    const auto task = static_cast<std::size_t>(i);
    all[task] = runners[task]->finish(highest[task % n_T], progress);
  });
  return all;
}

std::vector<Branch> branches_at(const std::vector<PhaseSweeps>& sweeps, double temperature_K) {
  std::vector<Branch> branches;
  for (const PhaseSweeps& s : sweeps) {
    if (s.temperature_K != temperature_K) continue;
    branches.push_back(s.up);
    branches.push_back(s.down);
    branches.insert(branches.end(), s.heated.begin(), s.heated.end());
  }
  return branches;
}

}  // namespace lithiate::analysis
