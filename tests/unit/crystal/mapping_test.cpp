#include "crystal/mapping.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <catch2/catch.hpp>

#include "fixtures/crystals.hpp"
#include "unit/crystal/mapped_atoms.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

Matrix3i eight_cells() {
  Matrix3i t;
  t << 2, 1, 0, -2, 1, 1, 0, 0, 2;
  return t;
}

Matrix3i diagonal(int a, int b, int c) { return Vector3i(a, b, c).asDiagonal().toDenseMatrix(); }

/// The same crystal in other vectors, turned, stretched, moved, in another order of atoms.
Atoms disguised(const Atoms& atoms, const Matrix3d& deformation) {
  Matrix3i change;
  change << 0, 0, 1, 1, 0, -2, 0, 1, 1;
  Atoms other = atoms;
  other.lattice = Lattice(deformation * atoms.lattice.columns() * change.cast<double>());
  const Matrix3d back = change.cast<double>().inverse();
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::size_t from = atoms.size() - 1 - i;
    other.species[i] = atoms.species[from];
    other.fractional[i] = back * atoms.fractional[from] + Vector3d(0.37, -1.2, 2.9);
  }
  return other;
}

Matrix3d turn() {
  return Eigen::AngleAxisd(0.7, Vector3d(0.2, 0.9, -0.4).normalized()).toRotationMatrix();
}

/// `layers` nickelate slabs; slab n is moved by steps[n] times the O1 -> O3 glide.
Atoms stacked(const std::vector<double>& steps) {
  const Structure prim = lithium_nickelate_o1();
  const Matrix3i cell = diagonal(1, 1, static_cast<int>(steps.size()));
  Decoration d = random_decoration(prim, cell, 1);
  for (std::size_t i = 0; i < d.occupation.size(); ++i) d.occupation[i] = i % 4 == 1 ? 1 : 0;
  Atoms atoms = occupied(prim, d);
  for (Vector3d& f : atoms.fractional) {
    const auto slab =
        static_cast<std::size_t>(std::lround(f[2] * static_cast<double>(steps.size()))) %
        steps.size();
    f += steps[slab] * Vector3d(1. / 3, 2. / 3, 0);
  }
  return atoms;
}

}  // namespace

TEST_CASE("an ideal decoration maps onto itself without strain or displacement") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Structure prim = lopsided();
    const Decoration d = random_decoration(prim, eight_cells(), seed);
    const Mapping m = map_structure(prim, occupied(prim, d), {});
    REQUIRE(m.accepted);
    REQUIRE_THAT(m.strain, WithinAbs(0.0, 1e-9));
    REQUIRE_THAT(m.max_displacement_A, WithinAbs(0.0, 1e-9));
    REQUIRE(same_up_to_translation(prim, d, m.decoration));
  }
}

TEST_CASE("a relaxed, turned, moved and re-cut crystal maps onto the same decoration") {
  const Matrix3d deformation = turn() * Vector3d(1.03, 0.98, 1.01).asDiagonal();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Structure prim = lopsided();
    const Decoration d = random_decoration(prim, eight_cells(), seed);
    Atoms atoms = occupied(prim, d);
    shake(atoms, 0.2, seed);
    const Mapping m = map_structure(prim, disguised(atoms, deformation), {});
    REQUIRE(m.accepted);
    REQUIRE_THAT(m.strain, WithinAbs(0.03, 1e-9));
    REQUIRE((m.max_displacement_A > 0.1 && m.max_displacement_A < 0.3));
    REQUIRE((m.rms_displacement_A > 0.1 && m.rms_displacement_A <= 0.2));
    REQUIRE(same_up_to_translation(prim, d, m.decoration));
  }
}

TEST_CASE("the transformation of a mapping names the measured vectors") {
  const Structure prim = lopsided();
  const Atoms atoms =
      disguised(occupied(prim, random_decoration(prim, eight_cells(), 3)), Matrix3d::Identity());
  const Mapping m = map_structure(prim, atoms, {});
  const Matrix3d ideal_A = prim.lattice.columns() * m.decoration.transformation.cast<double>();
  REQUIRE_THAT((ideal_A - atoms.lattice.columns()).norm(), WithinAbs(0.0, 1e-9));
}

