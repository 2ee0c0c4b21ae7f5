#include "analysis/stacking_draws.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures/toy_models.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

/// Independent sites: E = J0 + J1 x per formula unit, so phi is that of IdealGas{J1, T, J0}.
model::Phase gas_phase(const std::string& name, const std::string& family, double J0, double J1) {
  model::Phase phase;
  phase.name = name, phase.family = family;
  phase.expansion.basis =
      expansion::make_cluster_basis(simple_cubic(), cluster::BasisKind::occupation, {});
  phase.expansion.eci_eV = Eigen::Vector2d(J0, J1);
  return phase;
}

/// The first with a score only, the second with draws of J0.
model::Material two_gases() {
  model::Material m;
  m.name = "gases", m.molar_mass_g_per_mol = 100.0;
  m.phases = {gas_phase("A", "O1", 0.0, 0.0), gas_phase("B", "O3", 0.05, -0.15)};
  m.phases[0].training_structures = 2, m.phases[0].cv_score_nested_eV_per_fu = 0.004;
  m.phases[1].training_structures = 12;
  m.phases[1].expansion.eci_samples_eV.resize(3, 2);
  m.phases[1].expansion.eci_samples_eV << 0.04, -0.15, 0.05, -0.15, 0.06, -0.15;
  m.phases[0].expansion.eci_samples_eV = m.phases[1].expansion.eci_samples_eV;
  return m;
}

/// mu at which the two gases have one phi.
double crossing(double J0_b, double T) {
  const double kT = k_B * T, c = std::exp(-J0_b / kT);
  return kT * std::log((c - 1.0) / (1.0 - c * std::exp(0.15 / kT)));
}

}  // namespace

TEST_CASE("only an expansion with more structures than functions has a posterior", "[stacking]") {
  const auto errors = phase_errors(two_gases());
  REQUIRE_FALSE(errors[0].posterior);
  REQUIRE(errors[0].offset_eV == 0.004);
  REQUIRE_THAT(errors[0].method, Contains("no posterior: 2 functions, 2 structures"));
  REQUIRE(errors[1].posterior);
  REQUIRE(errors[1].offset_eV == 0.0);
  REQUIRE_THAT(error_method(errors), Contains("; B: draws of the ECI"));
}

TEST_CASE("offsets are normal with the deviation of each phase", "[stacking]") {
  const std::vector<PhaseError> errors{{"A", false, 0.01, ""}, {"B", true, 0.0, ""}};
  double sum = 0.0, squares = 0.0;
  constexpr int n = 4000;
  for (std::uint64_t d = 0; d < n; ++d) {
    const Offsets o = drawn_offsets(errors, 7, d);
    REQUIRE(o.at("B") == 0.0);
    sum += o.at("A") / 0.01, squares += std::pow(o.at("A") / 0.01, 2);
  }
  REQUIRE_THAT(sum / n, WithinAbs(0.0, 4.0 / std::sqrt(n)));
  REQUIRE_THAT(squares / n, WithinAbs(1.0, 4.0 * std::sqrt(2.0 / n)));
}

TEST_CASE("drawn ECI move a change to where the drawn potentials cross", "[stacking]") {
  const model::Material material = two_gases();
  SweepConfig config;
  config.temperature_K = {600.0}, config.repeats = {5, 5, 5};
  config.sampling = {200, 400, 0.0};
  auto errors = phase_errors(material);
  errors[0].offset_eV = 0.0;
  const auto drawn = drawn_sweeps(material, errors, config, {}, 3, nullptr);
  REQUIRE(drawn.size() == 3);
  const Families family_of{{"A", "O1"}, {"B", "O3"}};
  const auto changes = drawn_changes(drawn, errors, 600.0, 50, 1, [&](const auto& branches) {
    return find_change(equilibrium(branches), family_of, "O1", "O3");
  });
  REQUIRE(changes.size() == 3);  // without offsets one per draw of the ECI
  for (std::size_t d = 0; d < 3; ++d) {
    REQUIRE(changes[d].change);
    const double exact = -crossing(0.04 + 0.01 * static_cast<double>(d), 600.0);
    REQUIRE_THAT(changes[d].change->V, WithinAbs(exact, 4.0 * changes[d].change->V_error + 1e-4));
  }
}

TEST_CASE("without a posterior the sweeps are not repeated", "[stacking]") {
  const std::vector<PhaseError> errors{{"A", false, 0.01, ""}, {"B", false, 0.01, ""}};
  const std::vector<PhaseSweeps> computed(2);
  REQUIRE(drawn_sweeps(two_gases(), errors, {}, computed, 8, nullptr).size() == 1);
}

TEST_CASE("the spread by offsets is the deviation over the width", "[stacking]") {
  const IdealGas a{0.0, 300.0, 0.0}, b{-0.15, 300.0, 0.05};
  PhaseSweeps A, B;
  A.temperature_K = B.temperature_K = 300.0;
  A.up = sweep(a, "A", grid(-0.5, 0.5, 200), Sweep::up);
  A.down = sweep(a, "A", grid(0.5, -0.5, 200), Sweep::down);
  B.up = sweep(b, "B", grid(-0.5, 0.5, 200), Sweep::up);
  B.down = sweep(b, "B", grid(0.5, -0.5, 200), Sweep::down);
  const std::vector<PhaseError> errors{{"A", false, 0.003, ""}, {"B", false, 0.004, ""}};
  const Families family_of{{"A", "O1"}, {"B", "O3"}};
  const DrawnSpread s = spread_of(
      drawn_changes({{A, B}}, errors, 300.0, 500, 1, [&](const std::vector<Branch>& branches) {
        return find_change(equilibrium(branches), family_of, "O1", "O3");
      }));
  const double mu = crossing(0.05, 300.0), width = b.x(mu) - a.x(mu);
  REQUIRE(s.found == 500);
  REQUIRE_THAT(*s.V, WithinAbs(-mu, 4 * 0.005 / width / std::sqrt(500.0)));
  REQUIRE_THAT(*s.V_error, WithinAbs(0.005 / width, 4 * 0.005 / width / std::sqrt(1000.0)));
}
