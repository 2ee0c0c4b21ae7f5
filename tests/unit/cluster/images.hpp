#pragma once
/// Decorations carried by operations through their positions: an oracle that shares no code with
/// the enumeration but Supercell.
#include <Eigen/LU>
#include <set>
#include <utility>
#include <vector>

#include "cluster/enumerate.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::fixtures {

/// Superlattice and species of all its sites: equal keys are the same decorated crystal in place.
using Key = std::pair<std::vector<int>, std::vector<int>>;

inline int site_at(const crystal::Structure& prim, const crystal::Supercell& cell,
                   const crystal::Vector3d& fractional) {
  for (int b = 0; b < cell.n_basis(); ++b) {
    const crystal::Vector3d d = fractional - prim.sites[static_cast<std::size_t>(b)].fractional;
    const crystal::Vector3d whole = d.array().round();
    if ((d - whole).norm() > 1e-3) continue;
    const crystal::Vector3i c = whole.cast<int>();
    return static_cast<int>(cell.index({b, {c[0], c[1], c[2]}}));
  }
  return -1;
}

/// Every place a symmetry of the crystal can carry the decoration to.
inline std::set<Key> images(const crystal::Structure& prim, const crystal::SpaceGroup& group,
                            const crystal::Decoration& d) {
  const crystal::Supercell from(prim, d.transformation);
  std::set<Key> all;
  for (const crystal::SymmetryOperation& op : group.operations()) {
    const crystal::Matrix3d back = op.rotation.cast<double>().inverse();
    const int sign = op.rotation.cast<double>().determinant() > 0.0 ? 1 : -1;
    const crystal::Matrix3i h = crystal::hermite_normal_form(sign * op.rotation * d.transformation);
    const crystal::Supercell to(prim, h);
    for (std::int64_t shift = 0; shift < to.n_cells(); ++shift) {
      Key key{{h.data(), h.data() + 9}, {}};
      for (std::int64_t i = 0; i < to.n_sites(); ++i) {
        const crystal::SiteOffset site = translated(to.offset(i), to.cell(shift));
        const crystal::Vector3d x = prim.sites[static_cast<std::size_t>(site.basis)].fractional +
                                    site.cell_vector().cast<double>();
        key.second.push_back(d.occupation[static_cast<std::size_t>(
            site_at(prim, from, back * (x - op.translation)))]);
      }
      all.insert(std::move(key));
    }
  }
  return all;
}

/// Colourings of the superlattice that no smaller translation leaves as they are.
inline std::int64_t primitive_colourings(const crystal::Structure& prim,
                                         const crystal::Matrix3i& hermite) {
  const crystal::Supercell cell(prim, hermite);
  const auto n = static_cast<std::size_t>(cell.n_sites());
  const auto species = [&](std::size_t i) {
    return prim.sites[i % prim.sites.size()].allowed.size();
  };
  std::vector<std::size_t> c(n, 0);
  std::int64_t found = 0;
  for (;;) {
    bool periodic = false;
    for (std::int64_t shift = 1; !periodic && shift < cell.n_cells(); ++shift) {
      periodic = true;
      for (std::size_t i = 0; periodic && i < n; ++i)
        periodic = c[i] == c[static_cast<std::size_t>(cell.index(translated(
                               cell.offset(static_cast<std::int64_t>(i)), cell.cell(shift))))];
    }
    found += periodic ? 0 : 1;
    std::size_t digit = 0;
    while (digit < n && ++c[digit] == species(digit)) c[digit++] = 0;
    if (digit == n) return found;
  }
}

}  // namespace lithiate::fixtures