TEST_CASE("a displacement is measured after the drift of all atoms is taken out") {
  const Structure prim = lithium_nickelate_o3();
  Decoration d = random_decoration(prim, diagonal(2, 2, 2), 4);
  Atoms atoms = occupied(prim, d);
  atoms.fractional[5] += atoms.lattice.fractional({0.0, 0.0, 0.4});
  const Mapping m = map_structure(prim, atoms, {});
  const double n = static_cast<double>(atoms.size());
  REQUIRE(m.accepted);
  REQUIRE_THAT(m.max_displacement_A, WithinAbs(0.4 * (1.0 - 1.0 / n), 1e-9));
  REQUIRE(m.worst_atom == atoms.species[5] + " 5");
}

TEST_CASE("an atom too far from its site is named with its distance and site") {
  const Structure prim = lithium_nickelate_o3();
  Decoration d = random_decoration(prim, diagonal(2, 2, 2), 4);
  Atoms atoms = occupied(prim, d);
  const auto li = static_cast<std::size_t>(
      std::find(atoms.species.begin(), atoms.species.end(), "Li") - atoms.species.begin());
  atoms.fractional[li] += atoms.lattice.fractional({0.0, 0.0, 1.1});
  const Mapping m = map_structure(prim, atoms, {});
  REQUIRE(!m.accepted);
  REQUIRE_THAT(m.reason, Contains(fmt::format("Li {} lies 1.", li)) &&
                             Contains("site 1 of 'O3': Li, Va") && Contains("at most 0.75 A"));
}

TEST_CASE("a stretched cell is refused with the best strain there is") {
  const Structure prim = lithium_nickelate_o3();
  Atoms atoms = occupied(prim, random_decoration(prim, diagonal(2, 2, 1), 4));
  atoms.lattice = Lattice(1.13 * atoms.lattice.columns());
  const Mapping m = map_structure(prim, atoms, {});
  REQUIRE(!m.accepted);
  REQUIRE_THAT(m.strain, WithinAbs(0.13, 1e-9));
  REQUIRE_THAT(m.reason, Contains("4 primitive cells") && Contains("the best has 13.0 %"));
}

TEST_CASE("species and counts that cannot fit are refused with the numbers") {
  const Structure prim = lithium_nickelate_o3();
  const Atoms good = occupied(prim, random_decoration(prim, diagonal(2, 1, 1), 4));
  Atoms bad = good;
  bad.species.front() = std::string("Co");
  REQUIRE_THAT(map_structure(prim, bad, {}).reason,
               Contains("no site of the prim 'O3' takes Co 0"));
  bad = good;
  bad.species.front() = std::string("O");
  REQUIRE_THAT(map_structure(prim, bad, {}).reason,
               Contains("5 O atoms, expected a multiple of 2"));
  bad = good;
  bad.species.erase(bad.species.begin());
  bad.fractional.erase(bad.fractional.begin());
  REQUIRE_THAT(map_structure(prim, bad, {}).reason, Contains("fill 2 primitive cells, but"));
  bad = good;
  for (int i = 0; i < 3; ++i) {
    bad.species.push_back("Li");
    bad.fractional.emplace_back(0.1 * i, 0.2, 0.3);
  }
  REQUIRE_THAT(map_structure(prim, bad, {}).reason, Contains("atoms for 8 sites"));
  REQUIRE_THAT(map_structure(prim, Atoms{}, {}).reason, Contains("no atoms"));
  bad = good;
  bad.fractional[1][2] = std::nan("");
  REQUIRE_THAT(map_structure(prim, bad, {}).reason, Contains("not finite"));
}

TEST_CASE("an O3 stacking whose lattice fits O1 is refused by its displacements") {
  const Atoms o3 = stacked({0, 1, 2});
  const Mapping on_o1 = map_structure(lithium_nickelate_o1(), o3, {});
  REQUIRE(!on_o1.accepted);
  REQUIRE(on_o1.strain < 0.05);
  REQUIRE_THAT(on_o1.reason, Contains("from the nearest ideal site"));
  REQUIRE(map_structure(lithium_nickelate_o3(), o3, {}).accepted);
}

