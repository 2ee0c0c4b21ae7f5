#include <catch2/catch.hpp>

#include "crystal/space_group.hpp"
#include "files.hpp"
#include "io/read_atoms.hpp"
#include "io/read_structure.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using crystal::Atoms;
using crystal::Structure;

namespace {

/// LiNiO2, R-3m in hexagonal axes (Hirano et al., Solid State Ionics 78, 123 (1995)).
const std::string linio2 = R"(data_LiNiO2
_cell_length_a 2.878(1)
_cell_length_b 2.878(1)
_cell_length_c 14.19
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 120
_symmetry_space_group_name_H-M 'R -3 m :H'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Li1 Li1+ 0 0 0.5 1.0
Ni1 Ni3+ 0 0 0 1.0
O1 O2- 0 0 0.2585(2) 1
)";

/// Rutile by its operations; O given with four digits only.
const std::string rutile = R"(data_rutile
_cell_length_a 4.594
_cell_length_b 4.594
_cell_length_c 2.959
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_space_group_symop_operation_xyz
x,y,z
-x,-y,z
-y+1/2,x+1/2,z+1/2
y+1/2,-x+1/2,z+1/2
-x+1/2,y+1/2,-z+1/2
x+1/2,-y+1/2,-z+1/2
y,x,-z
-y,-x,-z
-x,-y,-z
x,y,-z
y+1/2,-x+1/2,-z+1/2
-y+1/2,x+1/2,-z+1/2
x+1/2,-y+1/2,z+1/2
-x+1/2,y+1/2,z+1/2
-y,-x,z
y,x,z
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Ti1 0 0 0
O1 0.3053 0.3051 0.0
)";

const std::string mixed = R"(Li1 Li1+ 0 0 0.5 0.75
Ni2 Ni2+ 0 0 0.5 0.05
)";

Structure structure(const std::string& text, bool partial = false) {
  const TemporaryFolder folder;
  return io::read_structure(folder.write("a.cif", text), partial);
}

std::string refused(const std::string& text, bool partial = false) {
  return refusal([&] { structure(text, partial); });
}

std::string changed(const std::string& from, const std::string& to) {
  return refused(replaced(linio2, from, to));
}

int count(const Structure& s, const std::string& species) {
  int n = 0;
  for (const auto& site : s.sites) n += site.allowed == std::vector<std::string>{species};
  return n;
}

}  // namespace

TEST_CASE("a space group symbol fills the cell of a CIF", "[io][cif]") {
  const Structure s = structure(linio2);
  CHECK(s.name == "LiNiO2");
  CHECK(count(s, "Li1+") == 3);
  CHECK(count(s, "Ni3+") == 3);
  CHECK(count(s, "O2-") == 6);
  CHECK(find_space_group(s).number() == 166);
}

TEST_CASE("hexagonal axes are recognised without the setting's letter", "[io][cif]") {
  CHECK(structure(replaced(linio2, "'R -3 m :H'", "'R -3 m'")).sites.size() == 12);
  CHECK(structure(replaced(linio2, "'R -3 m :H'", "R-3m")).sites.size() == 12);
}

TEST_CASE("a Hall symbol and a group number fill the same cell", "[io][cif]") {
  const std::string tag = "_symmetry_space_group_name_H-M 'R -3 m :H'";
  const auto all = {structure(replaced(linio2, tag, "_space_group_name_Hall '-R 3 2\"'")),
                    structure(replaced(linio2, tag, "_symmetry_Int_Tables_number 166"))};
  for (const Structure& s : all) {
    CHECK(s.sites.size() == 12);
    CHECK(find_space_group(s).number() == 166);
  }
}

TEST_CASE("listed operations fill the cell and pull atoms on special positions", "[io][cif]") {
  const Structure s = structure(rutile);
  CHECK(count(s, "Ti") == 2);
  REQUIRE(count(s, "O") == 4);
  CHECK(find_space_group(s, 1e-6).number() == 136);  // x = y holds after averaging only
}

TEST_CASE("listed operations win over the symbol", "[io][cif]") {
  const std::string p1 =
      "_symmetry_space_group_name_H-M 'R -3 m'\nloop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n";
  CHECK(structure(replaced(linio2, "_symmetry_space_group_name_H-M 'R -3 m :H'\n", p1))
            .sites.size() == 3);
}

TEST_CASE("a CIF gives atoms when every site is full", "[io][cif]") {
  const TemporaryFolder folder;
  const auto atoms = io::read_atoms(folder.write("noext", rutile)).front();
  CHECK(atoms.name == "rutile");
  CHECK(formula(atoms) == "Ti2O4");
}

