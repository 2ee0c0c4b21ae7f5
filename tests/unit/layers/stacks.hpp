#pragma once
/// Stacks of shipped slabs for tests, and their comparison site by site.
#include <Eigen/Geometry>
#include <Eigen/LU>
#include <string>
#include <vector>

#include "layers/sequence.hpp"
#include "layers/stack.hpp"
#include "unit/layers/shipped.hpp"

namespace lithiate::layers {

struct Host {
  explicit Host(const std::string& file)
      : prim(shipped(file)), taken(take_apart(prim)), known(registries(taken.slab)) {}

  crystal::Structure stacked(const Sequence& gaps, Filling filling = Filling::sites) const {
    const std::size_t n = gaps.size();
    return stack(taken.slab, known,
                 {gaps, std::vector<double>(n, taken.third_A[2]), std::vector(n, filling)},
                 guest_species(prim, taken));
  }
  crystal::Structure stacked(const std::string& text, Filling filling = Filling::sites) const {
    return stacked(parse_sequence(text, known), filling);
  }

  crystal::Structure prim;
  OneSlab taken;
  std::vector<Registry> known;
};

inline const Host& honeycomb_host() {
  static const Host host(honeycomb_prims()[0]);
  return host;
}
inline const Host& oxide_host() {
  static const Host host("LixCoO2/O3.toml");
  return host;
}

/// Every site of one lies on a site of the other with the same species, after rotation and move.
inline bool lands_on(const crystal::Structure& one, const crystal::Structure& other,
                     const Matrix3d& rotation, const Vector3d& move_A) {
  for (const auto& site : one.sites) {
    const Vector3d f =
        other.lattice.fractional(rotation * one.lattice.cartesian(site.fractional) + move_A);
    bool met = false;
    for (const auto& target : other.sites) {
      Vector3d d = f - target.fractional;
      d -= d.array().round().matrix();
      met = other.lattice.cartesian(d).norm() < 1e-4 && site.allowed == target.allowed;
      if (met) break;
    }
    if (!met) return false;
  }
  return true;
}

/// True if an isometry that keeps the stacking axis carries one crystal onto the other: every
/// rotation and mirror of a hexagonal prism, every translation of site 0 onto a site is tried.
/// REQUIRES: equally many sites and slabs.
inline bool same_crystal(const crystal::Structure& one, const crystal::Structure& other) {
  for (int turn = 0; turn < 6; ++turn)
    for (const double mirror : {1.0, -1.0})
      for (const double flip : {1.0, -1.0}) {
        const Matrix3d rotation =
            Eigen::AngleAxisd(turn * M_PI / 3, Vector3d::UnitZ()).toRotationMatrix() *
            Vector3d(mirror, 1.0, flip).asDiagonal();
        const Matrix3d cell = other.lattice.columns().inverse() * rotation * one.lattice.columns();
        if ((cell.array() - cell.array().round()).abs().maxCoeff() > 1e-4) continue;
        const Vector3d start = rotation * one.lattice.cartesian(one.sites[0].fractional);
        for (const auto& target : other.sites)
          if (target.allowed == one.sites[0].allowed &&
              lands_on(one, other, rotation, other.lattice.cartesian(target.fractional) - start))
            return true;
      }
  return false;
}

}  // namespace lithiate::layers
