#include <catch2/catch.hpp>

#include "core/text.hpp"
#include "crystal/neighbors.hpp"
#include "crystal/space_group.hpp"
#include "io/fit_file.hpp"
#include "io/read_atoms.hpp"
#include "io/read_structure.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;

namespace {

const std::string root = LITHIATE_SOURCE_DIR;

crystal::Structure shipped(const std::string& name) {
  return io::read_structure(root + "/structures/" + name);
}

}  // namespace

TEST_CASE("shipped structures have the space groups of structures/README.md", "[io][shipped]") {
  const std::vector<std::pair<std::string, int>> table{{"LixNiO2/prim.toml", 166},
                                                       {"LixCoO2/O3.toml", 166},
                                                       {"LixVCl3/O1.toml", 164},
                                                       {"LixVCl3/O3.toml", 166},
                                                       {"LixVCl3/V2Cl6_O1-R3.toml", 148},
                                                       {"LixVCl3/V2Cl6_O1-AAA.toml", 162},
                                                       {"LixVCl3/V2Cl6_O3.toml", 12},
                                                       {"LixVCl3/hosts/O1-R3.vasp", 148},
                                                       {"LixVCl3/hosts/O1-AAA.vasp", 162},
                                                       {"LixVCl3/hosts/O3.vasp", 12},
                                                       {"toys/chain.toml", 123},
                                                       {"toys/square.toml", 123},
                                                       {"toys/triangular.toml", 191},
                                                       {"toys/honeycomb.toml", 191},
                                                       {"toys/sc.toml", 221},
                                                       {"toys/bcc.toml", 229},
                                                       {"toys/fcc.toml", 225},
                                                       {"toys/diamond.toml", 227},
                                                       {"toys/hcp.toml", 194}};
  for (const auto& [name, number] : table) {
    INFO(name);
    CHECK(find_space_group(shipped(name)).number() == number);
  }
}

TEST_CASE("toy lattices have their coordination numbers at 3 A", "[io][shipped]") {
  const std::vector<std::pair<std::string, std::size_t>> table{
      {"chain", 2}, {"square", 4}, {"triangular", 6}, {"honeycomb", 3}, {"sc", 6},
      {"bcc", 8},   {"fcc", 12},   {"diamond", 4},    {"hcp", 12}};
  for (const auto& [name, coordination] : table) {
    INFO(name);
    const auto shells = neighbor_shells(shipped("toys/" + name + ".toml"), 0, 3.2);
    REQUIRE(shells.size() == 1);
    CHECK_THAT(shells[0].distance_A, WithinAbs(3.0, 1e-9));
    CHECK(shells[0].sites.size() == coordination);
  }
}

TEST_CASE("gap octahedra of the O1 parent share faces with the metal, those of O3 edges",
          "[io][shipped]") {
  const auto nearest_metal_A = [](const crystal::Structure& s) {
    for (const auto& neighbor : neighbors_within(s, 1, 6.0))
      if (neighbor.site.basis == 0) return neighbor.distance_A;
    return 0.0;
  };
  CHECK_THAT(nearest_metal_A(shipped("LixVCl3/O1.toml")), WithinAbs(5.78 / 2, 1e-9));
  CHECK_THAT(nearest_metal_A(shipped("LixVCl3/O3.toml")),
             WithinAbs(std::hypot(5.78 / 2, 6.012 / 3), 1e-9));
}

TEST_CASE("every shipped training frame is read with its energy", "[io][shipped]") {
  const auto lno = io::read_atoms(root + "/potentials/LixNiO2/training/lno.xyz");
  REQUIRE(lno.size() == 31);
  CHECK(lno.front().name == "lno_00");
  CHECK(formula(lno.back()) == "Li6Ni6O12");
  CHECK(lno.back().info.at("energy") == "-224.79004");
  const auto vcl = io::read_atoms(root + "/potentials/LixVCl3/training/livcl3.xyz");
  REQUIRE(vcl.size() == 29);
  for (const auto& frames : {lno, vcl})
    for (const auto& atoms : frames) {
      CHECK(parse_number(atoms.info.at("energy")).has_value());
      CHECK_FALSE(atoms.info.at("role").empty());
    }
}

TEST_CASE("the fit of LixVCl3 tells all arrangements of the one-slab cells apart",
          "[io][shipped]") {
  const auto jobs = io::read_fit_file(root + "/potentials/LixVCl3/fit.toml");
  REQUIRE(jobs.size() == 3);
  for (const auto& job : jobs) {
    INFO(job.name);
    CHECK(job.points.size() >= 8);
    for (std::size_t i = 0; i < job.points.size(); ++i)
      for (std::size_t k = 0; k < i; ++k)
        CHECK((job.points[i].features - job.points[k].features).norm() > 1e-3);
  }
}
