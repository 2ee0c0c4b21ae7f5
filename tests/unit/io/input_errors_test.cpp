#include <catch2/catch.hpp>

#include "files.hpp"
#include "io/input.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using io::Input;

namespace {

/// What reading `text` and asking it with `ask` is refused with.
template <class Ask>
std::string asked(const std::string& text, Ask&& ask,
                  const std::vector<std::string>& overrides = {}) {
  const TemporaryFolder folder;
  return refusal([&] {
    const Input input = Input::read(folder.write("run.toml", text), overrides);
    ask(input);
  });
}

std::string read_only(const std::string& text) {
  return asked(text, [](const Input&) {});
}

}  // namespace

TEST_CASE("a value of the wrong type is refused with its place and what was expected",
          "[io][input]") {
  CHECK_THAT(asked("a = 1\nT = \"abc\"\n", [](const Input& i) { i.number("T"); }),
             EndsWith("run.toml:2:T = 'abc': expected a finite number") ||
                 EndsWith("run.toml:2:T = \"abc\": expected a finite number"));
  CHECK_THAT(asked("n = 1.5", [](const Input& i) { i.integer("n"); }),
             EndsWith(":1:n = 1.5: expected a whole number"));
  CHECK_THAT(asked("b = 1", [](const Input& i) { i.boolean("b"); }),
             EndsWith(":1:b = 1: expected true or false"));
  CHECK_THAT(asked("s = 3", [](const Input& i) { i.text("s"); }),
             EndsWith(":1:s = 3: expected a text in quotes"));
  CHECK_THAT(asked("x = 3", [](const Input& i) { i.numbers("x"); }),
             EndsWith(":1:x = 3: expected a list of finite numbers"));
  CHECK_THAT(asked("x = [1,\n \"b\"]", [](const Input& i) { i.numbers("x"); }),
             Contains(":2:x[1] = ") && Contains("expected a list of finite numbers"));
  CHECK_THAT(asked("d = 2020-01-01", [](const Input& i) { i.number("d"); }),
             EndsWith("d = 2020-01-01: expected a finite number"));
}

TEST_CASE("NaN and infinity are no numbers", "[io][input]") {
  for (const std::string value : {"nan", "-nan", "inf", "-inf"}) {
    CHECK_THAT(asked("T = " + value, [](const Input& i) { i.number("T"); }),
               Contains("expected a finite number"));
    CHECK_THAT(asked("T = [1.0, " + value + "]", [](const Input& i) { i.numbers("T"); }),
               Contains("expected a list of finite numbers"));
    CHECK_THAT(asked("n = " + value, [](const Input& i) { i.integer("n"); }),
               Contains("expected a whole number"));
  }
}

TEST_CASE("numbers that must be positive are refused at zero and below", "[io][input]") {
  CHECK_THAT(asked("T = 0", [](const Input& i) { i.positive("T"); }),
             EndsWith("T = 0: expected a number above 0"));
  CHECK_THAT(asked("T = -1.5", [](const Input& i) { i.positive("T", 3.0); }),
             EndsWith("T = -1.5: expected a number above 0"));
}

TEST_CASE("a whole number that does not fit its range is refused with the range", "[io][input]") {
  CHECK_THAT(asked("n = 4294967302", [](const Input& i) { i.integer("n"); }),
             EndsWith("n = 4294967302: expected a whole number from -2147483648 to 2147483647"));
  CHECK_THAT(asked("n = 0", [](const Input& i) { i.integer("n", io::Range(1, 5)); }),
             EndsWith("n = 0: expected a whole number from 1 to 5"));
  CHECK_THAT(asked("n = [1, 6]", [](const Input& i) { i.integers("n", io::Range(1, 5)); }),
             Contains("6: expected a whole number from 1 to 5"));
  CHECK_THAT(asked("seed = -4", [](const Input& i) { i.seed(); }),
             EndsWith("seed = -4: expected a whole number of at least 0"));
}

TEST_CASE("a matrix needs three rows of three numbers", "[io][input]") {
  for (const std::string value : {"[[1,0,0],[0,1,0]]", "[[1,0],[0,1],[0,0]]", "[1,2,3]",
                                  "[[1,0,0],[0,1,0],[0,0,\"c\"]]", "[[1,0,0],[0,1,0],[0,0,nan]]"})
    CHECK_THAT(asked("m = " + value, [](const Input& i) { i.matrix("m"); }),
               Contains("expected three rows of three numbers"));
  CHECK_THAT(
      asked("m = [[1,0,0],[0,1,0],[0,0,0.5]]", [](const Input& i) { i.integer_matrix("m"); }),
      Contains("expected three rows of three whole numbers"));
}

TEST_CASE("a missing key names the table, what was expected, and a slip nearby", "[io][input]") {
  CHECK_THAT(asked("[kmc]\ntempreature_K = 300\n",
                   [](const Input& i) { i.table("kmc").number("temperature_K"); }),
             EndsWith("run.toml:1: missing key 'kmc.temperature_K', expected a finite number; "
                      "there is 'tempreature_K'"));
  CHECK_THAT(asked("a = 1", [](const Input& i) { i.table("kmc"); }),
             Contains("missing key 'kmc', expected a table"));
}

