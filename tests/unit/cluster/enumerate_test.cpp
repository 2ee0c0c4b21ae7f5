#include "cluster/enumerate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "core/error.hpp"
#include "crystal/supercell.hpp"
#include "fixtures/crystals.hpp"
#include "unit/cluster/images.hpp"

using namespace lithiate;
using namespace lithiate::cluster;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;
using crystal::Decoration;
using crystal::SpaceGroup;

namespace {

EnumerateConfig sizes(int least, int greatest) {
  EnumerateConfig config;
  config.min_cells = least;
  config.max_cells = greatest;
  return config;
}

std::vector<Decoration> all(const Structure& prim, const EnumerateConfig& config) {
  std::vector<Decoration> found;
  enumerate(prim, crystal::find_space_group(prim), config,
            [&](const Decoration& d) { found.push_back(d); });
  return found;
}

int count_species(const Structure& prim, const Decoration& d, const std::string& species) {
  int n = 0;
  for (std::size_t i = 0; i < d.occupation.size(); ++i)
    n += prim.sites[i % prim.sites.size()].allowed[d.occupation[i]] == species ? 1 : 0;
  return n;
}

/// Classes when Li and Va may also be exchanged as a whole: the exchange pairs decorations off, but
/// for those with as many Li as Va.
int up_to_label_exchange(const Structure& prim, const std::vector<Decoration>& found) {
  const SpaceGroup group = crystal::find_space_group(prim);
  std::set<Key> classes;
  int fewer = 0, more = 0;
  for (const Decoration& d : found) {
    const int excess = 2 * count_species(prim, d, "Li") - static_cast<int>(d.occupation.size());
    fewer += excess < 0 ? 1 : 0;
    more += excess > 0 ? 1 : 0;
    if (excess != 0) continue;
    Decoration swapped = d;
    for (auto& species : swapped.occupation) species = 1 - species;
    classes.insert(
        std::min(*images(prim, group, d).begin(), *images(prim, group, swapped).begin()));
  }
  REQUIRE(fewer == more);
  return fewer + static_cast<int>(classes.size());
}

bool in(const EnumerateConfig& config, const Structure& prim, const Decoration& d) {
  const double per_cell = count_species(prim, d, config.species) /
                          static_cast<double>(d.occupation.size() / prim.sites.size());
  return per_cell >= config.min_per_cell - 1e-9 && per_cell <= config.max_per_cell + 1e-9;
}

}  // namespace

TEST_CASE("fcc has the binary derivative structures of Hart and Forcade") {
  const Structure prim = fcc();
  const int expected[] = {2, 3, 12, 14, 50, 52, 229};
  for (int n = 2; n <= 8; ++n)
    REQUIRE(up_to_label_exchange(prim, all(prim, sizes(n, n))) == expected[n - 2]);
}

TEST_CASE("up to 8 atoms fcc has 631 structures when species are told apart") {
  REQUIRE(all(fcc(), sizes(1, 8)).size() == 631);
}

TEST_CASE("the orbits of all found decorations make up every primitive colouring once") {
  const auto require_partition = [](const Structure& prim, int largest) {
    const SpaceGroup group = crystal::find_space_group(prim);
    const SpaceGroup none = crystal::find_space_group(lopsided());  // all superlattices
    for (int n = 1; n <= largest; ++n) {
      std::int64_t colourings = 0;
      for (const auto& h : distinct_supercells(none, n))
        colourings += primitive_colourings(prim, h);
      std::set<Key> seen;
      for (const Decoration& d : all(prim, sizes(n, n)))
        for (const Key& image : images(prim, group, d)) REQUIRE(seen.insert(image).second);
      REQUIRE(static_cast<std::int64_t>(seen.size()) == colourings);
    }
  };
  require_partition(fcc(), 5);
  require_partition(hcp(), 3);
  require_partition(diamond(4.0, {"Li", "Na", "Va"}), 2);
  require_partition(lithium_nickelate_o3(), 5);
  require_partition(vanadium_chloride_o1(), 3);
  require_partition(antifluorite({"Li", "Va"}, {"Li", "Na", "Va"}), 2);
}

TEST_CASE("bounds on a species keep exactly the decorations within them") {
  const Structure prim = vanadium_chloride_o1();
  EnumerateConfig bounded = sizes(1, 4);
  bounded.species = "V";
  bounded.min_per_cell = bounded.max_per_cell = 2.0 / 3.0;
  const auto every = all(prim, sizes(1, 4)), some = all(prim, bounded);
  std::vector<Decoration> kept;
  std::copy_if(every.begin(), every.end(), std::back_inserter(kept),
               [&](const Decoration& d) { return in(bounded, prim, d); });
  REQUIRE(!kept.empty());
  REQUIRE(some.size() == kept.size());
  for (std::size_t i = 0; i < some.size(); ++i) REQUIRE(some[i].occupation == kept[i].occupation);
}

