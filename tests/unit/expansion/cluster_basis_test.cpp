#include "expansion/cluster_basis.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using cluster::BasisKind;
using crystal::Decoration;
using crystal::Matrix3d;
using crystal::Matrix3i;
using crystal::Structure;

namespace {

/// Simple cubic lattice gas, a = 3 A.
Structure cubic(std::vector<std::string> species = {"Li", "Va"}) {
  return {"cubic",
          crystal::Lattice(3.0 * Matrix3d::Identity()),
          {{{0, 0, 0}, std::move(species)}},
          "test"};
}

/// Two sublattices, one of them a spectator.
Structure rock_salt() {
  Matrix3d columns;
  columns << 0, 2, 2, 2, 0, 2, 2, 2, 0;
  return {"rock salt",
          crystal::Lattice(columns),
          {{{0, 0, 0}, {"Li", "Va"}}, {{0.5, 0.5, 0.5}, {"O"}}},
          "test"};
}

Matrix3i diagonal(int a, int b, int c) {
  return Eigen::Vector3i(a, b, c).asDiagonal().toDenseMatrix();
}

Decoration random_decoration(const Structure& prim, const Matrix3i& T, std::uint64_t seed) {
  const crystal::Supercell cell(prim, T);
  Random random(seed, Purpose::test);
  Decoration d{"random", T,
               std::vector<crystal::Species>(static_cast<std::size_t>(cell.n_sites()))};
  for (std::size_t i = 0; i < d.occupation.size(); ++i) {
    const auto& site = prim.sites[i % prim.sites.size()];
    d.occupation[i] = static_cast<crystal::Species>(random.below(site.allowed.size()));
  }
  return d;
}

/// The same crystal in a larger cell.
Decoration repeated(const Structure& prim, const Decoration& d, const Matrix3i& repeats) {
  const crystal::Supercell small(prim, d.transformation);
  const crystal::Supercell large(prim, d.transformation * repeats);
  Decoration out{d.name, large.transformation(),
                 std::vector<crystal::Species>(static_cast<std::size_t>(large.n_sites()))};
  for (std::int64_t i = 0; i < large.n_sites(); ++i)
    out.occupation[static_cast<std::size_t>(i)] =
        d.occupation[static_cast<std::size_t>(small.index(large.offset(i)))];
  return out;
}

}  // namespace

TEST_CASE("a cubic lattice has 1 point, 3 nearest and 6 next-nearest pairs per cell",
          "[cluster_basis]") {
  const ClusterBasis basis = make_cluster_basis(cubic(), BasisKind::occupation, {4.3});
  REQUIRE(basis.size() == 4);
  REQUIRE(basis.multiplicity(0) == 1);
  REQUIRE(basis.multiplicity(1) == 1);
  REQUIRE(basis.multiplicity(2) == 3);
  REQUIRE(basis.multiplicity(3) == 6);
  REQUIRE_THAT(basis.describe(2), Contains("pair 3.000 A"));
}

TEST_CASE("three species give three symmetric pair functions per orbit", "[cluster_basis]") {
  const ClusterBasis basis =
      make_cluster_basis(cubic({"Li", "Na", "Va"}), BasisKind::chebyshev, {3.1});
  REQUIRE(basis.size() == 1 + 2 + 3);
  int terms = 0;
  for (std::size_t alpha = 3; alpha < 6; ++alpha) terms += basis.multiplicity(alpha);
  REQUIRE(terms == 3 * 4);  // (1 1), (1 2) with (2 1), (2 2) on each of 3 pairs
}

TEST_CASE("spectators are in no cluster", "[cluster_basis]") {
  const ClusterBasis basis = make_cluster_basis(rock_salt(), BasisKind::occupation, {3.0});
  REQUIRE(basis.size() == 3);
  REQUIRE(basis.multiplicity(2) == 6);  // 12 nearest neighbours of an fcc site
}

TEST_CASE("correlations of the full and the empty crystal are products of site values",
          "[cluster_basis]") {
  const Structure prim = cubic();
  const ClusterBasis occupation = make_cluster_basis(prim, BasisKind::occupation, {4.3, 4.3});
  const ClusterBasis chebyshev = make_cluster_basis(prim, BasisKind::chebyshev, {4.3, 4.3});
  const Decoration full{"full", diagonal(1, 1, 1), {0}}, empty{"empty", diagonal(1, 1, 1), {1}};
  REQUIRE((correlations(occupation, full).array() == 1.0).all());
  REQUIRE_THAT(correlations(occupation, empty).tail(occupation.size() - 1).norm(),
               WithinAbs(0.0, 1e-15));
  const cluster::SiteBasis site(BasisKind::chebyshev, 2);
  for (std::size_t alpha = 0; alpha < chebyshev.size(); ++alpha) {
    const double n = static_cast<double>(chebyshev.orbits[chebyshev.functions[alpha].orbit].size());
    REQUIRE_THAT(correlations(chebyshev, full)[static_cast<long>(alpha)],
                 WithinAbs(std::pow(site(0, 0), n), 1e-12));
    REQUIRE_THAT(correlations(chebyshev, empty)[static_cast<long>(alpha)],
                 WithinAbs(std::pow(site(0, 1), n), 1e-12));
  }
}

