#include "model/bit_lattice.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/random.hpp"

namespace lithiate::model {
namespace {

using crystal::Vector3i;

SiteIndex wrapped(const CellGrid& grid, std::array<std::int32_t, 3> cell, int sublattice) {
  SiteIndex index = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const int n = grid.repeats()[static_cast<long>(k)];
    index = index * n + ((cell[k] % n) + n) % n;
  }
  return index * grid.n_sublattices() + sublattice;
}

TEST_CASE("sites, cells and sublattices convert into one another") {
  for (const Vector3i& repeats : {Vector3i{1, 1, 1}, {5, 3, 7}, {1, 64, 2}, {13, 1, 1}}) {
    const CellGrid grid(repeats, 3, {1, 1, 1});
    for (SiteIndex site = 0; site < grid.n_sites(); ++site)
      REQUIRE(wrapped(grid, grid.cell(site), grid.sublattice(site)) == site);
  }
}

TEST_CASE("neighbours wrap around the supercell") {
  const Vector3i reach{2, 3, 2};
  const CellGrid grid({4, 3, 2}, 2, reach);
  for (SiteIndex site = 0; site < grid.n_sites(); ++site)
    for (int x = -2; x <= 2; ++x)
      for (int y = -3; y <= 3; ++y)
        for (int z = -2; z <= 2; ++z) {
          auto cell = grid.cell(site);
          cell = {cell[0] + x, cell[1] + y, cell[2] + z};
          REQUIRE(CellGrid::site(grid.anchor(site), {x, y, z}, 1) == wrapped(grid, cell, 1));
        }
}

TEST_CASE("quotients by multiplication are exact at the ends of 32 bits") {
  for (const std::uint32_t d : {1u, 2u, 3u, 7u, 1000u, 65537u, 2147483647u, 4294967295u})
    for (const std::uint32_t n : {0u, 1u, d - 1, d, 2147483646u, 4294967294u, 4294967295u})
      REQUIRE(Divider(d).quotient(n) == n / d);
}

TEST_CASE("supercells of more than 2^31 sites are refused") {
  CHECK_THROWS_AS(CellGrid({2000, 2000, 1000}, 1, {0, 0, 0}), InputError);
  CHECK_THROWS_AS(CellGrid({0, 1, 1}, 1, {0, 0, 0}), InputError);
}

TEST_CASE("windows read what was flipped, across the ends of rows and words") {
  for (const Vector3i& repeats : {Vector3i{6, 5, 4}, {3, 200, 2}, {1, 1, 9}, {70, 1, 1}}) {
    const Vector3i reach{2, 2, 2};
    const CellGrid grid(repeats, 2, reach);
    BitLattice bits(grid, reach);
    std::vector<char> n(static_cast<std::size_t>(grid.n_sites()));
    Random random(1, Purpose::test);
    for (int k = 0; k < 3 * grid.n_sites(); ++k) {
      const std::uint64_t site = random.below(n.size());
      bits.flip(static_cast<SiteIndex>(site));
      n[site] ^= 1;
    }
    for (SiteIndex site = 0; site < grid.n_sites(); ++site) {
      REQUIRE(bits[site] == (n[static_cast<std::size_t>(site)] != 0));
      for (int b = 0; b < 2; ++b)
        for (int x = -2; x <= 2; ++x)
          for (int y = -2; y <= 2; ++y)
            for (int z = -2; z <= 2; ++z) {
              const auto c = grid.cell(site);
              const auto window = bits.window({b, {x, y, z}}, 1);
              const SiteIndex there = wrapped(grid, {c[0] + x, c[1] + y, c[2] + z}, b);
              REQUIRE((bits.read(bits.position(site), window) & 1u) ==
                      static_cast<std::uint64_t>(n[static_cast<std::size_t>(there)]));
            }
    }
  }
}

}  // namespace
}  // namespace lithiate::model
