#include <catch2/catch.hpp>
#include <sstream>

#include "files.hpp"
#include "io/read_atoms.hpp"
#include "io/write_atoms.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::WithinAbs;
using crystal::Atoms;

namespace {

const std::string poscar = R"(rocksalt
2.0
1.5 0.0 0.0
0.0 1.5 0.0
0.0 0.0 2.0
Li_sv Cl
1 2
Selective dynamics
Direct
0.0 0.0 0.0 T T F Li1
0.5 0.5 0.0 F F F
0.5 0.5 0.5 F F F
)";

Atoms read(const std::string& text, const std::string& name = "POSCAR") {
  const TemporaryFolder folder;
  return io::read_atoms(folder.write(name, text)).front();
}

std::string changed(const std::string& from, const std::string& to) {
  return refusal([&] { read(replaced(poscar, from, to)); });
}

}  // namespace

TEST_CASE("a POSCAR with selective dynamics and pseudopotential names is read", "[io][poscar]") {
  const Atoms atoms = read(poscar);
  CHECK(atoms.name == "rocksalt");
  CHECK(atoms.species == std::vector<std::string>{"Li", "Cl", "Cl"});
  CHECK(atoms.lattice.columns().diagonal() == crystal::Vector3d(3, 3, 4));
  CHECK(atoms.fractional[2] == crystal::Vector3d(0.5, 0.5, 0.5));
}

TEST_CASE("a negative scale is the volume of the cell", "[io][poscar]") {
  const Atoms atoms = read(replaced(poscar, "2.0\n1.5", "-72.0\n1.5"));
  CHECK_THAT(atoms.lattice.volume_A3(), WithinAbs(72.0, 1e-12));
  CHECK_THAT(atoms.lattice.columns()(2, 2) / atoms.lattice.columns()(0, 0),
             WithinAbs(4.0 / 3.0, 1e-14));
}

TEST_CASE("three scale factors act on the Cartesian axes", "[io][poscar]") {
  const Atoms atoms = read(replaced(poscar, "2.0\n1.5", "2.0 3.0 4.0\n1.5"));
  CHECK(atoms.lattice.columns().diagonal() == crystal::Vector3d(3, 4.5, 8));
}

TEST_CASE("Cartesian positions are scaled with the cell", "[io][poscar]") {
  const std::string text =
      replaced(replaced(poscar, "Direct", "Cartesian"), "0.5 0.5 0.0", "0.75 0.75 0.0");
  const Atoms atoms = read(replaced(text, "0.5 0.5 0.5", "0.75 0.75 1.0"));
  CHECK(atoms.fractional[1].isApprox(crystal::Vector3d(0.5, 0.5, 0), 1e-14));
  CHECK(atoms.fractional[2].isApprox(crystal::Vector3d(0.5, 0.5, 0.5), 1e-14));
}

TEST_CASE("a POSCAR is known by extension or content", "[io][poscar]") {
  CHECK(read(poscar, "host.vasp").size() == 3);
  CHECK(read(poscar, "CONTCAR_relaxed").size() == 3);
  CHECK(read(poscar, "structure.txt").size() == 3);
}

TEST_CASE("what is written as POSCAR is read back, sorted by element", "[io][poscar]") {
  Atoms atoms = read(poscar);
  std::swap(atoms.species[0], atoms.species[1]);  // Cl, Li, Cl
  std::ostringstream out;
  io::write_poscar(out, atoms);
  const Atoms again = read(out.str());
  CHECK(again.species == std::vector<std::string>{"Cl", "Cl", "Li"});
  CHECK(again.fractional[1] == atoms.fractional[2]);
  CHECK(again.fractional[2] == atoms.fractional[1]);
  CHECK(again.lattice.columns() == atoms.lattice.columns());
}

TEST_CASE("a truncated POSCAR is refused at its end", "[io][poscar]") {
  CHECK_THAT(changed("0.5 0.5 0.5 F F F\n", ""),
             EndsWith("POSCAR:11: the file ends here, expected a position of 3 numbers"));
  std::string text = poscar;
  for (int lines = 8; lines > 0; --lines) {
    text = text.substr(0, text.rfind('\n', text.size() - 2) + 1);
    CHECK_THAT(refusal([&] { read(text); }), Contains("the file ends here"));
  }
}

TEST_CASE("wrong headers of a POSCAR are refused with the line", "[io][poscar]") {
  CHECK_THAT(changed("2.0\n1.5", "two\n1.5"), Contains("POSCAR:2: 'two': expected a scale factor"));
  CHECK_THAT(changed("2.0\n1.5", "0.0\n1.5"), Contains("POSCAR:2: '0.0': expected a scale factor"));
  CHECK_THAT(changed("1.5 0.0 0.0", "1.5 0.0"),
             Contains("POSCAR:3: '1.5 0.0': expected a lattice vector"));
  CHECK_THAT(changed("Li_sv Cl\n", ""),
             EndsWith("POSCAR:6: expected a line of element symbols before "
                      "the counts (VASP 5)"));
  CHECK_THAT(changed("Li_sv", "Lx"), Contains("POSCAR:6: unknown species 'Lx'"));
  CHECK_THAT(changed("1 2", "1"), EndsWith("POSCAR:7: 1 counts for 2 species"));
  CHECK_THAT(changed("1 2", "1 2 3"), EndsWith("POSCAR:7: 3 counts for 2 species"));
  CHECK_THAT(changed("1 2", "1 -2"), EndsWith("POSCAR:7: '-2': expected a whole number above 0"));
  CHECK_THAT(changed("1 2", "1 2000000000"), Contains("the file ends here"));
  CHECK_THAT(changed("Direct", "Fractional"),
             EndsWith("'Fractional': expected Direct or Cartesian"));
}

TEST_CASE("wrong positions and cells of a POSCAR are refused", "[io][poscar]") {
  CHECK_THAT(changed("0.5 0.5 0.5", "0.5 0.5 inf"),
             Contains("POSCAR:12: ") && Contains("expected a position"));
  CHECK_THAT(changed("0.5 0.5 0.5", "0.0 0.0 1.1"),
             Contains("POSCAR:12: atom 2 (Cl) lies 0.400 A"));
  CHECK_THAT(changed("0.0 0.0 2.0", "0.0 0.0 -2.0"),
             Contains("POSCAR:3: lattice: the vectors are left-handed"));
  CHECK_THAT(changed("0.0 1.5 0.0", "1.5 0.0 0.0"), Contains("the cell is singular"));
}