TEST_CASE("occupation correlations are fractions of filled pairs", "[cluster_basis]") {
  // Li in every second plane: half of the points, 2 of 3 nearest-pair directions half filled.
  const ClusterBasis basis = make_cluster_basis(cubic(), BasisKind::occupation, {3.1});
  const Eigen::VectorXd phi = correlations(basis, {"planes", diagonal(1, 1, 2), {0, 1}});
  REQUIRE_THAT(phi[1], WithinAbs(1.0 / 2.0, 1e-15));
  REQUIRE_THAT(phi[2], WithinAbs(1.0 / 3.0, 1e-15));
}

TEST_CASE("correlations do not depend on the cell that describes the crystal", "[cluster_basis]") {
  const Structure prim = rock_salt();
  const ClusterBasis basis = make_cluster_basis(prim, BasisKind::chebyshev, {4.1, 3.0});
  Matrix3i T;
  T << 2, 0, 0, 1, 2, 0, 0, 1, 1;
  const Decoration small = random_decoration(prim, T, 3);
  Matrix3i repeats;
  repeats << 1, 0, 0, 1, 2, 0, 0, 0, 2;
  const Decoration large = repeated(prim, small, repeats);
  REQUIRE((correlations(basis, small) - correlations(basis, large)).norm() < 1e-12);
}

TEST_CASE("symmetric images of a decoration have the same correlations", "[cluster_basis]") {
  const Structure prim = cubic({"Li", "Na", "Va"});
  const ClusterBasis basis = make_cluster_basis(prim, BasisKind::trigonometric, {4.3, 3.1});
  const crystal::SpaceGroup group = crystal::find_space_group(prim);
  const Decoration d = random_decoration(prim, diagonal(2, 3, 2), 5);
  const crystal::Supercell from(prim, d.transformation);
  const Eigen::VectorXd phi = correlations(basis, d);
  int tried = 0;
  for (std::size_t op = 0; op < group.operations().size(); ++op) {
    const Matrix3i T = group.operations()[op].rotation * d.transformation;
    if (T.cast<double>().determinant() < 0.0) continue;
    const crystal::Supercell to(prim, T);
    Decoration image{"image", T, std::vector<crystal::Species>(d.occupation.size())};
    for (std::int64_t i = 0; i < from.n_sites(); ++i)
      image.occupation[static_cast<std::size_t>(to.index(group.image(op, from.offset(i))))] =
          d.occupation[static_cast<std::size_t>(i)];
    REQUIRE((correlations(basis, image) - phi).norm() < 1e-12);
    ++tried;
  }
  REQUIRE(tried == 24);
}

TEST_CASE("the energy of a pair model counts bonds", "[cluster_basis]") {
  ClusterExpansion expansion{make_cluster_basis(cubic(), BasisKind::occupation, {3.1}), {}, {}};
  expansion.eci_eV = Eigen::Vector3d(0.5, -1.0, 0.1);  // constant, point, bond
  // 3 of 4 sites in a row filled: 2 bonds along the row, 3 + 3 to the images across it.
  const Decoration d{"row", diagonal(4, 1, 1), {0, 0, 0, 1}};
  REQUIRE_THAT(energy_eV_per_prim(expansion, d),
               WithinAbs((4 * 0.5 - 3 * 1.0 + (2 + 3 + 3) * 0.1) / 4.0, 1e-14));
}

TEST_CASE("occupation and Chebyshev bases span the same energies", "[cluster_basis]") {
  const Structure prim = cubic();
  const ClusterBasis a = make_cluster_basis(prim, BasisKind::occupation, {3.1});
  const ClusterBasis b = make_cluster_basis(prim, BasisKind::chebyshev, {3.1});
  // With s = +-1 for filled or empty, n = (1 + s) / 2 turns J1 n + J2 n n' into spins.
  const cluster::SiteBasis site(BasisKind::chebyshev, 2);
  const double slope = 1.0 / (site(0, 0) - site(0, 1)), offset = -slope * site(0, 1);
  const double J1 = -0.7, J2 = 0.2, pairs = 3.0;
  ClusterExpansion lattice_gas{a, Eigen::Vector3d(0.0, J1, J2), {}};
  ClusterExpansion spins{b, {}, {}};
  spins.eci_eV =
      Eigen::Vector3d(J1 * offset + pairs * J2 * offset * offset,
                      J1 * slope + pairs * 2.0 * J2 * slope * offset, J2 * slope * slope);
  const Decoration d = random_decoration(prim, diagonal(3, 2, 4), 8);
  REQUIRE_THAT(energy_eV_per_prim(spins, d), WithinAbs(energy_eV_per_prim(lattice_gas, d), 1e-12));
}
