#include "io/directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace lithiate::io {

namespace fs = std::filesystem;

void prepare_output_directory(const fs::path& path) {
  const auto refuse = [&](const std::string& reason) {
    throw InputError(fmt::format("cannot write to '{}': {}", path.string(), reason));
  };
  if (path.empty()) refuse("the directory has no name");
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_directory(path, error)) refuse("it is not a directory");
  fs::create_directories(path, error);
  if (error) refuse(error.message());
  // Permission bits say little (root ignores them, file systems may be read-only): try it.
  const fs::path probe = path / fmt::format(".lithiate_probe{}", ::getpid());
  const int descriptor = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) refuse(std::strerror(errno));
  ::close(descriptor);
  ::unlink(probe.c_str());
}

OutputFolder::OutputFolder(const fs::path& path) {
  std::error_code error;
  for (fs::path at = path; !at.empty() && !fs::exists(at, error); at = at.parent_path())
    created_.push_back(at);
  prepare_output_directory(path);
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  for (const fs::path& folder : created_)
    if (!fs::is_empty(folder, ignored) || !fs::remove(folder, ignored)) break;
}

bool is_file_name(const std::string& name) {
  if (name.empty() || name == "." || name == "..") return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '/' || c == '\\' || byte < 0x20 || byte == 0x7F;
  });
}

}  // namespace lithiate::io
