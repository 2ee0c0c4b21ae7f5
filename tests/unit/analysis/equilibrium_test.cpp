#include "analysis/equilibrium.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/mean_field.hpp"
#include "core/error.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::vector<Branch> both_ways(const IdealGas& gas, const std::string& phase, int steps) {
  return {sweep(gas, phase, grid(-0.5, 0.5, steps), Sweep::up),
          sweep(gas, phase, grid(0.5, -0.5, steps), Sweep::down)};
}

std::vector<Branch> all(std::initializer_list<std::vector<Branch>> lists) {
  std::vector<Branch> out;
  for (const auto& list : lists) out.insert(out.end(), list.begin(), list.end());
  return out;
}

/// mu at which 1 + z/a = exp(-d)(1 + z/b), z = exp(mu/kT): two gases of equal phi.
double crossing(const IdealGas& p, const IdealGas& q) {
  const double kT = p.kT(), c = std::exp(-(q.empty_eV - p.empty_eV) / kT);
  const double a = std::exp(-p.e0_eV / kT), b = std::exp(-q.e0_eV / kT);
  return kT * std::log((c - 1.0) / (a - c * b));
}

}  // namespace

TEST_CASE("the ideal lattice gas has the voltage V0 - (kT/e) ln(x/(1-x))", "[analysis]") {
  const IdealGas gas{-0.02};
  const Equilibrium eq = equilibrium(both_ways(gas, "gas", 200), {3.5, {}, {}, 4});
  REQUIRE(eq.plateaus.empty());
  for (const double x : {0.01, 0.2, 0.5, 0.77, 0.99}) {
    const double exact = 3.5 - gas.e0_eV - gas.kT() * std::log(x / (1.0 - x));
    REQUIRE_THAT(*eq.voltage_at(x), WithinAbs(exact, 2e-5));
  }
}

TEST_CASE("the ideal voltage slope at x = 1/2 is -4 kT", "[analysis]") {
  const IdealGas gas{0.0, 298.15};
  const Equilibrium eq = equilibrium(both_ways(gas, "gas", 400));
  const double slope = (*eq.voltage_at(0.52) - *eq.voltage_at(0.48)) / 0.04;
  REQUIRE_THAT(slope, WithinAbs(-0.10277, 1e-4));  // LG-02
}

TEST_CASE("the dilute voltage falls by kT per factor e in x", "[analysis]") {
  const IdealGas gas;
  const Equilibrium eq = equilibrium(both_ways(gas, "gas", 800));
  const double fall = *eq.voltage_at(1e-4) - *eq.voltage_at(1e-4 * std::exp(1.0));
  REQUIRE_THAT(fall, WithinRel(gas.kT(), 2e-3));
}

TEST_CASE("a pair model on a lattice is symmetric under exchange of Li and vacancy", "[analysis]") {
  const Chain chain{0.09};
  const Equilibrium eq = equilibrium({sweep(chain, "c", grid(-0.5, 0.68, 590), Sweep::up),
                                      sweep(chain, "c", grid(0.68, -0.5, 590), Sweep::down)});
  REQUIRE_THAT(*eq.voltage_at(0.5), WithinAbs(-chain.w_eV, 1e-6));  // LG-04, z = 2
  for (const double x : {0.05, 0.2, 0.4})
    REQUIRE_THAT(*eq.voltage_at(x) + *eq.voltage_at(1.0 - x), WithinAbs(-2.0 * chain.w_eV, 2e-5));
}

TEST_CASE("two phases coexist where their exact potentials cross", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  const Equilibrium eq = equilibrium(all({both_ways(a, "A", 311), both_ways(b, "B", 287)}));
  REQUIRE(eq.plateaus.size() == 1);
  const double mu = crossing(a, b);
  const Plateau& p = eq.plateaus[0];
  REQUIRE_THAT(p.mu_eV, WithinAbs(mu, 1e-6));
  REQUIRE_THAT(p.x_left, WithinAbs(a.x(mu), 1e-5));
  REQUIRE_THAT(p.x_right, WithinAbs(b.x(mu), 1e-5));
  REQUIRE(p.phase_left == "A");
  REQUIRE(p.phase_right == "B");
}

