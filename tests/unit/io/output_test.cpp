#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "files.hpp"
#include "io/directory.hpp"
#include "io/text_file.hpp"
#include "io/version.hpp"

using namespace lithiate;
using namespace lithiate::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

TEST_CASE("an output folder that stays empty is removed with the parents it created",
          "[io][directory]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a/b";
  { const io::OutputFolder guard(path); }
  CHECK_FALSE(std::filesystem::exists(folder.path() / "a"));
  {
    const io::OutputFolder guard(path);
    io::write_text_atomically(path / "kept", "x");
  }
  CHECK(std::filesystem::exists(path / "kept"));
  std::filesystem::remove(path / "kept");
  { const io::OutputFolder guard(path); }
  CHECK(std::filesystem::exists(path));  // it was there before
}

TEST_CASE("names with a path in them are not file names", "[io][directory]") {
  for (const std::string bad : {"", ".", "..", "a/b", "../a", "/a", "a\\b", "a\nb"})
    CHECK_FALSE(io::is_file_name(bad));
  for (const std::string good : {"a", "expansion_O3.json", ".hidden", "a b", "a..b"})
    CHECK(io::is_file_name(good));
}

TEST_CASE("an output directory is created with its parents and left empty", "[io][output]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a" / "b";
  io::prepare_output_directory(path);
  CHECK(fs::is_directory(path));
  CHECK(fs::is_empty(path));
  CHECK_NOTHROW(io::prepare_output_directory(path));
}

TEST_CASE("an output directory that is a file is refused", "[io][output]") {
  const TemporaryFolder folder;
  const auto file = folder.write("out", "x");
  CHECK_THAT(refusal([&] { io::prepare_output_directory(file); }),
             StartsWith("cannot write to '") && EndsWith("out': it is not a directory"));
  CHECK_THAT(refusal([&] { io::prepare_output_directory(file / "sub"); }),
             StartsWith("cannot write to '"));
  CHECK_THAT(refusal([] { io::prepare_output_directory(""); }),
             EndsWith("the directory has no name"));
}

TEST_CASE("a directory where no file can be made is refused, for root too", "[io][output]") {
  CHECK_THAT(refusal([] { io::prepare_output_directory("/proc"); }),
             StartsWith("cannot write to '/proc': "));
  CHECK_THAT(refusal([] { io::prepare_output_directory("/proc/lithiate"); }),
             StartsWith("cannot write to '/proc/lithiate': "));
}

TEST_CASE("a file is replaced in one step and no temporary file stays", "[io][output]") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a.txt";
  io::write_text_atomically(path, "first");
  io::write_text_atomically(path, "second");
  CHECK(contents(path) == "second");
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a failed write leaves the old file and says why", "[io][output]") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "a.txt");  // a folder cannot be replaced by a file
  CHECK_THAT(refusal<Error>([&] { io::write_text_atomically(folder.path() / "a.txt", "x"); }),
             StartsWith("cannot replace "));
  CHECK_THAT(
      refusal<Error>([&] { io::write_text_atomically(folder.path() / "no" / "b.txt", "x"); }),
      EndsWith("No such file or directory"));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("lines are counted with and without a last line break, and with CRLF", "[io][output]") {
  const io::TextFile file("f", "a\r\nb\n\nc");
  REQUIRE(file.n_lines() == 4);
  CHECK(file.line(0) == "a");
  CHECK(file.line(2).empty());
  CHECK(file.line(3) == "c");
  CHECK(file.where(3) == "f:4");
}

TEST_CASE("version and revision are known", "[io][output]") {
  CHECK_THAT(io::version(), Catch::Matchers::Matches("[0-9]+\\.[0-9]+\\.[0-9]+"));
  CHECK_FALSE(io::git_revision().empty());
}
