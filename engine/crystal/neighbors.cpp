#include "crystal/neighbors.hpp"

#include <algorithm>
#include <cmath>

namespace lithiate::crystal {

Vector3d separation_A(const Structure& structure, const SiteOffset& from, const SiteOffset& to) {
  const auto at = [&](const SiteOffset& s) {
    return Vector3d(structure.sites[static_cast<std::size_t>(s.basis)].fractional +
                    s.cell_vector().cast<double>());
  };
  return structure.lattice.cartesian(at(to) - at(from));
}

std::vector<Neighbor> neighbors_within(const Structure& structure, int basis, double radius_A) {
  const SiteOffset home{basis, {0, 0, 0}};
  Vector3d spread = Vector3d::Zero();  // positions may lie outside the home cell
  for (const Site& site : structure.sites) {
    const Vector3d& center = structure.sites[static_cast<std::size_t>(basis)].fractional;
    spread = spread.cwiseMax((site.fractional - center).cwiseAbs());
  }
  const Vector3i n =
      structure.lattice.cells_within(radius_A) + Vector3i(spread.array().ceil().cast<int>());
  std::vector<Neighbor> all;
  for (int i = -n[0]; i <= n[0]; ++i)
    for (int j = -n[1]; j <= n[1]; ++j)
      for (int k = -n[2]; k <= n[2]; ++k)
        for (int b = 0; b < static_cast<int>(structure.sites.size()); ++b) {
          const SiteOffset other{b, {i, j, k}};
          if (other == home) continue;
          const double distance = separation_A(structure, home, other).norm();
          if (distance <= radius_A) all.push_back({other, distance});
        }
  constexpr double same_A = 1e-6;  // rounding of symmetric images, far below any real difference
  std::sort(all.begin(), all.end(), [](const Neighbor& a, const Neighbor& b) {
    const double ra = std::round(a.distance_A / same_A), rb = std::round(b.distance_A / same_A);
    return ra != rb ? ra < rb : a.site < b.site;
  });
  return all;
}

std::vector<Shell> neighbor_shells(const Structure& structure, int basis, double radius_A,
                                   double tolerance_A) {
  std::vector<Shell> shells;
  for (const Neighbor& n : neighbors_within(structure, basis, radius_A)) {
    if (shells.empty() || n.distance_A > shells.back().distance_A + tolerance_A)
      shells.push_back({n.distance_A, {}});
    shells.back().sites.push_back(n.site);
  }
  return shells;
}

}  // namespace lithiate::crystal
