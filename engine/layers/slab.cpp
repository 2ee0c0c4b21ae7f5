#include "layers/slab.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"

namespace lithiate::layers {
namespace {

/// How far nets and sheets of relaxed structures may be from ideal, as part of the spacing of the
/// net; the next place an anion could belong to is 0.58 spacings away.
constexpr double distortion = 0.2;

bool any_of(const char* const* begin, const char* const* end, const std::string& element) {
  return std::find(begin, end, element) != end;
}

bool is_anion_element(const std::string& e) {
  static constexpr std::array known{"N", "P", "As", "O", "S", "Se", "Te", "F", "Cl", "Br", "I"};
  return any_of(known.begin(), known.end(), e);
}

bool is_guest_element(const std::string& e) {
  static constexpr std::array known{"Li", "Na", "K"};
  return any_of(known.begin(), known.end(), e);
}

struct Sheet {
  std::vector<Vector3d> places_A;
  double height_A = 0.0;  // mean
};

Sheet anion_sheet(const Slab& slab, bool upper) {
  Sheet sheet;
  for (const SlabSite& site : slab.sites) {
    if (!is_anion(site.species) || (site.position_A[2] > 0.0) != upper) continue;
    sheet.places_A.push_back(site.position_A);
    sheet.height_A += site.position_A[2];
  }
  if (!sheet.places_A.empty()) sheet.height_A /= static_cast<double>(sheet.places_A.size());
  return sheet;
}

/// The triangular net with `n` points per cell.
Net anion_net(const Net& lattice, std::size_t n) {
  std::vector<Net> tried;
  if (n == 1) tried.push_back(lattice);
  const Vector3d &u = lattice.u_A(), &v = lattice.v_A();
  if (n == 3)  // the four nets of index 3
    tried = {{u / 3, v}, {u, v / 3}, {(u - v) / 3, (u + 2 * v) / 3}, {(u + v) / 3, v}};
  for (const Net& net : tried)
    if (net.triangular(distortion)) return net;
  throw InputError(
      fmt::format("{} anions per sheet on vectors of {:.3f} and {:.3f} A make no triangular net "
                  "(expected 1 anion, MX2, or 3 anions, MX3)",
                  n, u.norm(), v.norm()));
}

/// Mean place of sites modulo the net. Throws if one is not where the others say.
Vector3d mean_place(const std::vector<Vector3d>& places_A, const Net& net, const char* what) {
  Vector3d drift = Vector3d::Zero();
  for (const Vector3d& p : places_A) drift += net.shortest_A(p - places_A.front());
  drift /= static_cast<double>(places_A.size());
  const Vector3d mean = places_A.front() + drift;
  for (const Vector3d& p : places_A)
    if (const double off_A = net.shortest_A(p - mean).norm();
        off_A > distortion * net.shortest_vector_A())
      throw InputError(
          fmt::format("the {} lie up to {:.2f} A beside a triangular net of spacing {:.2f} A", what,
                      off_A, net.shortest_vector_A()));
  return {mean[0], mean[1], 0.0};
}

/// Net vectors of a cell: 0 first, then by angle.
std::vector<Vector3d> net_points(const Net& lattice, const Net& net, std::size_t n) {
  std::vector<Vector3d> points{Vector3d::Zero()};
  if (n == 1) return points;
  const Vector3d one = lattice.shortest_A(net.u_A()), other = lattice.shortest_A(-net.u_A());
  points.push_back(lattice.angle(one) < lattice.angle(other) ? one : other);
  points.push_back(lattice.angle(one) < lattice.angle(other) ? other : one);
  return points;
}

/// The column of metal sites that no metal fills, or that of the first metal.
Vector3d empty_column(const std::vector<Vector3d>& metals_A, const Sheets& s) {
  const Vector3d first = mean_place(metals_A, s.net, "metals");
  for (const Vector3d& point : s.points_A) {
    const Vector3d place = first + point;
    const bool filled = std::any_of(metals_A.begin(), metals_A.end(), [&](const Vector3d& m) {
      return s.lattice.shortest_A(m - place).norm() < 0.5 * s.net.shortest_vector_A();
    });
    if (!filled) return place;
  }
  return first;
}

/// From metal columns to the lower anions; the upper ones must lie opposite.
Vector3d octahedral_hollow(const Net& net, const Vector3d& column, const Vector3d& lower,
                           const Vector3d& upper) {
  const double limit_A = distortion * net.shortest_vector_A();
  for (const double sign : {1.0, -1.0}) {
    const Vector3d hollow = sign * net.hollow_A();
    if (net.shortest_A(lower - column - hollow).norm() < limit_A &&
        net.shortest_A(upper - column + hollow).norm() < limit_A)
      return hollow;
  }
  throw InputError(
      "the anion sheets make no octahedra around the metals (expected one sheet over each of the "
      "two kinds of hollows)");
}

}  // namespace

bool is_anion(const std::vector<std::string>& species) {
  return !species.empty() && std::all_of(species.begin(), species.end(), [](const auto& name) {
    return is_anion_element(crystal::element_of(name));
  });
}

bool is_metal(const std::vector<std::string>& species) {
  return std::any_of(species.begin(), species.end(), [](const auto& name) {
    const std::string element = crystal::element_of(name);
    return !element.empty() && !is_anion_element(element) && !is_guest_element(element);
  });
}

Sheets sheets(const Slab& slab) {
  const Net lattice(slab.a1_A, slab.a2_A);
  const Sheet lower = anion_sheet(slab, false), upper = anion_sheet(slab, true);
  if (lower.places_A.size() != upper.places_A.size())
    throw InputError(
        fmt::format("{} anions below and {} above the metals per slab, expected equally many",
                    lower.places_A.size(), upper.places_A.size()));
  std::vector<Vector3d> metals;
  for (const SlabSite& site : slab.sites)
    if (is_metal(site.species)) metals.push_back(site.position_A);
  if (metals.empty()) throw InputError("the slab holds no metal");
  const std::size_t n = lower.places_A.size();
  const Net net = anion_net(lattice, n);
  Sheets s{lattice, net, net_points(lattice, net, n), {}, {}, lower.height_A, upper.height_A};
  s.column_A = empty_column(metals, s);
  s.hollow_A = octahedral_hollow(net, s.column_A, mean_place(lower.places_A, net, "lower anions"),
                                 mean_place(upper.places_A, net, "upper anions"));
  return s;
}

}  // namespace lithiate::layers
