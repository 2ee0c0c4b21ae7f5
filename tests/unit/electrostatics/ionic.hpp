#pragma once
/// Ionic crystals with known Madelung constants, and energies computed by other means than the
/// module's.
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "core/units.hpp"
#include "electrostatics/site_potentials.hpp"
#include "fixtures/crystals.hpp"

namespace lithiate::fixtures {

using crystal::Matrix3i;
using crystal::Vector3i;

/// Charged sites of a primitive cell.
struct Ions {
  std::string name;
  Lattice lattice;
  std::vector<Vector3d> fractional;
  std::vector<double> charges_e;
  double nearest_A = 1.0;
};

inline Ions rock_salt(double nearest_A = 2.5) {
  return {"NaCl",
          Lattice(face_centred_A(2 * nearest_A)),
          {{0, 0, 0}, {.5, .5, .5}},
          {1, -1},
          nearest_A};
}

inline Ions caesium_chloride(double nearest_A = 3.5) {
  return {"CsCl",
          Lattice(Matrix3d::Identity() * (nearest_A * 2 / std::sqrt(3.0))),
          {{0, 0, 0}, {.5, .5, .5}},
          {1, -1},
          nearest_A};
}

inline Ions zinc_blende(double nearest_A = 2.3) {
  return {"ZnS",
          Lattice(face_centred_A(nearest_A * 4 / std::sqrt(3.0))),
          {{0, 0, 0}, {.25, .25, .25}},
          {1, -1},
          nearest_A};
}

inline Ions fluorite(double nearest_A = 2.4) {
  return {"CaF2",
          Lattice(face_centred_A(nearest_A * 4 / std::sqrt(3.0))),
          {{0, 0, 0}, {.25, .25, .25}, {.75, .75, .75}},
          {2, -1, -1},
          nearest_A};
}

/// Ideal c/a and u.
inline Ions wurtzite(double nearest_A = 2.3) {
  const double a_A = nearest_A * std::sqrt(8.0 / 3.0);
  return {
      "wurtzite",
      Lattice(hexagonal_A(a_A, a_A * std::sqrt(8.0 / 3.0))),
      {{1. / 3, 2. / 3, 0}, {2. / 3, 1. / 3, .5}, {1. / 3, 2. / 3, .375}, {2. / 3, 1. / 3, .875}},
      {1, 1, -1, -1},
      nearest_A};
}

/// Three ions in a cell without any symmetry.
inline Ions lopsided_salt() {
  Matrix3d columns;
  columns << 3.1, 0.9, -0.7, 0.2, 4.2, 1.1, -0.4, 0.3, 5.3;
  return {
      "lopsided", Lattice(columns), {{.1, .2, .3}, {.6, .55, .4}, {.3, .8, .75}}, {2, -1, -1}, 2.0};
}

/// Six sites in a cube: a perovskite and an interstitial.
inline Ions filled_perovskite() {
  return {"perovskite",
          Lattice(3.9 * Matrix3d::Identity()),
          {{0, 0, 0}, {.5, .5, .5}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}, {.5, 0, 0}},
          {2, 4, -2, -2, -2, 0},
          1.95};
}

/// The sites of a supercell as a cell of their own, in the order of crystal::Supercell.
inline Ions repeated(const Ions& ions, const Matrix3i& transformation) {
  Structure structure{ions.name, ions.lattice, {}, "test"};
  for (const Vector3d& f : ions.fractional) structure.sites.push_back({f, {}});
  const crystal::Supercell supercell(structure, transformation);
  Ions all{ions.name, supercell.lattice(), {}, {}, ions.nearest_A};
  for (std::int64_t i = 0; i < supercell.n_sites(); ++i) {
    all.fractional.push_back(supercell.fractional(i));
    all.charges_e.push_back(ions.charges_e[static_cast<std::size_t>(i) % ions.charges_e.size()]);
  }
  return all;
}

inline Matrix3i diagonal(int x, int y, int z) { return Vector3i(x, y, z).asDiagonal(); }

inline Matrix3i skewed() {
  Matrix3i t;
  t << 2, 1, 0, -1, 3, 1, 0, 1, 2;  // determinant 12
  return t;
}

