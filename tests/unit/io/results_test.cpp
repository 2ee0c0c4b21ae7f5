#include "io/results.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/log.hpp"
#include "files.hpp"
#include "io/version.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using io::Quantity;
using io::Results;

namespace {

Quantity voltage(double value) {
  return {value, 0.01, "V", "common tangent", "predicted", "", {{"x", 0.5}}, {{"phase", "O3"}}};
}

void write(const TemporaryFolder& folder, const std::string& verb, const std::string& name,
           double value) {
  Results results = Results::open(folder.path(), verb);
  results.set(name, voltage(value));
  results.seed(7);
  results.save();
}

std::string refused(Quantity quantity) {
  const TemporaryFolder folder;
  Results results = Results::open(folder.path(), "voltage");
  return refusal<Error>([&] { results.set("v", quantity); });
}

}  // namespace

TEST_CASE("a quantity is written with its unit, method, role and further keys", "[io][results]") {
  const TemporaryFolder folder;
  write(folder, "voltage", "V_mean", 2.9);
  const nlohmann::json q = io::read_results(folder.path())["quantities"]["V_mean"];
  CHECK(q["value"] == 2.9);
  CHECK(q["error"] == 0.01);
  CHECK(q["unit"] == "V");
  CHECK(q["method"] == "common tangent");
  CHECK(q["role"] == "predicted");
  CHECK(q["x"] == 0.5);
  CHECK(q["phase"] == "O3");
}

TEST_CASE("version, revision, seed and run stand beside the quantities", "[io][results]") {
  const TemporaryFolder folder;
  Results results = Results::open(folder.path(), "kmc");
  results.seed(18446744073709551615ULL);
  results.run_info("events_per_s", 2.5e6);
  results.run_info("note", "x");
  results.save();
  const nlohmann::json all = io::read_results(folder.path());
  CHECK(all["version"] == io::version());
  CHECK(all["git"] == io::git_revision());
  CHECK(all["seed"] == 18446744073709551615ULL);
  for (const char* key : {"started", "wall_s", "host", "ranks", "threads", "note", "events_per_s"})
    CHECK(all["run"].contains(key));
}

TEST_CASE("every input that is read is recorded with size and hash", "[io][results]") {
  const TemporaryFolder folder;
  const auto path = folder.write("in.toml", "foobar");
  const io::ReadScope scope;
  io::TextFile::read_input(path);
  io::TextFile::read_input(path);
  Results results = Results::open(folder.path() / "out", "voltage");
  results.inputs(scope.files());
  results.overrides({"a=1"});
  results.save();
  const nlohmann::json all = io::read_results(folder.path() / "out");
  REQUIRE(all["inputs"].size() == 1);
  const nlohmann::json entry = all["inputs"][path.generic_string()];
  CHECK(entry["bytes"] == 6);
  CHECK(entry["fnv1a64"] == "85944171f73967e8");
  CHECK(entry["verbs"] == nlohmann::json{"voltage"});
  CHECK(all["verbs"]["voltage"]["set"] == nlohmann::json{"a=1"});
}

TEST_CASE("an inner scope tells the outer one what was read", "[io][results]") {
  const TemporaryFolder folder;
  const io::ReadScope outer;
  {
    const io::ReadScope inner;
    io::TextFile::read_input(folder.write("a.toml", "a"));
    CHECK(inner.files().size() == 1);
  }
  io::TextFile::read_input(folder.write("b.toml", "b"));
  CHECK(outer.files().size() == 2);
}

namespace {

/// results.json of verb "fit" that read a.toml and prim.toml with these hashes.
void fitted(const TemporaryFolder& folder, std::uint64_t a, std::uint64_t prim) {
  Results results = Results::open(folder.path(), "fit");
  results.inputs({{"a.toml", 1, a}, {"prim.toml", 1, prim}});
  results.save();
}

}  // namespace

TEST_CASE("verbs that share an input may share a results file", "[io][results]") {
  const TemporaryFolder folder;
  fitted(folder, 1, 2);
  const std::vector<io::InputFile> same{{"b.toml", 1, 3}, {"prim.toml", 1, 2}},
      moved{{"../prim.toml", 1, 2}}, changed{{"a.toml", 1, 9}, {"prim.toml", 1, 2}},
      other{{"c.toml", 1, 7}};
  CHECK_NOTHROW(io::require_same_inputs(folder.path(), {"voltage"}, same));
  CHECK_NOTHROW(io::require_same_inputs(folder.path(), {"voltage"}, moved));
  CHECK_THAT(refusal([&] { io::require_same_inputs(folder.path(), {"voltage"}, changed); }),
             Contains("of 'fit'") && Contains("a.toml has changed since"));
  CHECK_THAT(refusal([&] { io::require_same_inputs(folder.path(), {"voltage"}, other); }),
             Contains("no file is common to both"));
  CHECK_NOTHROW(io::require_same_inputs(folder.path(), {"fit"}, other));
  CHECK_NOTHROW(io::require_same_inputs(folder.path() / "new", {"voltage"}, other));
}