TEST_CASE("the curve is flat on a plateau and falls elsewhere", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  const Equilibrium eq = equilibrium(all({both_ways(a, "A", 100), both_ways(b, "B", 100)}));
  for (std::size_t i = 0; i + 1 < eq.curve.size(); ++i) {
    REQUIRE(eq.curve[i].x <= eq.curve[i + 1].x);
    const bool flat = eq.curve[i].plateau >= 0 && eq.curve[i + 1].plateau == eq.curve[i].plateau;
    if (flat)
      REQUIRE(eq.curve[i].V == eq.curve[i + 1].V);
    else
      REQUIRE(eq.curve[i].V > eq.curve[i + 1].V);
  }
  const Plateau& p = eq.plateaus.at(0);
  REQUIRE(*eq.voltage_at(0.5 * (p.x_left + p.x_right)) == p.V);
  REQUIRE(eq.stretches.size() == 2);
}

TEST_CASE("the equilibrium potential is never above any phase", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  const Equilibrium eq = equilibrium(all({both_ways(a, "A", 200), both_ways(b, "B", 200)}));
  for (const CurvePoint& p : eq.curve)
    REQUIRE_THAT(p.phi_eV, WithinAbs(std::min(a.phi(p.mu_eV), b.phi(p.mu_eV)), 1e-6));
}

TEST_CASE("a phase that is lowest only inside one sampled interval is found", "[analysis]") {
  // straight lines phi = c - x mu through exact states of constant x: A, C, B with x = 0, 1/2, 1
  const auto line = [](const std::string& phase, double x, double phi0) {
    Curve c{phase, Sweep::up, {}, true, false};
    for (const double mu : {-0.1, 0.1}) c.knots.push_back({mu, x, 0, 0, 0, phi0 - x * mu, 0});
    return c;
  };
  const auto pieces = lower_envelope({line("A", 0, 0), line("B", 1, 0), line("C", 0.5, -0.01)});
  REQUIRE(pieces.size() == 3);
  REQUIRE(pieces[1].index == 2);
  REQUIRE_THAT(pieces[1].mu_min, WithinAbs(-0.02, 1e-12));
  REQUIRE_THAT(pieces[1].mu_max, WithinAbs(0.02, 1e-12));
}

TEST_CASE("a phase that is nowhere lowest does not appear", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, high{0.0, 300.0, 0.01};
  const Equilibrium eq = equilibrium(all({both_ways(a, "A", 100), both_ways(high, "H", 100)}));
  REQUIRE(eq.plateaus.empty());
  for (const CurvePoint& p : eq.curve) REQUIRE(p.phase == "A");
}

TEST_CASE("the stated error of a plateau voltage covers the truth", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  const double mu = crossing(a, b);
  int inside = 0;
  for (int seed = 0; seed < 200; ++seed) {
    std::vector<Branch> data = all({both_ways(a, "A", 60), both_ways(b, "B", 60)});
    for (std::size_t i = 0; i < 4; ++i) data[i] = noisy(data[i], 0.004, 0.05, 4 * seed + i);
    const Equilibrium eq = equilibrium(data);
    for (const Plateau& p : eq.plateaus)
      if (p.phase_left == "A" && p.phase_right == "B")
        inside += std::abs(p.mu_eV - mu) <= 1.96 * p.mu_error_eV;
  }
  REQUIRE(inside >= 178);
  REQUIRE(inside < 200);
}

TEST_CASE("where data end before phases cross there is a gap with a reason", "[analysis]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  const double mu = crossing(a, b);
  const Equilibrium eq = equilibrium({sweep(a, "A", grid(-0.5, mu - 0.05, 50), Sweep::up),
                                      sweep(b, "B", grid(0.5, mu + 0.05, 50), Sweep::down)});
  REQUIRE(eq.plateaus.empty());
  REQUIRE(eq.gaps.size() == 1);
  REQUIRE_THAT(eq.gaps[0].reason, Contains("no sweep"));
  REQUIRE_FALSE(eq.voltage_at(0.5 * (a.x(mu) + b.x(mu))));
}

TEST_CASE("branches at different temperatures are refused", "[analysis]") {
  REQUIRE_THROWS_WITH(equilibrium({sweep(IdealGas{0, 300}, "A", grid(-0.1, 0.1, 4), Sweep::up),
                                   sweep(IdealGas{0, 400}, "A", grid(-0.1, 0.1, 4), Sweep::up)}),
                      Contains("400 K"));
  REQUIRE_THROWS_AS(equilibrium({}), InputError);
}

TEST_CASE("branches without any reference are refused", "[analysis]") {
  Branch b = sweep(IdealGas{}, "A", grid(-0.1, 0.1, 4), Sweep::up);
  b.reference.reset();
  REQUIRE_THROWS_WITH(equilibrium({b}), Contains("reference"));
}
