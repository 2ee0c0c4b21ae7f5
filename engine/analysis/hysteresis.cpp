#include "analysis/hysteresis.hpp"

#include <algorithm>
#include <cmath>

namespace lithiate::analysis {
namespace {

constexpr int x_levels = 400;

std::vector<MuPoint> ascending(const Branch& b) {
  std::vector<MuPoint> p = b.points;
  std::sort(p.begin(), p.end(), [](auto& l, auto& r) { return l.mu_eV < r.mu_eV; });
  return p;
}

/// First mu at which x passes the level, straight lines between points.
double mu_at(const std::vector<MuPoint>& p, double x) {
  for (std::size_t i = 0; i + 1 < p.size(); ++i)
    if (p[i + 1].x >= x) {
      const double width = p[i + 1].x - p[i].x;
      const double t = width > 0.0 ? std::clamp((x - p[i].x) / width, 0.0, 1.0) : 0.5;
      return p[i].mu_eV + t * (p[i + 1].mu_eV - p[i].mu_eV);
    }
  return p.back().mu_eV;
}

double x_at(const std::vector<MuPoint>& p, double mu_eV) {
  const auto above = std::upper_bound(p.begin(), p.end(), mu_eV,
                                      [](double mu, const MuPoint& q) { return mu < q.mu_eV; });
  if (above == p.begin()) return p.front().x;
  if (above == p.end()) return p.back().x;
  const MuPoint &a = *(above - 1), &b = *above;
  return a.x + (b.x - a.x) * (mu_eV - a.mu_eV) / (b.mu_eV - a.mu_eV);
}

double loop_area(const std::vector<MuPoint>& up, const std::vector<MuPoint>& down) {
  const double low = std::max(up.front().mu_eV, down.front().mu_eV);
  const double high = std::min(up.back().mu_eV, down.back().mu_eV);
  std::vector<double> mu{low, high};
  for (const auto* p : {&up, &down})
    for (const MuPoint& q : *p)
      if (q.mu_eV > low && q.mu_eV < high) mu.push_back(q.mu_eV);
  std::sort(mu.begin(), mu.end());
  double area = 0.0;
  for (std::size_t i = 0; i + 1 < mu.size(); ++i)
    area += 0.5 * (mu[i + 1] - mu[i]) *
            (x_at(down, mu[i]) - x_at(up, mu[i]) + x_at(down, mu[i + 1]) - x_at(up, mu[i + 1]));
  return area;
}

}  // namespace

Hysteresis hysteresis(const Branch& up_branch, const Branch& down_branch) {
  Hysteresis out;
  const std::vector<MuPoint> up = ascending(up_branch), down = ascending(down_branch);
  const double low = std::max(up.front().x, down.front().x);
  const double high = std::min(up.back().x, down.back().x);
  if (!(low < high) || up.front().mu_eV >= down.back().mu_eV ||
      down.front().mu_eV >= up.back().mu_eV) {
    out.reason = "the up and down sweeps share no range of x and mu";
    return out;
  }
  out.widest_V = 0.0;
  for (int i = 1; i < x_levels; ++i) {
    const double x = low + (high - low) * i / x_levels;
    const double width = mu_at(up, x) - mu_at(down, x);
    if (width > *out.widest_V) out.widest_V = width, out.at_x = x;
  }
  out.loss_eV_per_fu = loop_area(up, down);
  for (const auto* p : {&up, &down})
    for (std::size_t i = 0; i + 1 < p->size(); ++i)
      out.resolution_V = std::max(out.resolution_V, (*p)[i + 1].mu_eV - (*p)[i].mu_eV);
  return out;
}

}  // namespace lithiate::analysis
