#include "analysis/thermodynamic_factor.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/mean_field.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the thermodynamic factor of the ideal lattice gas is 1/(1-x)", "[analysis]") {
  const Branch b = sweep(IdealGas{}, "gas", grid(-0.3, 0.1, 40), Sweep::up);
  for (const auto& f : thermodynamic_factor(b, equilibrium({b})))
    REQUIRE_THAT(*f.value, WithinRel(1.0 / (1.0 - f.x), 1e-12));  // LG-03
}

TEST_CASE("fluctuations and the slope of mu(x) give the same thermodynamic factor", "[analysis]") {
  const Chain chain{0.1};
  const Branch b = sweep(chain, "chain", grid(-0.2, 0.4, 300), Sweep::up);
  const auto theta = thermodynamic_factor(b, equilibrium({b}));
  for (std::size_t i = 1; i + 1 < theta.size(); ++i)
    REQUIRE_THAT(*theta[i].from_slope, WithinRel(*theta[i].value, 3e-3));
  REQUIRE_FALSE(theta.front().from_slope);
}

TEST_CASE("inside a coexistence interval the thermodynamic factor is null with a reason",
          "[analysis]") {
  MeanField m{0.0, 0.0, 300.0};
  m.g_eV = 1.5 * m.critical_g_eV();
  const Branch up = m.sweep(grid(-0.3, 0.3, 240), Sweep::up);
  const Equilibrium eq = equilibrium({up, m.sweep(grid(0.3, -0.3, 240), Sweep::down)});
  int null = 0;
  for (const auto& f : thermodynamic_factor(up, eq)) {
    const bool inside = eq.plateau_at(f.x) != nullptr;
    REQUIRE(f.value.has_value() != inside);
    if (!inside) continue;
    ++null;
    REQUIRE_THAT(f.reason, Contains("coexistence"));
  }
  REQUIRE(null > 3);  // the metastable points between binodal and spinodal
}

TEST_CASE("a frozen state has no thermodynamic factor", "[analysis]") {
  Branch b = sweep(IdealGas{}, "gas", grid(-0.3, 0.3, 40), Sweep::up);
  b.points[20].dx_dmu_per_eV = 0.0;
  const auto theta = thermodynamic_factor(b, equilibrium({b}));
  REQUIRE_FALSE(theta[20].value);
  REQUIRE_THAT(theta[20].reason, Contains("fluctuate"));
  REQUIRE_FALSE(theta[19].from_slope);
}

TEST_CASE("errors of x and of the variance add up in the thermodynamic factor", "[analysis]") {
  Branch b = sweep(IdealGas{}, "gas", grid(-0.1, 0.1, 4), Sweep::up);
  b.points[2].x_error = 0.03 * b.points[2].x;
  b.points[2].dx_dmu_error = 0.04 * b.points[2].dx_dmu_per_eV;
  const auto f = thermodynamic_factor(b, equilibrium({b}))[2];
  REQUIRE_THAT(*f.error / *f.value, WithinAbs(0.05, 1e-12));
}
