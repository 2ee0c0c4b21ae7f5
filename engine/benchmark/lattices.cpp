#include "benchmark/lattices.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/text.hpp"
#include "model/compile.hpp"

namespace lithiate::benchmark {
namespace {

using crystal::Matrix3d;
using crystal::Vector3d;
using crystal::Vector3i;

constexpr double vacuum_A = 20.0;
constexpr double nn_cutoff_A = 1.001 * nn_A;

ToyLattice toy(const std::string& name, int coordination, int dimension, const Matrix3d& columns_A,
               const std::vector<Vector3d>& fractional) {
  ToyLattice t{{name, crystal::Lattice(columns_A), {}, "toy lattice"}, coordination, dimension};
  for (const Vector3d& position : fractional) t.prim.sites.push_back({position, {"Li", "Va"}});
  return t;
}

Matrix3d box(double a, double b, double c) { return Vector3d(a, b, c).asDiagonal(); }

Matrix3d hexagonal(double a_A, double c_A) {
  Matrix3d m;
  m << a_A, -a_A / 2, 0, 0, a_A * std::sqrt(3.0) / 2, 0, 0, 0, c_A;
  return m;
}

Matrix3d bcc_columns() {
  Matrix3d m;
  m << -1, 1, 1, 1, -1, 1, 1, 1, -1;
  return m * nn_A / std::sqrt(3.0);
}

/// Primitive cell of a face-centred cube of this edge.
Matrix3d fcc_columns(double edge_A) {
  Matrix3d m;
  m << 0, 1, 1, 1, 0, 1, 1, 1, 0;
  return m * edge_A / 2.0;
}

model::LatticeModel compiled(const ToyLattice& lattice, const Vector3i& repeats,
                             cluster::BasisKind kind, double point_eV, double pair_eV) {
  expansion::ClusterExpansion e;
  e.basis = expansion::make_cluster_basis(lattice.prim, kind, {nn_cutoff_A});
  e.eci_eV = Eigen::VectorXd::Zero(static_cast<long>(e.basis.size()));
  for (std::size_t alpha = 0; alpha < e.basis.size(); ++alpha) {
    const std::size_t size = e.basis.orbits[e.basis.functions[alpha].orbit].size();
    if (size == 1) e.eci_eV[static_cast<long>(alpha)] = point_eV;
    if (size == 2) e.eci_eV[static_cast<long>(alpha)] = pair_eV;
  }
  return model::compile(e, model::Host{}, repeats);
}

}  // namespace

Vector3i ToyLattice::repeats(int n) const {
  return {n, dimension > 1 ? n : 1, dimension > 2 ? n : 1};
}

ToyLattice toy_lattice(const std::string& name) {
  const auto words = split_words(name);
  const std::string kind = words.empty() ? "" : words.front();
  const double a = nn_A, v = vacuum_A;
  if (kind == "linear") return toy(kind, 2, 1, box(a, v, v), {{0, 0, 0}});
  if (kind == "square") return toy(kind, 4, 2, box(a, a, v), {{0, 0, 0}});
  if (kind == "triangular") return toy(kind, 6, 2, hexagonal(a, v), {{0, 0, 0}});
  if (kind == "honeycomb")
    return toy(kind, 3, 2, hexagonal(a * std::sqrt(3.0), v),
               {{1. / 3, 2. / 3, 0}, {2. / 3, 1. / 3, 0}});
  if (kind == "sc") return toy(kind, 6, 3, box(a, a, a), {{0, 0, 0}});
  if (kind == "bcc") return toy(kind, 8, 3, bcc_columns(), {{0, 0, 0}});
  if (kind == "fcc") return toy(kind, 12, 3, fcc_columns(a * std::sqrt(2.0)), {{0, 0, 0}});
  if (kind == "hcp")
    return toy(kind, 12, 3, hexagonal(a, a * std::sqrt(8.0 / 3.0)),
               {{1. / 3, 2. / 3, 0.25}, {2. / 3, 1. / 3, 0.75}});
  if (kind == "diamond")
    return toy(kind, 4, 3, fcc_columns(a * 4.0 / std::sqrt(3.0)), {{0, 0, 0}, {.25, .25, .25}});
  throw InputError(
      "toy lattice '" + name +
      "': expected linear, square, triangular, honeycomb, sc, bcc, fcc, hcp or diamond");
}

model::LatticeModel pair_gas(const ToyLattice& lattice, const Vector3i& repeats, double w_eV,
                             double point_eV) {
  return compiled(lattice, repeats, cluster::BasisKind::occupation, point_eV, w_eV);
}

model::LatticeModel ising_model(const ToyLattice& lattice, const Vector3i& repeats, double J_eV) {
  return compiled(lattice, repeats, cluster::BasisKind::chebyshev, 0.0, -J_eV);
}

model::HopNetwork nn_hops(const ToyLattice& lattice, double e_kra_eV, double prefactor_Hz) {
  model::HopNetwork network = model::find_hops(lattice.prim, model::Host{}, "Li", nn_cutoff_A);
  model::set_barriers(network, e_kra_eV, prefactor_Hz);
  return network;
}

}  // namespace lithiate::benchmark
