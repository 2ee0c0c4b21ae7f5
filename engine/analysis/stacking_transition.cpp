#include "analysis/stacking_transition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.hpp"

namespace lithiate::analysis {
namespace {

double offset_of(const Offsets& offsets, const std::string& name) {
  const auto at = offsets.find(name);
  return at == offsets.end() ? 0.0 : at->second;
}

std::string family_named(const Families& family_of, const std::string& phase) {
  const auto at = family_of.find(phase);
  return at == family_of.end() ? phase : at->second;
}

/// The two points of the curve that are the ends of plateau `index`.
std::pair<const CurvePoint*, const CurvePoint*> ends_of(const Equilibrium& eq, int index) {
  std::pair<const CurvePoint*, const CurvePoint*> ends{nullptr, nullptr};
  for (const CurvePoint& p : eq.curve)
    if (p.plateau == index) (ends.first == nullptr ? ends.first : ends.second) = &p;
  return ends;
}

FamilyChange change_at(const Equilibrium& eq, int index, const Families& family_of) {
  const Plateau& p = eq.plateaus[static_cast<std::size_t>(index)];
  FamilyChange c;
  c.from = family_named(family_of, p.phase_left), c.to = family_named(family_of, p.phase_right);
  c.state_from = p.phase_left, c.state_to = p.phase_right;
  c.x_begin = p.x_left, c.x_begin_error = p.x_left_error;
  c.x_end = p.x_right, c.x_end_error = p.x_right_error;
  c.V = p.V, c.V_error = p.mu_error_eV;
  const auto [low, high] = ends_of(eq, index);
  if (low != nullptr && high != nullptr) {
    c.dx_dmu_begin = low->dx_dmu, c.dx_dmu_begin_error = low->dx_dmu_error;
    c.dx_dmu_end = high->dx_dmu, c.dx_dmu_end_error = high->dx_dmu_error;
  }
  return c;
}

template <class Names>
std::string joined(const Names& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Families by rising x, neighbours that are equal once.
void append(std::vector<std::string>& order, const std::string& family) {
  if (order.empty() || order.back() != family) order.push_back(family);
}

std::string order_reason(const std::vector<std::string>& order, double x_min, double x_max,
                         const std::string& from, const std::string& to) {
  if (order.size() == 1)
    return fmt::format("family '{}' is stable from x = {:.3f} to {:.3f}", order[0], x_min, x_max);
  return fmt::format("no change from '{}' to '{}': the stable families are {} by rising x", from,
                     to, joined(order));
}

/// Why a family takes no part, if it does not.
std::string absent(const std::set<std::string>& present, const std::string& from,
                   const std::string& to, const std::string& what) {
  for (const std::string& family : {from, to})
    if (!present.contains(family))
      return fmt::format("no {} of family '{}'; there are {}", what, family, joined(present));
  return {};
}

/// The gap of the equilibrium at which one family ends and the other begins, if there is one.
const Gap* gap_between(const Equilibrium& eq, const Families& family_of, const std::string& from,
                       const std::string& to) {
  for (std::size_t i = 0; i + 1 < eq.stretches.size(); ++i) {
    if (family_named(family_of, eq.stretches[i].phase) != from ||
        family_named(family_of, eq.stretches[i + 1].phase) != to)
      continue;
    for (const Gap& gap : eq.gaps)
      if (gap.x_left == eq.stretches[i].x_max) return &gap;
  }
  return nullptr;
}

const FamilyChange* first(const std::vector<FamilyChange>& all, const std::string& from,
                          const std::string& to) {
  const auto at = std::find_if(all.begin(), all.end(),
                               [&](const FamilyChange& c) { return c.from == from && c.to == to; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

std::vector<Branch> shifted(std::vector<Branch> branches, const Offsets& by_phase_eV) {
  for (Branch& b : branches) {
    const double dE = offset_of(by_phase_eV, b.phase);
    for (MuPoint& p : b.points) p.energy_eV_per_fu += dE;
    if (b.reference) b.reference->phi_eV += dE;
  }
  return branches;
}

std::vector<GroundState> shifted(const std::vector<GroundState>& structures,
                                 const Offsets& by_family_eV, double x_max) {
  constexpr double rounding = 1e-9;
  std::vector<GroundState> out;
  for (const GroundState& s : structures) {
    if (s.x > x_max + rounding) continue;
    out.push_back(s);
    out.back().energy_eV += offset_of(by_family_eV, s.family);
  }
  return out;
}

std::vector<FamilyChange> family_changes(const Equilibrium& eq, const Families& family_of) {
  std::vector<FamilyChange> all;
  for (int i = 0; i < static_cast<int>(eq.plateaus.size()); ++i) {
    FamilyChange c = change_at(eq, i, family_of);
    // at the ends of the sweeps the errors of x can turn a change of no width around
    if (c.from != c.to && c.width() > 0.0) all.push_back(std::move(c));
  }
  return all;
}

std::vector<FamilyChange> family_changes(const ZeroKelvin& zero) {
  std::vector<FamilyChange> all;
  for (const VoltageStep& s : zero.steps) {
    if (s.low.family == s.high.family) continue;
    FamilyChange c;
    c.from = s.low.family, c.to = s.high.family;
    c.state_from = s.low.name, c.state_to = s.high.name;
    c.x_begin = s.low.x, c.x_end = s.high.x;
    c.V = s.V, c.V_error = s.V_error;
    all.push_back(std::move(c));
  }
  return all;
}

ChangeFound find_change(const Equilibrium& eq, const Families& family_of, const std::string& from,
                        const std::string& to) {
  const auto all = family_changes(eq, family_of);
  if (const FamilyChange* found = first(all, from, to)) return {*found, {}};
  std::set<std::string> present;
  for (const LoopClosure& c : eq.closures) present.insert(family_named(family_of, c.phase));
  const std::string missing = absent(present, from, to, "phase with an expansion");
  if (!missing.empty()) return {{}, missing};
  if (const Gap* gap = gap_between(eq, family_of, from, to))
    return {{},
            fmt::format("not known between x = {:.3f} and {:.3f}: {}", gap->x_left, gap->x_right,
                        gap->reason)};
  std::vector<std::string> order;
  for (const Stretch& s : eq.stretches) append(order, family_named(family_of, s.phase));
  return {{}, order_reason(order, eq.curve.front().x, eq.curve.back().x, from, to)};
}

ChangeFound find_change(const ZeroKelvin& zero, const std::vector<GroundState>& structures,
                        const std::string& from, const std::string& to) {
  const auto all = family_changes(zero);
  if (const FamilyChange* found = first(all, from, to)) return {*found, {}};
  std::set<std::string> present;
  for (const GroundState& s : structures) present.insert(s.family);
  const std::string missing = absent(present, from, to, "computed structure");
  if (!missing.empty()) return {{}, missing};
  std::vector<std::string> order;
  for (const GroundState& s : zero.hull) append(order, s.family);
  return {{}, order_reason(order, zero.hull.front().x, zero.hull.back().x, from, to)};
}

}  // namespace lithiate::analysis
