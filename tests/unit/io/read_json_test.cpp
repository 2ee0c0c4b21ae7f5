#include <catch2/catch.hpp>

#include "files.hpp"
#include "io/read_atoms.hpp"
#include "io/read_structure.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using crystal::Structure;

namespace {

const std::string structure_dict = R"({"@class": "Structure", "charge": null,
 "lattice": {"matrix": [[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 4.0]], "a": 3.0},
 "sites": [
  {"species": [{"element": "Li", "oxidation_state": 1.0, "occu": 1}], "abc": [0.0, 0.0, 0.0], "label": "Li+"},
  {"species": [{"element": "Ni", "oxidation_state": 3, "occu": 1.0}], "abc": [0.5, 0.5, 0.5], "label": "Ni3+"}]})";

const std::string disordered = R"({"lattice": {"matrix": [[3,0,0],[0,3,0],[0,0,4]]},
 "sites": [
  {"species": [{"element": "Li", "oxidation_state": 1, "occu": 0.5}], "abc": [0, 0, 0]},
  {"species": [{"element": "Ni", "oxidation_state": 3, "occu": 0.5}, {"element": "Ni", "oxidation_state": 4, "occu": 0.5}], "abc": [0.5, 0.5, 0.5]}]})";

const std::string casm = R"({"title": "ZrO", "description": "hcp Zr with O",
 "lattice_vectors": [[3.2, 0.0, 0.0], [-1.6, 2.771281292, 0.0], [0.0, 0.0, 5.2]],
 "coordinate_mode": "Fractional",
 "basis": [{"coordinate": [0.0, 0.0, 0.0], "occupants": ["Zr"]},
           {"coordinate": [0.3333333, 0.6666667, 0.25], "occupants": ["Va", "O"]}]})";

std::string entry(const std::string& energy = "-12.5") {
  return "{\"@class\": \"ComputedStructureEntry\", \"energy\": " + energy +
         ", \"correction\": 0.0, \"entry_id\": \"mp-1\", \"structure\": " + structure_dict + "}";
}

std::string list_of(const std::string& a, const std::string& b) {
  std::string text = "[";
  return text.append(a).append(", ").append(b).append("]");
}

std::vector<crystal::Atoms> atoms(const std::string& text) {
  const TemporaryFolder folder;
  return io::read_atoms(folder.write("s.json", text));
}

Structure structure(const std::string& text, bool partial = false) {
  const TemporaryFolder folder;
  return io::read_structure(folder.write("s.json", text), partial);
}

std::string refused_atoms(const std::string& from, const std::string& to) {
  return refusal([&] { atoms(replaced(structure_dict, from, to)); });
}

std::string refused_casm(const std::string& from, const std::string& to) {
  return refusal([&] { structure(replaced(casm, from, to)); });
}

}  // namespace

TEST_CASE("a pymatgen structure carries oxidation states in its species names", "[io][json]") {
  const auto all = atoms(structure_dict);
  REQUIRE(all.size() == 1);
  CHECK(all[0].species == std::vector<std::string>{"Li1+", "Ni3+"});
  CHECK(all[0].name == "s");
  CHECK(all[0].lattice.columns()(2, 2) == 4.0);
}

TEST_CASE("entries give their energy and identifier", "[io][json]") {
  const auto all = atoms(list_of(entry(), entry("-7.25")));
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "mp-1");
  CHECK(all[0].info.at("energy") == "-12.5");
  CHECK(all[1].info.at("energy") == "-7.25");
  CHECK_FALSE(all[0].info.contains("correction"));
}

TEST_CASE("a disordered structure becomes allowed species with the flag only", "[io][json]") {
  CHECK_THAT(refusal([] { structure(disordered); }),
             EndsWith("s.json: sites[0]: the site is partly occupied (Li1+ 0.5); such sites become "
                      "allowed species "
                      "with --partial-occupancy only"));
  const Structure s = structure(disordered, true);
  CHECK(s.sites[0].allowed == std::vector<std::string>{"Li1+", "Va"});
  CHECK(s.sites[1].allowed == std::vector<std::string>{"Ni3+", "Ni4+"});
}

TEST_CASE("a CASM prim is read with its occupants in order", "[io][json]") {
  const Structure s = structure(casm);
  CHECK(s.name == "ZrO");
  CHECK(s.source == "hcp Zr with O");
  CHECK(s.sites[1].allowed == std::vector<std::string>{"Va", "O"});
  CHECK(s.lattice.columns()(0, 1) == -1.6);
}

TEST_CASE("Cartesian coordinates of a CASM prim are converted", "[io][json]") {
  std::string text = replaced(casm, "Fractional", "Cartesian");
  text = replaced(text, "[0.3333333, 0.6666667, 0.25]", "[0.0, 0.0, 1.3]");
  CHECK(structure(text).sites[1].fractional.isApprox(crystal::Vector3d(0, 0, 0.25), 1e-14));
}

