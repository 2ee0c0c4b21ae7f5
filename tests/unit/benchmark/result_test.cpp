#include "benchmark/result.hpp"

#include <catch2/catch.hpp>

#include "benchmark/coverage.hpp"

using namespace lithiate;
using namespace lithiate::benchmark;

namespace {

Result measured(double value, double error) {
  Component c{.name = "f", .reference = 1.0, .reference_error = 0.003};
  c.value.value = value;
  c.value.error = error;
  return make_result({}, c);
}

}  // namespace

TEST_CASE("a value within 3.5 combined sigma passes, one beyond fails", "[benchmark]") {
  REQUIRE(measured(1.0 + 3.49 * 0.005, 0.004).pass());  // hypot(0.003, 0.004) = 0.005
  REQUIRE_FALSE(measured(1.0 + 3.51 * 0.005, 0.004).pass());
  REQUIRE_FALSE(measured(1.0 - 3.51 * 0.005, 0.004).pass());
}

TEST_CASE("an error above half a percent fails, however good the value", "[benchmark]") {
  REQUIRE(measured(1.0, 0.00499).pass());
  REQUIRE_FALSE(measured(1.0, 0.00501).pass());
  REQUIRE(measured(1.0, 0.00501).verdict() == "fail");
}

TEST_CASE("energies are asked for to a tenth of a percent", "[benchmark]") {
  Component c{.name = "e", .reference = -2.0, .allowed_relative = max_energy_error};
  REQUIRE(c.allowed_error() == Approx(0.002));
}

TEST_CASE("a reference of zero takes an absolute bound", "[benchmark]") {
  Component c{.name = "M", .reference = 0.0, .allowed_absolute = 0.005};
  REQUIRE(c.allowed_error() == 0.005);
}

TEST_CASE("a value that is not a number fails", "[benchmark]") {
  REQUIRE_FALSE(measured(std::nan(""), 0.001).pass());
  REQUIRE_FALSE(measured(1.0, std::nan("")).pass());
}

TEST_CASE("the printed table says which values fail and counts those that pass", "[benchmark]") {
  const std::string text = format_results({measured(1.0, 0.001), measured(1.0, 0.1)});
  REQUIRE_THAT(text, Catch::Contains("error too large") && Catch::Contains("1 of 2 pass"));
}

TEST_CASE("of 400 honest 95 % intervals 369 to 391 hold the truth", "[benchmark]") {
  REQUIRE(coverage_bounds(400) == std::pair{369, 391});
  REQUIRE(Coverage{.seeds = 400, .held = 369, .least = 369, .most = 391}.pass());
  REQUIRE_FALSE(Coverage{.seeds = 400, .held = 392, .least = 369, .most = 391}.pass());
}
