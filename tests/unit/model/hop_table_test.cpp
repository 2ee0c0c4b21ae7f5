#include "model/hop_table.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "core/error.hpp"
#include "fixtures/layered_hosts.hpp"

using namespace lithiate;
using namespace lithiate::model;
using crystal::Vector3d;
using crystal::Vector3i;

namespace {

struct Case {
  LatticeModel model;
  HopTable table;
};

Case interacting_hcp() {
  const auto prim = fixtures::hcp();
  auto network = find_hops(prim, {}, "Li", 3.01);
  set_barriers(network, 0.3, 1e13);
  LatticeModel m =
      compile(fixtures::random_expansion(prim, cluster::BasisKind::occupation, {4.5, 3.01}, 41), {},
              {4, 5, 3});
  HopTable table(network, m);
  return {std::move(m), std::move(table)};
}

std::set<EventIndex> visited(const HopTable& table, EventIndex event) {
  std::set<EventIndex> events;
  const SiteIndex from = table.site(event);
  const int number = table.hop_numbers(table.sublattice(from))[table.slot(event)];
  table.visit_affected(from, number, [&](SiteIndex source, int sub, auto slots) {
    REQUIRE(sub == table.sublattice(source));
    for (const auto k : slots) events.insert(static_cast<EventIndex>(source) * table.stride() + k);
  });
  return events;
}

/// By definition: events that start or end at, or next to, a site the hop changes.
std::set<EventIndex> expected(const Case& c, EventIndex event) {
  std::set<SiteIndex> touched;
  const SiteIndex from = c.table.site(event);
  for (const SiteIndex end : {from, c.table.target(from, c.table.slot(event))}) {
    touched.insert(end);
    for (const SiteIndex n : fixtures::neighbors(c.model, end)) touched.insert(n);
  }
  std::set<EventIndex> events;
  for (EventIndex e = 0; e < c.table.n_events(); ++e) {
    const SiteIndex site = c.table.site(e);
    if (c.table.slot(e) >= c.table.n_slots(c.table.sublattice(site))) continue;
    if (touched.count(site) != 0 || touched.count(c.table.target(site, c.table.slot(e))) != 0)
      events.insert(e);
  }
  return events;
}

}  // namespace

TEST_CASE("a hop ends at the site its vector points to") {
  const Case c = interacting_hcp();
  const auto& lattice = c.model.host_lattice();
  for (EventIndex e = 0; e < c.table.n_events(); ++e) {
    const SiteIndex site = c.table.site(e), target = c.table.target(site, c.table.slot(e));
    const int number = c.table.hop_numbers(c.table.sublattice(site))[c.table.slot(e)];
    const Vector3d miss = c.model.position_A(site) +
                          c.table.network().hops[static_cast<std::size_t>(number)].vector_A -
                          c.model.position_A(target);
    Vector3d cells = lattice.fractional(miss).array() / c.model.repeats().cast<double>().array();
    cells -= cells.array().round().matrix();
    REQUIRE(cells.norm() < 1e-9);
  }
}

TEST_CASE("the reverse hop leads back to where the hop began") {
  const Case c = interacting_hcp();
  for (EventIndex e = 0; e < c.table.n_events(); ++e) {
    const SiteIndex site = c.table.site(e), target = c.table.target(site, c.table.slot(e));
    bool found = false;
    for (int k = 0; k < c.table.n_slots(c.table.sublattice(target)); ++k)
      found = found || c.table.target(target, k) == site;
    REQUIRE(found);
  }
}

TEST_CASE("the events a hop disturbs are those that start, end or read at its two sites") {
  const Case c = interacting_hcp();
  for (EventIndex e = 0; e < c.table.n_events(); e += 7)
    REQUIRE(visited(c.table, e) == expected(c, e));
}

TEST_CASE("the events a hop disturbs wrap around a supercell smaller than the interaction") {
  const auto prim = fixtures::square();
  LatticeModel m = compile(fixtures::pair_expansion(prim, 0.1, 6.01), {}, {3, 5, 1});
  HopTable table(fixtures::nn_hops(prim), m);
  const Case c{std::move(m), std::move(table)};
  for (EventIndex e = 0; e < c.table.n_events(); ++e)
    REQUIRE(visited(c.table, e) == expected(c, e));
}

TEST_CASE("on a frozen host the hops connect free sites of the model") {
  const auto prim = fixtures::o1_parent();
  const auto host = fixtures::honeycomb_host(1);
  auto network = find_hops(prim, host, "Li", 3.6);
  set_barriers(network, 0.3, 1e13);
  const LatticeModel m = compile(
      fixtures::random_expansion(prim, cluster::BasisKind::occupation, {6.1}, 42), host, {2, 2, 2});
  const HopTable table(network, m);  // its constructor compares vectors with positions
  CHECK(table.stride() == 6);
  CHECK(table.n_events() == 6 * 3 * 8);
}

TEST_CASE("classes with prefactor zero are not in the table") {
  const auto prim = fixtures::square();
  auto network = find_hops(prim, {}, "Li", 4.5);
  set_barrier(network, 1, 4.243, 0.2, 1e13);
  const LatticeModel m = fixtures::lattice_gas(prim, {4, 4, 1});
  const HopTable table(network, m);
  CHECK(table.stride() == 4);
  for (int k = 0; k < 4; ++k)
    CHECK(network.hops[static_cast<std::size_t>(table.hop_numbers(0)[k])].hop_class == 1);
}

TEST_CASE("a hop that ends where it starts is refused") {
  const auto prim = fixtures::square();
  const LatticeModel m = fixtures::lattice_gas(prim, {1, 4, 1});
  REQUIRE_THROWS_WITH(HopTable(fixtures::nn_hops(prim), m), Catch::Contains("more repeats"));
}

TEST_CASE("a network of another crystal is refused") {
  const LatticeModel square = fixtures::lattice_gas(fixtures::square(), {4, 4, 1});
  REQUIRE_THROWS_AS(HopTable(fixtures::nn_hops(fixtures::triangular()), square), InputError);
  REQUIRE_THROWS_AS(HopTable(fixtures::nn_hops(fixtures::hcp()), square), InputError);
}

TEST_CASE("a network without its species on the sites is refused") {
  const LatticeModel m = fixtures::lattice_gas(fixtures::square(), {4, 4, 1});
  auto network = fixtures::nn_hops(fixtures::square());
  network.mobile = "Na";
  REQUIRE_THROWS_AS(HopTable(network, m), InputError);
}
