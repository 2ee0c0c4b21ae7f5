#include "electrostatics/ewald.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "ionic.hpp"

using namespace lithiate;
using namespace lithiate::electrostatics;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

double energy_eV(const Ions& ions, const EwaldConfig& config = {},
                 Neutrality neutrality = Neutrality::required) {
  return Ewald(ions.lattice, config).energy_eV(ions.fractional, ions.charges_e, neutrality);
}

/// Binding of one ion pair of charges +-e in units of coulomb / nearest distance.
double madelung(const Ions& ions, double pairs) {
  return -energy_eV(ions, {.accuracy = 1e-13}) * ions.nearest_A / (coulomb_eV_A * pairs);
}

/// Coulomb sum over all ions within reach of each ion, with a smooth rim: its waves G carry
/// exp(-G^2 rim^2 / 4), so the sum converges to the value with conducting surroundings.
double direct_sum_eV(const Ions& ions, double radius_A, double rim_A) {
  double sum = 0.0;
  const auto n = ions.lattice.cells_within(radius_A + 5.0 * rim_A);
  for (std::size_t i = 0; i < ions.fractional.size(); ++i)
    for (std::size_t j = 0; j < ions.fractional.size(); ++j)
      for (int x = -n[0]; x <= n[0]; ++x)
        for (int y = -n[1]; y <= n[1]; ++y)
          for (int z = -n[2]; z <= n[2]; ++z) {
            const double r =
                ions.lattice.cartesian(ions.fractional[i] - ions.fractional[j] + Vector3d(x, y, z))
                    .norm();
            if (r > 0.0 && r < radius_A + 5.0 * rim_A)
              sum += 0.25 * ions.charges_e[i] * ions.charges_e[j] *
                     std::erfc((r - radius_A) / rim_A) / r;
          }
  return coulomb_eV_A * sum;
}

}  // namespace

TEST_CASE("the Coulomb constant is that of CODATA 2018", "[electrostatics]") {
  REQUIRE_THAT(coulomb_eV_A, WithinAbs(14.3996454784, 5e-10));
}

TEST_CASE("Madelung constants of rock salt, CsCl and zinc blende are the textbook's",
          "[electrostatics]") {
  REQUIRE_THAT(madelung(rock_salt(), 1), WithinAbs(1.747564594633, 2e-12));
  REQUIRE_THAT(madelung(caesium_chloride(), 1), WithinAbs(1.762674773071, 2e-12));
  REQUIRE_THAT(madelung(zinc_blende(), 1), WithinAbs(1.638055053389, 2e-12));
}

TEST_CASE("Madelung constants of fluorite and of ideal wurtzite are the textbook's",
          "[electrostatics]") {
  REQUIRE_THAT(madelung(fluorite(), 1), WithinAbs(5.038784879848, 1e-11));
  REQUIRE_THAT(madelung(wurtzite(), 2), WithinAbs(1.641321627371, 2e-12));
}

TEST_CASE("fluorite is made of zinc blende and CsCl", "[electrostatics]") {
  // pairs of the fcc lattice and of the two half-cell shifts appear in all three crystals
  const double a_A = 5.0, zns = energy_eV(zinc_blende(a_A * std::sqrt(3.0) / 4)),
               nacl = energy_eV(rock_salt(a_A / 2)),
               caf2 = energy_eV(fluorite(a_A * std::sqrt(3.0) / 4));
  REQUIRE_THAT(caf2, WithinAbs(4 * zns - nacl, 1e-9));
}

TEST_CASE("a simple cubic lattice in a uniform background has the energy of the Wigner crystal",
          "[electrostatics]") {
  // E = -A k_e / (2 a), A = 2.837297479481 (Placzek, Nijboer & Van Hove 1951)
  const double a_A = 3.7;
  REQUIRE_THAT(Ewald(Lattice(a_A * Matrix3d::Identity())).self_eV() * a_A / coulomb_eV_A,
               WithinAbs(-2.837297479481, 1e-10));
}

