#include "analysis/stacking_transition.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Two ideal gases A and B (families O1 and O3) whose phi are equal at one mu.
struct Toy {
  IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  Families family_of{{"A", "O1"}, {"B", "O3"}};

  std::vector<Branch> branches() const {
    return {sweep(a, "A", grid(-0.5, 0.5, 600), Sweep::up),
            sweep(a, "A", grid(0.5, -0.5, 600), Sweep::down),
            sweep(b, "B", grid(-0.5, 0.5, 600), Sweep::up),
            sweep(b, "B", grid(0.5, -0.5, 600), Sweep::down)};
  }
  ChangeFound at(double E) const {
    return find_change(equilibrium(shifted(branches(), {{"B", E}})), family_of, "O1", "O3");
  }
  /// mu at which 1 + z/z_a = exp(-d)(1 + z/z_b), z = exp(mu/kT), d the distance of the empty hosts.
  double mu(double E) const {
    const double kT = a.kT(), c = std::exp(-(b.empty_eV + E - a.empty_eV) / kT);
    return kT * std::log((c - 1.0) / (std::exp(-a.e0_eV / kT) - c * std::exp(-b.e0_eV / kT)));
  }
  double width(double E) const { return b.x(mu(E)) - a.x(mu(E)); }
  /// Below, B is stable empty; above, A is stable full.
  double lowest_E() const { return a.empty_eV - b.empty_eV; }
  double highest_E() const { return lowest_E() + a.e0_eV - b.e0_eV; }
};

/// Two kinds of independent sites, half of one of each per formula unit: two steps, at -e1 and -e2.
struct TwoStepGas {
  double e1_eV, e2_eV, T, empty_eV;
  double phi(double mu) const {
    return empty_eV + 0.5 * (IdealGas{e1_eV, T}.phi(mu) + IdealGas{e2_eV, T}.phi(mu));
  }
  double x(double mu) const { return 0.5 * (IdealGas{e1_eV, T}.x(mu) + IdealGas{e2_eV, T}.x(mu)); }
  double dx_dmu(double mu) const {
    return 0.5 * (IdealGas{e1_eV, T}.dx_dmu(mu) + IdealGas{e2_eV, T}.dx_dmu(mu));
  }
};

const GroundState O1_0{"O1_0", "O1", 0.0, 0.0, 0.0}, O1_half{"O1_h", "O1", 0.5, -1.545, 0.0},
    O1_1{"O1_1", "O1", 1.0, -2.99, 0.0}, O3_0{"O3_0", "O3", 0.0, 0.01, 0.0},
    O3_half{"O3_h", "O3", 0.5, -1.53, 0.0}, O3_1{"O3_1", "O3", 1.0, -3.0, 0.0};
/// Two steps 0.18 V apart, O1 to O3 from x = 1/2 on.
const std::vector<GroundState> synthetic{O1_0, O1_half, O1_1, O3_0, O3_half, O3_1};

ChangeFound hull_at(double E) {
  const auto own = shifted(synthetic, {{"O3", E}}, 1.0);
  return find_change(zero_kelvin(own, 0.0), own, "O1", "O3");
}

}  // namespace

TEST_CASE("two ideal gases change stacking where their exact potentials cross", "[stacking]") {
  const Toy toy;
  for (const double E : {0.0, -0.02, 0.03}) {
    const ChangeFound found = toy.at(E);
    REQUIRE(found.change);
    const double mu = toy.mu(E);
    REQUIRE_THAT(found.change->V, WithinAbs(-mu, 1e-6));
    REQUIRE_THAT(found.change->x_begin, WithinAbs(toy.a.x(mu), 1e-5));
    REQUIRE_THAT(found.change->x_end, WithinAbs(toy.b.x(mu), 1e-5));
    REQUIRE(found.change->from == "O1");
    REQUIRE(found.change->state_to == "B");
  }
}

TEST_CASE("the voltage of a change falls by 1/(x_end - x_begin) per E_stack", "[stacking]") {
  const Toy toy;
  const Sensitivity s = sensitivity([&](double E) { return toy.at(E); }, 0.0, 1e-4);
  REQUIRE(s.two_sided);
  REQUIRE_THAT(*s.dV, WithinRel(-1.0 / toy.width(0.0), 1e-4));
}

TEST_CASE("the ends of a change move by dx/dmu over its width", "[stacking]") {
  const Toy toy;
  const double mu = toy.mu(0.0), width = toy.width(0.0);
  const Sensitivity s = sensitivity([&](double E) { return toy.at(E); }, 0.0, 1e-4);
  REQUIRE_THAT(*s.dx_begin, WithinRel(toy.a.dx_dmu(mu) / width, 2e-3));
  REQUIRE_THAT(*s.dx_end, WithinRel(toy.b.dx_dmu(mu) / width, 2e-3));
  REQUIRE_THAT(*s.dx_middle, WithinAbs(0.5 * (*s.dx_begin + *s.dx_end), 1e-9));
}