TEST_CASE("an input of two verbs is kept until neither needs it", "[io][results]") {
  const TemporaryFolder folder;
  fitted(folder, 1, 2);
  {
    Results results = Results::open(folder.path(), "voltage");
    results.inputs({{"prim.toml", 1, 2}});
    results.save();
  }
  fitted(folder, 1, 2);
  const nlohmann::json inputs = io::read_results(folder.path())["inputs"];
  CHECK(inputs["prim.toml"]["verbs"] == nlohmann::json{"fit", "voltage"});
  CHECK(inputs["a.toml"]["verbs"] == nlohmann::json{"fit"});
}

TEST_CASE("equal runs write equal bytes outside of run", "[io][results]") {
  const TemporaryFolder a, b;
  write(a, "voltage", "V", 1.0 / 3.0);
  write(b, "voltage", "V", 1.0 / 3.0);
  nlohmann::json first = io::read_results(a.path()), second = io::read_results(b.path());
  first.erase("run");
  second.erase("run");
  CHECK(first.dump() == second.dump());
  CHECK(first["quantities"]["V"]["value"] == 1.0 / 3.0);
}

TEST_CASE("a list of quantities keeps its order", "[io][results]") {
  const TemporaryFolder folder;
  Results results = Results::open(folder.path(), "voltage");
  results.set("V", std::vector<Quantity>{voltage(3.0), voltage(2.0)});
  results.save();
  const nlohmann::json list = io::read_results(folder.path())["quantities"]["V"];
  REQUIRE(list.size() == 2);
  CHECK(list[0]["value"] == 3.0);
  CHECK(list[1]["value"] == 2.0);
}

TEST_CASE("a missing value is null with a reason", "[io][results]") {
  const TemporaryFolder folder;
  Results results = Results::open(folder.path(), "diffusion");
  results.set("D_chem",
              Quantity{{}, {}, "cm2/s", "", "predicted", "inside a coexistence interval", {}, {}});
  results.save();
  const nlohmann::json q = io::read_results(folder.path())["quantities"]["D_chem"];
  CHECK(q["value"].is_null());
  CHECK(q["error"].is_null());
  CHECK(q["reason"] == "inside a coexistence interval");
}

TEST_CASE("verbs share a folder, and a verb run again replaces its own quantities only",
          "[io][results]") {
  const TemporaryFolder folder;
  write(folder, "voltage", "V_old", 3.0);
  write(folder, "diffusion", "D", 1e-9);
  write(folder, "voltage", "V_new", 2.0);
  const nlohmann::json all = io::read_results(folder.path());
  CHECK(all["quantities"].contains("D"));
  CHECK(all["quantities"].contains("V_new"));
  CHECK_FALSE(all["quantities"].contains("V_old"));
  CHECK(all["verbs"].size() == 2);
}

TEST_CASE("numbers that are not finite never reach a results file", "[io][results]") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
    CHECK_THAT(refused(voltage(bad)),
               Contains("results: v.value = ") && EndsWith("expected a finite number"));
    Quantity q = voltage(1.0);
    q.error = bad;
    CHECK_THAT(refused(q), Contains("v.error = "));
    q = voltage(1.0);
    q.numbers["x"] = bad;
    CHECK_THAT(refused(q), Contains("v.x = "));
  }
}

TEST_CASE("incomplete quantities are refused", "[io][results]") {
  Quantity q = voltage(1.0);
  q.role = "guessed";
  CHECK_THAT(refused(q), EndsWith("v.role = 'guessed': expected input, calibrated or predicted"));
  q = voltage(1.0);
  q.value.reset();
  CHECK_THAT(refused(q), EndsWith("results: v has no value and no reason for that"));
  q = voltage(1.0);
  q.numbers["unit"] = 3.0;
  CHECK_THAT(refused(q), EndsWith("results: v has the key 'unit' twice"));
}

TEST_CASE("damaged and foreign results files are refused by the reader", "[io][results]") {
  const TemporaryFolder folder;
  CHECK_THAT(refusal([&] { io::read_results(folder.path()); }),
             Contains("results.json: cannot read"));
  write(folder, "voltage", "V", 3.0);
  const std::string good = contents(folder.path() / "results.json");
  folder.write("results.json", good.substr(0, good.size() / 2));
  CHECK_THAT(refusal([&] { io::read_results(folder.path()); }), Contains("the file ends here"));
  for (const std::string foreign : {"{}", "[1, 2]", "{\"format\": \"lithiate-results\"}", "3"}) {
    folder.write("results.json", foreign);
    CHECK_THAT(refusal([&] { io::read_results(folder.path()); }),
               EndsWith("is not a results file of format version 1"));
  }
  folder.write("results.json", replaced(good, "\"format_version\": 1", "\"format_version\": 2"));
  CHECK_THAT(refusal([&] { io::read_results(folder.path()); }),
             EndsWith("is not a results file of format version 1"));
}

TEST_CASE("a damaged results file is replaced with a warning", "[io][results]") {
  const TemporaryFolder folder;
  folder.write("results.json", "{\"quantities\": ");
  std::string warning;
  log::set_sink([&](log::Level, const std::string& message) { warning += message; });
  write(folder, "voltage", "V", 3.0);
  log::set_sink({});
  CHECK_THAT(warning, Contains("replaced: ") && Contains("results.json"));
  CHECK(io::read_results(folder.path())["quantities"]["V"]["value"] == 3.0);
}