TEST_CASE("Wigner crystals on the bcc and fcc lattice have the published energies",
          "[electrostatics]") {
  // energy per ion in k_e / r_s: Haensel, Potekhin & Yakovlev, Neutron Stars 1 (2007), table 2.4
  const auto binding = [](const Matrix3d& columns) {
    const Lattice lattice(columns);
    const double r_s = std::cbrt(3.0 * lattice.volume_A3() / (4.0 * std::numbers::pi));
    return 0.5 * Ewald(lattice).self_eV() * r_s / coulomb_eV_A;
  };
  Matrix3d bcc;
  bcc << -1, 1, 1, 1, -1, 1, 1, 1, -1;
  REQUIRE_THAT(binding(bcc), WithinAbs(-0.895929255682, 1e-10));
  REQUIRE_THAT(binding(face_centred_A(4.0)), WithinAbs(-0.895873615195, 1e-10));
}

TEST_CASE("energies do not depend on the splitting parameter", "[electrostatics]") {
  for (const Ions& ions : {rock_salt(), wurtzite(), lopsided_salt()}) {
    const double size_A = std::cbrt(ions.lattice.volume_A3()), known_eV = energy_eV(ions);
    for (const double alpha_L : {0.8, 1.5, 3.0, 5.0, 9.0})
      REQUIRE_THAT(energy_eV(ions, {.splitting_per_A = alpha_L / size_A}),
                   WithinRel(known_eV, 1e-10));
  }
}

TEST_CASE("the energy of a charged cell does not depend on the splitting parameter",
          "[electrostatics]") {
  Ions ions = lopsided_salt();
  ions.charges_e = {2, -1, 1};
  const double known_eV = energy_eV(ions, {}, Neutrality::background);
  for (const double alpha_per_A : {0.2, 0.5, 1.1})
    REQUIRE_THAT(energy_eV(ions, {.splitting_per_A = alpha_per_A}, Neutrality::background),
                 WithinRel(known_eV, 1e-10));
}

TEST_CASE("the error stays within the accuracy asked for", "[electrostatics]") {
  Random random(3, Purpose::test);
  for (const Lattice& lattice :
       {lopsided_salt().lattice, Lattice(Vector3d(2.0, 2.0, 60.0).asDiagonal()),
        Lattice(Vector3d(40.0, 40.0, 3.0).asDiagonal())}) {
    const Ewald exact(lattice, {.accuracy = 1e-13});
    const double scale_eV = coulomb_eV_A / std::cbrt(lattice.volume_A3());
    for (const double accuracy : {1e-4, 1e-7, 1e-10}) {
      const Ewald ewald(lattice, {.accuracy = accuracy});
      REQUIRE_THAT(ewald.self_eV(), WithinAbs(exact.self_eV(), accuracy * scale_eV));
      for (int trial = 0; trial < 20; ++trial) {
        const Vector3d r = lattice.cartesian(
            {0.1 + 0.8 * random.uniform(), 0.1 + 0.8 * random.uniform(), 0.8 * random.uniform()});
        REQUIRE_THAT(ewald.pair_eV(r), WithinAbs(exact.pair_eV(r), accuracy * scale_eV));
      }
    }
  }
}

TEST_CASE("a supercell has the energy of its cells, neutral or charged", "[electrostatics]") {
  for (Ions ions : {rock_salt(), wurtzite(), lopsided_salt()}) {
    for (const double extra_e : {0.0, 1.0}) {
      ions.charges_e[0] += extra_e;
      const double known_eV = energy_eV(ions, {}, Neutrality::background);
      for (const Matrix3i& t : {diagonal(2, 1, 3), skewed()})
        REQUIRE_THAT(energy_eV(repeated(ions, t), {}, Neutrality::background),
                     WithinRel(t.cast<double>().determinant() * known_eV, 1e-10));
    }
  }
}

TEST_CASE("another basis of the same lattice gives the same pair energies", "[electrostatics]") {
  const Lattice lattice = lopsided_salt().lattice;
  Matrix3d change;
  change << 1, 4, -3, 0, 1, 7, 0, 0, 1;
  const Ewald plain(lattice), skew(Lattice(lattice.columns() * change));
  REQUIRE_THAT(skew.self_eV(), WithinAbs(plain.self_eV(), 1e-10));
  for (const Vector3d& r : {Vector3d(1, 0, 0.3), Vector3d(2, -3, 1), Vector3d(-1.4, 0.7, 9)})
    REQUIRE_THAT(skew.pair_eV(r), WithinAbs(plain.pair_eV(r), 1e-10));
}

TEST_CASE("a common shift of all sites and lattice translations change nothing",
          "[electrostatics]") {
  Ions ions = lopsided_salt();
  const double known_eV = energy_eV(ions);
  for (Vector3d& f : ions.fractional) f += Vector3d(0.37, -1.61, 0.8);
  ions.fractional[1] += Vector3d(2, -5, 11);
  REQUIRE_THAT(energy_eV(ions), WithinAbs(known_eV, 1e-10));
}

