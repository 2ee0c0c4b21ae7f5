#include "crystal/lattice_match.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>

namespace lithiate::crystal {
namespace {

struct Candidate {
  Vector3i integer;
  Vector3d cartesian_A;
};

/// Lattice vectors of prim whose length is within the strain of a measured vector's.
std::vector<Candidate> of_length(const Lattice& prim, double length_A, double max_strain) {
  const double longest = length_A * (1.0 + max_strain), shortest = length_A * (1.0 - max_strain);
  const Vector3i n = prim.cells_within(longest);
  std::vector<Candidate> all;
  for (int i = -n[0]; i <= n[0]; ++i)
    for (int j = -n[1]; j <= n[1]; ++j)
      for (int k = -n[2]; k <= n[2]; ++k) {
        const Vector3d v = prim.cartesian(Vector3d(i, j, k));
        if (v.norm() >= shortest && v.norm() <= longest) all.push_back({{i, j, k}, v});
      }
  return all;
}

/// A stretch within the strain changes u.v by at most this fraction of |u||v|.
bool compatible(const Vector3d& u, const Vector3d& v, const Vector3d& a, const Vector3d& b,
                double max_strain) {
  const double slack = (1.0 + max_strain) * (1.0 + max_strain) - 1.0;
  return std::abs(u.dot(v) - a.dot(b)) <= slack * u.norm() * v.norm();
}

double strain_of(const Matrix3d& ideal, const Matrix3d& measured) {
  const Matrix3d F = measured * ideal.inverse();
  const Eigen::SelfAdjointEigenSolver<Matrix3d> solver(F.transpose() * F, Eigen::EigenvaluesOnly);
  double strain = 0.0;
  for (int i = 0; i < 3; ++i)
    strain = std::max(strain, std::abs(std::sqrt(std::max(0.0, solver.eigenvalues()[i])) - 1.0));
  return strain;
}

}  // namespace

std::vector<LatticeMatch> match_lattice(const Lattice& prim, const Lattice& measured, int n_cells,
                                        double max_strain, std::size_t most) {
  const Matrix3d& L = measured.columns();
  std::array<std::vector<Candidate>, 3> vectors;
  for (std::size_t i = 0; i < 3; ++i)
    vectors[i] = of_length(prim, L.col(static_cast<int>(i)).norm(), max_strain);
  std::vector<LatticeMatch> all;
  for (const Candidate& a : vectors[0])
    for (const Candidate& b : vectors[1]) {
      if (!compatible(a.cartesian_A, b.cartesian_A, L.col(0), L.col(1), max_strain)) continue;
      for (const Candidate& c : vectors[2]) {
        const Vector3i ab = {a.integer[1] * b.integer[2] - a.integer[2] * b.integer[1],
                             a.integer[2] * b.integer[0] - a.integer[0] * b.integer[2],
                             a.integer[0] * b.integer[1] - a.integer[1] * b.integer[0]};
        if (ab.dot(c.integer) != n_cells) continue;
        Matrix3i T;
        T.col(0) = a.integer;
        T.col(1) = b.integer;
        T.col(2) = c.integer;
        const double strain = strain_of(prim.columns() * T.cast<double>(), L);
        if (strain <= max_strain) all.push_back({T, strain});
      }
    }
  std::sort(all.begin(), all.end(), [](const LatticeMatch& a, const LatticeMatch& b) {
    constexpr double same_strain = 1e-7;  // rounding between symmetric images of one match
    const double sa = std::round(a.strain / same_strain), sb = std::round(b.strain / same_strain);
    const int *ta = a.transformation.data(), *tb = b.transformation.data();
    return sa != sb ? sa < sb : std::lexicographical_compare(ta, ta + 9, tb, tb + 9);
  });
  if (all.size() > most) all.resize(most);
  return all;
}

}  // namespace lithiate::crystal
