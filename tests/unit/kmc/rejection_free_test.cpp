#include "kmc/rejection_free.hpp"

#include <catch2/catch.hpp>

#include "allocation_count.hpp"
#include "core/error.hpp"
#include "fixtures/layered_hosts.hpp"
#include "kmc_fixtures.hpp"

using namespace lithiate;
using fixtures::Kmc;
using model::EventIndex;

namespace {

/// Largest |rate - rate of a fresh engine on the same occupation| relative to the latter, and
/// whether any event is possible in one only.
double largest_rate_fault(const Kmc& k) {
  const fixtures::Rates fresh(k.model, k.table, k.rates, k.engine.state().occupation,
                              Random(1, Purpose::test));
  double worst = 0.0;
  for (EventIndex e = 0; e < k.table.n_events(); ++e) {
    const double kept = k.engine.rate_Hz(e), exact = fresh.rate_Hz(e);
    worst =
        std::max(worst, exact > 0.0 ? std::abs(kept - exact) / exact : (kept > 0.0 ? 1e9 : 0.0));
  }
  return worst;
}

}  // namespace

TEST_CASE("rates kept up over 1000 hops equal rates computed from scratch") {
  auto k = fixtures::random_hcp_kmc(GENERATE(5, 6));
  for (int n = 0; n < 1000; ++n) REQUIRE(k->engine.step());
  CHECK(largest_rate_fault(*k) == 0.0);
}

TEST_CASE("rates kept up in a supercell smaller than the interaction equal those from scratch") {
  const auto prim = fixtures::square();
  const auto m = model::compile(fixtures::pair_expansion(prim, 0.05, 6.01), {}, {3, 4, 1});
  auto k = fixtures::random_kmc(m, fixtures::nn_hops(prim, 0.2), 6, 7);
  for (int n = 0; n < 1000; ++n) REQUIRE(k->engine.step());
  CHECK(largest_rate_fault(*k) == 0.0);
}

TEST_CASE("rates kept up on a frozen host equal those from scratch") {
  const auto prim = fixtures::o1_parent();
  const auto host = fixtures::honeycomb_host(1);
  auto network = model::find_hops(prim, host, "Li", 3.6);
  set_barriers(network, 0.3, 1e13);
  const auto e = fixtures::random_expansion(prim, cluster::BasisKind::occupation, {6.1, 5.0}, 8);
  auto k = fixtures::random_kmc(model::compile(e, host, {3, 3, 2}), network, 25, 8);
  for (int n = 0; n < 1000; ++n) REQUIRE(k->engine.step());
  CHECK(largest_rate_fault(*k) == 0.0);
}

TEST_CASE("rates of a gas without interactions equal those from scratch") {
  const auto prim = fixtures::honeycomb();
  auto k = fixtures::random_kmc(fixtures::lattice_gas(prim, {6, 6, 1}),
                                fixtures::nn_hops(prim, 0.1), 30, 9);
  for (int n = 0; n < 1000; ++n) REQUIRE(k->engine.step());
  CHECK(largest_rate_fault(*k) == 0.0);
}

TEST_CASE("another species that cannot hop blocks its site and stays") {
  const auto prim = fixtures::square({"Na", "Li", "Va"});
  const auto e = fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {3.01}, 10);
  const auto m = model::compile(e, {}, {6, 6, 1});
  Random random(10, Purpose::test);
  Kmc k(m, fixtures::nn_hops(prim, 0.2), fixtures::random_species(m, random), 10,
        crystal::Vector3d::Zero());
  const auto before = k.engine.state().occupation;
  for (int n = 0; n < 1000; ++n) REQUIRE(k.engine.step());
  for (std::size_t i = 0; i < before.size(); ++i)
    REQUIRE((before[i] == 0) == (k.engine.state().occupation[i] == 0));
  CHECK(largest_rate_fault(k) == 0.0);
}

TEST_CASE("hops conserve the number of ions and keep ions and sites in step") {
  auto k = fixtures::random_hcp_kmc(11);
  for (int n = 0; n < 2000; ++n) k->engine.step();
  const auto& s = k->engine.state();
  CHECK(count(k->model, s.occupation, "Li") == 40);
  const auto ion_at = kmc::ions_by_site(s);
  for (std::size_t ion = 0; ion < s.site_of.size(); ++ion)
    CHECK(ion_at[static_cast<std::size_t>(s.site_of[ion])] == static_cast<int>(ion));
  for (std::size_t i = 0; i < s.occupation.size(); ++i)
    CHECK((ion_at[i] >= 0) == (s.occupation[i] == k->table.mobile(0)));
}

TEST_CASE("a displacement is the change of position up to whole supercells") {
  auto k = fixtures::random_hcp_kmc(12);
  const auto start = k->engine.state().site_of;
  for (int n = 0; n < 5000; ++n) k->engine.step();
  bool wrapped = false;
  for (std::int64_t ion = 0; ion < std::ssize(k->engine.state().site_of); ++ion) {
    const auto i = static_cast<std::size_t>(ion);
    const crystal::Vector3d miss = displacement_A(k->engine.state(), k->model, ion) +
                                   k->model.position_A(start[i]) -
                                   k->model.position_A(k->engine.state().site_of[i]);
    const crystal::Vector3d cells = k->model.host_lattice().fractional(miss).array() /
                                    k->model.repeats().cast<double>().array();
    const crystal::Vector3d whole = cells.array().round();
    REQUIRE((cells - whole).norm() < 1e-9);
    wrapped = wrapped || whole.norm() > 0.5;
  }
  CHECK(wrapped);
}

