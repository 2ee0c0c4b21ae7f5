/// Barriers and prefactors that depend on what is around a hop; what is sampled is tested with the
/// master equation.
#include <catch2/catch.hpp>
#include <cmath>

#include "allocation_count.hpp"
#include "core/error.hpp"
#include "fixtures/local_barriers.hpp"
#include "kmc/local_rates.hpp"
#include "kmc_fixtures.hpp"

namespace lithiate::kmc {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fixtures::kT_eV;
using model::EventIndex;

/// A model, a network with random local expansions, and how many ions.
struct Case {
  std::string name;
  model::LatticeModel model;
  model::HopNetwork network;
  std::int64_t ions;
};

Case make_case(const std::string& name, const crystal::Structure& prim,
               const crystal::Vector3i& repeats, const cluster::Cutoffs& energy_A,
               const model::LocalCutoffs& local_A, double fill, double scale_eV = 0.01) {
  auto network = fixtures::nn_hops(prim, 0.15, 1e12);
  for (std::size_t c = 1; c < network.classes.size(); ++c) network.classes[c].e_kra_eV += 0.05;
  fixtures::add_random_barriers(network, prim, {}, local_A, 5, scale_eV, 0.2);
  auto m = model::compile(
      fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, energy_A, 6, 0.01), {},
      repeats);
  const auto ions = static_cast<std::int64_t>(fill * static_cast<double>(m.n_sites()));
  return {name, std::move(m), std::move(network), ions};
}

/// Small surroundings become tables, large ones polynomials; barriers that reach farther than the
/// energy, and less far.
std::vector<Case> binary_cases() {
  Case one = make_case("hcp, one class alone", fixtures::hcp(), {5, 5, 4}, {3.01}, {4.3}, 0.4);
  for (std::size_t h = 0; h < one.network.hops.size(); ++h)
    if (one.network.hops[h].hop_class == 1) one.network.local[h].clear();
  return {one,
          make_case("square, near", fixtures::square(), {8, 9, 1}, {3.01}, {3.4}, 0.3),
          make_case("square, near, many ions", fixtures::square(), {8, 9, 1}, {3.01}, {3.4}, 0.8),
          make_case("hcp, far barriers", fixtures::hcp(), {5, 5, 4}, {3.01}, {5.3, 4.2, 3.4}, 0.5),
          make_case("hcp, many ions", fixtures::hcp(), {5, 5, 4}, {4.5, 3.01}, {4.2, 3.4}, 0.8),
          make_case("fcc, far energies", fixtures::fcc(), {7, 6, 6}, {6.1, 3.01}, {2.7, 2.7}, 0.2),
          make_case("fcc without energies", fixtures::fcc(), {6, 6, 6}, {}, {3.6, 2.7}, 0.4)};
}

/// E_KRA and ln(prefactor) of an event beyond the constants, from the network's definition.
LocalRate by_definition(const model::LatticeModel& m, const model::HopNetwork& network, int hop,
                        model::SiteIndex from, const std::vector<Species>& occ) {
  LocalRate sum;
  for (const model::LocalTerm& term : network.local[static_cast<std::size_t>(hop)]) {
    bool all = true;
    for (const model::LocalSite& s : term.cluster) {
      const auto site = m.index(s.place.basis, m.cell(from) + s.place.cell_vector());
      all = all && m.sublattices()[static_cast<std::size_t>(s.place.basis)]
                           .species[occ[static_cast<std::size_t>(site)]] == s.species;
    }
    sum.e_kra_eV += all ? term.e_kra_eV : 0.0;
    sum.ln_prefactor += all ? term.ln_prefactor : 0.0;
  }
  return sum;
}

/// visit(event, hop number, from, to) for every possible hop.
template <class Visit>
void visit_possible(const model::HopTable& table, const std::vector<Species>& occ, Visit visit) {
  for (EventIndex e = 0; e < table.n_events(); ++e) {
    const auto from = table.site(e);
    const int b = table.sublattice(from), slot = table.slot(e);
    if (slot >= table.n_slots(b)) continue;
    const auto to = table.target(from, slot);
    if (occ[static_cast<std::size_t>(from)] != table.mobile(b) ||
        occ[static_cast<std::size_t>(to)] != table.vacancy(table.sublattice(to)))
      continue;
    visit(e, table.hop_numbers(b)[slot], from, to);
  }
}

/// The same with sites of three species, for which only sums over terms exist.
Case three_species() {
  return make_case("three species", fixtures::square({"Na", "Li", "Va"}), {7, 7, 1}, {4.3},
                   {4.6, 3.4}, 0.0);
}

std::vector<Species> occupation(const Case& c, std::uint64_t seed) {
  Random random(seed, Purpose::test);
  return c.ions > 0 ? fixtures::random_ions(c.model, c.ions, seed)
                    : fixtures::random_species(c.model, random);
}

