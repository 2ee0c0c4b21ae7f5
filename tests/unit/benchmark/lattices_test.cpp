#include "benchmark/lattices.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "benchmark/garnet.hpp"
#include "core/error.hpp"
#include "model/occupation.hpp"

using namespace lithiate;
using namespace lithiate::benchmark;
using Catch::Matchers::WithinAbs;

namespace {

const std::vector<std::string> names{"linear", "square", "triangular", "honeycomb", "sc",
                                     "bcc",    "fcc",    "hcp",        "diamond"};

}  // namespace

TEST_CASE("every site of a toy lattice has its coordination number of hops, 3 A long",
          "[benchmark]") {
  for (const std::string& name : names) {
    const ToyLattice lattice = toy_lattice(name);
    const auto network = nn_hops(lattice);
    REQUIRE(network.hops.size() ==
            lattice.prim.sites.size() * static_cast<std::size_t>(lattice.coordination));
    for (const auto& hop : network.hops) REQUIRE_THAT(hop.vector_A.norm(), WithinAbs(nn_A, 1e-9));
  }
}

TEST_CASE("the hops of a site are isotropic in the lattice's dimensions", "[benchmark]") {
  for (const std::string& name : names) {
    const ToyLattice lattice = toy_lattice(name);
    crystal::Matrix3d sum = crystal::Matrix3d::Zero();
    for (const auto& hop : nn_hops(lattice).hops) sum += hop.vector_A * hop.vector_A.transpose();
    for (int axis = 0; axis < lattice.dimension; ++axis)
      REQUIRE_THAT(sum(axis, axis) / sum(0, 0), WithinAbs(1.0, 1e-9));
    for (int axis = lattice.dimension; axis < 3; ++axis)
      REQUIRE_THAT(sum(axis, axis), WithinAbs(0.0, 1e-9));
  }
}

TEST_CASE("a full lattice gas costs z w / 2 and the ordered Ising state -z J / 2 per site",
          "[benchmark]") {
  for (const std::string& name : names) {
    const ToyLattice lattice = toy_lattice(name);
    const auto gas = pair_gas(lattice, lattice.repeats(4), 0.03, 0.1);
    const auto spins = ising_model(lattice, lattice.repeats(4), 1.0);
    const double bonds = 0.5 * lattice.coordination * gas.n_sites();
    REQUIRE_THAT(gas.energy_eV(model::uniform_occupation(gas, "Li")),
                 WithinAbs(0.03 * bonds + 0.1 * gas.n_sites(), 1e-9));
    REQUIRE_THAT(spins.energy_eV(model::uniform_occupation(spins, "Li")), WithinAbs(-bonds, 1e-9));
  }
}

TEST_CASE("lattices are found by the first word of the table's system", "[benchmark]") {
  REQUIRE(toy_lattice("hcp (basal plane)").prim.name == "hcp");
  REQUIRE(toy_lattice("triangular ferromagnet").coordination == 6);
  REQUIRE_THROWS_AS(toy_lattice("kagome"), InputError);
}

TEST_CASE("the garnet has 192 sites with four and 384 with two neighbours", "[benchmark]") {
  const HoppingGas gas = garnet_gas();
  std::map<int, int> sites_by_hops;
  for (int s = 0; s < gas.model.n_sites(); ++s) ++sites_by_hops[gas.hops.n_slots(s)];
  REQUIRE(sites_by_hops == std::map<int, int>{{2, 384}, {4, 192}});
}

TEST_CASE("garnet hops join tetrahedral to octahedral sites about 2 A apart", "[benchmark]") {
  const HoppingGas gas = garnet_gas();
  for (const auto& hop : gas.hops.network().hops) {
    REQUIRE(gas.hops.n_slots(hop.from) + gas.hops.n_slots(hop.to) == 6);
    REQUIRE_THAT(hop.vector_A.norm(), WithinAbs(2.0, 0.4));
  }
}
