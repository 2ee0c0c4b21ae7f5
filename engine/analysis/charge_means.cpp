#include "analysis/charge_means.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace lithiate::analysis {
namespace {

using observe::Estimate;
using stacking::KineticPoint;

/// Mean of number(replica) over replicas.
template <class Number>
Estimate replica_mean(const std::vector<ChargeReplica>& replicas, Number number) {
  std::vector<double> values;
  for (const ChargeReplica& replica : replicas) values.push_back(number(replica));
  return observe::mean_of_replicas(values);
}

ChargePoint mean_point(const std::vector<ChargeReplica>& replicas,
                       ChargePath ChargeReplica::*direction, std::size_t i) {
  const auto mean = [&](auto number) {
    return replica_mean(replicas,
                        [&](const ChargeReplica& r) { return number((r.*direction).points[i]); });
  };
  const auto per_family = [&](std::vector<double> stacking::StackObservation::*list) {
    std::vector<Estimate> all;
    for (std::size_t f = 0; f < ((replicas.front().*direction).points[i].seen.*list).size(); ++f)
      all.push_back(mean([&](const KineticPoint& p) { return (p.seen.*list)[f]; }));
    return all;
  };
  ChargePoint point;
  point.x = (replicas.front().*direction).points[i].seen.x;
  point.mu_eV = mean([](const KineticPoint& p) { return p.mu_eV; });
  point.energy_eV = mean([](const KineticPoint& p) { return p.seen.energy_eV; });
  point.time_s = mean([](const KineticPoint& p) { return p.time_s; });
  point.fraction = per_family(&stacking::StackObservation::fraction);
  point.domains_per_gap = per_family(&stacking::StackObservation::domains_per_gap);
  point.domain_patches = per_family(&stacking::StackObservation::domain_patches);
  point.x_of_emptiest_gap = mean([](const KineticPoint& p) {
    return *std::min_element(p.seen.x_of_gap.begin(), p.seen.x_of_gap.end());
  });
  point.x_of_fullest_gap = mean([](const KineticPoint& p) {
    return *std::max_element(p.seen.x_of_gap.begin(), p.seen.x_of_gap.end());
  });
  return point;
}

/// Part of the area at one x.
struct AreaAt {
  double x = 0.0, part = 0.0;
};

/// The last x at which the part rises (falls) through one half.
std::optional<double> last_crossing(const std::vector<AreaAt>& path, bool rises) {
  std::optional<double> x;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const double a = path[i].part - 0.5, b = path[i + 1].part - 0.5;
    const bool crosses = rises ? a < 0.0 && b >= 0.0 : a >= 0.0 && b < 0.0;
    if (crosses) x = path[i].x + a / (a - b) * (path[i + 1].x - path[i].x);
  }
  return x;
}

/// Area that has left the family of the empty stack, from the start of the direction on.
std::vector<AreaAt> left_family(const ChargeReplica& replica, bool insertion, std::size_t family) {
  std::vector<AreaAt> path;
  const auto add = [&](const KineticPoint& p) {
    path.push_back({p.seen.x, 1.0 - p.seen.fraction[family]});
  };
  if (insertion)
    path.emplace_back();
  else
    add(replica.insertion.points.back());
  for (const KineticPoint& p : (insertion ? replica.insertion : replica.removal).points) add(p);
  return path;
}

void set_transition(const std::vector<ChargeReplica>& replicas, bool insertion, std::size_t family,
                    const std::string& name, ChargeBranch& branch) {
  std::vector<double> x;
  std::string reason;
  for (const ChargeReplica& replica : replicas) {
    const auto path = left_family(replica, insertion, family);
    if (const auto at = last_crossing(path, insertion))
      x.push_back(*at);
    else if (insertion)
      reason = "half of the area never leaves " + name;
    else if (path.front().part < 0.5)
      reason = "half of the area is in " + name + " when removal begins";
    else
      reason = fmt::format("half of the area is not back in {} at x = {:.3g}", name, path.back().x);
  }
  if (reason.empty())
    branch.transition_x = observe::mean_of_replicas(x);
  else
    branch.no_transition = fmt::format("{}, in {} of {} replicas", reason,
                                       replicas.size() - x.size(), replicas.size());
}

void set_branch(const std::vector<ChargeReplica>& replicas, bool insertion, std::size_t family,
                const std::string& name, ChargeBranch& branch) {
  const auto direction = insertion ? &ChargeReplica::insertion : &ChargeReplica::removal;
  for (std::size_t i = 0; i < (replicas.front().*direction).points.size(); ++i)
    branch.points.push_back(mean_point(replicas, direction, i));
  branch.glides = replica_mean(
      replicas, [&](const ChargeReplica& r) { return static_cast<double>((r.*direction).glides); });
  branch.attempts = replica_mean(replicas, [&](const ChargeReplica& r) {
    return static_cast<double>((r.*direction).attempts);
  });
  set_transition(replicas, insertion, family, name, branch);
}

/// V(removal) - V(insertion) at point i of insertion: mu falls where the voltage rises.
double loop_width_V(const ChargeReplica& replica, std::size_t i) {
  const auto& back = replica.removal.points;
  return replica.insertion.points[i].mu_eV - back[back.size() - 1 - i].mu_eV;
}

}  // namespace

void set_means(const std::vector<ChargeReplica>& replicas, std::size_t empty_family,
               const std::string& family_name, ChargeLoop& loop) {
  set_branch(replicas, true, empty_family, family_name, loop.insertion);
  set_branch(replicas, false, empty_family, family_name, loop.removal);
  const std::size_t n = replicas.front().removal.points.size();
  loop.hysteresis_V = replica_mean(replicas, [&](const ChargeReplica& r) {
    double sum_V = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum_V += loop_width_V(r, i);
    return sum_V / static_cast<double>(n);
  });
  loop.widest_V.value = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < n; ++i) {
    const Estimate here =
        replica_mean(replicas, [&](const ChargeReplica& r) { return loop_width_V(r, i); });
    if (here.value <= loop.widest_V.value) continue;
    loop.widest_V = here;
    loop.widest_x = replicas.front().insertion.points[i].seen.x;
  }
}

}  // namespace lithiate::analysis
