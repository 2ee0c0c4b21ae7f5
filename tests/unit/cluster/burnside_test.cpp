/// Enumeration against the Cauchy-Frobenius (Burnside) count of classes.
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "cluster/enumerate.hpp"
#include "crystal/supercell.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::cluster;
using namespace lithiate::fixtures;

namespace {

int found(const Structure& prim, int n_cells) {
  EnumerateConfig config;
  config.min_cells = config.max_cells = n_cells;
  int n = 0;
  enumerate(prim, crystal::find_space_group(prim), config, [&](const auto&) { ++n; });
  return n;
}

/// Mean over the operations of the number of one-cell colourings each leaves as it is.
double burnside_one_cell(const Structure& prim) {
  const crystal::SpaceGroup group = crystal::find_space_group(prim);
  double fixed = 0.0;
  for (std::size_t op = 0; op < group.operations().size(); ++op) {
    std::vector<bool> seen(prim.sites.size(), false);
    double colourings = 1.0;
    for (int b = 0; b < static_cast<int>(prim.sites.size()); ++b) {
      if (seen[static_cast<std::size_t>(b)]) continue;
      colourings *= static_cast<double>(prim.sites[static_cast<std::size_t>(b)].allowed.size());
      for (int c = b; !seen[static_cast<std::size_t>(c)]; c = group.image(op, {c, {0, 0, 0}}).basis)
        seen[static_cast<std::size_t>(c)] = true;
    }
    fixed += colourings;
  }
  return fixed / static_cast<double>(group.operations().size());
}

/// Necklaces that may be turned over (bracelets) of n beads without smaller period, k colours.
int bracelets_without_period(int n, int k) {
  const auto fixed_by_turns = [&](int length) {  // necklaces, Burnside over rotations
    double sum = 0.0;
    for (int r = 1; r <= length; ++r) sum += std::pow(k, std::gcd(r, length));
    return sum / length;
  };
  const auto bracelets = [&](int length) {
    const double flips = length % 2 == 1
                             ? std::pow(k, (length + 1) / 2)
                             : 0.5 * (std::pow(k, length / 2) + std::pow(k, length / 2 + 1));
    return static_cast<int>(std::lround(0.5 * (fixed_by_turns(length) + flips)));
  };
  int left = bracelets(n);
  for (int d = 1; d < n; ++d)
    if (n % d == 0) left -= bracelets_without_period(d, k);
  return left;
}

}  // namespace

TEST_CASE("one cell holds as many decorations as Burnside counts on several sublattices") {
  const std::vector<Structure> prims{antifluorite({"Li", "Va"}, {"Li", "Va"}),
                                     antifluorite({"Li", "Va"}, {"Li", "Na", "Va"}),
                                     antifluorite({"Li", "Na", "K", "Va"}, {"Li", "Va"}),
                                     vanadium_chloride_o1(), diamond(4.0, {"Li", "Na", "Va"})};
  for (const Structure& prim : prims)
    REQUIRE(found(prim, 1) == std::lround(burnside_one_cell(prim)));
}

TEST_CASE("an octahedron and two equal tetrahedra make 2 x 6 decorations of three species") {
  REQUIRE(found(antifluorite({"Li", "Va"}, {"Li", "Na", "Va"}), 1) == 12);
}

TEST_CASE("a conventional cell has as many decorations as Burnside counts") {
  const Structure four = crystal_of("fcc of four", 4.0 * crystal::Matrix3d::Identity(),
                                    {{{0, 0, 0}, {"Li", "Va"}},
                                     {{0.5, 0.5, 0}, {"Li", "Va"}},
                                     {{0.5, 0, 0.5}, {"Li", "Va"}},
                                     {{0, 0.5, 0.5}, {"Li", "Va"}}});
  REQUIRE(found(four, 1) == 5);  // by the number of Li: all sites of a tetrahedron are alike
  REQUIRE(std::lround(burnside_one_cell(four)) == 5);
}

TEST_CASE("stackings of decorated layers are bracelets") {
  // superlattices along c only: found by counting those whose layers are uniform
  const Structure prim = triangular_layer();
  const crystal::SpaceGroup group = crystal::find_space_group(prim);
  for (int n = 1; n <= 10; ++n) {
    EnumerateConfig config;
    config.min_cells = config.max_cells = n;
    int uniform = 0;
    enumerate(prim, group, config, [&](const crystal::Decoration& d) {
      const crystal::Matrix3i h = crystal::hermite_normal_form(d.transformation);
      uniform += h(0, 0) == 1 && h(1, 1) == 1 && h(2, 0) == 0 && h(2, 1) == 0 ? 1 : 0;
    });
    REQUIRE(uniform == bracelets_without_period(n, 2));
  }
}

TEST_CASE("the number to expect is exact for one cell and bounds it for more") {
  for (const Structure& prim : {antifluorite({"Li", "Va"}, {"Li", "Na", "Va"}),
                                vanadium_chloride_o1(), fcc(), triangular_layer()})
    for (int n = 1; n <= 3; ++n) {
      EnumerateConfig config;
      config.min_cells = config.max_cells = n;
      const double most = most_decorations(prim, crystal::find_space_group(prim), config, 1e12);
      if (n == 1)
        REQUIRE(most == Approx(found(prim, n)));
      else
        REQUIRE(most >= found(prim, n) - 1e-6);
    }
}

TEST_CASE("the number to expect obeys the bound on a species") {
  const Structure prim = antifluorite({"Li", "Va"}, {"Li", "Na", "Va"});
  const crystal::SpaceGroup group = crystal::find_space_group(prim);
  double by_number = 0.0;
  EnumerateConfig config;
  config.min_cells = config.max_cells = 2;
  const double all = most_decorations(prim, group, config, 1e12);
  config.species = "Na";
  for (int n = 0; n <= 4; ++n) {
    config.min_per_cell = config.max_per_cell = 0.5 * n;
    const double most = most_decorations(prim, group, config, 1e12);
    int exact = 0;
    enumerate(prim, group, config, [&](const auto&) { ++exact; });
    REQUIRE(most >= exact - 1e-6);
    by_number += most;
  }
  REQUIRE(by_number == Approx(all));
}