TEST_CASE("with a local expansion every rate is prefactor exp(-Ea / kT) by definition") {
  auto cases = binary_cases();
  cases.push_back(three_species());
  for (const Case& c : cases) {
    INFO(c.name);
    const auto occ = occupation(c, 7);
    const fixtures::Kmc k(c.model, c.network, occ, 7, crystal::Vector3d::Zero());
    visit_possible(k.table, occ, [&](EventIndex e, int hop, auto from, auto to) {
      auto next = occ;
      std::swap(next[static_cast<std::size_t>(from)], next[static_cast<std::size_t>(to)]);
      const double dE = c.model.energy_eV(next) - c.model.energy_eV(occ);
      const LocalRate local = by_definition(c.model, c.network, hop, from, occ);
      const auto& constants = c.network.classes[static_cast<std::size_t>(
          c.network.hops[static_cast<std::size_t>(hop)].hop_class)];
      const double Ea = std::max({0.0, dE, constants.e_kra_eV + local.e_kra_eV + 0.5 * dE});
      REQUIRE_THAT(
          k.engine.rate_Hz(e),
          WithinRel(constants.prefactor_Hz * std::exp(local.ln_prefactor - Ea / kT_eV), 1e-9));
    });
  }
}

TEST_CASE("with a local expansion every hop and its reverse obey detailed balance to 1e-12") {
  auto cases = binary_cases();
  cases.push_back(three_species());
  for (const Case& c : cases)
    for (const double spread_eV : {0.0, 0.3}) {  // the second clamps many barriers
      INFO(c.name);
      auto network = c.network;
      for (auto& list : network.local)
        for (auto& term : list) term.e_kra_eV *= 1.0 + spread_eV * 20.0;
      const model::HopTable table(network, c.model);
      const RateModel rates(network, fixtures::T_K);
      const LocalRates local(c.model, table);
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        auto occ = occupation(c, seed);
        visit_possible(table, occ, [&](EventIndex, int hop, auto from, auto to) {
          const double dE = c.model.delta_energy_eV(std::span<Species>(occ), from,
                                                    occ[static_cast<std::size_t>(to)], to,
                                                    occ[static_cast<std::size_t>(from)]);
          const double there = rates.rate_Hz(hop, dE, local(occ, from, hop));
          std::swap(occ[static_cast<std::size_t>(from)], occ[static_cast<std::size_t>(to)]);
          const int back = network.hops[static_cast<std::size_t>(hop)].reverse;
          const double back_Hz = rates.rate_Hz(back, -dE, local(occ, to, back));
          std::swap(occ[static_cast<std::size_t>(from)], occ[static_cast<std::size_t>(to)]);
          REQUIRE_THAT(std::log(there / back_Hz) + dE / kT_eV, WithinAbs(0.0, 1e-12));
        });
      }
    }
}

TEST_CASE("with a local expansion rates kept up over 1000 hops equal rates from scratch") {
  auto cases = binary_cases();
  cases.push_back(three_species());
  for (const Case& c : cases) {
    INFO(c.name);
    fixtures::Kmc k(c.model, c.network, occupation(c, 8), 8, crystal::Vector3d::Zero());
    for (int n = 0; n < 1000; ++n) REQUIRE(k.engine.step());
    const fixtures::Rates fresh(k.model, k.table, k.rates, k.engine.state().occupation,
                                Random(1, Purpose::test));
    for (EventIndex e = 0; e < k.table.n_events(); ++e)
      REQUIRE(k.engine.rate_Hz(e) == fresh.rate_Hz(e));
  }
}

TEST_CASE("with a local expansion chances of all trials add up to the rates of all hops") {
  const crystal::Vector3d force(0.02, -0.01, 0.0);
  for (const Case& c : binary_cases()) {
    INFO(c.name);
    fixtures::Run thinning(c.model, c.network, occupation(c, 9), 9, force, Method::thinning);
    for (int k = 0; k < 3; ++k) {
      fixtures::Run exact(c.model, c.network, thinning.engine.state().occupation, 9, force,
                          Method::rejection_free);
      CHECK_THAT(thinning.engine.total_rate_Hz(), WithinRel(exact.engine.total_rate_Hz(), 1e-9));
      REQUIRE(thinning.engine.perform_hops(300) == 300);
    }
  }
}

