#include "kmc/hop_energies.hpp"

#include <catch2/catch.hpp>

#include "fixtures/layered_hosts.hpp"
#include "kmc_fixtures.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using kmc::HopEnergies;
using model::EventIndex;
using model::HopTable;
using model::LatticeModel;
using model::Species;

namespace {

/// Largest |kept - summed over terms| in eV over all hops from an occupied to an empty site.
double largest_fault_eV(const LatticeModel& m, const HopTable& hops, const HopEnergies& energies,
                        std::vector<Species> occ) {
  double worst = 0.0;
  for (EventIndex e = 0; e < hops.n_events(); ++e) {
    const auto from = hops.site(e);
    if (hops.slot(e) >= hops.n_slots(hops.sublattice(from))) continue;
    const auto to = hops.target(from, hops.slot(e));
    const int a = hops.sublattice(from), b = hops.sublattice(to);
    if (occ[static_cast<std::size_t>(from)] != hops.mobile(a)) continue;
    if (occ[static_cast<std::size_t>(to)] != hops.vacancy(b)) continue;
    const double exact = m.delta_energy_eV(occ, from, static_cast<Species>(hops.vacancy(a)), to,
                                           static_cast<Species>(hops.mobile(b)));
    worst = std::max(worst, std::abs(energies.dE_eV(e, from, to) - exact));
  }
  return worst;
}

void check_against_terms(const LatticeModel& m, const HopTable& hops, std::uint64_t seed) {
  REQUIRE(HopEnergies::applies(m, hops));
  Random random(seed, Purpose::test);
  auto occ = fixtures::random_species(m, random);
  HopEnergies energies(m, hops, occ);
  CHECK_THAT(largest_fault_eV(m, hops, energies, occ), WithinAbs(0.0, 1e-10));
  for (int n = 0; n < 1000; ++n) {
    const auto site =
        static_cast<model::SiteIndex>(random.below(static_cast<std::uint64_t>(m.n_sites())));
    occ[static_cast<std::size_t>(site)] ^= 1u;
    energies.toggle(site);
  }
  CHECK_THAT(largest_fault_eV(m, hops, energies, occ), WithinAbs(0.0, 1e-10));
}

}  // namespace

TEST_CASE("hop energies kept over random changes equal sums over terms, up to quadruplets") {
  const auto kind = GENERATE(cluster::BasisKind::occupation, cluster::BasisKind::trigonometric);
  const auto prim =
      GENERATE(fixtures::triangular({"Li", "Va"}), fixtures::triangular({"Va", "Li"}));
  const auto e = fixtures::random_expansion(prim, kind, {8.0, 5.3, 5.3}, 51);
  const auto m = model::compile(e, {}, {7, 7, 1});
  const HopTable hops(fixtures::nn_hops(prim), m);
  check_against_terms(m, hops, 52);
}

TEST_CASE("hop energies on several sublattices with two hop lengths equal sums over terms") {
  const auto prim = fixtures::hcp();
  auto network = model::find_hops(prim, {}, "Li", 4.5);
  set_barriers(network, 0.3, 1e12);
  const auto e = fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {4.5, 4.3}, 53);
  const auto m = model::compile(e, {}, {4, 5, 3});
  check_against_terms(m, HopTable(network, m), 54);
}

TEST_CASE("hop energies on a frozen host equal sums over terms") {
  const auto prim = fixtures::o1_parent();
  const auto host = fixtures::honeycomb_host(1);
  auto network = model::find_hops(prim, host, "Li", 3.6);
  set_barriers(network, 0.3, 1e12);
  const auto e = fixtures::random_expansion(prim, cluster::BasisKind::occupation, {6.1, 5.0}, 55);
  const auto m = model::compile(e, host, {3, 3, 3});
  check_against_terms(m, HopTable(network, m), 56);
}

TEST_CASE("hop energies do not depend on the path by which ions came, bit for bit") {
  const auto prim = fixtures::triangular();
  const auto e =
      fixtures::random_expansion(prim, cluster::BasisKind::trigonometric, {6.1, 5.3, 3.1}, 57);
  const auto m = model::compile(e, {}, {6, 6, 1});
  const HopTable hops(fixtures::nn_hops(prim), m);
  Random random(58, Purpose::test);
  const auto a = fixtures::random_species(m, random), b = fixtures::random_species(m, random);
  HopEnergies walked(m, hops, a);
  const HopEnergies direct(m, hops, b);
  for (model::SiteIndex s = m.n_sites(); s-- > 0;)
    if (a[static_cast<std::size_t>(s)] != b[static_cast<std::size_t>(s)]) walked.toggle(s);
  for (EventIndex event = 0; event < hops.n_events(); ++event) {
    const auto from = hops.site(event), to = hops.target(from, hops.slot(event));
    REQUIRE(walked.dE_eV(event, from, to) == direct.dE_eV(event, from, to));
  }
}

TEST_CASE("hop energies refuse sites of three species and supercells that fold neighbours") {
  const auto three = fixtures::square({"Na", "Li", "Va"});
  const auto e = fixtures::random_expansion(three, cluster::BasisKind::chebyshev, {3.01}, 59);
  const auto m = model::compile(e, {}, {6, 6, 1});
  CHECK_FALSE(HopEnergies::applies(m, HopTable(fixtures::nn_hops(three), m)));
  const auto prim = fixtures::square();
  const auto small = fixtures::lattice_gas(prim, {2, 6, 1}, 0.1);
  CHECK_FALSE(HopEnergies::applies(small, HopTable(fixtures::nn_hops(prim), small)));
  const auto large = fixtures::lattice_gas(prim, {3, 6, 1}, 0.1);
  CHECK(HopEnergies::applies(large, HopTable(fixtures::nn_hops(prim), large)));
}