TEST_CASE("a hop and its reverse give the state back bit for bit") {
  auto k = fixtures::random_hcp_kmc(13);
  for (int n = 0; n < 100; ++n) k->engine.step();
  const auto before = k->engine.state();
  const double total_Hz = k->engine.total_rate_Hz();
  for (EventIndex e = 0; e < k->table.n_events(); ++e) {
    if (k->engine.rate_Hz(e) <= 0.0) continue;
    const auto from = k->table.site(e), to = k->table.target(from, k->table.slot(e));
    k->engine.perform(e);
    for (int s = 0; s < k->table.n_slots(k->table.sublattice(to)); ++s)
      if (k->table.target(to, s) == from)
        k->engine.perform(static_cast<EventIndex>(to) * k->table.stride() + s);
    REQUIRE(k->engine.state().occupation == before.occupation);
    REQUIRE(k->engine.state().site_of == before.site_of);
    REQUIRE(k->engine.state().cells_moved == before.cells_moved);
    REQUIRE(k->engine.total_rate_Hz() == total_Hz);
  }
}

TEST_CASE("the same seed gives the same trajectory, another seed another") {
  auto a = fixtures::random_hcp_kmc(14), b = fixtures::random_hcp_kmc(14);
  Kmc c(a->model, a->table.network(), a->engine.state().occupation, 15, crystal::Vector3d::Zero());
  for (int n = 0; n < 500; ++n) {
    a->engine.step();
    b->engine.step();
    c.engine.step();
  }
  CHECK(a->engine.state().time_s == b->engine.state().time_s);
  CHECK(a->engine.state().occupation == b->engine.state().occupation);
  CHECK(a->engine.state().time_s != c.engine.state().time_s);
}

TEST_CASE("a lattice that is full or empty has no hop, and time still runs") {
  const auto prim = fixtures::square();
  const auto m = fixtures::lattice_gas(prim, {4, 4, 1}, 0.1);
  for (const std::int64_t n : {0, 16}) {
    auto k = fixtures::random_kmc(m, fixtures::nn_hops(prim), n, 16);
    CHECK_FALSE(k->engine.step());
    CHECK(k->engine.state().time_s == 0.0);
    k->engine.advance_to(2.0);
    CHECK(k->engine.state().time_s == 2.0);
    CHECK(k->engine.state().hops == 0);
  }
}

TEST_CASE("advancing in many small spans is the same trajectory as in one") {
  auto a = fixtures::random_hcp_kmc(17), b = fixtures::random_hcp_kmc(17);
  auto stepped = fixtures::random_hcp_kmc(17);
  for (int n = 0; n < 500; ++n) stepped->engine.step();
  const double end_s = stepped->engine.state().time_s;
  a->engine.advance_to(end_s);
  for (int n = 1; n < 1000; ++n) b->engine.advance_to(end_s * n / 1000.0);
  b->engine.advance_to(end_s);
  CHECK(a->engine.state().hops == 500);
  CHECK(a->engine.state().hops == b->engine.state().hops);
  CHECK(a->engine.state().occupation == b->engine.state().occupation);
}

TEST_CASE("squared hops add up to hops times the squared distance") {
  auto k = fixtures::random_hcp_kmc(18);
  for (int n = 0; n < 1000; ++n) k->engine.step();
  CHECK(sum_squared_hops_A2(k->engine.state(), k->table).trace() ==
        Approx(1000 * fixtures::nn_A * fixtures::nn_A).epsilon(1e-12));
  reset_displacements(k->engine.state());
  CHECK(sum_squared_hops_A2(k->engine.state(), k->table).norm() == 0.0);
  CHECK(displacement_A(k->engine.state(), k->model, 0).norm() == 0.0);
  CHECK(k->engine.state().hops == 1000);
}

TEST_CASE("all hops of a Metropolis gas that change the energy count as clamped, others do not") {
  auto high = fixtures::random_hcp_kmc(19, 5.0), low = fixtures::random_hcp_kmc(19, -5.0);
  for (int n = 0; n < 200; ++n) {
    high->engine.step();
    low->engine.step();
  }
  CHECK(high->engine.state().clamped == 0);
  CHECK(low->engine.state().clamped == 200);
}

TEST_CASE("a step allocates no memory") {
  const auto prim = fixtures::triangular();
  const auto m = fixtures::lattice_gas(prim, {8, 8, 1}, 0.03);
  auto k = fixtures::random_kmc(m, fixtures::nn_hops(prim, 0.1), 32, 20);
  const std::int64_t before = fixtures::allocations();
  for (int n = 0; n < 100000; ++n) k->engine.step();
  CHECK(fixtures::allocations() == before);
}

TEST_CASE("a step of a model with three species allocates no memory") {
  const auto prim = fixtures::square({"Na", "Li", "Va"});
  const auto e = fixtures::random_expansion(prim, cluster::BasisKind::chebyshev, {3.01}, 20);
  const auto m = model::compile(e, {}, {6, 6, 1});
  Random random(20, Purpose::test);
  Kmc k(m, fixtures::nn_hops(prim, 0.2), fixtures::random_species(m, random), 20,
        crystal::Vector3d::Zero());
  const std::int64_t before = fixtures::allocations();
  for (int n = 0; n < 20000; ++n) k.engine.step();
  CHECK(fixtures::allocations() == before);
}

TEST_CASE("an occupation that does not fit the model is refused") {
  const auto prim = fixtures::square();
  const auto m = fixtures::lattice_gas(prim, {4, 4, 1});
  const auto network = fixtures::nn_hops(prim);
  const model::HopTable table(network, m);
  REQUIRE_THROWS_AS(kmc::initial_state(m, table, std::vector<model::Species>(15, 0)), InputError);
  REQUIRE_THROWS_AS(kmc::initial_state(m, table, std::vector<model::Species>(16, 2)), InputError);
}