TEST_CASE("no rate is above its bound: all surroundings of a hop, and random states") {
  // square, points at 3.4 A: 4 sites around a bond and 6 in the energies of its ends
  for (const double scale_eV : {0.01, 0.05, 0.3}) {
    const Case c = make_case("", fixtures::square(), {6, 6, 1}, {3.01}, {3.4, 3.4}, 0.5, scale_eV);
    const model::HopTable table(c.network, c.model);
    const crystal::Vector3d force(0.05, -0.02, 0.0);
    const RateModel rates(c.network, fixtures::T_K, force);
    const LocalRates local(c.model, table);
    const auto energies = model::BinaryEnergies::make(c.model, table.mobile_species(c.model),
                                                      table.reach() + table.rate_reach());
    const HopChances chances(c.model, table, rates, *energies,
                             *LocalRatePolynomials::make(table, *energies), HopChances::From::ion,
                             HopChances::Bounds::own);
    std::vector<Species> occ(36, 1);
    Random random(10, Purpose::test);
    for (const auto& trial : chances.trials(0)) {
      const auto from = c.model.index(0, {2, 2, 0});
      const auto to = table.target(from, trial.to_site);
      std::vector<std::size_t> around;
      for (const auto end : {from, to})
        for (const auto site : fixtures::neighbors(c.model, end))
          if (site != from && site != to) around.push_back(static_cast<std::size_t>(site));
      double fastest_Hz = 0.0;
      REQUIRE(around.size() == 6);  // they hold the 4 around the bond
      for (unsigned bits = 0; bits < 64; ++bits) {
        for (std::size_t k = 0; k < 6; ++k) occ[around[k]] = (bits >> k & 1u) != 0 ? 0 : 1;
        occ[static_cast<std::size_t>(from)] = 0;
        occ[static_cast<std::size_t>(to)] = 1;
        const double dE = c.model.delta_energy_eV(std::span<Species>(occ), from, 1, to, 0);
        fastest_Hz =
            std::max(fastest_Hz, rates.rate_Hz(trial.hop, dE, local(occ, from, trial.hop)));
      }
      std::fill(occ.begin(), occ.end(), Species{1});
      CHECK(fastest_Hz <= trial.bound_Hz);
      CHECK(trial.bound_Hz < 20.0 * fastest_Hz);
    }
  }
}

TEST_CASE("a barrier that reads an image of its own hop is refused: the supercell is too small") {
  const auto prim = fixtures::square();
  auto network = fixtures::nn_hops(prim, 0.2);
  fixtures::add_random_barriers(network, prim, {}, {4.6}, 1);  // reaches the hop's line
  CHECK_THROWS_WITH(model::HopTable(network, fixtures::lattice_gas(prim, {2, 6, 1}, 0.1)),
                    Catch::Contains("expected more repeats"));
  CHECK_NOTHROW(model::HopTable(network, fixtures::lattice_gas(prim, {5, 6, 1}, 0.1)));
}

TEST_CASE("a local cluster of a species that the model lacks is refused") {
  const auto prim = fixtures::square();
  auto network = fixtures::nn_hops(prim, 0.2);
  fixtures::add_random_barriers(network, prim, {}, {3.4}, 1);
  for (auto& list : network.local)
    for (auto& term : list) term.cluster[0].species = "Na";
  CHECK_THROWS_WITH(model::HopTable(network, fixtures::lattice_gas(prim, {6, 6, 1})),
                    Catch::Contains("counts Na"));
}

TEST_CASE("clamped hops are counted alike by both ways to sample") {
  const Case c = make_case("", fixtures::square(), {12, 12, 1}, {3.01}, {3.4}, 0.5, 0.2);
  std::vector<double> part;
  for (const Method method : {Method::rejection_free, Method::thinning}) {
    fixtures::Run run(c.model, c.network, occupation(c, 11), 11, crystal::Vector3d::Zero(), method);
    run.engine.perform_hops(40'000);
    part.push_back(static_cast<double>(run.engine.state().clamped) / 40'000.0);
  }
  CHECK(part[0] > 0.05);
  CHECK(part[0] < 0.999);
  CHECK_THAT(part[1] - part[0], WithinAbs(0.0, 0.02));
}

TEST_CASE("with a local expansion neither way to sample allocates") {
  const Case c = make_case("", fixtures::hcp(), {5, 5, 4}, {3.01}, {4.3, 3.4}, 0.5);
  for (const Method method : {Method::rejection_free, Method::thinning}) {
    fixtures::Run run(c.model, c.network, occupation(c, 12), 12, crystal::Vector3d::Zero(), method,
                      Flicker::every_hop);
    run.engine.perform_hops(500);
    const std::int64_t before = fixtures::allocations();
    run.engine.perform_hops(5000);
    CHECK(fixtures::allocations() == before);
  }
}

TEST_CASE("terms of zero change no rate") {
  const Case c = make_case("", fixtures::fcc(), {5, 5, 5}, {3.01}, {2.7}, 0.4, 0.0);
  auto zero = c.network, none = c.network;
  for (auto& list : zero.local)
    for (auto& term : list) term.ln_prefactor = 0.0;
  none.local.clear();
  const auto occ = occupation(c, 13);
  const fixtures::Kmc with(c.model, zero, occ, 1, crystal::Vector3d::Zero());
  const fixtures::Kmc without(c.model, none, occ, 1, crystal::Vector3d::Zero());
  for (EventIndex e = 0; e < with.table.n_events(); ++e)
    REQUIRE_THAT(with.engine.rate_Hz(e), WithinRel(without.engine.rate_Hz(e), 1e-14));
}

}  // namespace
}  // namespace lithiate::kmc
