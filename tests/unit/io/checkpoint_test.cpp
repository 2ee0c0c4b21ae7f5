#include "io/checkpoint.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "core/error.hpp"

namespace lithiate::io {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder()
      : path(fs::temp_directory_path() / ("lithiate_checkpoint_" + std::to_string(::getpid()))) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

Archive example(double time_s = 1.0 / 3.0) {
  Archive archive;
  archive.put<std::int32_t>("run/sites", {-1, 2147483647, 0});
  archive.put<std::int64_t>("run/hops", {std::int64_t{1} << 40});
  archive.put<std::uint8_t>("run/occupation", {0, 1, 255});
  archive.put<std::uint64_t>("random", {~std::uint64_t{0}, 1});
  archive.put<double>("time_s", {time_s, std::numeric_limits<double>::infinity()});
  archive.put<double>("nothing", std::vector<double>{});
  archive.put_text("inputs", "a.toml 1234");
  return archive;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_CASE("a checkpoint is read back as it was written") {
  const Folder folder;
  write_checkpoint(folder.path, example());
  const Archive read = read_checkpoint(folder.path / "checkpoint.h5");
  CHECK(read.arrays() == example().arrays());
  CHECK(read.text("inputs") == "a.toml 1234");
  CHECK_FALSE(fs::exists(folder.path / "checkpoint.tmp.h5"));
}

TEST_CASE("the newest checkpoint is used and the one before is kept") {
  const Folder folder;
  CHECK_FALSE(latest_checkpoint(folder.path));
  for (const double t : {1.0, 2.0, 3.0}) write_checkpoint(folder.path, example(t));
  CHECK(latest_checkpoint(folder.path)->get<double>("time_s")[0] == 3.0);
  CHECK(read_checkpoint(folder.path / "checkpoint.previous.h5").get<double>("time_s")[0] == 2.0);
}

TEST_CASE("a truncated checkpoint is refused and the older one is used") {
  const Folder folder;
  for (const double t : {1.0, 2.0}) write_checkpoint(folder.path, example(t));
  const fs::path newest = folder.path / "checkpoint.h5";
  const std::string whole = bytes_of(newest);
  for (const std::size_t length :
       {whole.size() - 1, whole.size() / 2, std::size_t{100}, std::size_t{0}}) {
    write_bytes(newest, whole.substr(0, length));
    CHECK_THROWS_AS(read_checkpoint(newest), InputError);
    CHECK(latest_checkpoint(folder.path)->get<double>("time_s")[0] == 1.0);
  }
}

TEST_CASE("a checkpoint with a changed byte is refused or reads the same") {
  const Folder folder;
  write_checkpoint(folder.path, example());
  const fs::path newest = folder.path / "checkpoint.h5";
  const std::string whole = bytes_of(newest);
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 37) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    write_bytes(newest, changed);
    std::optional<Archive> read;
    try {
      read = read_checkpoint(newest);
    } catch (const InputError&) {
      ++refused;
    }
    if (read) REQUIRE(read->arrays() == example().arrays());  // the byte meant nothing
  }
  CHECK(refused > 0);
}

TEST_CASE("folders whose checkpoints are all broken, and other files, are refused") {
  const Folder folder;
  write_bytes(folder.path / "checkpoint.h5", "not HDF5");
  CHECK_THROWS_WITH(latest_checkpoint(folder.path), Catch::Contains("not a usable checkpoint"));
  CHECK_THROWS_WITH(read_checkpoint(folder.path / "none.h5"),
                    Catch::Contains("no such checkpoint"));
}

TEST_CASE("a folder that cannot be written to is an error with the reason") {
  CHECK_THROWS_WITH(write_checkpoint("/nonexistent/folder", example()),
                    Catch::Contains("checkpoint not written"));
}

TEST_CASE("what an archive does not hold is said by name") {
  const Archive archive = example();
  CHECK_THROWS_WITH(archive.get<double>("speed"), Catch::Contains("no 'speed'"));
  CHECK_THROWS_WITH(archive.get<double>("random"), Catch::Contains("'random'"));
  CHECK_THROWS_WITH(archive.scalar<std::uint64_t>("random"), Catch::Contains("'random'"));
}

}  // namespace
}  // namespace lithiate::io
