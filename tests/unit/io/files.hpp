#pragma once
/// Temporary files and the message of a refusal, for tests of readers.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "core/error.hpp"

namespace lithiate::fixtures {

/// A new folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int n = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("lithiate_io_" + std::to_string(::getpid()) + "_" + std::to_string(n++));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("fixture does not hold '" + from + "'");
  return text.replace(at, from.size(), to);
}

/// What an action is refused with; "" if it is not. Exceptions of other kinds pass through.
template <class Refusal = InputError, class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const Refusal& e) {
    return e.what();
  }
  return {};
}

}  // namespace lithiate::fixtures
