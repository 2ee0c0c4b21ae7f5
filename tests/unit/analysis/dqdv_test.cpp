#include "analysis/dqdv.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/mean_field.hpp"
#include "core/error.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double M_VCl3 = 157.30;  // g/mol, IUPAC weights

DqdvConfig config() {
  DqdvConfig c;
  c.molar_mass_g_per_mol = M_VCl3;
  return c;
}

Equilibrium gas_curve(double slope_error = 0.0) {
  const IdealGas gas;
  return equilibrium(
      {noisy(sweep(gas, "gas", grid(-0.5, 0.5, 200), Sweep::up), 0.0, slope_error, 1)},
      {3.0, {}, {}, 4});
}

double area(const Dqdv& d) {
  double sum = 0.0;
  for (const double y : d.dQ_dV_mAh_per_g_V) sum += y * (d.V[1] - d.V[0]);
  return sum;
}

}  // namespace

TEST_CASE("the capacity of VCl3 for one Li is 170.4 mAh/g", "[analysis]") {
  REQUIRE_THAT(capacity_mAh_per_g(M_VCl3), WithinAbs(170.4, 0.05));  // MP-037
}

TEST_CASE("the ideal lattice gas has one peak of height Q/(4 kT) at V0", "[analysis]") {
  const Dqdv d = dqdv(gas_curve(), config());
  REQUIRE(d.peaks.size() == 1);
  REQUIRE_THAT(d.peaks[0].V, WithinAbs(3.0, 1e-4));
  REQUIRE_THAT(d.peaks[0].height_mAh_per_g_V,
               WithinRel(capacity_mAh_per_g(M_VCl3) / (4.0 * k_B * 300.0), 2e-3));
  REQUIRE_FALSE(d.peaks[0].plateau);
}

TEST_CASE("the area under dQ/dV is the capacity", "[analysis]") {
  REQUIRE_THAT(area(dqdv(gas_curve(), config())), WithinRel(capacity_mAh_per_g(M_VCl3), 2e-3));
}

TEST_CASE("a plateau keeps its capacity when it is broadened", "[analysis]") {
  MeanField m{0.0, 0.0, 300.0};
  m.g_eV = 1.6 * m.critical_g_eV();
  const Equilibrium eq = equilibrium(
      {m.sweep(grid(-0.4, 0.4, 400), Sweep::up), m.sweep(grid(0.4, -0.4, 400), Sweep::down)});
  DqdvConfig c = config();
  c.width_V = GENERATE(0.005, 0.02);
  const Dqdv d = dqdv(eq, c);
  REQUIRE_THAT(area(d), WithinRel(capacity_mAh_per_g(M_VCl3), 3e-3));
  REQUIRE(d.peaks.size() == 1);
  REQUIRE(d.peaks[0].plateau);
  REQUIRE_THAT(d.peaks[0].V, WithinAbs(0.0, 1e-4));
}

TEST_CASE("a plateau broadened by kT has the line shape of one site", "[analysis]") {
  Equilibrium eq;
  eq.temperature_K = 300.0;
  eq.plateaus.push_back({-3.0, 0, 3.0, 0.0, 0, 1.0, 0, "A", "B"});
  eq.curve.resize(2);
  eq.curve[0].V = eq.curve[1].V = 3.0;
  eq.curve[1].x = 1.0;
  const Dqdv d = dqdv(eq, config());
  const IdealGas gas{-3.0};
  for (std::size_t i = 0; i < d.V.size(); i += 17)
    REQUIRE_THAT(d.dx_dV[i], WithinAbs(gas.dx_dmu(-d.V[i]), 1e-9));
}

TEST_CASE("the error of a peak height follows the errors of the points", "[analysis]") {
  const Dqdv d = dqdv(gas_curve(0.05), config());
  const auto best = std::max_element(d.peaks.begin(), d.peaks.end(), [](auto& a, auto& b) {
    return a.height_mAh_per_g_V < b.height_mAh_per_g_V;
  });
  // several points near the top compete: below the 5 % of one point, but of its order
  REQUIRE(best->height_error / best->height_mAh_per_g_V > 0.01);
  REQUIRE(best->height_error / best->height_mAh_per_g_V < 0.05);
  REQUIRE(best->V_error > 0.0);
}

TEST_CASE("errors of peaks depend on the seed only", "[analysis]") {
  const Equilibrium eq = gas_curve(0.05);
  REQUIRE(dqdv(eq, config()).peaks[0].V_error == dqdv(eq, config()).peaks[0].V_error);
}

TEST_CASE("peaks below the prominence are not reported", "[analysis]") {
  const std::vector<double> V{0, 1, 2, 3, 4, 5, 6}, y{0, 10, 5, 5.2, 4, 7, 0};
  REQUIRE(find_peaks(V, y, 0.05).size() == 2);
  REQUIRE(find_peaks(V, y, 0.01).size() == 3);
  REQUIRE(find_peaks(V, y, 0.5).size() == 1);
}

TEST_CASE("a parabola has its peak at its vertex", "[analysis]") {
  std::vector<double> V, y;
  for (int i = 0; i < 20; ++i) V.push_back(0.1 * i), y.push_back(5.0 - std::pow(V[i] - 0.83, 2));
  const auto p = find_peaks(V, y, 0.01);
  REQUIRE(p.size() == 1);
  REQUIRE_THAT(p[0].V, WithinAbs(0.83, 1e-12));
  REQUIRE_THAT(p[0].height_mAh_per_g_V, WithinAbs(5.0, 1e-12));
}

TEST_CASE("dQ/dV refuses a molar mass, width or step without meaning", "[analysis]") {
  DqdvConfig c = config();
  SECTION("molar mass") { c.molar_mass_g_per_mol = 0.0; }
  SECTION("width") { c.width_V = -0.1; }
  SECTION("step") { c.step_V = 0.0; }
  REQUIRE_THROWS_AS(dqdv(gas_curve(), c), InputError);
}
