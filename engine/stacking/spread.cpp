#include "stacking/spread.hpp"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <vector>

namespace lithiate::stacking {
namespace {

using crystal::Vector3d;

/// Atoms by boxes of the cell that are at least least_A wide.
class Boxes {
 public:
  Boxes(const crystal::Atoms& atoms, double least_A) {
    const auto& c = atoms.lattice.columns();
    const double volume = c.determinant();
    constexpr double most = 1000.0;
    for (int k = 0; k < 3; ++k) {
      const double width_A = volume / c.col((k + 1) % 3).cross(c.col((k + 2) % 3)).norm();
      number_[static_cast<std::size_t>(k)] =
          static_cast<long>(std::clamp(std::floor(width_A / least_A), 1.0, most));
    }
    for (std::size_t i = 0; i < atoms.size(); ++i)
      content_[address(box(atoms.fractional[i]), {0, 0, 0})].push_back(i);
  }

  /// visit(j) for atoms of the box of `place` and those beside it; some more than once if the cell
  /// is one or two boxes wide.
  template <class Visit>
  void near(const Vector3d& place, Visit visit) const {
    const auto home = box(place);
    for (long i = -1; i <= 1; ++i)
      for (long j = -1; j <= 1; ++j)
        for (long k = -1; k <= 1; ++k)
          if (const auto found = content_.find(address(home, {i, j, k})); found != content_.end())
            for (const std::size_t other : found->second) visit(other);
  }

 private:
  using Box = std::array<long, 3>;
  Box box(const Vector3d& f) const {
    Box b{};
    for (std::size_t k = 0; k < 3; ++k) {
      const double x = f[static_cast<int>(k)];
      b[k] = static_cast<long>((x - std::floor(x)) * static_cast<double>(number_[k]));
    }
    return b;
  }
  long address(const Box& b, const Box& by) const {
    long at = 0;
    for (std::size_t k = 0; k < 3; ++k)
      at = at * number_[k] + (b[k] + by[k] + number_[k]) % number_[k];
    return at;
  }

  Box number_{};
  std::unordered_map<long, std::vector<std::size_t>> content_;
};

/// A direction for atoms at one place.
Vector3d some_direction(std::size_t i) {
  const auto angle = static_cast<double>(i);
  return Vector3d(std::cos(angle), std::sin(angle), 0.5).normalized();
}

/// One round; false if no pair was too near.
bool push_apart(crystal::Atoms& atoms, double least_A) {
  const Boxes boxes(atoms, least_A);
  bool moved = false;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Vector3d place = atoms.fractional[i];
    boxes.near(place, [&](std::size_t j) {
      if (j >= i) return;
      Vector3d off = atoms.fractional[i] - atoms.fractional[j];
      for (int k = 0; k < 3; ++k) off[k] -= std::round(off[k]);
      const Vector3d apart_A = atoms.lattice.cartesian(off);
      const double distance_A = apart_A.norm();
      if (distance_A >= least_A) return;
      constexpr double one_place_A = 1e-6, beyond = 1.05;  // so that rounds come to an end
      const Vector3d direction =
          distance_A > one_place_A ? Vector3d(apart_A / distance_A) : some_direction(i);
      const Vector3d half =
          atoms.lattice.fractional(0.5 * (beyond * least_A - distance_A) * direction);
      atoms.fractional[i] += half;
      atoms.fractional[j] -= half;
      moved = true;
    });
  }
  return moved;
}

}  // namespace

void spread(crystal::Atoms& atoms, double least_A) {
  constexpr int rounds = 200;
  for (int k = 0; k < rounds; ++k)
    if (!push_apart(atoms, least_A)) return;
}

}  // namespace lithiate::stacking
