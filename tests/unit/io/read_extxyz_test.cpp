#include <catch2/catch.hpp>
#include <sstream>

#include "files.hpp"
#include "io/read_atoms.hpp"
#include "io/write_atoms.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using crystal::Atoms;

namespace {

const std::string frame = R"(2
Lattice="4 0 0 0 5 0 1 0 6" Properties=species:S:1:forces:R:3:pos:R:3 energy=-3.25 name="LiCl a" flag stress="1 2 3" tags=[1, 2] pbc="T T T"
Li 0.1 0.2 0.3 0.0 0.0 0.0
Cl1- 0 0 0 2.0 2.5 3.0
)";

std::vector<Atoms> read(const std::string& text, const std::string& name = "set.xyz") {
  const TemporaryFolder folder;
  return io::read_atoms(folder.write(name, text));
}

std::string message(const std::string& text) {
  return refusal([&] { read(text); });
}

std::string changed(const std::string& from, const std::string& to) {
  return message(replaced(frame, from, to));
}

}  // namespace

TEST_CASE("an extended XYZ frame is read by the names of its columns", "[io][extxyz]") {
  const auto all = read(frame);
  REQUIRE(all.size() == 1);
  const Atoms& atoms = all.front();
  CHECK(atoms.name == "LiCl a");
  CHECK(atoms.species == std::vector<std::string>{"Li", "Cl1-"});
  CHECK(atoms.lattice.columns().col(2) == crystal::Vector3d(1, 0, 6));
  CHECK(atoms.lattice.cartesian(atoms.fractional[1]).isApprox(crystal::Vector3d(2, 2.5, 3), 1e-14));
}

TEST_CASE("pairs of the comment line are kept as text", "[io][extxyz]") {
  const auto info = read(frame).front().info;
  CHECK(info.at("energy") == "-3.25");
  CHECK(info.at("stress") == "1 2 3");
  CHECK(info.at("flag") == "T");
  CHECK(info.at("tags") == "[1, 2]");
  CHECK_FALSE(info.contains("Lattice"));
}

TEST_CASE("frames without a name are numbered after the file", "[io][extxyz]") {
  const std::string plain = "1\nLattice=\"3 0 0 0 3 0 0 0 3\"\nLi 0 0 0\n";
  const auto all = read(plain + plain + "\n");
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "set_00");
  CHECK(all[1].name == "set_01");
  CHECK(read(plain).front().name == "set");
}

TEST_CASE("vacancies in a file are no atoms", "[io][extxyz]") {
  const auto atoms = read("2\nLattice=\"3 0 0 0 3 0 0 0 3\"\nX 0 0 0\nLi 1.5 1.5 1.5\n").front();
  CHECK(atoms.species == std::vector<std::string>{"Li"});
}

TEST_CASE("what is written as extended XYZ is read back the same", "[io][extxyz]") {
  Atoms atoms = read(frame).front();
  atoms.info["note"] = "a \"quoted\" \\ word";
  std::ostringstream out;
  io::write_extxyz(out, atoms);
  const Atoms again = read(out.str()).front();
  CHECK(again.name == atoms.name);
  CHECK(again.species == atoms.species);
  CHECK(again.info == atoms.info);
  CHECK(again.lattice.columns() == atoms.lattice.columns());
  for (std::size_t i = 0; i < atoms.size(); ++i)
    CHECK((again.fractional[i] - atoms.fractional[i]).norm() < 1e-11);
}

TEST_CASE("labels are whole-number columns that reading passes over", "[io][extxyz]") {
  Atoms atoms = read(frame).front();
  atoms.labels = {{"gap", {0, 3}}, {"family", {1, 0}}};
  std::ostringstream out;
  io::write_extxyz(out, atoms);
  CHECK_THAT(out.str(), Contains("Properties=species:S:1:pos:R:3:family:I:1:gap:I:1"));
  CHECK_THAT(out.str(), EndsWith("3.000000000000 0 3\n"));
  const Atoms again = read(out.str()).front();
  REQUIRE(again.species == atoms.species);
  REQUIRE(again.labels.empty());
}

TEST_CASE("truncated extended XYZ is refused at its last line", "[io][extxyz]") {
  CHECK_THAT(changed("Cl1- 0 0 0 2.0 2.5 3.0\n", ""),
             EndsWith("set.xyz:3: the file ends here, expected 2 atoms after line 2"));
  CHECK_THAT(message("2\n"), Contains("the file ends here"));
  CHECK_THAT(changed("2\n", "99999999999999\n"), Contains("the file ends here"));
  CHECK_THAT(message(frame + "3\n"), Contains("set.xyz:5: the file ends here"));
}

