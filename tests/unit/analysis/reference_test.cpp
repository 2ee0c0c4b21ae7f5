#include "analysis/reference.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "models.hpp"

using namespace lithiate;
using namespace lithiate::analysis;
using namespace lithiate::fixtures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("dilute and filled ends of independent sites are the same potential", "[analysis]") {
  // two classes of sites; inserting the last Li costs the same as the first
  const std::vector<SiteClass> sites{{1.0, -0.2}, {2.0, 0.1}};
  const double empty = 0.3, full = empty + 1.0 * -0.2 + 2.0 * 0.1;
  for (const double mu : {-0.5, 0.0, 0.4}) {
    const EndState a = dilute_end(empty, sites, mu, 400.0);
    const EndState b = filled_end(full, 3.0, sites, mu, 400.0);
    REQUIRE_THAT(a.phi_eV, WithinAbs(b.phi_eV, 1e-13));
    REQUIRE_THAT(a.x, WithinAbs(b.x, 1e-13));
  }
}

TEST_CASE("end states stay finite far from x = 1/2", "[analysis]") {
  REQUIRE(dilute_end(0.0, {{}}, -50.0, 10.0).phi_eV == 0.0);
  REQUIRE_THAT(dilute_end(0.0, {{}}, 50.0, 10.0).phi_eV, WithinRel(-50.0, 1e-14));
}

TEST_CASE("the error of the dilute reference is what interactions change", "[analysis]") {
  const Chain chain{GENERATE(-0.05, 0.08)};
  const double mu = -0.2;  // x about 4e-4
  const EndState ideal = dilute_end(0.0, {{}}, mu, chain.T);
  const Reference r = reference(ideal, {mu, chain.x(mu)}, chain.T);
  REQUIRE_THAT(r.error_eV, WithinRel(std::abs(chain.phi(mu) - ideal.phi_eV), 0.02));
}

TEST_CASE("the path in temperature gives the free energy of a two-level system", "[analysis]") {
  const double gap = 0.1;
  std::vector<ThermalPoint> path;
  for (double T = 60.0; T <= 600.0; T *= 1.06) {
    const double u = gap / (1.0 + std::exp(gap / (k_B * T)));
    path.push_back({T, u, 0.0});
  }
  // the ground state has phi = 0 at low temperature
  const auto phi = along_temperature(path, {0.0, 0.0});
  for (std::size_t i = 0; i < path.size(); ++i) {
    const double kT = k_B * path[i].temperature_K;
    const double exact = -kT * std::log1p(std::exp(-gap / kT));
    REQUIRE_THAT(phi[i].phi_eV, WithinAbs(exact, 3.0 * phi[i].error_eV + 1e-9));
    REQUIRE_THAT(phi[i].phi_eV, WithinAbs(exact, 2e-5));
  }
}

TEST_CASE("the path in temperature states its statistical error", "[analysis]") {
  int inside = 0;
  for (int seed = 0; seed < 400; ++seed) {
    Random random(seed, Purpose::test);
    std::vector<ThermalPoint> path;  // omega = -0.2 eV at every temperature
    for (int i = 0; i < 30; ++i) path.push_back({1000.0 / (1.0 + 0.1 * i), 0.0, 0.003});
    for (auto& p : path) p.omega_eV = -0.2 + 0.003 * random.normal();
    const auto phi = along_temperature(path, {-0.2, 0.0});
    inside += std::abs(phi.back().phi_eV + 0.2) <= 1.96 * phi.back().error_eV;
  }
  REQUIRE(inside >= 369);
  REQUIRE(inside <= 391);
}

TEST_CASE("a path in temperature that turns back is refused", "[analysis]") {
  REQUIRE_THROWS_AS(along_temperature({{300, 0, 0}, {400, 0, 0}, {350, 0, 0}}, {}), InputError);
  REQUIRE_THROWS_AS(along_temperature({{0, 0, 0}}, {}), InputError);
}
