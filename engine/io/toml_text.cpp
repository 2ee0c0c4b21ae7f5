#include "io/toml_text.hpp"

#include <fmt/format.h>

#include <vector>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/text_file.hpp"

namespace lithiate::io {
namespace {

std::vector<std::string> split_path(const std::string& path, const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (std::string& part : parts) {
    part = trimmed(part);
    if (part.empty()) throw UsageError("--set " + text + ": expected key=value or table.key=value");
  }
  return parts;
}

/// The element of the array `name` that an override names by its number.
std::size_t element(const toml::array& array, const std::string& name, const std::string& part,
                    const std::string& text) {
  const auto index = parse_integer(part);
  if (!index || *index < 0 || *index >= static_cast<long long>(array.size()))
    throw UsageError(
        fmt::format("--set {}: '{}' is a list of {}, expected a number from 0 to {} instead of "
                    "'{}'",
                    text, name, array.size(), static_cast<long long>(array.size()) - 1, part));
  return static_cast<std::size_t>(*index);
}

/// The table or array one step further than `name`; missing tables are created.
toml::node* descend(toml::node* node, const std::string& name, const std::string& part,
                    const std::string& text) {
  toml::node* next = nullptr;
  if (toml::table* table = node->as_table()) {
    next = table->get(part);
    if (next == nullptr) next = &table->insert_or_assign(part, toml::table{}).first->second;
  } else if (toml::array* array = node->as_array()) {
    next = array->get(element(*array, name, part, text));
  }
  if (next == nullptr || !(next->is_table() || next->is_array()))
    throw UsageError(fmt::format("--set {}: '{}' is not a table", text, part));
  return next;
}

/// What stands behind the equals sign: TOML, else a plain string.
toml::table parsed_value(const std::string& key, const std::string& word) {
  TextFile("--set " + key, word).require_utf8();
  toml::table parsed;
  try {
    parsed = toml::parse(std::string_view("value = " + word));
  } catch (const toml::parse_error&) {
    parsed.clear();
  }
  if (parsed.size() != 1) {  // not TOML, or more than a value
    parsed.clear();
    parsed.insert_or_assign("value", word);
  }
  return parsed;
}

}  // namespace

toml::table parse_toml(const std::string& text, const std::string& path) {
  try {
    return toml::parse(std::string_view(text), path);
  } catch (const toml::parse_error& e) {
    throw InputError(fmt::format("{}:{}:{}: {}", path, e.source().begin.line,
                                 e.source().begin.column, e.description()));
  }
}

void apply_override(toml::table& root, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) throw UsageError("--set " + text + ": expected key=value");
  const std::string key = trimmed(text.substr(0, equals)), word = text.substr(equals + 1);
  const auto parts = split_path(key, text);
  toml::node* node = &root;
  std::string name = "the file";
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    node = descend(node, name, parts[i], text);
    name = parts[i];
  }
  const toml::table parsed = parsed_value(key, word);
  // A copy does not carry the position in the parsed text, so messages name the override.
  const toml::node& value = *parsed.get("value");
  if (toml::table* table = node->as_table()) {
    table->insert_or_assign(parts.back(), value);
  } else {
    toml::array& array = *node->as_array();
    const auto at = static_cast<std::ptrdiff_t>(element(array, name, parts.back(), text));
    array.replace(array.cbegin() + at, value);
  }
}

}  // namespace lithiate::io
