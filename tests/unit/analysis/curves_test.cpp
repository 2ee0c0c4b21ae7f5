#include "analysis/curves.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/equilibrium.hpp"
#include "analysis/mean_field.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {
std::vector<Curve> curves_of(const std::vector<Branch>& branches) {
  std::vector<Curve> out;
  for (const Branch& b : branches)
    for (Curve& c : pieces(b, {})) out.push_back(c);
  return out;
}

MeanField separating() {
  MeanField m{0.0, 0.0, 300.0};
  m.g_eV = 1.5 * m.critical_g_eV();
  return m;
}
}  // namespace

TEST_CASE("the piece behind a jump takes its reference from the reverse sweep", "[analysis]") {
  const MeanField m = separating();
  auto c = curves_of(
      {m.sweep(grid(-0.3, 0.3, 240), Sweep::up), m.sweep(grid(0.3, -0.3, 240), Sweep::down)});
  pass_on_references(c, {});
  REQUIRE(c.size() == 4);
  for (const Curve& piece : c) {
    REQUIRE(piece.referenced);
    for (const Knot& k : piece.knots) REQUIRE_THAT(k.phi_eV, WithinAbs(m.phi_eV(k.x), 2e-6));
  }
}

TEST_CASE("without a reverse sweep the piece behind a jump stays out, with a reason",
          "[analysis]") {
  const MeanField m = separating();
  const Equilibrium eq = equilibrium({m.sweep(grid(-0.3, 0.3, 240), Sweep::up)});
  REQUIRE(eq.excluded.size() == 1);
  REQUIRE(eq.excluded[0].x_min > 0.5);
  REQUIRE_THAT(eq.excluded[0].reason, Contains("jump"));
  REQUIRE_FALSE(eq.voltage_at(0.9));
}

TEST_CASE("a heated branch gives the reference of an ordered state between two jumps",
          "[analysis]") {
  const Chain chain{0.1};  // smooth; the jumps are made by leaving the reference out
  Branch middle = sweep(chain, "ordered", grid(0.0, 0.2, 40), Sweep::up);
  middle.reference.reset();
  const Branch heated = sweep(chain, "ordered", grid(0.08, 0.15, 30), Sweep::heated);
  auto c = curves_of({middle, heated});
  pass_on_references(c, {});
  REQUIRE(c[0].referenced);
  REQUIRE(c[0].anchored);
  REQUIRE_THAT(c[0].knots.front().phi_eV, WithinAbs(chain.phi(0.0), 1e-6));
  REQUIRE_THAT(c[0].knots.back().phi_eV, WithinAbs(chain.phi(0.2), 1e-6));
}

TEST_CASE("a reference is not passed to another state at the same mu", "[analysis]") {
  const MeanField m = separating();
  auto c = curves_of({m.sweep(grid(-0.3, 0.3, 240), Sweep::up)});
  pass_on_references(c, {});
  REQUIRE_FALSE(c[1].referenced);
}

TEST_CASE("agreeing sweeps merge with smaller errors than either", "[analysis]") {
  const IdealGas gas;
  auto c = curves_of({noisy(sweep(gas, "gas", grid(-0.3, 0.3, 60), Sweep::up), 0.002, 0.05, 1),
                      noisy(sweep(gas, "gas", grid(0.3, -0.3, 60), Sweep::down), 0.002, 0.05, 2)});
  const auto one = merged(c, {});
  REQUIRE(one.size() == 1);
  REQUIRE(one[0].knots.size() == 61);
  for (const Knot& k : one[0].knots) REQUIRE_THAT(k.x_error, WithinAbs(0.002 / M_SQRT2, 1e-6));
}

TEST_CASE("different phases are never merged", "[analysis]") {
  const IdealGas gas;
  REQUIRE(merged(curves_of({sweep(gas, "a", grid(-0.3, 0.3, 60), Sweep::up),
                            sweep(gas, "b", grid(-0.3, 0.3, 60), Sweep::up)}),
                 {})
              .size() == 2);
}

TEST_CASE("the loop of exact sweeps closes", "[analysis]") {
  const Chain chain{0.08};
  const auto c = curves_of({sweep(chain, "chain", grid(-0.5, 0.7, 240), Sweep::up),
                            sweep(chain, "chain", grid(0.7, -0.5, 240), Sweep::down)});
  const LoopClosure loop = loop_closure("chain", c, {});
  REQUIRE_THAT(*loop.largest_eV, WithinAbs(0.0, 1e-7));
  REQUIRE_THAT(*loop.at_filled_end_eV, WithinAbs(0.0, 1e-7));
}

TEST_CASE("the loop closure of noisy sweeps lies within its error", "[analysis]") {
  const Chain chain{0.08};
  int inside = 0;
  for (int seed = 0; seed < 200; ++seed) {
    const auto c = curves_of(
        {noisy(sweep(chain, "c", grid(-0.3, 0.5, 60), Sweep::up), 0.003, 0.05, 2 * seed),
         noisy(sweep(chain, "c", grid(0.5, -0.3, 60), Sweep::down), 0.003, 0.05, 2 * seed + 1)});
    const LoopClosure loop = loop_closure("c", c, {});
    const double error = c[0].knots.back().phi_error_eV;
    inside += std::abs(*loop.at_filled_end_eV) <= 1.96 * error;
  }
  // 95 % of 200, four standard deviations (3.1) either way
  REQUIRE(inside >= 178);
  REQUIRE(inside < 200);
}

TEST_CASE("a wrong reference shows as loop closure", "[analysis]") {
  const Chain chain{0.08};
  Branch up = sweep(chain, "chain", grid(-0.5, 0.7, 240), Sweep::up);
  up.reference->phi_eV += 0.003;
  const auto c = curves_of({up, sweep(chain, "chain", grid(0.7, -0.5, 240), Sweep::down)});
  REQUIRE_THAT(*loop_closure("chain", c, {}).largest_eV, WithinAbs(0.003, 1e-6));
}

TEST_CASE("sweeps that jump have no loop closure, with a reason", "[analysis]") {
  const MeanField m = separating();
  const auto c = curves_of(
      {m.sweep(grid(-0.3, 0.3, 240), Sweep::up), m.sweep(grid(0.3, -0.3, 240), Sweep::down)});
  const LoopClosure loop = loop_closure("mean field", c, {});
  REQUIRE_FALSE(loop.largest_eV);
  REQUIRE_FALSE(loop.reason.empty());
}
