#include "analysis/branch.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/hermite.hpp"
#include "analysis/mean_field.hpp"
#include "core/error.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the Hermite interval integrates a cubic exactly", "[analysis]") {
  const auto f = [](double t) { return 1.0 + t + t * t + t * t * t; };
  const auto d = [](double t) { return 1.0 + 2.0 * t + 3.0 * t * t; };
  const auto F = [](double t) { return t + t * t / 2.0 + t * t * t / 3.0 + t * t * t * t / 4.0; };
  const double a = 0.5, h = 0.3;
  const MonotoneHermite y(h, f(a), f(a + h), d(a), d(a + h));
  for (const double t : {0.0, 0.25, 0.6, 1.0}) {
    REQUIRE_THAT(y.value(t), WithinAbs(f(a + t * h), 1e-14));
    REQUIRE_THAT(y.integral(t), WithinAbs(F(a + t * h) - F(a), 1e-14));
  }
}

TEST_CASE("the Hermite interval stays monotone with any slopes", "[analysis]") {
  Random random(3, Purpose::test);
  for (int n = 0; n < 200; ++n) {
    const MonotoneHermite y(0.1, 0.2, 0.2 + random.uniform(), 50.0 * random.normal(),
                            50.0 * random.normal());
    for (int i = 0; i < 50; ++i) REQUIRE(y.value((i + 1) / 50.0) >= y.value(i / 50.0) - 1e-13);
  }
}

TEST_CASE("integration of the ideal lattice gas gives its exact potential", "[analysis]") {
  const IdealGas gas{-0.1};
  const auto mu = grid(-0.6, 0.4, 80);  // steps of kT/2
  const Curve c = integrate(sweep(gas, "gas", mu, Sweep::up));
  for (const Knot& k : c.knots) REQUIRE_THAT(k.phi_eV, WithinAbs(gas.phi(k.mu_eV), 4e-6));
}

TEST_CASE("integration of the interacting chain gives the transfer-matrix potential",
          "[analysis]") {
  const Chain chain{GENERATE(-0.03, 0.05, 0.15)};
  const Curve c = integrate(sweep(chain, "chain", grid(-0.5, 0.7, 240), Sweep::up));
  for (const Knot& k : c.knots) REQUIRE_THAT(k.phi_eV, WithinAbs(chain.phi(k.mu_eV), 2e-7));
}

TEST_CASE("the integral between sampled points is as good as at them", "[analysis]") {
  const Chain chain{0.05};
  const Curve c = integrate(sweep(chain, "chain", grid(-0.5, 0.7, 240), Sweep::up));
  for (double mu = -0.4987; mu < 0.69; mu += 0.0171) {
    REQUIRE_THAT(c.at(mu).phi_eV, WithinAbs(chain.phi(mu), 2e-7));
    REQUIRE_THAT(c.at(mu).x, WithinAbs(chain.x(mu), 2e-6));
  }
}

TEST_CASE("the discretisation error shrinks with the fourth power of the step", "[analysis]") {
  const Chain chain{0.1};
  const auto error = [&](int steps) {
    const Curve c = integrate(sweep(chain, "chain", grid(-0.4, 0.1, steps), Sweep::up));
    return std::abs(c.knots.back().phi_eV - chain.phi(0.1));
  };
  REQUIRE_THAT(error(40) / error(80), WithinRel(16.0, 0.15));
}

TEST_CASE("the stated discretisation error covers the true one", "[analysis]") {
  const Chain chain{0.1};
  for (const int steps : {30, 50, 80}) {
    const Curve c = integrate(sweep(chain, "chain", grid(-0.4, 0.1, steps), Sweep::up));
    const double truth = std::abs(c.knots.back().phi_eV - chain.phi(0.1));
    REQUIRE(truth <= 2.0 * c.knots.back().phi_error_eV);
    REQUIRE(truth >= 0.3 * c.knots.back().phi_error_eV);
  }
}

