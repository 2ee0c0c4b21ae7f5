#include "layers/glide.hpp"

#include <algorithm>
#include <cassert>

namespace lithiate::layers {
namespace {

using crystal::SiteOffset;
using crystal::Vector3i;

/// Ways that differ by less than this part of a glide are the same by symmetry, but for strains of
/// the slab; the next ones are half a glide longer.
constexpr double strain = 0.2;

/// The octahedron of `to` that lies at this place, which is one.
SiteOffset octahedron_at(const Vector3d& place_A, const Registry& to, const Net& lattice) {
  int best = 0;
  double least_A = lattice.shortest_A(place_A - to.octahedra_A.front()).norm();
  for (std::size_t k = 1; k < to.octahedra_A.size(); ++k) {
    const double off_A = lattice.shortest_A(place_A - to.octahedra_A[k]).norm();
    if (off_A >= least_A) continue;
    least_A = off_A;
    best = static_cast<int>(k);
  }
  assert(least_A < tie_A);
  const Vector3i cell =
      lattice.coordinates(place_A - to.octahedra_A[static_cast<std::size_t>(best)]);
  return {best, {cell[0], cell[1], 0}};
}

GapMap carried(const Registry& from, const Registry& to, const Vector3d& by_A, const Net& lattice) {
  GapMap map;
  for (const Vector3d& place : from.octahedra_A)
    map.target.push_back(octahedron_at(place + by_A, to, lattice));
  return map;
}

/// The nearest translations, relative to the mid frame, of the net of octahedra onto the new one.
std::vector<Vector3d> nearest_moves(const Registry& from, const Registry& to, const Vector3d& d,
                                    const Net& net) {
  return net.all_shortest_A(to.octahedra_A.front() - from.octahedra_A.front() - d / 2,
                            strain * d.norm());
}

Glide forward(int from, int to, const std::vector<Registry>& all, const Vector3d& d,
              const Sheets& s) {
  const Registry &a = all[static_cast<std::size_t>(from)], &b = all[static_cast<std::size_t>(to)];
  Glide glide{from, to, d, s.lattice.coordinates(a.shift_A + d - b.shift_A), {}};
  for (const Vector3d& move : nearest_moves(a, b, d, s.net))
    glide.maps.push_back(carried(a, b, move + d / 2, s.lattice));
  assert(glide.maps.size() == 2);
  return glide;
}

Glide reversed(const Glide& glide) {
  Glide back{glide.to, glide.from, -glide.displacement_A, -glide.upper_cell, {}};
  for (const GapMap& map : glide.maps) back.maps.push_back(inverse(map));
  return back;
}

}  // namespace

GapMap inverse(const GapMap& map) {
  GapMap back{std::vector<SiteOffset>(map.target.size())};
  for (std::size_t k = 0; k < map.target.size(); ++k) {
    const SiteOffset& t = map.target[k];
    back.target[static_cast<std::size_t>(t.basis)] = {static_cast<int>(k),
                                                      {-t.cell[0], -t.cell[1], 0}};
  }
  return back;
}

std::vector<Glide> glides(const std::vector<Registry>& registries, const Slab& slab) {
  const Sheets s = sheets(slab);
  std::vector<Glide> all;
  for (std::size_t i = 0; i < registries.size(); ++i)
    for (std::size_t j = 0; j < registries.size(); ++j) {
      if (registries[i].stacking != "O1" || registries[j].stacking != "O3") continue;
      const Vector3d d = registries[j].shift_A - registries[i].shift_A;
      for (const Vector3d& shortest : s.lattice.all_shortest_A(d, strain * s.hollow_A.norm())) {
        all.push_back(forward(static_cast<int>(i), static_cast<int>(j), registries, shortest, s));
        all.push_back(reversed(all.back()));
      }
    }
  return all;
}

}  // namespace lithiate::layers