TEST_CASE("a pair energy is even in the separation and 1/r near contact", "[electrostatics]") {
  const Ewald ewald(lopsided_salt().lattice);
  const Vector3d r(0.7, -0.4, 1.2), direction = r.normalized();
  REQUIRE_THAT(ewald.pair_eV(r), WithinAbs(ewald.pair_eV(-r), 1e-12));
  // psi(r) - 1/r -> self energy, with an error of order r^2 (the background's potential)
  const auto rest_eV = [&](double d) {
    return ewald.pair_eV(d * direction) - coulomb_eV_A / d - ewald.self_eV();
  };
  REQUIRE_THAT(rest_eV(0.11) / rest_eV(0.22), WithinAbs(0.25, 0.01));
}

TEST_CASE("the potential of a charge and its background has mean 0 and Laplacian 4 pi / V",
          "[electrostatics]") {
  const Lattice lattice = lopsided_salt().lattice;
  const Ewald ewald(lattice);
  const Vector3d r = lattice.cartesian({0.45, 0.55, 0.5});
  constexpr double h = 0.02;
  double laplacian = -6.0 * ewald.pair_eV(r);
  for (int i = 0; i < 3; ++i)
    laplacian +=
        ewald.pair_eV(r + h * Vector3d::Unit(i)) + ewald.pair_eV(r - h * Vector3d::Unit(i));
  const double expected = coulomb_eV_A * 4.0 * std::numbers::pi / lattice.volume_A3();
  REQUIRE_THAT(laplacian / (h * h), WithinRel(expected, 1e-3));
  // the mean over a grid of n^3 points around the charge, itself left out, is that of the n-fold
  // finer lattice: self energies of a lattice and of its n-th are related by a factor n
  constexpr int n = 5;
  double sum = ewald.self_eV();
  for (int i = 0; i < n * n * n; ++i)
    if (i > 0) sum += ewald.pair_eV(lattice.cartesian(Vector3d(i / (n * n), i / n % n, i % n) / n));
  REQUIRE_THAT(sum, WithinAbs(n * ewald.self_eV(), 1e-8));
}

TEST_CASE("the energy is that of a direct sum over ions with a smooth rim", "[electrostatics]") {
  for (const Ions& ions : {zinc_blende(), lopsided_salt()})
    REQUIRE_THAT(direct_sum_eV(ions, 50.0, 10.0), WithinRel(energy_eV(ions), 1e-9));
}

TEST_CASE("the energy of random charges is that of structure factors", "[electrostatics]") {
  Random random(4, Purpose::test);
  Ions ions = repeated(caesium_chloride(), diagonal(3, 4, 3));
  ions.charges_e = shuffled(ions.charges_e, random);
  REQUIRE_THAT(structure_factor_energy_eV(ions),
               WithinAbs(energy_eV(ions, {.accuracy = 1e-13}), 1e-10));
}

TEST_CASE("a net charge is refused where neutrality is required", "[electrostatics]") {
  Ions ions = rock_salt();
  ions.charges_e = {1, -2};
  REQUIRE_THROWS_WITH(energy_eV(ions), Contains("net charge of -1 e"));
  REQUIRE_NOTHROW(energy_eV(ions, {}, Neutrality::background));
  ions.charges_e[0] = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(energy_eV(ions, {}, Neutrality::background), InputError);
}

TEST_CASE("overlapping sites, missing charges and impossible settings are refused",
          "[electrostatics]") {
  Ions ions = rock_salt();
  ions.fractional[1] = Vector3d(1.0, -1.0, 1e-4);
  REQUIRE_THROWS_WITH(energy_eV(ions), Contains("expected at least 0.1 A"));
  ions = rock_salt();
  ions.charges_e.push_back(0.0);
  REQUIRE_THROWS_WITH(energy_eV(ions), Contains("2 positions and 3 charges"));
  REQUIRE_THROWS_WITH(Ewald(ions.lattice, {.accuracy = 0.0}), Contains("accuracy = 0"));
  REQUIRE_THROWS_WITH(Ewald(ions.lattice, {.splitting_per_A = -1.0}), Contains("splitting"));
  REQUIRE_THROWS_WITH(Lattice(Vector3d(3, 3, 0).asDiagonal()), Contains("singular"));
}