TEST_CASE("bounds count the species on spectator sites too") {
  const Structure prim = crystal_of("Li-rich", 4.0 * crystal::Matrix3d::Identity(),
                                    {{{0, 0, 0}, {"Li"}}, {{0.5, 0.5, 0.5}, {"Li", "Va"}}});
  EnumerateConfig config = sizes(2, 2);
  config.species = "Li";
  config.min_per_cell = config.max_per_cell = 1.5;
  REQUIRE(all(prim, config).size() == 3);  // one of two sites filled, three shapes
  config.min_per_cell = 0.0;
  config.max_per_cell = 0.9;
  REQUIRE(all(prim, config).empty());
}

TEST_CASE("only the wanted sizes are enumerated, in ascending order and twice the same") {
  const auto found = all(hcp(), sizes(2, 4)), again = all(hcp(), sizes(2, 4));
  std::size_t last = 4;
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE((found[i].occupation.size() >= last && found[i].occupation.size() <= 8));
    last = found[i].occupation.size();
    REQUIRE(found[i].occupation == again[i].occupation);
    REQUIRE(found[i].transformation == again[i].transformation);
  }
}

TEST_CASE("cells of decorations are compact") {
  for (const Decoration& d : all(fcc(4.0), sizes(7, 7))) {
    const crystal::Matrix3d v = fcc(4.0).lattice.columns() * d.transformation.cast<double>();
    REQUIRE_THAT(v.determinant(), WithinAbs(7 * 16.0, 1e-9));
    REQUIRE((v.col(0).norm() < 20.0 && v.col(1).norm() < 20.0 && v.col(2).norm() < 20.0));
    for (int i = 0; i < 3; ++i)
      REQUIRE(std::abs(v.col(i).dot(v.col((i + 1) % 3))) <= 0.5 * v.col(i).squaredNorm() + 1e-6);
  }
}

TEST_CASE("species listed in another order on an equivalent site are the same species") {
  Structure mixed = hcp();
  mixed.sites[1].allowed = {"Va", "Li"};
  const auto found = all(mixed, sizes(1, 3)), plain = all(hcp(), sizes(1, 3));
  REQUIRE(found.size() == plain.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    REQUIRE(count_species(mixed, found[i], "Li") == count_species(hcp(), plain[i], "Li"));
}

TEST_CASE("ideal atoms are the occupied sites of the decoration, vacancies left out") {
  const Structure prim = lithium_nickelate_o3();
  Decoration d{"test", crystal::Matrix3i::Identity(), {}};
  d.transformation(2, 2) = 2;
  d.occupation = {0, 0, 0, 0, 0, 1, 0, 0};
  const crystal::Atoms atoms = ideal_atoms(prim, d);
  REQUIRE(atoms.name == "test");
  REQUIRE(crystal::formula(atoms) == "Ni2LiO4");
  REQUIRE_THAT(atoms.lattice.volume_A3(), WithinAbs(2 * prim.lattice.volume_A3(), 1e-9));
  // Ni of the two cells: neighbours in their layer
  REQUIRE(atoms.species[4] == "Ni");
  REQUIRE_THAT(atoms.lattice.distance_A(atoms.fractional[0], atoms.fractional[4]),
               WithinAbs(2.876, 1e-9));
}

TEST_CASE("bad limits, unknown species and too many colourings are refused") {
  const Structure prim = fcc();
  REQUIRE_THROWS_WITH(all(prim, sizes(0, 2)), Contains("min_cells = 0"));
  REQUIRE_THROWS_WITH(all(prim, sizes(3, 2)), Contains("max_cells = 2"));
  EnumerateConfig config = sizes(1, 2);
  config.min_per_cell = 0.7;
  config.max_per_cell = 0.2;
  REQUIRE_THROWS_WITH(all(prim, config), Contains("max_per_cell = 0.2"));
  config = sizes(1, 2);
  config.species = "Lii";
  REQUIRE_THROWS_WITH(all(prim, config), Contains("did you mean 'Li'"));
  config = sizes(1, 12);
  config.max_decorations = 1000;
  REQUIRE_THROWS_WITH(all(prim, config), Contains("more than 1000"));
  REQUIRE_THROWS_WITH(all(fcc(4.0, {"Li"}), sizes(1, 2)), Contains("nothing can vary"));
}
