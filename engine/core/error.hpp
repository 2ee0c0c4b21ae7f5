#pragma once
/// One family of errors; apps maps each kind to the exit code of the command line.
#include <stdexcept>
#include <string>

namespace lithiate {

/// Base of all errors: the message is complete (what, value, expected, where). Exit code 1.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, int exit_code = 1)
      : std::runtime_error(message), exit_code_(exit_code) {}
  int exit_code() const noexcept { return exit_code_; }

 private:
  int exit_code_;
};

/// The command line is wrong. Exit code 2.
struct UsageError : Error {
  explicit UsageError(const std::string& message) : Error(message, 2) {}
};
/// A file or a value given by the user is wrong. Exit code 3.
struct InputError : Error {
  explicit InputError(const std::string& message) : Error(message, 3) {}
};
/// A physics check failed. Exit code 4.
struct CheckError : Error {
  explicit CheckError(const std::string& message) : Error(message, 4) {}
};

}  // namespace lithiate
