#include "expansion/prior.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"

using namespace lithiate;
using namespace lithiate::expansion;
using crystal::Matrix3d;

namespace {

ClusterBasis cubic_basis() {
  const crystal::Structure prim{
      "cubic", crystal::Lattice(3.0 * Matrix3d::Identity()), {{{0, 0, 0}, {"Li", "Va"}}}, "test"};
  return make_cluster_basis(prim, cluster::BasisKind::occupation, {4.3, 4.3});
}

}  // namespace

TEST_CASE("the size penalty is multiplicity times a factor per site and distance", "[prior]") {
  const ClusterBasis basis = cubic_basis();
  const Eigen::VectorXd c = size_penalty(basis, {2.0, 3.0, 3.0});
  REQUIRE(c.size() == static_cast<Eigen::Index>(basis.size()));
  REQUIRE(c[0] == 1.0);
  REQUIRE(c[1] == 1.0);                      // point: m = 1
  REQUIRE(c[2] == Approx(3.0 * 2.0 * 8.0));  // nearest pair: r = length
  REQUIRE(c[3] == Approx(6.0 * 2.0 * std::pow(1.0 + std::sqrt(2.0), 3.0)));
  REQUIRE(c[4] == Approx(12.0 * 4.0 * std::pow(1.0 + std::sqrt(2.0), 3.0)));  // triplet
}

TEST_CASE("a size penalty out of range is refused", "[prior]") {
  const ClusterBasis basis = cubic_basis();
  REQUIRE_THROWS_AS(size_penalty(basis, {0.5, 3.0, 3.0}), InputError);
  REQUIRE_THROWS_AS(size_penalty(basis, {2.0, -1.0, 3.0}), InputError);
  REQUIRE_THROWS_AS(size_penalty(basis, {2.0, 3.0, 0.0}), InputError);
}
