#include <catch2/catch.hpp>

#include "fixtures/enumerated.hpp"
#include "fixtures/toy_models.hpp"
#include "mc/free_energy.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using crystal::Vector3i;

namespace {
constexpr double T_K = 400.0;
}

TEST_CASE("the first atom costs the site energy, the last one also its neighbours", "[mc]") {
  const auto model = model::compile(
      fixtures::pair_expansion(fixtures::square(), 0.05, fixtures::nn_cutoff_A, -0.3), {},
      Vector3i(4, 4, 1));
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  REQUIRE_THAT(mc::insertion_energies_eV(sampled, false).at(0), WithinAbs(-0.3, 1e-12));
  REQUIRE_THAT(mc::insertion_energies_eV(sampled, true).at(0), WithinAbs(-0.3 + 4 * 0.05, 1e-12));
}

TEST_CASE("integration from infinite temperature meets the enumerated free energy", "[mc]") {
  const auto model = fixtures::lattice_gas(fixtures::triangular(), Vector3i(4, 4, 1), 0.03);
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  std::vector<model::Species> occ;
  const auto measured = mc::canonical_free_energy_eV(sampled, 8, T_K, {2000, 20000, 0.0}, 16,
                                                     Random(3, Purpose::anneal), occ);
  const double exact =
      -k_B * T_K * fixtures::enumerated(model, T_K, 0.0, 8, 8).log_partition / 16.0;
  REQUIRE(measured.error < 2e-4);
  REQUIRE_THAT(measured.value, WithinAbs(exact, 4.0 * measured.error + 1e-5));
}
