#include "expansion/hull.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"

namespace lithiate::expansion {
namespace {

double between(const HullPoint& a, const HullPoint& b, double x) {
  return a.energy + (b.energy - a.energy) * (x - a.x) / (b.x - a.x);
}

}  // namespace

LowerHull::LowerHull(std::vector<HullPoint> points) : points_(std::move(points)) {
  if (points_.empty()) throw InputError("hull: no points");
  for (const HullPoint& p : points_)
    if (!std::isfinite(p.x) || !std::isfinite(p.energy))
      throw InputError(fmt::format("hull: point ({}, {}) is not finite", p.x, p.energy));
  const auto at = [this](int i) -> const HullPoint& {
    return points_[static_cast<std::size_t>(i)];
  };
  std::vector<int> order(points_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return at(a).x < at(b).x; });
  for (const int i : order) {
    if (!vertices_.empty() && at(i).x - at(vertices_.back()).x <= same_composition) {
      if (at(i).energy >= at(vertices_.back()).energy) continue;
      vertices_.pop_back();
    }
    // A vertex must lie below the chord of its neighbours by more than rounding.
    while (vertices_.size() >= 2) {
      const HullPoint &a = at(vertices_[vertices_.size() - 2]), &b = at(vertices_.back());
      if (b.energy < between(a, at(i), b.x) - on_hull_tolerance) break;
      vertices_.pop_back();
    }
    vertices_.push_back(i);
  }
}

double LowerHull::energy(double x) const {
  const auto at = [this](int i) -> const HullPoint& {
    return points_[static_cast<std::size_t>(i)];
  };
  const HullPoint &first = at(vertices_.front()), &last = at(vertices_.back());
  if (!(x >= first.x - same_composition && x <= last.x + same_composition))
    throw InputError(
        fmt::format("hull: x = {} is outside the points, {} to {}", x, first.x, last.x));
  if (vertices_.size() == 1) return first.energy;
  std::size_t k = 1;
  while (k + 1 < vertices_.size() && x > at(vertices_[k]).x) ++k;
  return between(at(vertices_[k - 1]), at(vertices_[k]), x);
}

double LowerHull::distance_above(int i) const {
  const HullPoint& p = points_[static_cast<std::size_t>(i)];
  const double distance = p.energy - energy(p.x);
  return distance > on_hull_tolerance ? distance : 0.0;
}

}  // namespace lithiate::expansion
