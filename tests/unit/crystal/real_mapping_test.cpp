/// Mapping of the shipped DFT sets: which structures keep their ideal sites and which do not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "crystal/mapping.hpp"
#include "fixtures/crystals.hpp"
#include "fixtures/frames.hpp"

using namespace lithiate;
using namespace lithiate::crystal;

namespace {

/// The O3 primitive cell of the set's source: 3 % longer than the relaxed cells, oxygen at 1/4.
Structure source_o3() {
  Matrix3d columns;
  columns << 2.843413003725, 1.550952492097, 2.843413003725, 0.0, -2.532695099192, 0.0,
      0.857321196142, 0.000000104678, -4.286606883858;
  return fixtures::crystal_of("O3", columns,
                              {{{0, 0, 0}, {"Li", "Va"}},
                               {{0.5, 0.5, 0.5}, {"Ni"}},
                               {{0.75, 0.75, 0.75}, {"O"}},
                               {{0.25, 0.25, 0.25}, {"O"}}});
}

std::set<std::size_t> refused(const Structure& prim, const std::vector<Atoms>& frames) {
  std::set<std::size_t> out;
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (!map_structure(prim, frames[i], {}).accepted) out.insert(i);
  return out;
}

int lithium(const Structure& prim, const Decoration& d) {
  int n = 0;
  for (std::size_t i = 0; i < d.occupation.size(); ++i)
    n += prim.sites[i % prim.sites.size()].allowed[d.occupation[i]] == "Li" ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("of 31 relaxed LixNiO2 cells only the O1 end member and two glided ones leave O3") {
  const auto frames = fixtures::lithium_nickelate_frames();
  REQUIRE(frames.size() == 31);
  const std::set<std::size_t> glided{0, 8, 9};
  REQUIRE(refused(source_o3(), frames) == glided);
  REQUIRE(refused(fixtures::lithium_nickelate_o3(), frames) == glided);
}

TEST_CASE("relaxed LixNiO2 keeps its lithium and stays clear of the limits") {
  const Structure prim = source_o3();
  const MappingConfig limits;
  for (const Atoms& frame : fixtures::lithium_nickelate_frames()) {
    const Mapping m = map_structure(prim, frame, {});
    if (!m.accepted) continue;
    REQUIRE(lithium(prim, m.decoration) == count(frame, "Li"));
    REQUIRE(m.decoration.occupation.size() == 24);
    REQUIRE(m.strain < 0.75 * limits.max_strain);
    REQUIRE(m.max_displacement_A < 0.70 * limits.max_displacement_A);
    REQUIRE(m.rms_displacement_A < 0.80 * limits.max_rms_displacement_A);
  }
}

TEST_CASE("the lowest LixNiO2 energy of every composition above x = 0 is on O3") {
  std::map<std::string, std::pair<double, bool>> lowest;
  const Structure prim = source_o3();
  for (const Atoms& frame : fixtures::lithium_nickelate_frames()) {
    const double energy_eV = std::stod(frame.info.at("energy"));
    const auto [at, fresh] = lowest.try_emplace(frame.info.at("x"), 1e9, false);
    if (energy_eV < at->second.first)
      at->second = {energy_eV, map_structure(prim, frame, {}).accepted};
  }
  REQUIRE(lowest.size() == 7);
  for (const auto& [x, best] : lowest) REQUIRE(best.second == (std::stod(x) > 0.0));
}

TEST_CASE("empty NiO2 of the set is stacked O1") {
  const Mapping m = map_structure(fixtures::lithium_nickelate_o1(),
                                  fixtures::lithium_nickelate_frames().front(), {});
  REQUIRE(m.accepted);
  REQUIRE(m.max_displacement_A < 0.1);
}

TEST_CASE("LixVCl3 frames map on the parent of their own stacking only") {
  const Structure o1 = fixtures::vanadium_chloride_o1(), o3 = fixtures::vanadium_chloride_o3();
  int tried = 0;
  for (const Atoms& frame : fixtures::vanadium_chloride_frames()) {
    if (frame.info.at("role") != "main" && frame.info.at("role") != "cell") continue;
    ++tried;
    const bool is_o3 = frame.info.at("stack") == "O3";
    const Mapping on_o1 = map_structure(o1, frame, {}), on_o3 = map_structure(o3, frame, {});
    REQUIRE(on_o1.accepted == !is_o3);
    REQUIRE(on_o3.accepted == is_o3);
    const Mapping& m = is_o3 ? on_o3 : on_o1;
    REQUIRE(m.max_displacement_A < 0.3);
    REQUIRE(lithium(is_o3 ? o3 : o1, m.decoration) == count(frame, "Li"));
  }
  REQUIRE(tried == 17);
}
