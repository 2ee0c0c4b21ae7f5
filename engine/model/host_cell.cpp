#include "model/host_cell.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "crystal/space_group.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::model {

using crystal::SiteOffset;
using crystal::Vector3d;

HostCell make_host_cell(const crystal::Structure& prim, const Host& host) {
  const crystal::Supercell cell(prim, host.transformation);
  const crystal::Matrix3d inverse = host.transformation.cast<double>().inverse();
  const std::vector<int> frozen = frozen_species(prim, host);
  HostCell h{{prim.name, cell.lattice(), {}, prim.source}, {}, {}};
  int n_free = 0;
  for (std::int64_t i = 0; i < cell.n_sites(); ++i) {
    const SiteOffset offset = cell.offset(i);
    const crystal::Site& site = prim.sites[static_cast<std::size_t>(offset.basis)];
    const Vector3d f = inverse * (site.fractional + offset.cell_vector().cast<double>());
    const Vector3d wrap = f.array().floor();
    const int species = frozen[static_cast<std::size_t>(i)];
    h.structure.sites.push_back({f - wrap, site.allowed});
    if (species >= 0)
      h.structure.sites.back().allowed = {site.allowed[static_cast<std::size_t>(species)]};
    h.wrap.push_back(wrap.cast<int>());
    h.sublattice.push_back(species < 0 ? n_free++ : -1);
  }
  return h;
}

namespace {

/// Vectors of the crystal's primitive lattice in host coordinates, from the pure translations of a
/// cell: three shortest independent ones, which form a basis in three dimensions.
crystal::Matrix3d primitive_vectors(const crystal::Lattice& lattice,
                                    const std::vector<Vector3d>& translations) {
  std::vector<Vector3d> candidates;
  for (const Vector3d& t : translations)
    for (int i = -1; i <= 1; ++i)
      for (int j = -1; j <= 1; ++j)
        for (int k = -1; k <= 1; ++k) {
          const Vector3d wrapped = t.array() - t.array().round();
          const Vector3d v = wrapped + Vector3d(i, j, k);
          if (lattice.cartesian(v).norm() > 1e-3) candidates.push_back(v);
        }
  std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return lattice.cartesian(a).norm() < lattice.cartesian(b).norm();
  });
  const double volume = 1.0 / static_cast<double>(translations.size());
  crystal::Matrix3d basis;
  basis.col(0) = candidates.front();
  for (const auto& second : candidates) {
    if (lattice.cartesian(basis.col(0)).cross(lattice.cartesian(second)).norm() < 1e-3) continue;
    basis.col(1) = second;
    for (const auto& third : candidates) {
      basis.col(2) = third;
      if (std::abs(std::abs(basis.determinant()) - volume) > 1e-3 * volume) continue;
      if (basis.determinant() < 0) basis.col(2) *= -1.0;
      return basis;
    }
  }
  throw Error("hops: the translations of the host cell span no lattice");
}

}  // namespace

std::vector<Motion> crystal_symmetries(const crystal::Structure& host) {
  std::vector<Vector3d> centring;
  const crystal::SpaceGroup of_cell = crystal::find_space_group(host);
  for (const auto& op : of_cell.operations())
    if (op.rotation.isIdentity()) centring.push_back(op.translation);
  const crystal::Matrix3d basis = primitive_vectors(host.lattice, centring);
  const crystal::Matrix3d inverse = basis.inverse();
  crystal::Structure primitive{
      host.name, crystal::Lattice(host.lattice.columns() * basis), {}, host.source};
  for (const auto& site : host.sites) {
    Vector3d f = inverse * site.fractional;
    f -= f.array().floor().matrix();
    const bool known = std::any_of(
        primitive.sites.begin(), primitive.sites.end(), [&](const crystal::Site& other) {
          return primitive.lattice.distance_A(other.fractional, f) < crystal::default_symprec_A;
        });
    if (!known) primitive.sites.push_back({f, site.allowed});
  }
  std::vector<Motion> motions;
  const crystal::SpaceGroup group = crystal::find_space_group(primitive);
  for (const auto& op : group.operations())
    for (const Vector3d& t : centring)
      motions.push_back({basis * op.rotation.cast<double>() * inverse, basis * op.translation + t});
  return motions;
}

SiteOffset image(const Motion& motion, const crystal::Structure& s, const SiteOffset& site) {
  const auto& home = s.sites[static_cast<std::size_t>(site.basis)];
  const Vector3d f =
      motion.rotation * (home.fractional + site.cell_vector().cast<double>()) + motion.translation;
  for (int b = 0; b < static_cast<int>(s.sites.size()); ++b) {
    const Vector3d apart = f - s.sites[static_cast<std::size_t>(b)].fractional;
    const Vector3d cells = apart.array().round();
    if (s.lattice.cartesian(apart - cells).norm() < 2.0 * crystal::default_symprec_A)
      return {b,
              {static_cast<int>(cells[0]), static_cast<int>(cells[1]), static_cast<int>(cells[2])}};
  }
  throw Error(
      fmt::format("hops: a symmetry of {} carries site {} onto no site", s.name, site.basis));
}

}  // namespace lithiate::model
