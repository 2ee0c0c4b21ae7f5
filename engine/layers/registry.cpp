#include "layers/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::layers {
namespace {

/// The shifts of one class, shortest modulo the lattice, ascending in angle.
std::vector<Vector3d> shifts(const Sheets& s, const Vector3d& base) {
  std::vector<Vector3d> all;
  for (const Vector3d& point : s.points_A) all.push_back(s.lattice.shortest_A(base + point));
  std::sort(all.begin(), all.end(), [&](const Vector3d& a, const Vector3d& b) {
    return s.lattice.angle(a) < s.lattice.angle(b);
  });
  return all;
}

std::vector<Vector3d> sites_on(const Sheets& s, const Vector3d& column) {
  std::vector<Vector3d> all;
  for (const Vector3d& point : s.points_A) all.push_back(column + point);
  return all;
}

std::vector<std::string> names(const std::string& stacking, std::size_t n) {
  if (n == 1) return {stacking};
  if (stacking == "O1") return {"AAA", "R+", "R-"};
  if (stacking == "O3") return {"a", "b", "c"};
  return {"Pa", "Pb", "Pc"};
}

void add(std::vector<Registry>& all, const std::string& stacking,
         const std::vector<Vector3d>& shifts_A, const std::vector<Vector3d>& sites_A) {
  const auto name = names(stacking, shifts_A.size());
  for (std::size_t i = 0; i < shifts_A.size(); ++i)
    all.push_back({name[i], stacking, shifts_A[i], sites_A});
}

}  // namespace

std::vector<Registry> registries(const Slab& slab) {
  const Sheets s = sheets(slab);
  const auto o3 = shifts(s, -s.hollow_A), p3 = shifts(s, s.hollow_A);
  auto prisms = sites_on(s, s.column_A);
  for (const Vector3d& site : sites_on(s, s.column_A - o3.front())) prisms.push_back(site);
  std::vector<Registry> all;
  add(all, "O1", s.points_A, sites_on(s, s.column_A));
  add(all, "O3", o3, sites_on(s, s.column_A - o3.front()));
  add(all, "P3", p3, prisms);
  return all;
}

int registry_of(const OneSlab& prim, const std::vector<Registry>& known) {
  const Sheets s = sheets(prim.slab);
  const auto off_A = [&](const Registry& r) {
    return s.lattice.shortest_A(prim.third_A - r.shift_A).norm();
  };
  const auto best =
      std::min_element(known.begin(), known.end(),
                       [&](const Registry& a, const Registry& b) { return off_A(a) < off_A(b); });
  const double limit_A = 0.25 * s.hollow_A.norm();
  if (best == known.end() || off_A(*best) > limit_A)
    throw InputError(fmt::format(
        "the next slab is displaced by ({:.3f}, {:.3f}) A, {:.3f} A from the nearest registry "
        "{}; expected at most {:.3f} A",
        prim.third_A[0], prim.third_A[1], best == known.end() ? 0.0 : off_A(*best),
        best == known.end() ? "" : best->name, limit_A));
  return static_cast<int>(best - known.begin());
}

int registry_named(const std::string& name, const std::vector<Registry>& known) {
  std::vector<std::string> all;
  for (const Registry& r : known) {
    if (r.name == name) return static_cast<int>(all.size());
    all.push_back(r.name);
  }
  throw InputError(fmt::format("registry '{}': expected one of {}{}", name, joined(all),
                               did_you_mean(name, all)));
}

std::vector<int> shared_faces(const Slab& slab, const Registry& registry) {
  const Sheets s = sheets(slab);
  const double near_A = 0.5 * s.hollow_A.norm();
  std::vector<int> faces;
  for (const Vector3d& place : registry.octahedra_A) {
    int n = 0;
    for (const SlabSite& site : slab.sites) {
      if (!is_metal(site.species)) continue;
      for (const Vector3d& slab_at : {Vector3d(0, 0, 0), registry.shift_A})
        if (s.lattice.shortest_A(place - slab_at - site.position_A).norm() < near_A) ++n;
    }
    faces.push_back(n);
  }
  return faces;
}

}  // namespace lithiate::layers
