#include "io/input.hpp"

#include <catch2/catch.hpp>

#include "files.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using io::Input;

namespace {

const std::string sample = R"(name = "LiCoO2"
temperature_K = 300
seed = 1e6
fast = true
x = [0.25, 1, 0.5]
repeats = [4, 4, 2]
tags = ["a", "b"]
cell = [[1, 0, 0], [0.5, 2, 0], [0, 0, 3.5]]
hnf = [[1, 0, 0], [0, 2, 0], [1, 0, 3]]

[kmc]
prefactor_Hz = 1e13

[[phase]]
name = "O1"

[[phase]]
name = "O3"
)";

Input read(const TemporaryFolder& folder, const std::vector<std::string>& overrides = {}) {
  return Input::read(folder.write("run.toml", sample), overrides);
}

}  // namespace

TEST_CASE("typed values come back as written", "[io][input]") {
  const TemporaryFolder folder;
  const Input input = read(folder);
  CHECK(input.text("name") == "LiCoO2");
  CHECK(input.number("temperature_K") == 300.0);
  CHECK(input.integer("seed") == 1000000);
  CHECK(input.boolean("fast"));
  CHECK(input.numbers("x") == std::vector<double>{0.25, 1.0, 0.5});
  CHECK(input.number_or_numbers("x") == std::vector<double>{0.25, 1.0, 0.5});
  CHECK(input.number_or_numbers("temperature_K") == std::vector<double>{300.0});
  CHECK(input.integers("repeats") == std::vector<long long>{4, 4, 2});
  CHECK(input.texts("tags") == std::vector<std::string>{"a", "b"});
  CHECK(input.table("kmc").positive("prefactor_Hz") == 1e13);
}

TEST_CASE("rows of a matrix stay rows", "[io][input]") {
  const TemporaryFolder folder;
  const Input input = read(folder);
  Eigen::Matrix3d cell;
  cell << 1, 0, 0, 0.5, 2, 0, 0, 0, 3.5;
  CHECK(input.matrix("cell") == cell);
  Eigen::Matrix3i hnf;
  hnf << 1, 0, 0, 0, 2, 0, 1, 0, 3;
  CHECK(input.integer_matrix("hnf") == hnf);
}

TEST_CASE("a missing key takes the fallback and a present one does not", "[io][input]") {
  const TemporaryFolder folder;
  const Input input = read(folder);
  CHECK(input.number("pressure_GPa", 1.5) == 1.5);
  CHECK(input.number("temperature_K", 1.5) == 300.0);
  CHECK(input.text("phase_name", "O3") == "O3");
  CHECK_FALSE(input.boolean("slow", false));
  CHECK(input.integers("grid", {7}) == std::vector<long long>{7});
  CHECK_FALSE(input.optional_table("mc").has_value());
  CHECK(input.tables("path").empty());
}

TEST_CASE("arrays of tables are read in order", "[io][input]") {
  const TemporaryFolder folder;
  const auto phases = read(folder).tables("phase");
  REQUIRE(phases.size() == 2);
  CHECK(phases[0].text("name") == "O1");
  CHECK(phases[1].text("name") == "O3");
}

TEST_CASE("overrides replace values, reach into tables and lists, and create tables",
          "[io][input]") {
  const TemporaryFolder folder;
  const Input input = read(folder, {"temperature_K=350.5", "kmc.prefactor_Hz=5e12",
                                    "mc.sweeps = 100", "phase.1.name=P3", "x=[0.1, 0.2]"});
  CHECK(input.number("temperature_K") == 350.5);
  CHECK(input.table("kmc").number("prefactor_Hz") == 5e12);
  CHECK(input.table("mc").integer("sweeps") == 100);
  CHECK(input.tables("phase")[1].text("name") == "P3");
  CHECK(input.numbers("x") == std::vector<double>{0.1, 0.2});
}

TEST_CASE("an override that is not TOML is a text", "[io][input]") {
  const TemporaryFolder folder;
  CHECK(read(folder, {"name=Li/V Cl3"}).text("name") == "Li/V Cl3");
  CHECK(read(folder, {"name="}).text("name").empty());
  CHECK(read(folder, {"name=a=b"}).text("name") == "a=b");
}

TEST_CASE("files are found beside the run file, not in the working directory", "[io][input]") {
  const TemporaryFolder folder;
  folder.write("data.xyz", "1\n");
  const Input input = Input::read(folder.write("files.toml", "training = \"data.xyz\"\n"));
  CHECK(input.file("training") == folder.path() / "data.xyz");
  CHECK(input.folder() == folder.path());
}

TEST_CASE("the place of a key is file, line and path", "[io][input]") {
  const TemporaryFolder folder;
  const Input input = read(folder, {"kmc.seed=1"});
  const std::string file = (folder.path() / "run.toml").string();
  CHECK(input.where("temperature_K") == file + ":2:temperature_K");
  CHECK(input.table("kmc").where("prefactor_Hz") == file + ":12:kmc.prefactor_Hz");
  CHECK(input.tables("phase")[1].where("name") == file + ":18:phase[1].name");
  CHECK(input.table("kmc").where("seed") == file + ": --set kmc.seed");
}

TEST_CASE("views of sub-tables outlive the first view and share what was asked", "[io][input]") {
  const TemporaryFolder folder;
  const auto path = folder.write("t.toml", "[a]\nb = 1\nc = 2\n");
  const Input first = [&] { return Input::read(path).table("a"); }();
  CHECK(first.integer("b") == 1);
  const Input again = first;
  CHECK(again.integer("c") == 2);
  CHECK_NOTHROW(first.finish());
}
