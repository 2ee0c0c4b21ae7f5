#pragma once
#include <vector>

namespace lithiate::expansion {

struct HullPoint {
  double x = 0.0;       ///< composition
  double energy = 0.0;  ///< any unit; the same for all points
};

/// Points nearer to the hull than this (in the energy's unit) are on it: rounding of x, not
/// physics.
inline constexpr double on_hull_tolerance = 1e-10;
/// Compositions nearer than this are the same.
inline constexpr double same_composition = 1e-9;

/// Lower convex hull of energy against composition (monotone chain: Andrew, Inf. Process. Lett. 9,
/// 216 (1979)). Any number of threads may read.
class LowerHull {
 public:
  /// Throws InputError if there are no points or a number is not finite.
  explicit LowerHull(std::vector<HullPoint> points);

  /// Extreme points in ascending x, as positions in the input; points on a straight edge are left
  /// out, and of equal points the first is taken.
  const std::vector<int>& vertices() const noexcept { return vertices_; }
  /// Energy of the hull. Throws InputError outside the points' range of x.
  double energy(double x) const;
  /// Of input point i; 0 within on_hull_tolerance, never negative.
  double distance_above(int i) const;
  bool on_hull(int i) const { return distance_above(i) == 0.0; }

 private:
  std::vector<HullPoint> points_;
  std::vector<int> vertices_;
};

}  // namespace lithiate::expansion
