#include "cluster/site_basis.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"

using namespace lithiate;
using namespace lithiate::cluster;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

/// Mean of f_i f_j over all species; index -1 is the constant.
double overlap(const SiteBasis& basis, int n_species, int i, int j) {
  double sum = 0.0;
  for (int s = 0; s < n_species; ++s)
    sum += (i < 0 ? 1.0 : basis(i, s)) * (j < 0 ? 1.0 : basis(j, s));
  return sum / n_species;
}

}  // namespace

TEST_CASE("Chebyshev and trigonometric bases are orthonormal, with the constant") {
  for (const BasisKind kind : {BasisKind::chebyshev, BasisKind::trigonometric})
    for (int n = 2; n <= 7; ++n) {
      const SiteBasis basis(kind, n);
      REQUIRE(basis.n_functions() == n - 1);
      for (int i = -1; i < n - 1; ++i)
        for (int j = -1; j < n - 1; ++j)
          REQUIRE_THAT(overlap(basis, n, i, j), WithinAbs(i == j ? 1.0 : 0.0, 1e-12));
    }
}

TEST_CASE("the occupation basis is one for its species and zero for all others") {
  for (int n = 2; n <= 5; ++n) {
    const SiteBasis basis(BasisKind::occupation, n);
    REQUIRE(basis.n_functions() == n - 1);
    for (int f = 0; f < n - 1; ++f)
      for (int s = 0; s < n; ++s) REQUIRE(basis(f, s) == (f == s ? 1.0 : 0.0));
  }
}

TEST_CASE("every basis tells any two species apart") {
  for (const BasisKind kind :
       {BasisKind::occupation, BasisKind::chebyshev, BasisKind::trigonometric})
    for (int n = 2; n <= 5; ++n) {
      const SiteBasis basis(kind, n);
      Eigen::MatrixXd with_constant = Eigen::MatrixXd::Ones(n, n);
      for (int f = 0; f < n - 1; ++f)
        for (int s = 0; s < n; ++s) with_constant(f + 1, s) = basis(f, s);
      REQUIRE(std::abs(with_constant.determinant()) > 0.5);
    }
}

TEST_CASE("for two species the Chebyshev basis is a spin, up for the first") {
  const SiteBasis basis(BasisKind::chebyshev, 2);
  REQUIRE_THAT(basis(0, 0), WithinAbs(1.0, 1e-14));
  REQUIRE_THAT(basis(0, 1), WithinAbs(-1.0, 1e-14));
}

TEST_CASE("for three species the Chebyshev basis is that of Sanchez, Ducastelle and Gratias") {
  const SiteBasis basis(BasisKind::chebyshev, 3);
  for (int s = 0; s < 3; ++s) {
    const double spin = 1.0 - s;
    REQUIRE_THAT(basis(0, s), WithinAbs(std::sqrt(1.5) * spin, 1e-14));
    REQUIRE_THAT(basis(1, s), WithinAbs(std::sqrt(0.5) * (3.0 * spin * spin - 2.0), 1e-14));
  }
}

TEST_CASE("names of bases are read back, and slips are answered with the nearest") {
  for (const BasisKind kind :
       {BasisKind::occupation, BasisKind::chebyshev, BasisKind::trigonometric})
    REQUIRE(basis_kind(name(kind)) == kind);
  REQUIRE_THROWS_WITH(basis_kind("chebychev"), Contains("did you mean 'chebyshev'"));
}
