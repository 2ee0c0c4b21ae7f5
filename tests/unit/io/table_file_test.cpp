#include "io/table_file.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "files.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

Table sample() {
  Table table;
  table.add_column("x");
  table.add_column("voltage", "V");
  table.add_column("phase");
  table.add_row({0.1, 1.0 / 3.0, "O1"});
  table.add_row({0.5, std::nullopt, "O1, \"O3\""});
  return table;
}

std::string refused(const std::string& text) {
  const TemporaryFolder folder;
  return refusal([&] { io::read_csv(folder.write("t.csv", text)); });
}

}  // namespace

TEST_CASE("a CSV file carries units in its header and gaps as empty fields", "[io][table]") {
  const TemporaryFolder folder;
  io::write_csv(folder.path() / "t.csv", sample());
  CHECK(contents(folder.path() / "t.csv") ==
        "x,voltage (V),phase\n0.1,0.3333333333333333,O1\n0.5,,\"O1, \"\"O3\"\"\"\n");
}

TEST_CASE("a table is read back to the last bit", "[io][table]") {
  const TemporaryFolder folder;
  io::write_csv(folder.path() / "t.csv", sample());
  const Table table = io::read_csv(folder.path() / "t.csv");
  CHECK(table.columns[1].name == "voltage");
  CHECK(table.columns[1].unit == "V");
  CHECK(table.rows == sample().rows);
  CHECK(table.number(0, table.column("voltage")) == 1.0 / 3.0);
  CHECK_FALSE(table.number(1, 1).has_value());
  CHECK_FALSE(table.number(0, 2).has_value());
}

TEST_CASE("numbers that are not finite are never written", "[io][table]") {
  const TemporaryFolder folder;
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Table table = sample();
    table.rows[1][1] = bad;
    CHECK_THAT(refusal<Error>([&] { io::write_csv(folder.path() / "t.csv", table); }),
               Contains("table: voltage in row 1 = ") && EndsWith("expected a finite number"));
  }
  CHECK_FALSE(std::filesystem::exists(folder.path() / "t.csv"));
}

TEST_CASE("rows of the wrong length are refused", "[io][table]") {
  Table table = sample();
  CHECK_THAT(refusal<Error>([&] { table.add_row({1.0}); }),
             EndsWith("a row of 1 values for 3 columns"));
  table.rows[0].pop_back();
  const TemporaryFolder folder;
  CHECK_THAT(refusal<Error>([&] { io::write_csv(folder.path() / "t.csv", table); }),
             EndsWith("row 0 has 2 values for 3 columns"));
}

TEST_CASE("broken CSV files are refused with the line", "[io][table]") {
  CHECK_THAT(refused("x,y\n1,2\n3\n"), EndsWith("t.csv:3: 1 fields, expected 2 as in the header"));
  CHECK_THAT(refused("x,y\n1,\"2\n"), EndsWith("t.csv:2: a quote is never closed"));
  CHECK_THAT(refused("x,\n1,2\n"), EndsWith("t.csv:1: a column has no name"));
  CHECK_THAT(refused(""), EndsWith("t.csv: the file is empty"));
  CHECK_THAT(refusal([] { sample().column("capacity"); }), EndsWith("table: no column 'capacity'"));
}
