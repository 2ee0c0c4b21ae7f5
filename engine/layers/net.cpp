#include "layers/net.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace lithiate::layers {
namespace {

Vector3d flat(const Vector3d& x) { return {x[0], x[1], 0.0}; }

/// Lagrange-Gauss reduction.
std::pair<Vector3d, Vector3d> reduced(Vector3d a, Vector3d b) {
  if (a.norm() > b.norm()) std::swap(a, b);
  for (;;) {
    b -= std::round(a.dot(b) / a.squaredNorm()) * a;
    if (b.norm() >= a.norm() * (1.0 - 1e-9)) return {a, b};
    std::swap(a, b);
  }
}

}  // namespace

Net::Net(const Vector3d& u_A, const Vector3d& v_A) : u_A_(flat(u_A)), v_A_(flat(v_A)) {
  constexpr double least_sine = 1e-3;
  if (!(u_A_.cross(v_A_).norm() > least_sine * u_A_.norm() * v_A_.norm()))
    throw InputError(
        fmt::format("in-plane vectors ({:.4f}, {:.4f}) and ({:.4f}, {:.4f}) A are parallel", u_A[0],
                    u_A[1], v_A[0], v_A[1]));
  const auto [a, b] = reduced(u_A_, v_A_);
  short_ << a, b;
  inverse_ = short_.topRows<2>().inverse();
}

double Net::area_A2() const { return u_A_.cross(v_A_).norm(); }

std::vector<Vector3d> Net::all_shortest_A(const Vector3d& x_A, double slack_A) const {
  const Vector3d x = flat(x_A);
  const Eigen::Vector2d f = inverse_ * x.head<2>();
  const Vector3d home = x - short_ * Eigen::Vector2d(std::round(f[0]), std::round(f[1]));
  std::vector<Vector3d> all;
  for (int i = -1; i <= 1; ++i)
    for (int j = -1; j <= 1; ++j) all.push_back(home + short_ * Eigen::Vector2d(i, j));
  const auto shorter = [](const Vector3d& a, const Vector3d& b) { return a.norm() < b.norm(); };
  const double least_A = std::min_element(all.begin(), all.end(), shorter)->norm();
  std::erase_if(all, [&](const Vector3d& a) { return a.norm() > least_A + slack_A; });
  std::sort(all.begin(), all.end(),
            [&](const Vector3d& a, const Vector3d& b) { return angle(a) < angle(b); });
  return all;
}

Vector3i Net::coordinates(const Vector3d& x_A) const {
  Eigen::Matrix2d columns;
  columns << u_A_.head<2>(), v_A_.head<2>();
  const Eigen::Vector2d f = columns.inverse() * x_A.head<2>();
  return {static_cast<int>(std::lround(f[0])), static_cast<int>(std::lround(f[1])), 0};
}

double Net::angle(const Vector3d& x_A) const {
  if (x_A.head<2>().norm() < tie_A) return 0.0;
  const Vector3d from = u_A_ - v_A_;
  const double raw = std::atan2(from[0] * x_A[1] - from[1] * x_A[0], from.dot(flat(x_A)));
  constexpr double full = 2.0 * M_PI;
  const double slack = tie_A / x_A.head<2>().norm();
  return raw < -slack ? raw + full : std::max(raw, 0.0);
}

bool Net::triangular(double tolerance) const {
  const double a = short_.col(0).norm(), b = short_.col(1).norm();
  const double cosine = std::abs(short_.col(0).dot(short_.col(1))) / (a * b);
  return std::abs(b / a - 1.0) <= tolerance && std::abs(cosine - 0.5) <= tolerance;
}

Vector3d Net::hollow_A() const {
  const Vector3d a = short_.col(0), b = short_.col(1);
  return shortest_A((a.dot(b) < 0.0 ? Vector3d(a + 2 * b) : Vector3d(a + b)) / 3);
}

}  // namespace lithiate::layers
