#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "fixtures/enumerated.hpp"
#include "fixtures/toy_models.hpp"
#include "mc/run.hpp"
#include "model/occupation.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using crystal::Vector3i;

namespace {

/// Measured and enumerated averages of the same small cell agree within 4 standard errors.
void require_agreement(const model::LatticeModel& model, double T_K, double mu_eV,
                       std::int64_t cap) {
  const auto sites = static_cast<double>(model.n_sites());
  const mc::Sampled sampled{model, "Li", sites, cap};
  auto occ = model::uniform_occupation(model, "Va");
  const auto point = mc::sample_semi_grand(sampled, T_K, mu_eV, {1000, 60000, 0.0}, occ,
                                           Random(21, Purpose::mc_step));
  const auto exact = fixtures::enumerated(model, T_K, mu_eV, 0, static_cast<int>(cap));
  REQUIRE(point.x.error < 0.01);
  REQUIRE_THAT(point.x.value, WithinAbs(exact.n / sites, 4.0 * point.x.error));
  REQUIRE_THAT(point.energy_eV.value,
               WithinAbs(exact.energy_eV / sites, 4.0 * point.energy_eV.error));
  REQUIRE_THAT(point.variance_n.value,
               WithinAbs(exact.variance_n() / sites, 4.0 * point.variance_n.error));
}

}  // namespace

TEST_CASE("semi-grand averages of a 4x4 square equal its full enumeration", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), 0.05);
  for (const double mu : {0.0, 0.1}) require_agreement(model, 300.0, mu, 16);
}

TEST_CASE("semi-grand averages with attraction equal the full enumeration", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), -0.03);
  require_agreement(model, 300.0, -0.05, 16);
}

TEST_CASE("semi-grand averages under a redox cap equal the enumeration of the allowed states",
          "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::triangular(), Vector3i(4, 4, 1), 0.02);
  require_agreement(model, 300.0, 0.08, 10);
}

TEST_CASE("the enumerated table of exact physics is met: 4x4 square, mu = 0", "[mc]") {
  // EN-02 of the exact table: x = 0.2490943830, e = 0.0011354813 eV, var(N)/N = 0.0964699671
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), 0.05);
  const auto exact = fixtures::enumerated(model, 300.0, 0.0);
  REQUIRE_THAT(exact.n / 16, WithinAbs(0.2490943830, 1e-10));
  REQUIRE_THAT(exact.energy_eV / 16, WithinAbs(0.0011354813, 1e-10));
  REQUIRE_THAT(exact.variance_n() / 16, WithinAbs(0.0964699671, 1e-10));
}

TEST_CASE("a canonical average equals the enumeration at that composition", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), 0.05);
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  Random random(31, Purpose::test);
  auto occ = model::random_occupation(model, "Li", 6, random);
  const auto point =
      mc::sample_canonical(sampled, 300.0, {1000, 40000, 0.0}, occ, Random(32, Purpose::mc_step));
  const auto exact = fixtures::enumerated(model, 300.0, 0.0, 6, 6);
  REQUIRE_THAT(point.x.value, WithinAbs(6.0 / 16.0, 1e-12));
  REQUIRE_THAT(point.energy_eV.value, WithinAbs(exact.energy_eV / 16, 4.0 * point.energy_eV.error));
}

TEST_CASE("sampling stops once the asked standard error of x is reached", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(8, 8, 1));
  const mc::Sampled sampled{model, "Li", 64.0, 64};
  auto occ = model::uniform_occupation(model, "Va");
  const auto point = mc::sample_semi_grand(sampled, 300.0, 0.0, {100, 100000, 0.01}, occ,
                                           Random(41, Purpose::mc_step));
  REQUIRE(point.x.error <= 0.01);
  REQUIRE(point.sweeps < 100000);
}

TEST_CASE("sampling settings that make no sense are refused together", "[mc]") {
  InputReport report("run.toml");
  check(mc::SamplingConfig{1, 0, -1.0}, report);
  REQUIRE_THROWS_WITH(report.throw_if_any(), Catch::Contains("min_sweeps") &&
                                                 Catch::Contains("max_sweeps") &&
                                                 Catch::Contains("x_error"));
}
