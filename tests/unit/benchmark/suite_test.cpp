#include "benchmark/suite.hpp"

#include <omp.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"

using namespace lithiate;
using namespace lithiate::benchmark;

namespace {

/// Families of the exact table that the suite covers.
bool in_suite(const std::string& id) {
  static const std::set<std::string> families{"TC", "TF", "GA", "RW", "KM", "IS",
                                              "OE", "OC", "OT", "LG", "EN", "MD"};
  const auto number = parse_integer(id.substr(3)).value();
  const std::string family = id.substr(0, 2);
  if (family == "KM") return number <= 3;
  if (family == "GA") return number <= 12;
  return families.contains(family);
}

}  // namespace

TEST_CASE("the suite has one row for every id it covers, in the order of the table",
          "[benchmark]") {
  std::vector<std::string> expected, found;
  for (const Reference& r : references())
    if (in_suite(r.id)) expected.push_back(r.id);
  for (const Row& row : all_rows()) found.push_back(row.id);
  REQUIRE(found == expected);
  REQUIRE(found.size() == 100);
}

TEST_CASE("an id without a row is refused", "[benchmark]") {
  REQUIRE_THROWS_WITH(run_exact({"HH-01"}, 1), Catch::Contains("HH-01"));
}

TEST_CASE("results do not depend on the number of threads", "[benchmark]") {
  const int before = omp_get_max_threads();
  std::vector<std::vector<Result>> runs;
  for (const int threads : {1, 2}) {
    omp_set_num_threads(threads);
    runs.push_back(run_exact({"KM-01", "LG-02"}, 7));
  }
  omp_set_num_threads(before);
  REQUIRE(runs[0].size() == 6);
  for (std::size_t i = 0; i < runs[0].size(); ++i) {
    REQUIRE(runs[0][i].value == runs[1][i].value);
    REQUIRE(runs[0][i].error == runs[1][i].error);
  }
}

TEST_CASE("an enumerated cell is met within its error", "[benchmark]") {
  const auto results = run_exact({"EN-10"}, 11);
  REQUIRE(results.size() == 3);
  for (const Result& r : results) REQUIRE(r.pass());
}

TEST_CASE("ideal solution: x at mu, voltage slope and thermodynamic factor are met",
          "[benchmark]") {
  for (const Result& r : run_exact({"LG-01", "LG-02"}, 12)) REQUIRE(r.pass());
}

TEST_CASE("Madelung constants are met to 1e-11", "[benchmark]") {
  const auto results = run_exact({"MD-01", "MD-02", "MD-03"}, 13);
  REQUIRE(results.size() == 3);
  for (const Result& r : results) {
    REQUIRE(r.pass());
    REQUIRE(std::abs(r.value - r.reference) < 1e-11);
  }
}