TEST_CASE("broken JSON is refused with the line", "[io][json]") {
  CHECK_THAT(refusal([] { atoms("{\n\"a\": 1,\n}\n"); }), EndsWith("s.json:3: is not JSON"));
  CHECK_THAT(refusal([] { atoms(structure_dict.substr(0, 200)); }),
             Contains("the file ends here, expected the rest of the JSON text"));
  CHECK_THAT(refused_atoms("3.0, 0.0, 0.0", "NaN, 0.0, 0.0"), Contains("is not JSON"));
  CHECK_THAT(refused_atoms("3.0, 0.0, 0.0", "1e999, 0.0, 0.0"), Contains("larger than any double"));
  CHECK_THAT(refusal([] { atoms(std::string(200000, '[')); }), Contains("the file ends here"));
}

TEST_CASE("foreign JSON is refused", "[io][json]") {
  CHECK_THAT(refusal([] { atoms("{\"a\": 1}"); }),
             EndsWith("s.json: expected a pymatgen Structure or ComputedStructureEntry"));
  CHECK_THAT(refusal([] { atoms("[]"); }), EndsWith("s.json: an empty list, expected structures"));
  CHECK_THAT(refusal([] { atoms("[1]"); }),
             Contains("s.json: [0] = 1: expected a pymatgen Structure"));
  CHECK_THAT(refusal([] { atoms("7"); }), Contains("s.json = 7: expected a pymatgen Structure"));
  CHECK_THAT(refusal([] { structure(list_of(entry(), entry())); }),
             EndsWith("s.json: holds 2 structures, expected one"));
}

TEST_CASE("wrong values in a pymatgen structure are refused by path", "[io][json]") {
  CHECK_THAT(refused_atoms("[0.5, 0.5, 0.5]", "[0.5, 0.5]"),
             EndsWith("s.json: sites[1].abc: expected three numbers"));
  CHECK_THAT(refused_atoms("[0.5, 0.5, 0.5]", "[0.5, \"b\", 0.5]"),
             EndsWith("s.json: sites[1].abc[1] = \"b\": expected a finite number"));
  CHECK_THAT(refused_atoms("\"Ni\"", "\"Nk\""),
             Contains("s.json: sites[1].species[0]: unknown species 'Nk3+'"));
  CHECK_THAT(
      refused_atoms("\"oxidation_state\": 3", "\"oxidation_state\": 2.5"),
      EndsWith(
          "s.json: sites[1].species[0].oxidation_state = 2.5: expected a whole oxidation state"));
  CHECK_THAT(refused_atoms("\"occu\": 1.0", "\"occu\": 0.5"),
             Contains("sites[1]: the site is partly occupied"));
  CHECK_THAT(refused_atoms("\"occu\": 1.0", "\"occu\": 1.5"),
             Contains("expected above 0, at most 1"));
  CHECK_THAT(refused_atoms("[0.0, 0.0, 4.0]", "[0.0, 0.0, -4.0]"),
             Contains("s.json: lattice.matrix: lattice: the vectors are left-handed"));
  CHECK_THAT(refused_atoms("[0.5, 0.5, 0.5]", "[0.1, 0.0, 0.0]"),
             Contains("sites[1]: atom 1 (Ni3+) lies 0.300 A"));
  CHECK_THAT(refused_atoms("\"sites\"", "\"places\""), Contains("expected a pymatgen Structure"));
}

TEST_CASE("an entry without a usable energy is refused", "[io][json]") {
  CHECK_THAT(refusal([] { atoms(entry("\"low\"")); }),
             EndsWith("s.json: energy = \"low\": expected a finite number"));
}

TEST_CASE("wrong values in a CASM prim are refused by path", "[io][json]") {
  CHECK_THAT(refused_casm("\"title\": \"ZrO\", ", ""), EndsWith("s.json: 'title' is missing"));
  CHECK_THAT(
      refused_casm("Fractional", "Polar"),
      EndsWith("s.json: coordinate_mode = \"Polar\": expected Fractional, Direct or Cartesian"));
  CHECK_THAT(refused_casm("[\"Va\", \"O\"]", "[\"Va\", \"Oo\"]"),
             Contains("basis[1].occupants[1]: unknown species 'Oo'"));
  CHECK_THAT(refused_casm("[\"Va\", \"O\"]", "[]"), Contains("allows no species"));
  CHECK_THAT(refused_casm("[\"Va\", \"O\"]", "[\"O\", \"O\"]"), Contains("allows a species twice"));
  CHECK_THAT(refused_casm("[0.3333333, 0.6666667, 0.25]", "[0.0, 0.0, 0.05]"),
             Contains("expected at least 0.5 A"));
  CHECK_THAT(refused_casm("[0.0, 0.0, 5.2]", "[0.0, 0.0, 0.0]"),
             Contains("lattice_vectors: lattice: the cell is singular"));
}