TEST_CASE("a down sweep integrates from the filled end to the same potential", "[analysis]") {
  const Chain chain{0.05};
  const Curve c = integrate(sweep(chain, "chain", grid(0.7, -0.5, 240), Sweep::down));
  REQUIRE(c.mu_min() == -0.5);
  REQUIRE_THAT(c.knots.front().phi_eV, WithinAbs(chain.phi(-0.5), 2e-7));
}

TEST_CASE("95 percent intervals of the integrated potential hold the truth", "[analysis]") {
  const IdealGas gas;
  const Branch exact = sweep(gas, "gas", grid(-0.4, 0.3, 70), Sweep::up);
  int inside = 0;
  for (int seed = 0; seed < 400; ++seed) {
    const Curve c = integrate(noisy(exact, 0.004, 0.05, seed));
    const Knot& last = c.knots.back();
    inside += std::abs(last.phi_eV - gas.phi(last.mu_eV)) <= 1.96 * last.phi_error_eV;
  }
  REQUIRE(inside >= 369);
  REQUIRE(inside <= 391);
}

TEST_CASE("a sweep is cut where it jumps and nowhere else", "[analysis]") {
  MeanField model{0.0, 0.0, 300.0};
  model.g_eV = 1.6 * model.critical_g_eV();
  const auto parts = pieces(model.sweep(grid(-0.3, 0.3, 120), Sweep::up), {});
  REQUIRE(parts.size() == 2);
  const double spinodal = model.mu_eV(model.spinodal()->low);
  REQUIRE(parts[0].mu_max() <= spinodal);
  REQUIRE(parts[1].mu_min() >= spinodal);
  REQUIRE(parts[0].referenced);
  REQUIRE_FALSE(parts[1].referenced);
}

TEST_CASE("a steep but continuous sweep is not cut", "[analysis]") {
  MeanField model{0.0, 0.0, 300.0};
  model.g_eV = 0.97 * model.critical_g_eV();
  REQUIRE(pieces(model.sweep(grid(-0.3, 0.3, 400), Sweep::up), {}).size() == 1);
}

TEST_CASE("integration refuses to cross a jump", "[analysis]") {
  MeanField model{0.0, 0.0, 300.0};
  model.g_eV = 1.6 * model.critical_g_eV();
  REQUIRE_THROWS_WITH(integrate(model.sweep(grid(-0.3, 0.3, 120), Sweep::up)), Contains("jumps"));
}

TEST_CASE("a branch without reference is refused", "[analysis]") {
  Branch b = sweep(IdealGas{}, "gas", grid(-0.3, 0.3, 10), Sweep::up);
  b.reference.reset();
  REQUIRE_THROWS_WITH(integrate(b), Contains("reference"));
}

TEST_CASE("unsound branches are refused", "[analysis]") {
  Branch b = sweep(IdealGas{}, "gas", grid(-0.3, 0.3, 10), Sweep::up);
  SECTION("not monotone") { b.points[4].mu_eV = b.points[3].mu_eV; }
  SECTION("not finite") { b.points[4].x = std::nan(""); }
  SECTION("negative error") { b.points[4].x_error = -1.0; }
  SECTION("no temperature") { b.temperature_K = 0.0; }
  SECTION("empty") { b.points.clear(); }
  REQUIRE_THROWS_AS(check(b), InputError);
}

TEST_CASE("a Monte Carlo average becomes a point with its susceptibility", "[analysis]") {
  const MuPoint p = mu_point(0.1, 300.0, {0.5, 0.01}, {-1.0, 0.02}, {0.25, 0.05});
  REQUIRE_THAT(p.dx_dmu_per_eV, WithinRel(0.25 / (k_B * 300.0), 1e-14));
  REQUIRE_THAT(p.dx_dmu_error, WithinRel(0.05 / (k_B * 300.0), 1e-14));
  REQUIRE(p.x_error == 0.01);
}
