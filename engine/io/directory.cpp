#include "io/directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

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

}  // namespace lithiate::io
