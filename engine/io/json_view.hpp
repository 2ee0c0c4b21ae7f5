#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "crystal/lattice.hpp"
#include "io/text_file.hpp"

namespace lithiate::io {

/// Throws InputError "file:line: ..." for text that is not JSON or holds numbers beyond double.
nlohmann::json parse_json(const TextFile& file);

/// Typed view on one value of a JSON file that knows where it stands. Failures are InputError
/// "file: path.to[3].value = x: expected ...". The document must outlive its views.
class JsonView {
 public:
  JsonView(const nlohmann::json& value, std::string file)
      : value_(&value), file_(std::move(file)) {}

  bool has(const std::string& key) const;     ///< false too for null and for what is no object
  JsonView at(const std::string& key) const;  ///< of an object
  JsonView at(std::size_t index) const;       ///< of an array
  std::optional<JsonView> find(const std::string& key) const;
  std::size_t size() const;  ///< of an array
  bool is_array() const;
  bool is_text() const;

  double number() const;
  long long integer() const;
  std::string text() const;
  crystal::Vector3d vector() const;  ///< three numbers
  crystal::Matrix3d matrix() const;  ///< three rows of three numbers, rows as written
  const nlohmann::json& raw() const noexcept { return *value_; }
  std::string where() const;  ///< "file: path.to[3].value"
  [[noreturn]] void fail(const std::string& what_is_wrong) const;

 private:
  const nlohmann::json* value_;
  std::string file_, path_;
};

}  // namespace lithiate::io
