#include "analysis/zero_kelvin.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

/// Layered halide, eV per f.u. (two f.u. per V2Cl6 cell): E_f(1/2) = -45 meV on the line between O1
/// at x = 0 and O3 at x = 1; lithium at 0, full insertion at 2.7 V.
std::vector<GroundState> layered_halide() {
  return {{"empty O1", "O1", 0.0, 0.0, 0.0},     {"empty O3", "O3", 0.0, 0.020, 0.0},
          {"half O1", "O1", 0.5, -1.395, 0.0},   {"half O3", "O3", 0.5, -1.370, 0.0},
          {"full O1", "O1", 1.0, -2.660, 0.0},   {"full O3", "O3", 1.0, -2.700, 0.0},
          {"third O3", "O3", 1.0 / 3, -0.9, 0.0}};
}

}  // namespace

TEST_CASE("a formation energy of -45 meV per f.u. at x = 1/2 separates two steps by 0.18 V",
          "[analysis]") {
  const ZeroKelvin zero = zero_kelvin(layered_halide(), 0.0);
  REQUIRE(zero.steps.size() == 2);
  REQUIRE_THAT(zero.steps[0].V - zero.steps[1].V, WithinAbs(0.18, 1e-12));
  REQUIRE_THAT(step_difference_V(-0.045, 0.5), WithinAbs(0.18, 1e-12));
}

TEST_CASE("the stacking changes where the family on the hull changes", "[analysis]") {
  const ZeroKelvin zero = zero_kelvin(layered_halide(), 0.0);
  REQUIRE(zero.transitions.size() == 1);
  REQUIRE(zero.transitions[0].from == "O1");
  REQUIRE(zero.transitions[0].to == "O3");
  REQUIRE(zero.transitions[0].x_begin == 0.5);
  REQUIRE(zero.transitions[0].x_end == 1.0);
}

TEST_CASE("a hull of one family has no stacking transition, with a reason", "[analysis]") {
  const ZeroKelvin zero = zero_kelvin({{"a", "O3", 0, 0, 0}, {"b", "O3", 1, -4, 0}}, -1.9);
  REQUIRE(zero.transitions.empty());
  REQUIRE_THAT(zero.no_transition_reason, Contains("O3"));
  REQUIRE_THAT(zero.steps[0].V, WithinAbs(2.1, 1e-12));
}

TEST_CASE("V1 - V2 = -E_f / [x1 (1 - x1)] holds for any step position", "[analysis]") {
  const double x1 = GENERATE(0.2, 1.0 / 3.0, 0.75), E_f = -0.06, full = -3.0;
  const ZeroKelvin zero = zero_kelvin(
      {{"0", "P", 0, 0, 0}, {"x1", "P", x1, full * x1 + E_f, 0}, {"1", "P", 1, full, 0}}, 0.4);
  REQUIRE_THAT(zero.steps.at(0).V - zero.steps.at(1).V,
               WithinAbs(step_difference_V(E_f, x1), 1e-12));
}

TEST_CASE("the steps of a hull weigh up to the average voltage", "[analysis]") {
  const ZeroKelvin zero = zero_kelvin(layered_halide(), -0.3);
  double sum = 0.0;
  for (const VoltageStep& s : zero.steps) sum += s.V * (s.high.x - s.low.x);
  const auto& h = zero.hull;
  REQUIRE_THAT(sum, WithinAbs(average_voltage_V(h.front(), h.back(), -0.3), 1e-12));
}

TEST_CASE("the formation energies of O3 LixNiO2 leave two ground states between the ends",
          "[analysis]") {
  // MP-029: DFT hull, eV per LiNiO2 formula
  const std::vector<std::pair<double, double>> f{
      {1.0 / 6, -0.0263}, {1.0 / 3, -0.0659}, {0.5, -0.1281}, {2.0 / 3, -0.0770},
      {5.0 / 6, -0.0470}, {0.0, 0.0},         {1.0, 0.0},     {0.4, -0.05}};
  std::vector<GroundState> all;
  for (const auto& [x, e] : f) all.push_back({"LNO", "O3", x, e - 3.8 * x, 0.0});
  const ZeroKelvin zero = zero_kelvin(all, 0.0);
  // 1/6 and 1/3 lie above the line from 0 to 1/2 and 2/3 above that from 1/2 to 5/6
  REQUIRE(zero.hull.size() == 4);
  for (std::size_t i = 0; i + 1 < zero.steps.size(); ++i)
    REQUIRE(zero.steps[i].V > zero.steps[i + 1].V);
  REQUIRE_THAT(zero.steps[0].V, WithinAbs(3.8 + 0.2562, 1e-12));
}

TEST_CASE("the distance to the hull is zero on it and null outside", "[analysis]") {
  const ZeroKelvin zero = zero_kelvin(layered_halide(), 0.0);
  REQUIRE_THAT(*zero.above_hull_eV(0.5, -1.395), WithinAbs(0.0, 1e-14));
  REQUIRE_THAT(*zero.above_hull_eV(0.5, -1.370), WithinAbs(0.025, 1e-14));
  REQUIRE_THAT(*zero.above_hull_eV(0.25, 0.0), WithinAbs(0.6975, 1e-14));
  REQUIRE_FALSE(zero.above_hull_eV(1.2, 0.0));
}

TEST_CASE("no structure lies below the hull and every ground state lies on it", "[analysis]") {
  const auto all = layered_halide();
  const ZeroKelvin zero = zero_kelvin(all, 0.0);
  for (const GroundState& s : all) REQUIRE(*zero.above_hull_eV(s.x, s.energy_eV) >= -1e-14);
  for (const GroundState& s : zero.hull)
    REQUIRE_THAT(*zero.above_hull_eV(s.x, s.energy_eV), WithinAbs(0.0, 1e-14));
}

TEST_CASE("errors of the energies become the error of the voltage", "[analysis]") {
  const ZeroKelvin zero = zero_kelvin({{"a", "P", 0, 0, 0.003}, {"b", "P", 0.5, -1, 0.004}}, 0.0);
  REQUIRE_THAT(zero.steps[0].V_error, WithinAbs(0.01, 1e-15));
}

TEST_CASE("0 K voltages need two compositions and finite energies", "[analysis]") {
  REQUIRE_THROWS_AS(zero_kelvin({{"a", "P", 0, 0, 0}, {"b", "P", 0, 1, 0}}, 0.0), InputError);
  REQUIRE_THROWS_WITH(zero_kelvin({{"a", "P", 0, std::nan(""), 0}, {"b", "P", 1, 0, 0}}, 0.0),
                      Contains("'a'"));
}
