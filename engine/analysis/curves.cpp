#include "analysis/curves.hpp"

#include <algorithm>
#include <cmath>

namespace lithiate::analysis {
namespace {

/// Exact data has error 0; this floor (far below any sampling error) keeps weights finite.
constexpr double smallest_error = 1e-12;

/// The middle of the longest run of knots of `target` at which `source` shows the same state.
std::optional<std::size_t> anchor_knot(const Curve& target, const Curve& source,
                                       const AgreementRule& rule) {
  std::size_t best_length = 0, best_end = 0, length = 0, overlap = 0;
  for (std::size_t i = 0; i < target.knots.size(); ++i) {
    const Knot& k = target.knots[i];
    const bool inside = source.covers(k.mu_eV);
    overlap += inside;
    length = inside && agree(k, source.at(k.mu_eV), rule) ? length + 1 : 0;
    if (length > best_length) best_length = length, best_end = i;
  }
  const std::size_t needed = std::min<std::size_t>(static_cast<std::size_t>(rule.run), overlap);
  if (best_length == 0 || best_length < needed) return std::nullopt;
  return best_end - best_length / 2;
}

bool take_reference(Curve& target, const std::vector<Curve>& all, const AgreementRule& rule) {
  for (const Curve& source : all) {
    if (!source.referenced || source.phase != target.phase) continue;
    const auto i = anchor_knot(target, source, rule);
    if (!i) continue;
    const Knot known = source.at(target.knots[*i].mu_eV);
    integrate(target, *i, {known.phi_eV, known.phi_error_eV});
    target.anchored = true;
    return true;
  }
  return false;
}

bool agree_wherever_both_exist(const Curve& a, const Curve& b, const AgreementRule& rule) {
  std::size_t compared = 0;
  const auto compare = [&](const Curve& p, const Curve& q) {
    for (const Knot& k : p.knots) {
      if (!q.covers(k.mu_eV)) continue;
      ++compared;
      if (!agree(k, q.at(k.mu_eV), rule)) return false;
    }
    return true;
  };
  return compare(a, b) && compare(b, a) && compared > 0;
}

std::vector<double> all_mu(const std::vector<const Curve*>& curves) {
  std::vector<double> mu;
  for (const Curve* c : curves)
    for (const Knot& k : c->knots) mu.push_back(k.mu_eV);
  std::sort(mu.begin(), mu.end());
  // two sweeps print the same mu with different rounding
  const auto same = [](double a, double b) { return b - a < 1e-9; };
  mu.erase(std::unique(mu.begin(), mu.end(), same), mu.end());
  return mu;
}

struct Mean {
  double weights = 0.0, sum = 0.0, squares = 0.0;
  int n = 0;
  void add(double value, double error) {
    const double w = 1.0 / std::pow(std::max(error, smallest_error), 2);
    weights += w, sum += w * value, squares += w * value * value, ++n;
  }
  double value() const { return sum / weights; }
  double error() const {
    const double plain = 1.0 / std::sqrt(weights);
    return plain > 1.01 * smallest_error ? plain : 0.0;
  }
  /// Error scaled by sqrt(chi^2 / (n - 1)) where that is above 1.
  double scaled_error() const {
    if (n < 2) return error();
    const double chi2 = std::max(0.0, squares - sum * sum / weights) / (n - 1);
    return error() * std::sqrt(std::max(1.0, chi2));
  }
};

Knot averaged(const std::vector<const Curve*>& members, double mu_eV) {
  Mean x, slope, phi;
  const bool own = std::any_of(members.begin(), members.end(),
                               [&](const Curve* c) { return c->covers(mu_eV) && !c->anchored; });
  for (const Curve* c : members) {
    if (!c->covers(mu_eV)) continue;
    const Knot k = c->at(mu_eV);
    x.add(k.x, k.x_error);
    slope.add(k.dx_dmu, k.dx_dmu_error);
    if (!own || !c->anchored) phi.add(k.phi_eV, k.phi_error_eV);
  }
  return {mu_eV,         x.value(),   x.error(),         slope.value(),
          slope.error(), phi.value(), phi.scaled_error()};
}

Curve average(const std::vector<const Curve*>& members) {
  if (members.size() == 1) return *members[0];
  Curve out{members[0]->phase, members[0]->sweep, {}, true, members[0]->anchored};
  for (const double mu : all_mu(members))
    if (std::any_of(members.begin(), members.end(), [&](auto* c) { return c->covers(mu); }))
      out.knots.push_back(averaged(members, mu));
  return out;
}

}  // namespace

bool agree(const Knot& a, const Knot& b, const AgreementRule& rule) {
  const double slack =
      rule.x + 4.0 * std::hypot(a.x_error, b.x_error) + rule.mu_eV * std::min(a.dx_dmu, b.dx_dmu);
  return std::abs(a.x - b.x) <= slack;
}

void pass_on_references(std::vector<Curve>& curves, const AgreementRule& rule) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Curve& c : curves)
      if (!c.referenced && take_reference(c, curves, rule)) changed = true;
  }
}

LoopClosure loop_closure(const std::string& phase, const std::vector<Curve>& curves,
                         const AgreementRule& rule) {
  LoopClosure out{phase, {}, {}, {}, {}};
  const auto own = [&](const Curve& c, Sweep s) {
    return c.phase == phase && c.sweep == s && c.referenced && !c.anchored;
  };
  for (const Curve& up : curves)
    for (const Curve& down : curves) {
      if (!own(up, Sweep::up) || !own(down, Sweep::down)) continue;
      for (const Knot& k : up.knots) {
        if (!down.covers(k.mu_eV)) continue;
        const Knot d = down.at(k.mu_eV);
        if (!agree(k, d, rule)) continue;
        const double difference = k.phi_eV - d.phi_eV;
        if (!out.largest_eV || std::abs(difference) > *out.largest_eV) {
          out.largest_eV = std::abs(difference);
          out.error_eV = std::hypot(k.phi_error_eV, d.phi_error_eV);
        }
        if (k.mu_eV == up.mu_max()) out.at_filled_end_eV = difference;
      }
    }
  if (!out.largest_eV)
    out.reason =
        "no pair of up and down sweeps with references of their own shows the same state "
        "at the same mu without a jump in between";
  return out;
}

std::vector<Curve> merged(std::vector<Curve> curves, const AgreementRule& rule) {
  std::vector<std::vector<const Curve*>> groups;
  for (const Curve& c : curves) {
    if (!c.referenced) continue;
    const auto fits = [&](const std::vector<const Curve*>& group) {
      return std::any_of(group.begin(), group.end(),
                         [&](auto* m) {
                           return m->phase == c.phase && agree_wherever_both_exist(*m, c, rule);
                         }) &&
             std::none_of(group.begin(), group.end(), [&](auto* m) {
               const bool overlap = m->mu_min() <= c.mu_max() && c.mu_min() <= m->mu_max();
               return overlap && !agree_wherever_both_exist(*m, c, rule);
             });
    };
    const auto group = std::find_if(groups.begin(), groups.end(), fits);
    if (group == groups.end())
      groups.push_back({&c});
    else
      group->push_back(&c);
  }
  std::vector<Curve> out;
  for (const auto& group : groups) out.push_back(average(group));
  return out;
}

}  // namespace lithiate::analysis
