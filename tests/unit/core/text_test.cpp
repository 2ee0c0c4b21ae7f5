#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/ragged_array.hpp"
#include "core/report.hpp"
#include "core/text.hpp"
#include "core/units.hpp"

using namespace lithiate;

TEST_CASE("a number is the whole word or nothing", "[core]") {
  REQUIRE(parse_number("1.5e3") == 1500.0);
  REQUIRE(parse_number("+2") == 2.0);
  for (const char* bad : {"", "1.5x", "nan", "inf", "0x10", "1,5", "--1"})
    REQUIRE_FALSE(parse_number(bad).has_value());
}

TEST_CASE("an integer is the whole word or nothing", "[core]") {
  REQUIRE(parse_integer("-12") == -12);
  for (const char* bad : {"", "1.0", "9999999999999999999999", "1e3"})
    REQUIRE_FALSE(parse_integer(bad).has_value());
}

TEST_CASE("the edit distance counts insertions, deletions and substitutions", "[core]") {
  REQUIRE(edit_distance("kitten", "sitting") == 3);
  REQUIRE(edit_distance("", "abc") == 3);
  REQUIRE(edit_distance("same", "same") == 0);
}

TEST_CASE("a slip of the pen finds its nearest name, a foreign word none", "[core]") {
  const std::vector<std::string> known{"temperature_K", "max_sweeps", "seed"};
  REQUIRE(nearest_name("tempreature_K", known) == "temperature_K");
  REQUIRE_FALSE(nearest_name("zzz", known).has_value());
  REQUIRE(did_you_mean("sede", known) == ", did you mean 'seed'?");
}

TEST_CASE("a report raises all its faults in one input error", "[core]") {
  InputReport report("run.toml:3");
  report.require(false, "temperature_K", -5, "must be above 0 K");
  report.require(true, "seed", 1, "never printed");
  report.fault("second fault");
  REQUIRE_THROWS_WITH(
      report.throw_if_any(),
      "run.toml:3: temperature_K = -5: must be above 0 K\nrun.toml:3: second fault");
}

TEST_CASE("errors carry the exit codes of the command line", "[core]") {
  REQUIRE(Error("x").exit_code() == 1);
  REQUIRE(UsageError("x").exit_code() == 2);
  REQUIRE(InputError("x").exit_code() == 3);
  REQUIRE(CheckError("x").exit_code() == 4);
}

TEST_CASE("rows of a ragged array come back as appended", "[core]") {
  RaggedArray<int> array;
  array.append(std::vector<int>{1, 2, 3});
  array.append(std::vector<int>{});
  array.append(std::vector<int>{4});
  REQUIRE(array.rows() == 3);
  REQUIRE(array.row(0).size() == 3);
  REQUIRE(array.row(1).empty());
  REQUIRE(array.row(2)[0] == 4);
}

TEST_CASE("one Li per formula unit gives the textbook capacities", "[core]") {
  // EC-02: LiFePO4 157.76, LiMn2O4 180.81, VCl3 157.30, LiCoO2 97.87 g/mol
  REQUIRE(capacity_mAh_per_g(157.76) == Approx(169.9).margin(0.1));
  REQUIRE(capacity_mAh_per_g(180.81) == Approx(148.2).margin(0.1));
  REQUIRE(capacity_mAh_per_g(157.30) == Approx(170.4).margin(0.1));
  REQUIRE(capacity_mAh_per_g(97.87) == Approx(273.8).margin(0.1));
}

TEST_CASE("the thermal voltage at 298.15 K is 25.6926 mV", "[core]") {
  REQUIRE(k_B * 298.15 == Approx(0.0256926).epsilon(1e-5));
}

TEST_CASE("the FNV-1a hash has its published values", "[io][output]") {
  CHECK(hex(fnv1a64("")) == "cbf29ce484222325");
  CHECK(hex(fnv1a64("a")) == "af63dc4c8601ec8c");
  CHECK(hex(fnv1a64("foobar")) == "85944171f73967e8");
}