TEST_CASE("a change exists between the E_stack of the empty and of the full host", "[stacking]") {
  const Toy toy;
  const ChangeAt at = [&](double E) { return toy.at(E); };
  const Window w = window(scan(at, -0.2, 0.2, 17), 0.0);
  REQUIRE(w.low_eV);
  REQUIRE(w.high_eV);
  // the sweeps end at |mu| = 0.5 eV, where the rest of phi is below 1e-6 eV
  REQUIRE_THAT(*w.low_eV, WithinAbs(toy.lowest_E(), 5e-6));
  REQUIRE_THAT(*w.high_eV, WithinAbs(toy.highest_E(), 5e-6));
  REQUIRE(w.at_low->x_begin < 1e-3);
  REQUIRE(w.at_high->x_end > 1.0 - 1e-3);
}

TEST_CASE("an end of the window that the scan does not reach is null", "[stacking]") {
  const Toy toy;
  const Window w = window(scan([&](double E) { return toy.at(E); }, -0.01, 0.01, 5), 0.0);
  REQUIRE_FALSE(w.low_eV);
  REQUIRE_FALSE(w.high_eV);
  REQUIRE(w.reason.empty());
}

TEST_CASE("a calibrated E_stack gives the voltage that was asked for", "[stacking]") {
  const Toy toy;
  const ChangeAt at = [&](double E) { return toy.at(E); };
  const auto scanned = scan(at, -0.1, 0.1, 21);
  const double E = 0.0234;
  const Calibration by_voltage = calibrate(at, scanned, {-toy.mu(E), {}, {}});
  REQUIRE(by_voltage.E_stack_eV);
  REQUIRE_THAT(*by_voltage.E_stack_eV, WithinAbs(E, 1e-5));
  REQUIRE_FALSE(by_voltage.jumps);
  const double x = 0.5 * (toy.a.x(toy.mu(E)) + toy.b.x(toy.mu(E)));
  const Calibration by_x = calibrate(at, scanned, {{}, x, {}});
  REQUIRE_THAT(by_x.change->x_middle(), WithinAbs(x, 1e-4));
}

TEST_CASE("a voltage that only a change without lithium has is not met", "[stacking]") {
  const Toy toy;
  const ChangeAt at = [&](double E) { return toy.at(E); };
  const Calibration c = calibrate(at, scan(at, -0.2, 0.2, 17), {-0.3, {}, {}});
  REQUIRE_FALSE(c.E_stack_eV);
  REQUIRE_THAT(c.reason, Contains("met in name only"));
}

TEST_CASE("a separation asks for a voltage below that of the curve", "[stacking]") {
  const Target t = as_voltage({{}, 0.25, 0.18}, 3.0);
  REQUIRE_THAT(*t.voltage_V, WithinAbs(2.82, 1e-12));
  REQUIRE_FALSE(t.separation_V);
  const auto scanned = scan(hull_at, -0.05, 0.05, 21);
  REQUIRE_THAT(calibrate(hull_at, scanned, as_voltage({{}, 0.25, 0.17}, 3.09)).change->V,
               WithinAbs(2.92, 1e-3));
  REQUIRE_THAT(calibrate(hull_at, scanned, {{}, 7.0, 0.17}).reason,
               Contains("no voltage at x = 7"));
}

TEST_CASE("a voltage out of reach is refused with the voltages in reach", "[stacking]") {
  const ChangeAt at = hull_at;
  const Calibration c = calibrate(at, scan(at, -0.1, 0.1, 41), {5.0, {}, {}});
  REQUIRE_FALSE(c.E_stack_eV);
  REQUIRE_THAT(c.reason, Contains("V = 5.000 is out of reach"));
}

TEST_CASE("the synthetic set has two steps 0.18 V apart with O1 to O3 at x = 1/2", "[stacking]") {
  const ChangeFound found = hull_at(0.0);
  REQUIRE(found.change);
  REQUIRE_THAT(found.change->x_begin, WithinAbs(0.5, 1e-12));
  REQUIRE_THAT(found.change->x_end, WithinAbs(1.0, 1e-12));
  REQUIRE_THAT(found.change->V, WithinAbs(2.91, 1e-12));
  REQUIRE_THAT(zero_kelvin(synthetic, 0.0).steps[0].V - found.change->V, WithinAbs(0.18, 1e-12));
}

TEST_CASE("the synthetic set gives the same two steps from free energies", "[stacking]") {
  // E_f = 0, -45, 25 meV at x = 0, 1/2, 1 in O1, 15, 0, 0 in O3: 0.09 V, then -0.09 V to O3
  const TwoStepGas O1{-0.09, 0.14, 50.0, 0.0}, O3{-0.03, 0.0, 50.0, 0.015};
  const Equilibrium eq = equilibrium({sweep(O1, "O1", grid(-0.25, 0.25, 1000), Sweep::up),
                                      sweep(O1, "O1", grid(0.25, -0.25, 1000), Sweep::down),
                                      sweep(O3, "O3", grid(-0.25, 0.25, 1000), Sweep::up),
                                      sweep(O3, "O3", grid(0.25, -0.25, 1000), Sweep::down)});
  const ChangeFound found = find_change(eq, {}, "O1", "O3");
  REQUIRE(found.change);
  REQUIRE_THAT(found.change->x_begin, WithinAbs(0.5, 1e-4));
  REQUIRE_THAT(found.change->x_end, WithinAbs(1.0, 1e-4));
  REQUIRE_THAT(*eq.voltage_at(0.25) - found.change->V, WithinAbs(0.18, 1e-4));
  REQUIRE(family_changes(eq, {}).size() == 1);
}

