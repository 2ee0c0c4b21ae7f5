#pragma once
/// All faults of an input at once, each with its place.
#include <fmt/format.h>

#include <string>
#include <vector>

namespace lithiate {

/// Collects faults of one input; throw_if_any() raises a single InputError that lists them all.
class InputReport {
 public:
  /// `where` is what messages begin with, normally "file:line" or a file name.
  explicit InputReport(std::string where = {}) : where_(std::move(where)) {}

  void fault(const std::string& message);
  /// Notes a fault "key = value: rule" unless ok.
  template <class T>
  void require(bool ok, const std::string& key, const T& value, const std::string& rule) {
    if (!ok) fault(fmt::format("{} = {}: {}", key, value, rule));
  }
  bool empty() const noexcept { return faults_.empty(); }
  void throw_if_any() const;

 private:
  std::string where_;
  std::vector<std::string> faults_;
};

}  // namespace lithiate
