#include "io/read_structure.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "files.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using crystal::Structure;

namespace {

const std::string prim = R"(name = "toy"
source = "nowhere"
lattice_A = [
  [3.0, 0.0, 0.0],
  [1.0, 3.0, 0.0],
  [0, 0, 4],
]
[[site]]
fractional = [0, 0, 0]
species = ["Li", "X"]
[[site]]
fractional = [0.5, 0.5, 0.5]
species = ["Ni3+"]
)";

const std::string rows = "lattice_A = [\n  [3.0, 0.0, 0.0],\n  [1.0, 3.0, 0.0],\n  [0, 0, 4],\n]\n";

Structure read(const std::string& text, const std::string& name = "prim.toml") {
  const TemporaryFolder folder;
  return io::read_structure(folder.write(name, text));
}

std::string changed(const std::string& from, const std::string& to) {
  return refusal([&] { read(replaced(prim, from, to)); });
}

std::string parameters(const std::string& gamma) {
  const std::string table =
      "[lattice]\na_A = 3\nb_A = 3\nc_A = 5\nalpha = 90\nbeta = 90\ngamma = " + gamma + "\n";
  return replaced(replaced(prim, rows, ""), "[[site]]", table + "[[site]]");
}

}  // namespace

TEST_CASE("rows of lattice_A are the vectors of the cell", "[io][structure]") {
  const Structure s = read(prim);
  CHECK(s.name == "toy");
  CHECK(s.source == "nowhere");
  CHECK(s.lattice.columns().col(1) == crystal::Vector3d(1, 3, 0));
  CHECK(s.sites[0].allowed == std::vector<std::string>{"Li", "Va"});
  CHECK(s.sites[1].allowed == std::vector<std::string>{"Ni3+"});
}

TEST_CASE("cell parameters are an alternative to vectors", "[io][structure]") {
  const auto p = read(parameters("120")).lattice.parameters();
  CHECK((p - (Eigen::Matrix<double, 6, 1>() << 3, 3, 5, 90, 90, 120).finished()).norm() < 1e-12);
}

TEST_CASE("a written prim.toml is read back to the last bit", "[io][structure]") {
  Structure s = read(prim);
  s.name = "a \"quoted\" name";
  s.sites[0].fractional = crystal::Vector3d(1.0 / 3.0, 2.0 / 3.0, 0.1);
  std::ostringstream out;
  io::write_prim_toml(out, s);
  const Structure again = read(out.str());
  CHECK(again.name == s.name);
  CHECK(again.lattice.columns() == s.lattice.columns());
  CHECK(again.sites[0].fractional == s.sites[0].fractional);
  CHECK(again.sites[0].allowed == s.sites[0].allowed);
}

TEST_CASE("atoms of other formats become sites with one species", "[io][structure]") {
  const Structure s = read("2\nLattice=\"3 0 0 0 3 0 0 0 3\"\nLi 0 0 0\nCl 1.5 1.5 1.5\n", "a.xyz");
  REQUIRE(s.sites.size() == 2);
  CHECK(s.sites[1].allowed == std::vector<std::string>{"Cl"});
}

TEST_CASE("several frames are no structure", "[io][structure]") {
  const std::string frame = "1\nLattice=\"3 0 0 0 3 0 0 0 3\"\nLi 0 0 0\n";
  CHECK_THAT(refusal([&] { read(frame + frame, "a.xyz"); }),
             EndsWith("a.xyz: holds 2 frames, expected one"));
}

TEST_CASE("an unknown key in prim.toml is refused with the nearest known one", "[io][structure]") {
  CHECK_THAT(
      changed("species = [\"Ni3+\"]", "species = [\"Ni3+\"]\nspecie = [\"O\"]"),
      EndsWith("prim.toml:14:site[1].specie: unknown key 'specie', did you mean 'species'?"));
}

TEST_CASE("wrong sites of prim.toml are refused with the line", "[io][structure]") {
  CHECK_THAT(changed("\"Ni3+\"", "\"Nix\""),
             Contains("prim.toml:13:site[1].species: unknown species 'Nix'"));
  CHECK_THAT(changed("[\"Ni3+\"]", "[]"),
             Contains("prim.toml:13:site[1].species") && Contains("expected at least one species"));
  CHECK_THAT(changed("\"Ni3+\"", "\"Ni\", \"Ni\""), Contains("allows a species twice"));
  CHECK_THAT(changed("[0.5, 0.5, 0.5]", "[0.5, 0.5]"),
             Contains("prim.toml:12:site[1].fractional") && Contains("expected three numbers"));
  CHECK_THAT(changed("[0.5, 0.5, 0.5]", "[0.5, 0.5, 1e9]"), Contains("expected at most 1000"));
  CHECK_THAT(changed("[0.5, 0.5, 0.5]", "[0.0, 1.0, 0.1]"), Contains("overlap: 0.400 A apart"));
  CHECK_THAT(refusal([] { read(prim.substr(0, prim.find("[[site]]"))); }),
             Contains("expected at least one [[site]]"));
}

TEST_CASE("wrong cells of prim.toml are refused with the line", "[io][structure]") {
  CHECK_THAT(changed("[0, 0, 4]", "[0, 0, -4]"),
             Contains("prim.toml:3:lattice_A: lattice: the vectors are left-handed"));
  CHECK_THAT(changed("[1.0, 3.0, 0.0]", "[6.0, 0.0, 0.0]"),
             Contains("prim.toml:3:lattice_A: lattice: the cell is singular"));
  CHECK_THAT(changed(rows, ""), Contains("missing key 'lattice_A'"));
  CHECK_THAT(refusal([] { read(parameters("180")); }),
             EndsWith("gamma = 180: expected below 180 degrees"));
  CHECK_THAT(refusal([] { read(parameters("-60")); }), EndsWith("expected a number above 0"));
  CHECK_THAT(changed("[[site]]", "[lattice]\na_A = 3\n[[site]]"),
             Contains("expected either lattice_A or [lattice], not both"));
}

TEST_CASE("a file of no known format is refused with the list of formats", "[io][structure]") {
  CHECK_THAT(refusal([] { read("some notes\nwithout structure\n", "notes.txt"); }),
             EndsWith("notes.txt: unknown format, expected extended XYZ (.xyz), POSCAR (.vasp), "
                      "CIF (.cif), pymatgen or "
                      "CASM JSON (.json) or prim.toml (.toml)"));
}
