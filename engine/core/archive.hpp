#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace lithiate {

/// Named arrays of numbers: what a run needs to go on, before it becomes a file
/// (io/checkpoint.hpp). Names are paths, "kmc/site_of".
class Archive {
 public:
  using Array =
      std::variant<std::vector<std::int32_t>, std::vector<std::int64_t>, std::vector<std::uint8_t>,
                   std::vector<std::uint64_t>, std::vector<double>>;

  template <class T>
  void put(const std::string& name, std::vector<T> values) {
    arrays_[name] = std::move(values);
  }
  template <class T>
  void put(const std::string& name, std::span<const T> values) {
    put(name, std::vector<T>(values.begin(), values.end()));
  }
  void put_text(const std::string& name, const std::string& text) {
    put(name, std::vector<std::uint8_t>(text.begin(), text.end()));
  }
  /// Throw InputError if there is no such array, if its numbers are of another kind, or (scalars)
  /// if there is not exactly one.
  template <class T>
  const std::vector<T>& get(const std::string& name) const {
    const auto* values = std::get_if<std::vector<T>>(&at(name));
    if (values == nullptr) wrong_kind(name);
    return *values;
  }
  template <class T>
  T scalar(const std::string& name) const {
    const auto& values = get<T>(name);
    if (values.size() != 1) wrong_kind(name);
    return values[0];
  }
  std::string text(const std::string& name) const {
    const auto& bytes = get<std::uint8_t>(name);
    return {bytes.begin(), bytes.end()};
  }
  bool has(const std::string& name) const { return arrays_.contains(name); }
  const std::map<std::string, Array>& arrays() const noexcept { return arrays_; }
  void insert(const std::string& name, Array array) { arrays_[name] = std::move(array); }

 private:
  const Array& at(const std::string& name) const;
  [[noreturn]] static void wrong_kind(const std::string& name);

  std::map<std::string, Array> arrays_;
};

}  // namespace lithiate