TEST_CASE("a hybrid of O1 and O3 gaps maps on neither parent") {
  const Atoms hybrid = stacked({0, 0, 1, 1, 2, 2});  // H1-3: every second gap glides
  REQUIRE(!map_structure(lithium_nickelate_o1(), hybrid, {}).accepted);
  REQUIRE(!map_structure(lithium_nickelate_o3(), hybrid, {}).accepted);
}

TEST_CASE("slabs moved as a whole are refused by the rms displacement") {
  MappingConfig loose;
  loose.max_displacement_A = 2.0;
  const Mapping m = map_structure(lithium_nickelate_o1(), stacked({0, 0.4, 0, 0.4}), loose);
  REQUIRE(!m.accepted);
  REQUIRE_THAT(m.reason, Contains("rms displacement 0.33 A"));
}

TEST_CASE("cells are counted by the anions where the metal sites may be empty") {
  const Structure prim = vanadium_chloride_o1();
  Matrix3i honeycomb;
  honeycomb << 1, 1, 0, -1, 2, 0, 0, 0, 1;
  Decoration d{"VCl3", honeycomb, {}};
  for (int i = 0; i < 12; ++i) d.occupation.push_back(i % 4 < 2 && i != 4 && i != 8 ? 1 : 0);
  const Mapping m = map_structure(prim, occupied(prim, d), {});
  REQUIRE(m.accepted);
  REQUIRE(std::count(m.decoration.occupation.begin(), m.decoration.occupation.end(), 1) == 4);
  REQUIRE(same_up_to_translation(prim, d, m.decoration));
}

TEST_CASE("a prim that may be empty everywhere is sized by its volume within the strain") {
  const Structure prim = fcc();
  const Decoration d = random_decoration(prim, diagonal(3, 3, 3), 2);
  for (const double stretch : {0.96, 1.0, 1.04}) {
    Atoms atoms = occupied(prim, d);
    atoms.lattice = Lattice(stretch * atoms.lattice.columns());
    const Mapping m = map_structure(prim, atoms, {});
    REQUIRE(m.accepted);
    REQUIRE_THAT(m.strain, WithinAbs(std::abs(stretch - 1.0), 1e-9));
    REQUIRE(m.decoration.occupation.size() == 27);
  }
}

TEST_CASE("atoms fill sites that may not stay empty before those that may") {
  const Structure prim = crystal_of(
      "two sublattices", 4.0 * Matrix3d::Identity(),
      {{{0, 0, 0}, {"Li", "Na"}}, {{0.5, 0.5, 0.5}, {"Li", "Va"}}, {{0.5, 0, 0}, {"O"}}});
  Atoms atoms{"one", prim.lattice, {"Li", "O"}, {{0.3, 0.3, 0.3}, {0.5, 0, 0}}, {}};
  MappingConfig loose;
  loose.max_displacement_A = loose.max_rms_displacement_A = 3.0;
  const Mapping m = map_structure(prim, atoms, loose);
  REQUIRE(m.accepted);
  REQUIRE(m.decoration.occupation == std::vector<Species>{0, 1, 0});
}

TEST_CASE("oxidation states are ignored unless the prim tells them apart") {
  Structure prim = lithium_nickelate_o3();
  Atoms atoms = occupied(prim, random_decoration(prim, diagonal(2, 1, 1), 4));
  std::replace(atoms.species.begin(), atoms.species.end(), std::string("Ni"), std::string("Ni4+"));
  REQUIRE(map_structure(prim, atoms, {}).accepted);
  MappingConfig strict;
  strict.ignore_oxidation_states = false;
  REQUIRE_THAT(map_structure(prim, atoms, strict).reason, Contains("takes Ni4+"));
  prim.sites[0].allowed = {"Ni3+", "Ni4+"};
  prim.sites[2].allowed = prim.sites[3].allowed = {"O2-"};  // the atoms say O: one state only
  const Mapping m = map_structure(prim, atoms, {});
  REQUIRE(m.accepted);
  REQUIRE(m.decoration.occupation[0] == 1);
  std::replace(atoms.species.begin(), atoms.species.end(), std::string("Ni4+"), std::string("Ni"));
  REQUIRE_THAT(map_structure(prim, atoms, {}).reason, Contains("takes Ni "));
}
