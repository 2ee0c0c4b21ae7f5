#include "layers/net.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"

using namespace lithiate;
using namespace lithiate::layers;
using Catch::Matchers::WithinAbs;

namespace {

const double root3 = std::sqrt(3.0);
Net hexagonal() { return {{1, 0, 0}, {-0.5, root3 / 2, 0}}; }

}  // namespace

TEST_CASE("the shortest vector modulo a net does not depend on the basis of the net") {
  const Net one = hexagonal(), other({1, 0, 0}, {3.5, root3 / 2, 0});
  const Vector3d x(0.31, 5.17, 0);
  REQUIRE((one.shortest_A(x) - other.shortest_A(x)).norm() < 1e-12);
  REQUIRE(one.coordinates(x - one.shortest_A(x)) == Vector3i(3, 6, 0));
  REQUIRE_THAT(one.area_A2(), WithinAbs(other.area_A2(), 1e-12));
}

TEST_CASE("a hollow of a triangular net has three shortest vectors of a / sqrt 3") {
  const Net net = hexagonal();
  const auto all = net.all_shortest_A(net.hollow_A());
  REQUIRE(all.size() == 3);
  for (const Vector3d& v : all) REQUIRE_THAT(v.norm(), WithinAbs(1 / root3, 1e-12));
  REQUIRE(net.angle(all[0]) < net.angle(all[1]));
  REQUIRE(net.angle(all[1]) < net.angle(all[2]));
  REQUIRE(net.all_shortest_A(-net.hollow_A()).size() == 3);
  REQUIRE(net.shortest_A(2 * net.hollow_A() + net.hollow_A()).norm() < 1e-12);
}

TEST_CASE("an angle that rounding puts just below zero is zero") {
  const Net net = hexagonal();
  const Vector3d from = net.u_A() - net.v_A();
  REQUIRE_THAT(net.angle(from), WithinAbs(0.0, 1e-12));
  REQUIRE(net.angle(from + Vector3d(-1e-12, -1e-12, 0)) < 1e-9);
  REQUIRE_THAT(net.angle(-from), WithinAbs(M_PI, 1e-9));
}

TEST_CASE("square and sheared nets are not triangular, parallel vectors make no net") {
  REQUIRE(hexagonal().triangular(1e-9));
  REQUIRE_FALSE(Net({1, 0, 0}, {0, 1, 0}).triangular(0.2));
  REQUIRE_FALSE(Net({1, 0, 0}, {-0.5, 1.3, 0}).triangular(0.2));
  REQUIRE_THROWS_AS(Net({1, 0, 0}, {-2, 0, 0}), InputError);
}