TEST_CASE("partly occupied sites need the flag and then allow the vacancy", "[io][cif]") {
  const std::string text = replaced(linio2, "Li1 Li1+ 0 0 0.5 1.0\n", mixed);
  CHECK_THAT(
      refused(text),
      Contains("the site is partly occupied (Li1+ 0.75, Ni2+ 0.05); such sites become allowed "
               "species with --partial-occupancy only"));
  const Structure s = structure(text, true);
  REQUIRE(s.sites.size() == 12);
  CHECK(s.sites.front().allowed == std::vector<std::string>{"Li1+", "Ni2+", "Va"});
  const std::string full = replaced(text, "0.5 0.05", "0.5 0.25");
  CHECK(structure(full, true).sites.front().allowed == std::vector<std::string>{"Li1+", "Ni2+"});
}

TEST_CASE("atoms of partly occupied sites are refused", "[io][cif]") {
  const TemporaryFolder folder;
  const auto path = folder.write("a.cif", replaced(linio2, "0.5 1.0", "0.5 0.5"));
  CHECK_THAT(
      refusal([&] { io::read_atoms(path); }),
      Contains("the site is partly occupied (Li1+ 0.5), expected one species with occupancy 1"));
}

TEST_CASE("occupancies that make no sense are refused", "[io][cif]") {
  CHECK_THAT(changed("0.5 1.0", "0.5 1.5"),
             Contains("row 1 (Li1): occupancy '1.5': expected above 0, at most 1"));
  CHECK_THAT(changed("0.5 1.0", "0.5 -0.5"), Contains("occupancy '-0.5'"));
  CHECK_THAT(changed("Li1 Li1+ 0 0 0.5 1.0\n", "Li1 Li1+ 0 0 0.5 1.0\nNi9 Ni3+ 0 0 0.5 0.5\n"),
             Contains("occupancies of one site sum to 1.5, expected at most 1"));
}

TEST_CASE("split positions are refused as overlapping, with the flag too", "[io][cif]") {
  const std::string split = replaced(linio2, "Li1 Li1+ 0 0 0.5 1.0\n", "Li1 Li1+ 0 0 0.51 0.5\n");
  CHECK_THAT(refused(split, true), Contains("expected at least 0.5 A"));
}

TEST_CASE("broken CIF files are refused with the line", "[io][cif]") {
  CHECK_THAT(changed("0 0 0.5 1.0", "0 0 0.5"), Contains("a.cif:"));
  CHECK_THAT(refused("hello\n"), Contains("a.cif:1"));
  CHECK_THAT(refused("data_x\n_a 'b\n"), Contains("unterminated 'string'"));
  CHECK_THAT(refused("data_x\n_cell_length_a 3\n"),
             Contains("no data block with _cell_length_a and _atom_site_fract_x"));
  CHECK_THAT(changed("_cell_length_c 14.19\n", ""), Contains("'_cell_length_c' is missing"));
  CHECK_THAT(changed("14.19", "?"), Contains("a.cif:4: _cell_length_c: '?': expected a number"));
  CHECK_THAT(changed("14.19", "-14.19"), Contains("expected above 0"));
  CHECK_THAT(changed("_cell_angle_gamma 120", "_cell_angle_gamma 190"),
             Contains("190 is not an angle in degrees"));
  CHECK_THAT(changed("_cell_angle_alpha 90", "_cell_angle_alpha 10"), Contains("close no cell"));
}

TEST_CASE("wrong rows of a CIF are refused by number and label", "[io][cif]") {
  CHECK_THAT(changed("0 0 0.2585(2)", "0 0 ?"),
             Contains("row 3 (O1): '?': expected a fractional coordinate"));
  CHECK_THAT(changed("Ni3+", "Nj3+"), Contains("row 2 (Ni1): unknown species 'Nj3+'"));
  CHECK_THAT(changed("O1 O2- 0 0 0.2585(2) 1", "O1 O2- 0 0 0.49 1"),
             Contains("expected at least 0.5 A"));
}

TEST_CASE("symmetry that is missing, unknown, ambiguous or does not fit is refused", "[io][cif]") {
  CHECK_THAT(changed("_symmetry_space_group_name_H-M 'R -3 m :H'\n", ""),
             Contains("no symmetry operations and no space group"));
  CHECK_THAT(changed("R -3 m :H", "R -9 q"), Contains("unknown space group 'R -9 q'"));
  CHECK_THAT(changed("R -3 m :H", "F d -3 m"), Contains("'F d -3 m' has two origin choices"));
  CHECK_THAT(changed("R -3 m :H", "P 4/m m m"), Contains("does not fit this cell"));
  CHECK_THAT(refused(replaced(rutile, "y,x,-z", "y,q,-z")),
             Contains("'y,q,-z' is not a symmetry operation"));
  CHECK_THAT(refused(replaced(rutile, "y,x,-z", "y,x+1/99999999999,-z")),
             Contains("is not a symmetry operation"));
  CHECK_THAT(refused(replaced(rutile, "y,x,-z", "y,y,-z")), Contains("does not fit this cell"));
}