TEST_CASE("tables and arrays of tables are not taken for one another", "[io][input]") {
  CHECK_THAT(asked("kmc = 1", [](const Input& i) { i.table("kmc"); }),
             EndsWith(":1:kmc = 1: expected a table [kmc]"));
  CHECK_THAT(asked("[phase]\na = 1", [](const Input& i) { i.tables("phase"); }),
             EndsWith(":1:phase: expected [[phase]]"));
  CHECK_THAT(asked("phase = [1]", [](const Input& i) { i.tables("phase"); }),
             EndsWith(":1:phase = [ 1 ]: expected [[phase]]"));
}

TEST_CASE("every unknown key is listed with the nearest key that was asked for", "[io][input]") {
  const std::string message =
      asked("temperature_K = 1\ntempreature_K = 300\n[kmc]\nprefactr_Hz = 1\n[[phase]]\nnmae = 2\n",
            [](const Input& i) {
              i.number("temperature_K");
              i.table("kmc").number("prefactor_Hz", 1.0);
              for (const Input& phase : i.tables("phase")) phase.text("name", "");
              i.finish();
            });
  CHECK_THAT(message, Contains("run.toml:2:tempreature_K: unknown key 'tempreature_K', did you "
                               "mean 'temperature_K'?"));
  CHECK_THAT(message, Contains("run.toml:4:kmc.prefactr_Hz: unknown key 'prefactr_Hz', did you "
                               "mean 'prefactor_Hz'?"));
  CHECK_THAT(message,
             Contains("run.toml:6:phase[0].nmae: unknown key 'nmae', did you mean 'name'?"));
}

TEST_CASE("a whole table that nobody asked for is one unknown key", "[io][input]") {
  CHECK_THAT(asked("[kmcc]\na = 1\nb = 2\n",
                   [](const Input& i) {
                     i.optional_table("kmc");
                     i.finish();
                   }),
             EndsWith("run.toml:1:kmcc: unknown key 'kmcc', did you mean 'kmc'?"));
}

TEST_CASE("a misspelt override is an unknown key too", "[io][input]") {
  CHECK_THAT(asked("seed = 1",
                   [](const Input& i) {
                     i.integer("seed");
                     i.finish();
                   },
                   {"sede=2"}),
             EndsWith("run.toml: --set sede: unknown key 'sede', did you mean 'seed'?"));
}

TEST_CASE("overrides of a wrong form are usage errors", "[io][input]") {
  const TemporaryFolder folder;
  const auto path = folder.write("run.toml", "name = \"x\"\nlist = [1, 2]\n");
  const auto message = [&](const std::string& text) {
    return refusal<UsageError>([&] { Input::read(path, {text}); });
  };
  CHECK_THAT(message("seed"), EndsWith("--set seed: expected key=value"));
  CHECK_THAT(message("=3"), Contains("expected key=value"));
  CHECK_THAT(message("a..b=3"), Contains("expected key=value or table.key=value"));
  CHECK_THAT(message("name.sub=3"), EndsWith("--set name.sub=3: 'name' is not a table"));
  CHECK_THAT(message("list.2=3"), EndsWith("'2' is a list of 2, expected a number from 0 to 1") ||
                                      Contains("is a list of 2"));
}

TEST_CASE("a path to no file is refused with the whole path", "[io][input]") {
  CHECK_THAT(asked("training = \"none.xyz\"", [](const Input& i) { i.file("training"); }),
             Contains(":1:training = ") && Contains("no such file") && EndsWith("none.xyz'"));
  CHECK_THAT(asked("training = \".\"", [](const Input& i) { i.file("training"); }),
             Contains("no such file"));
}

TEST_CASE("files that are no TOML are refused with line and column", "[io][input]") {
  CHECK_THAT(read_only("a = 1\nb = = 2\n"), Contains("run.toml:2:"));
  CHECK_THAT(read_only("a = 1\na = 2\n"), Contains("run.toml:2:"));
  CHECK_THAT(read_only("[a\n"), Contains("run.toml:1:"));
  CHECK_THAT(read_only("s = \"abc\n"), Contains("run.toml:1:"));
  CHECK_THAT(read_only(std::string(100000, '[')), Contains("run.toml:1:"));
}

TEST_CASE("empty, binary and non-UTF-8 files are refused as such", "[io][input]") {
  CHECK_THAT(read_only(""), EndsWith("run.toml: the file is empty"));
  CHECK_THAT(read_only(std::string("a = 1\n\0\1", 8)),
             EndsWith("run.toml:2: control byte 0x00, expected a text file"));
  CHECK_THAT(read_only("a = 1\nb = \"\xff\xfe\"\n"),
             EndsWith("run.toml:2: byte 6 is not UTF-8 text"));
  CHECK_THAT(read_only("b = \"\xed\xa0\x80\"\n"), EndsWith("byte 6 is not UTF-8 text"));
  CHECK(read_only("name = \"Å and Ω\"\n").empty());
}

TEST_CASE("missing files and folders are refused with the reason", "[io][input]") {
  const TemporaryFolder folder;
  CHECK_THAT(refusal([&] { Input::read(folder.path() / "no.toml"); }),
             EndsWith("no.toml: cannot read: No such file or directory"));
  CHECK_THAT(refusal([&] { Input::read(folder.path()); }),
             EndsWith(": is a directory, expected a file"));
}