TEST_CASE("at 0 K the voltage of a change is linear in E_stack and x does not move", "[stacking]") {
  const Sensitivity s = sensitivity(hull_at, 0.0, 1e-3);
  REQUIRE_THAT(*s.dV, WithinAbs(-2.0, 1e-9));
  REQUIRE(*s.dx_middle == 0.0);
}

TEST_CASE("at 0 K the window ends where another structure takes over", "[stacking]") {
  const Window w = window(scan(hull_at, -0.05, 0.05, 21), 0.0);
  REQUIRE_THAT(*w.low_eV, WithinAbs(-0.015, 1e-6));  // half-filled O3 too
  REQUIRE_THAT(*w.high_eV, WithinAbs(0.01, 1e-6));   // full O3 stops being stable
  REQUIRE_THAT(w.at_high->x_end, WithinAbs(1.0, 1e-12));
}

TEST_CASE("a wanted x that a jump passes is marked as such", "[stacking]") {
  const auto deeper = [](double E) {  // O3 half-filled wins before the empty one does
    std::vector<GroundState> all = synthetic;
    all[4].energy_eV = -1.54;
    const auto own = shifted(all, {{"O3", E}}, 1.0);
    return find_change(zero_kelvin(own, 0.0), own, "O1", "O3");
  };
  const Calibration c = calibrate(deeper, scan(deeper, -0.02, 0.02, 41), {{}, 0.4, {}});
  REQUIRE(c.E_stack_eV);
  REQUIRE(c.jumps);
  REQUIRE_THAT(*c.E_stack_eV, WithinAbs(-0.005, 1e-6));
}

TEST_CASE("a family that is stable throughout is the reason for no change", "[stacking]") {
  const Toy toy;
  const ChangeFound found = toy.at(0.12);
  REQUIRE_FALSE(found.change);
  REQUIRE_THAT(found.reason, Contains("family 'O1' is stable from x = 0.000 to 1.000"));
  REQUIRE_FALSE(sensitivity([&](double) { return toy.at(0.12); }, 0.0, 1e-4).dV);
}

TEST_CASE("a family without data is named", "[stacking]") {
  const Toy toy;
  const ChangeFound found = find_change(equilibrium(toy.branches()), toy.family_of, "O1", "H1-3");
  REQUIRE_THAT(found.reason, Contains("no phase with an expansion of family 'H1-3'"));
  const ChangeFound hull = find_change(zero_kelvin(synthetic, 0.0), synthetic, "O1", "H1-3");
  REQUIRE_THAT(hull.reason, Contains("no computed structure of family 'H1-3'"));
}

TEST_CASE("a change in the other direction is not the one looked for", "[stacking]") {
  const Toy toy;
  const ChangeFound found = find_change(equilibrium(toy.branches()), toy.family_of, "O3", "O1");
  REQUIRE_FALSE(found.change);
  REQUIRE_THAT(found.reason, Contains("O1, O3 by rising x"));
}

TEST_CASE("where the data of a family end before the crossing the change is not known",
          "[stacking]") {
  const Toy toy;
  const double mu = toy.mu(0.0);
  const Equilibrium eq = equilibrium({sweep(toy.a, "A", grid(-0.5, mu - 0.05, 50), Sweep::up),
                                      sweep(toy.b, "B", grid(0.5, mu + 0.05, 50), Sweep::down)});
  const ChangeFound found = find_change(eq, toy.family_of, "O1", "O3");
  REQUIRE_FALSE(found.change);
  REQUIRE_THAT(found.reason, Contains("not known between"));
}

TEST_CASE("structures beyond the redox limit take no part", "[stacking]") {
  std::vector<GroundState> all = synthetic;
  all.push_back({"beyond", "O1", 1.5, -9.0, 0.0});
  REQUIRE(shifted(all, {}, 1.0).size() == synthetic.size());
}

TEST_CASE("draws without the change count but have no part in the spread", "[stacking]") {
  const DrawnSpread s = spread_of({hull_at(-0.002), hull_at(0.002), hull_at(0.2)});
  REQUIRE(s.draws == 3);
  REQUIRE(s.found == 2);
  REQUIRE_THAT(*s.V, WithinAbs(2.91, 1e-9));
  REQUIRE_THAT(*s.V_error, WithinAbs(0.008 / std::sqrt(2.0), 1e-9));
}
