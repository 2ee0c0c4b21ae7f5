#include "analysis/equilibrium.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace lithiate::analysis {
namespace {

CurvePoint point(const Knot& k, const std::string& phase, double reference_V, bool sampled) {
  return {k.mu_eV,        k.x,      reference_V - k.mu_eV, k.x_error, 0.0, k.dx_dmu,
          k.dx_dmu_error, k.phi_eV, k.phi_error_eV,        phase,     -1,  sampled,
          false};
}

/// Turns the pieces of the envelope into the curve with its plateaus and gaps.
class CurveBuilder {
 public:
  CurveBuilder(const std::vector<Curve>& curves, const EquilibriumConfig& config, Equilibrium& out)
      : curves_(curves), config_(config), out_(out) {}

  void run() {
    const std::vector<EnvelopePiece> pieces = lower_envelope(curves_);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (i > 0) join(pieces[i - 1], pieces[i]);
      add(pieces[i]);
    }
  }

 private:
  void add(const EnvelopePiece& p) {
    const Curve& c = curves_[p.index];
    if (!plateau_open_) put(c, p.mu_min, true);
    plateau_open_ = false;
    for (std::size_t i = 0; i + 1 < c.knots.size(); ++i)
      for (int part = 0; part < config_.subdivide; ++part) {
        const double t = static_cast<double>(part) / config_.subdivide;
        const double mu = c.knots[i].mu_eV + t * (c.knots[i + 1].mu_eV - c.knots[i].mu_eV);
        if (mu > p.mu_min && mu < p.mu_max) put(c, mu, part == 0);
      }
    put(c, p.mu_max, true);
    const Knot low = c.at(p.mu_min), high = c.at(p.mu_max);
    if (joined_ && !out_.stretches.empty())
      out_.stretches.back().mu_max_eV = high.mu_eV, out_.stretches.back().x_max = high.x;
    else
      out_.stretches.push_back({c.phase, low.mu_eV, high.mu_eV, low.x, high.x});
    joined_ = false;
  }

  void put(const Curve& c, double mu, bool sampled) {
    // two pieces of one state meet here
    if (joined_ && !out_.curve.empty() && out_.curve.back().mu_eV == mu) return;
    out_.curve.push_back(point(c.at(mu), c.phase, config_.reference_voltage_V, sampled));
    out_.curve.back().after_gap = std::exchange(gap_open_, false);
  }

  void join(const EnvelopePiece& a, const EnvelopePiece& b) {
    const Curve &left = curves_[a.index], &right = curves_[b.index];
    const Knot l = left.at(a.mu_max), r = right.at(b.mu_min);
    if (a.mu_max == b.mu_min && left.phase == right.phase && agree(l, r, config_.agreement)) {
      joined_ = true;
      return;
    }
    if (a.crossing_above)
      add_plateau(l, r, left.phase, right.phase);
    else
      out_.gaps.push_back({l.mu_eV, r.mu_eV, l.x, r.x, gap_reason(a, b)});
    gap_open_ = !a.crossing_above;
  }

  std::string gap_reason(const EnvelopePiece& a, const EnvelopePiece& b) const {
    const Curve &left = curves_[a.index], &right = curves_[b.index];
    if (a.mu_max < b.mu_min)
      return fmt::format("no sweep with a known reference between mu = {:.4f} and {:.4f} eV",
                         a.mu_max, b.mu_min);
    return fmt::format(
        "at mu = {:.4f} eV the data of '{}' at x = {:.4f} end or those of '{}' at x = "
        "{:.4f} begin before the two are seen to cross",
        a.mu_max, left.phase, left.at(a.mu_max).x, right.phase, right.at(b.mu_min).x);
  }

  void add_plateau(const Knot& l, const Knot& r, const std::string& left,
                   const std::string& right) {
    const double width = r.x - l.x;
    const double error = width > 0.0 ? std::hypot(l.phi_error_eV, r.phi_error_eV) / width : 0.0;
    const auto x_error = [&](const Knot& k) { return std::hypot(k.x_error, k.dx_dmu * error); };
    const double V = config_.reference_voltage_V - l.mu_eV;
    const int index = static_cast<int>(out_.plateaus.size());
    out_.plateaus.push_back({l.mu_eV, error, V, l.x, x_error(l), r.x, x_error(r), left, right});
    CurvePoint start = point(l, left, config_.reference_voltage_V, true);
    CurvePoint end = point(r, right, config_.reference_voltage_V, true);
    start.V_error = end.V_error = error;
    start.x_error = x_error(l), end.x_error = x_error(r);
    start.plateau = end.plateau = index;
    out_.curve.back() = start;
    out_.curve.push_back(end);
    plateau_open_ = true;
  }

  const std::vector<Curve>& curves_;
  const EquilibriumConfig& config_;
  Equilibrium& out_;
  bool joined_ = false, plateau_open_ = false, gap_open_ = false;
};

std::vector<std::string> phases_of(const std::vector<Branch>& branches) {
  std::vector<std::string> names;
  for (const Branch& b : branches)
    if (std::find(names.begin(), names.end(), b.phase) == names.end()) names.push_back(b.phase);
  return names;
}

void require_one_temperature(const std::vector<Branch>& branches) {
  if (branches.empty()) throw InputError("equilibrium: no branches, at least one is needed");
  for (const Branch& b : branches)
    if (b.temperature_K != branches[0].temperature_K)
      throw InputError(fmt::format("equilibrium: branch {} of '{}' is at {} K, expected {} K",
                                   name(b.sweep), b.phase, b.temperature_K,
                                   branches[0].temperature_K));
}

Excluded excluded(const Curve& c) {
  return {
      c.phase,
      c.sweep,
      c.mu_min(),
      c.mu_max(),
      c.knots.front().x,
      c.knots.back().x,
      "lies behind a first-order jump and no sweep with a known reference shows the same state"};
}

}  // namespace

Equilibrium equilibrium(const std::vector<Branch>& branches, const EquilibriumConfig& config) {
  require_one_temperature(branches);
  Equilibrium out;
  out.temperature_K = branches[0].temperature_K;
  out.reference_voltage_V = config.reference_voltage_V;
  std::vector<Curve> all;
  for (const Branch& b : branches)
    for (Curve& c : pieces(b, config.jump)) all.push_back(std::move(c));
  for (const std::string& phase : phases_of(branches))
    out.closures.push_back(loop_closure(phase, all, config.agreement));
  pass_on_references(all, config.agreement);
  for (const Curve& c : all)
    if (!c.referenced) out.excluded.push_back(excluded(c));
  const std::vector<Curve> states = merged(all, config.agreement);
  if (states.empty()) throw InputError("equilibrium: no branch has a reference value of phi");
  CurveBuilder(states, config, out).run();
  return out;
}

const Plateau* Equilibrium::plateau_at(double x) const {
  const auto inside = [&](const Plateau& p) { return x > p.x_left && x < p.x_right; };
  const auto p = std::find_if(plateaus.begin(), plateaus.end(), inside);
  return p == plateaus.end() ? nullptr : &*p;
}

std::optional<double> Equilibrium::voltage_at(double x) const {
  for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
    const CurvePoint &a = curve[i], &b = curve[i + 1];
    if (b.after_gap || x < std::min(a.x, b.x) || x > std::max(a.x, b.x)) continue;
    const double t = b.x == a.x ? 0.5 : (x - a.x) / (b.x - a.x);
    return a.V + t * (b.V - a.V);
  }
  return {};
}

}  // namespace lithiate::analysis
