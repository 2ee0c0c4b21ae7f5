#include "analysis/mean_field.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/equilibrium.hpp"
#include "analysis/hysteresis.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
MeanField separating(double factor, double e0_eV = 0.0) {
  MeanField m{0.0, e0_eV, 300.0};
  m.g_eV = factor * m.critical_g_eV();
  return m;
}
}  // namespace

TEST_CASE("mean field separates below g = -4 kT only", "[analysis]") {
  const MeanField m{0.0, 0.0, 298.15};
  REQUIRE_THAT(m.critical_g_eV(), WithinAbs(-0.10277, 1e-5));  // LG-05, LG-02
  REQUIRE_FALSE(separating(0.999).binodal());
  REQUIRE(separating(1.001).binodal());
}

TEST_CASE("at the critical interaction mu(x) has a horizontal inflection at one half",
          "[analysis]") {
  const MeanField m = separating(1.0);
  const double slope = (m.mu_eV(0.501) - m.mu_eV(0.499)) / 0.002;
  REQUIRE_THAT(slope, WithinAbs(0.0, 1e-6));
}

TEST_CASE("mean-field mu is the derivative of the free energy", "[analysis]") {
  const MeanField m = separating(1.4, 0.07);
  for (const double x : {0.05, 0.3, 0.5, 0.9}) {
    const double h = 1e-5;
    const double slope = (m.free_energy_eV(x + h) - m.free_energy_eV(x - h)) / (2.0 * h);
    REQUIRE_THAT(m.mu_eV(x), WithinAbs(slope, 1e-8));
  }
}

TEST_CASE("both ends of the binodal have the same mu and the same phi", "[analysis]") {
  const MeanField m = separating(1.5, 0.07);
  const auto b = m.binodal();
  REQUIRE_THAT(m.mu_eV(b->low), WithinAbs(m.mu_eV(b->high), 1e-12));
  REQUIRE_THAT(m.phi_eV(b->low), WithinAbs(m.phi_eV(b->high), 1e-12));
}

TEST_CASE("the susceptibility diverges at the spinodal", "[analysis]") {
  const MeanField m = separating(1.3);
  REQUIRE_THAT(1.0 / m.dx_dmu_per_eV(m.spinodal()->low), WithinAbs(0.0, 1e-12));
}

TEST_CASE("two hysteretic sweeps give the Maxwell plateau", "[analysis]") {
  const MeanField m = separating(GENERATE(1.2, 1.5, 2.0), 0.0137);
  // the two grids do not mirror each other, so no error cancels by symmetry
  const Equilibrium eq = equilibrium(
      {m.sweep(grid(-0.4, 0.35, 1500), Sweep::up), m.sweep(grid(0.41, -0.39, 1733), Sweep::down)});
  REQUIRE(eq.plateaus.size() == 1);
  const Plateau& p = eq.plateaus[0];
  REQUIRE_THAT(p.mu_eV, WithinAbs(m.e0_eV, 1e-6));
  REQUIRE_THAT(p.x_left, WithinAbs(m.binodal()->low, 1e-5));
  REQUIRE_THAT(p.x_right, WithinAbs(m.binodal()->high, 1e-5));
  REQUIRE(eq.gaps.empty());
  REQUIRE(eq.excluded.empty());
}

TEST_CASE("equal areas lie above and below the Maxwell plateau", "[analysis]") {
  const MeanField m = separating(1.6, 0.02);
  const Equilibrium eq = equilibrium(
      {m.sweep(grid(-0.4, 0.4, 400), Sweep::up), m.sweep(grid(0.4, -0.4, 400), Sweep::down)});
  const Plateau& p = eq.plateaus.at(0);
  double area = 0.0;
  const int n = 4000;
  for (int i = 0; i < n; ++i) {
    const double x = p.x_left + (p.x_right - p.x_left) * (i + 0.5) / n;
    area += (m.mu_eV(x) - p.mu_eV) * (p.x_right - p.x_left) / n;
  }
  REQUIRE_THAT(area, WithinAbs(0.0, 1e-6));
}

TEST_CASE("the widest hysteresis of mean field is the distance of its spinodals", "[analysis]") {
  const MeanField m = separating(1.5);
  const Hysteresis h = hysteresis(m.sweep(grid(-0.3, 0.3, 600), Sweep::up),
                                  m.sweep(grid(0.3, -0.3, 600), Sweep::down));
  const double exact = m.mu_eV(m.spinodal()->low) - m.mu_eV(m.spinodal()->high);
  REQUIRE(h.widest_V);
  REQUIRE_THAT(*h.widest_V, WithinAbs(exact, 2.0 * h.resolution_V));
  REQUIRE_THAT(h.resolution_V, WithinAbs(0.001, 1e-12));
  REQUIRE(*h.loss_eV_per_fu > 0.0);
}

TEST_CASE("sweeps without a common range have no hysteresis, with a reason", "[analysis]") {
  const IdealGas gas;
  const Hysteresis h = hysteresis(sweep(gas, "gas", grid(-0.3, -0.1, 20), Sweep::up),
                                  sweep(gas, "gas", grid(0.3, 0.1, 20), Sweep::down));
  REQUIRE_FALSE(h.widest_V);
  REQUIRE_FALSE(h.reason.empty());
}

TEST_CASE("a reversible sweep has no hysteresis", "[analysis]") {
  const IdealGas gas;
  const Hysteresis h = hysteresis(sweep(gas, "gas", grid(-0.3, 0.3, 200), Sweep::up),
                                  sweep(gas, "gas", grid(0.3, -0.3, 200), Sweep::down));
  REQUIRE_THAT(*h.widest_V, WithinAbs(0.0, 1e-12));
  REQUIRE_THAT(*h.loss_eV_per_fu, WithinAbs(0.0, 1e-12));
}
