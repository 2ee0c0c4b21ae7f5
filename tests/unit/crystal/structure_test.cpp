#include "crystal/structure.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "crystal/elements.hpp"
#include "fixtures/crystals.hpp"

using namespace lithiate;
using namespace lithiate::crystal;
using Catch::Matchers::Contains;
using Catch::Matchers::WithinAbs;

namespace {

std::string faults_of(const Structure& structure) {
  InputReport report("prim");
  check(structure, report);
  try {
    report.throw_if_any();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("every spelling of the vacancy is read as Va") {
  for (const char* name : {"X", "Vac", "Vacancy", "Va"}) REQUIRE(canonical_species(name) == "Va");
}

TEST_CASE("a bare sign is a charge of one") {
  REQUIRE(canonical_species("Li+") == "Li1+");
  REQUIRE(canonical_species("O-") == "O1-");
  REQUIRE(canonical_species("Ni3+") == "Ni3+");
  REQUIRE(canonical_species("V") == "V");
}

TEST_CASE("the element of a species is its symbol, of the vacancy nothing") {
  REQUIRE(element_of("Ni3+") == "Ni");
  REQUIRE(element_of("O2-") == "O");
  REQUIRE(element_of("Va").empty());
  REQUIRE(element_of("Xx").empty());
  REQUIRE(element_of("V") == "V");
}

TEST_CASE("the table holds all 118 elements, in masses that grow with the period") {
  REQUIRE(element_symbols().size() == 118);
  REQUIRE_THAT(atomic_mass_g_per_mol("Li1+"), WithinAbs(6.94, 1e-12));
  REQUIRE_THAT(atomic_mass_g_per_mol("Cl"), WithinAbs(35.45, 1e-12));
  REQUIRE(atomic_mass_g_per_mol("Va") == 0.0);
  REQUIRE(atomic_mass_g_per_mol("Tc") > atomic_mass_g_per_mol("Mo"));
  REQUIRE_THROWS_WITH(atomic_mass_g_per_mol("Lii"), Contains("did you mean 'Li'"));
}

TEST_CASE("all faults of a structure are reported at once") {
  const Structure bad = fixtures::crystal_of("bad", 3.0 * Matrix3d::Identity(),
                                             {{{0, 0, 0}, {}},
                                              {{0.5, 0, 0}, {"Li", "Li"}},
                                              {{0.5, 0.5, 0}, {"Nii", "Va"}},
                                              {{0.5, 0.5, std::nan("")}, {"O"}}});
  const std::string text = faults_of(bad);
  REQUIRE_THAT(text, Contains("site 0 allows no species"));
  REQUIRE_THAT(text, Contains("site 1 allows a species twice"));
  REQUIRE_THAT(text, Contains("unknown species 'Nii'") && Contains("did you mean 'Ni'"));
  REQUIRE_THAT(text, Contains("site 3: position is not finite"));
}

TEST_CASE("a structure without sites is refused") {
  REQUIRE_THAT(faults_of(fixtures::crystal_of("empty", Matrix3d::Identity(), {})),
               Contains("no sites"));
}

TEST_CASE("sites that overlap across the cell's border are found") {
  const Structure close = fixtures::crystal_of("close", 3.0 * Matrix3d::Identity(),
                                               {{{0.02, 0, 0}, {"Li"}}, {{0.98, 0, 0}, {"O"}}});
  REQUIRE_THAT(faults_of(close), Contains("sites 0 and 1 overlap: 0.120 A apart"));
}

TEST_CASE("sites with the same species must list them in the same order") {
  const Structure mixed =
      fixtures::crystal_of("mixed", 3.0 * Matrix3d::Identity(),
                           {{{0, 0, 0}, {"Li", "Va"}}, {{0.5, 0.5, 0.5}, {"Va", "Li"}}});
  REQUIRE_THAT(faults_of(mixed), Contains("in another order (Va, Li), expected Li, Va"));
}

TEST_CASE("the shipped kinds of crystal have no faults") {
  REQUIRE(faults_of(fixtures::lithium_nickelate_o3()).empty());
  REQUIRE(faults_of(fixtures::vanadium_chloride_o3()).empty());
  REQUIRE(faults_of(fixtures::vanadium_chloride_bismuth_iodide_type()).empty());
}

TEST_CASE("a formula counts elements in order of appearance") {
  Atoms atoms;
  atoms.species = {"Li1+", "V3+", "V2+", "Cl", "Cl", "Li1+", "Cl", "Cl", "Cl", "Cl"};
  REQUIRE(formula(atoms) == "Li2V2Cl6");
  REQUIRE(count(atoms, "V3+") == 1);
  REQUIRE(count(atoms, "V") == 0);
}

TEST_CASE("atomic numbers count the elements in order, masses belong to them") {
  REQUIRE(atomic_number("H") == 1);
  REQUIRE(atomic_number("Li") == 3);
  REQUIRE(atomic_number("V") == 23);
  REQUIRE(atomic_number("Co") == 27);
  REQUIRE(atomic_number("La") == 57);
  REQUIRE(atomic_number("U") == 92);
  REQUIRE(atomic_number("Og") == 118);
  REQUIRE_FALSE(atomic_number("Xx").has_value());
  REQUIRE(element_symbols().size() == 118);
  REQUIRE(element_mass_g_per_mol("Co") == 58.933);
}