inline std::vector<double> shuffled(std::vector<double> charges, Random& random) {
  for (std::size_t i = charges.size(); i > 1; --i)
    std::swap(charges[i - 1], charges[random.below(i)]);
  return charges;
}

inline std::vector<double> in_e(const electrostatics::SitePotentials& potentials) {
  std::vector<double> charges_e;
  for (const auto q : potentials.charges())
    charges_e.push_back(q * potentials.table().charge_quantum_e());
  return charges_e;
}

/// Energy of the real-space half: nearest images within the cut-off.
inline double nearest_images_eV(const Ions& ions, double alpha, double cutoff_A) {
  double sum = 0.0;
  for (std::size_t i = 0; i < ions.fractional.size(); ++i) {
    double potential = -ions.charges_e[i] * alpha / std::sqrt(std::numbers::pi);
    for (std::size_t j = 0; j < i; ++j) {
      Vector3d f = ions.fractional[i] - ions.fractional[j];
      for (int k = 0; k < 3; ++k) f[k] -= std::round(f[k]);
      const double r2 = ions.lattice.cartesian(f).squaredNorm();
      if (r2 > cutoff_A * cutoff_A) continue;
      potential += ions.charges_e[j] * std::erfc(alpha * std::sqrt(r2)) / std::sqrt(r2);
    }
    sum += ions.charges_e[i] * potential;
  }
  return coulomb_eV_A * sum;
}

/// |sum_i q_i exp(i G r_i)|^2 for the waves (h, k, l = 0, 1, ... n - 1).
inline std::vector<double> structure_factors(const Ions& ions, int h, int k, int n) {
  std::vector<double> re(static_cast<std::size_t>(n), 0.0), im = re;
  for (std::size_t i = 0; i < ions.fractional.size(); ++i) {
    const Vector3d x = 2 * std::numbers::pi * ions.fractional[i];
    double c = ions.charges_e[i] * std::cos(h * x[0] + k * x[1]);
    double s = ions.charges_e[i] * std::sin(h * x[0] + k * x[1]);
    const double cz = std::cos(x[2]), sz = std::sin(x[2]);
    for (std::size_t l = 0; l < re.size(); ++l) {
      re[l] += c;
      im[l] += s;
      const double turned = c * cz - s * sz;
      s = c * sz + s * cz;
      c = turned;
    }
  }
  for (std::size_t l = 0; l < re.size(); ++l) re[l] = re[l] * re[l] + im[l] * im[l];
  return re;
}

/// Total energy of a neutral cell by structure factors and nearest images, eV: no pair function,
/// no table, a splitting of its own. REQUIRES a rectangular cell.
inline double structure_factor_energy_eV(const Ions& ions) {
  constexpr double s = 5.6;  // exp(-s^2) = 2e-14
  const Matrix3d& columns = ions.lattice.columns();
  const double V = ions.lattice.volume_A3();
  const double cutoff_A = 0.49 * columns.colwise().norm().minCoeff();
  const double alpha = s / cutoff_A, G_max = 2 * alpha * s;
  const Matrix3d reciprocal = 2 * std::numbers::pi * columns.inverse().transpose();
  Vector3i n;
  for (int i = 0; i < 3; ++i) n[i] = static_cast<int>(G_max / reciprocal.col(i).norm()) + 1;
  double sum = 0.0;
  for (int h = -n[0]; h <= n[0]; ++h)
    for (int k = -n[1]; k <= n[1]; ++k) {
      const double in_plane = (reciprocal * Vector3d(h, k, 0)).norm();
      if (in_plane > G_max) continue;
      const int n_l = 1 + static_cast<int>(std::sqrt(G_max * G_max - in_plane * in_plane) /
                                           reciprocal.col(2).norm());
      const std::vector<double> factors = structure_factors(ions, h, k, n_l);
      for (int l = 0; l < n_l; ++l) {
        const double G2 = (reciprocal * Vector3d(h, k, l)).squaredNorm();
        if (G2 > 0.0)
          sum += (l == 0 ? 1 : 2) * factors[static_cast<std::size_t>(l)] *
                 std::exp(-G2 / (4 * alpha * alpha)) / G2;
      }
    }
  return nearest_images_eV(ions, alpha, cutoff_A) + coulomb_eV_A * 2 * std::numbers::pi / V * sum;
}

}  // namespace lithiate::fixtures
