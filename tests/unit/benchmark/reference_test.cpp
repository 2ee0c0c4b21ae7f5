#include "benchmark/reference.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"

using namespace lithiate;
using namespace lithiate::benchmark;
using Catch::Matchers::WithinAbs;

namespace {

const std::string header = "id,category,quantity,system,condition,value,unit,sigma,source,c,h\n";

}  // namespace

TEST_CASE("a quoted field of the table keeps its commas", "[benchmark]") {
  const auto rows = parse_references(header + "A-1,cat,\"q, r\",s,,1.5,,0.1 (1 sigma),src,c,h\n");
  REQUIRE(rows.size() == 1);
  REQUIRE(rows[0].quantity == "q, r");
  REQUIRE(rows[0].condition.empty());
  REQUIRE(rows[0].number() == 1.5);
}

TEST_CASE("a row of the wrong length is refused", "[benchmark]") {
  REQUIRE_THROWS_WITH(parse_references(header + "A-1,cat,q\n"), Catch::Contains("expected 11"));
}

TEST_CASE("several numbers in one value are read by name", "[benchmark]") {
  Reference r;
  r.value = "u=-1.95; M=0.99";
  REQUIRE(r.named("u") == -1.95);
  REQUIRE(r.named("M") == 0.99);
  REQUIRE_THROWS_WITH(r.named("x"), Catch::Contains("'x='"));
}

TEST_CASE("a formula is not taken for a number", "[benchmark]") {
  Reference r;
  r.value = "1/(N-1)";
  REQUIRE_THROWS_AS(r.number(), Error);
}

TEST_CASE("uncertainties are read from their wording", "[benchmark]") {
  Reference r;
  for (const auto& [text, sigma] :
       {std::pair{"exact", 0.0}, std::pair{"1e-8", 1e-8}, std::pair{"0.0075 (1 sigma)", 0.0075},
        std::pair{"about 0.005", 0.005}}) {
    r.uncertainty = text;
    REQUIRE(r.sigma() == sigma);
  }
}

TEST_CASE("the embedded table gives the square lattice's correlation factor 1/(pi - 1)",
          "[benchmark]") {
  REQUIRE_THAT(reference("TC-05").number(), WithinAbs(1.0 / (M_PI - 1.0), 1e-11));
}

TEST_CASE("an id that is not in the table is refused with the nearest one", "[benchmark]") {
  REQUIRE_THROWS_WITH(reference("TC-0"), Catch::Contains("TC-0"));
}