TEST_CASE("a wrong atom count is refused at the line that does not fit", "[io][extxyz]") {
  CHECK_THAT(changed("2\n", "1\n"), EndsWith("set.xyz:4: 'Cl1- 0 0 0 2.0 2.5 3.0': expected the "
                                             "number of atoms"));
  CHECK_THAT(changed("2\n", "-2\n"), Contains("set.xyz:1: '-2': expected the number of atoms"));
  CHECK_THAT(changed("2\n", "0\n"), Contains("set.xyz:1: '0': expected the number of atoms"));
  CHECK_THAT(message("no xyz\nat all\n"), Contains("set.xyz:1: 'no xyz'"));
}

TEST_CASE("wrong columns and numbers of an atom line are refused", "[io][extxyz]") {
  CHECK_THAT(changed("Li 0.1 0.2 0.3", "Li 0.1 0.2"),
             EndsWith("set.xyz:3: 6 columns, expected 7 as Properties says"));
  CHECK_THAT(changed("2.0 2.5 3.0", "2.0 nan 3.0"),
             EndsWith("set.xyz:4: position 'nan': expected a finite number"));
  CHECK_THAT(changed("2.0 2.5 3.0", "2.0 1e400 3.0"), Contains("position '1e400'"));
  CHECK_THAT(changed("2.0 2.5 3.0", "2.0 1e300 3.0"), Contains("set.xyz:4: the position is not"));
  CHECK_THAT(changed("Li 0.1", "Lj 0.1"), Contains("set.xyz:3: unknown species 'Lj'"));
  CHECK_THAT(changed("Li 0.1", "Li+x 0.1"), Contains("set.xyz:3: unknown species 'Li+x'"));
}

TEST_CASE("a bad Properties entry is refused", "[io][extxyz]") {
  CHECK_THAT(changed("species:S:1", "kind:S:1"), Contains("expected species:S:1 among them"));
  CHECK_THAT(changed("pos:R:3", "pos:R:2"), Contains("expected pos:R:3 among them"));
  CHECK_THAT(changed("pos:R:3", "pos:R"), Contains("expected name:type:count"));
  CHECK_THAT(changed("pos:R:3", "pos:R:x"), Contains("'x' is not a column count"));
}

TEST_CASE("a bad comment line is refused", "[io][extxyz]") {
  CHECK_THAT(changed("name=\"LiCl a\"", "name=\"LiCl a"),
             Contains("set.xyz:2: expected a blank after name="));
  CHECK_THAT(changed("pbc=\"T T T\"", "pbc=\"T T T"),
             EndsWith("a quote in the comment line is never closed"));
  CHECK_THAT(changed("tags=[1, 2]", "tags=[1, 2"),
             EndsWith("a bracket in the comment line is never closed"));
  CHECK_THAT(changed("flag", "energy=1"),
             EndsWith("the key 'energy' stands twice in the comment line"));
  CHECK_THAT(changed("flag", "=1"), Contains("expected key=value pairs"));
}

TEST_CASE("a cell that is missing, singular, left-handed or absurd is refused", "[io][extxyz]") {
  CHECK_THAT(changed("Lattice", "Cell"), Contains("set.xyz:2: no Lattice="));
  CHECK_THAT(changed("1 0 6", "1 0"), Contains("expected nine finite numbers"));
  CHECK_THAT(changed("1 0 6", "1 0 0"), Contains("set.xyz:2: lattice: the cell is singular"));
  CHECK_THAT(changed("1 0 6", "1 0 -6"), Contains("the vectors are left-handed"));
  CHECK_THAT(changed("1 0 6", "1 0 0.5"), Contains("thick across vector c"));
  CHECK_THAT(changed("1 0 6", "1 0 1e9"), Contains("longer than 10000 A"));
}

TEST_CASE("atoms nearer than 0.5 A are refused, across cell borders too", "[io][extxyz]") {
  CHECK_THAT(
      changed("2.0 2.5 3.0", "0.1 0.0 0.2"),
      EndsWith("set.xyz:4: atom 1 (Cl1-) lies 0.224 A from atom 0 (Li), expected at least 0.5 A"));
  CHECK_THAT(changed("2.0 2.5 3.0", "5.0 5.0 6.2"), Contains("lies 0.200 A from atom 0"));
  CHECK_THAT(changed("2.0 2.5 3.0", "3.9 0.0 0.0"), Contains("lies 0.100 A from atom 0"));
  CHECK(changed("2.0 2.5 3.0", "0.0 0.0 0.51").empty());
}
