#include "io/input.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "core/error.hpp"
#include "core/report.hpp"
#include "core/text.hpp"
#include "io/text_file.hpp"
#include "io/toml_text.hpp"

namespace lithiate::io {

namespace fs = std::filesystem;

struct Input::Record {
  const toml::table* table = nullptr;
  std::string path;             // "phase[1].hops", empty for the whole file
  std::set<std::string> asked;  // keys somebody knows
};

struct Input::Document {
  std::string path;
  fs::path folder;
  toml::table root;
  std::map<const toml::table*, Record> records;

  Record* record(const toml::table& table, const std::string& table_path) {
    Record& r = records[&table];
    r.table = &table;
    r.path = table_path;
    return &r;
  }
};

namespace {

/// A value as it would stand in the file, short enough for a message.
std::string shown(const toml::node& node) {
  std::ostringstream out;
  out << toml::toml_formatter{node};
  std::string text = out.str();
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  constexpr std::size_t longest = 60;
  return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

std::string place(const std::string& file, const toml::node& node, const std::string& key_path) {
  const auto line = node.source().begin.line;  // 0: made by an override
  return line == 0 ? fmt::format("{}: --set {}", file, key_path)
                   : fmt::format("{}:{}:{}", file, line, key_path);
}

std::string sub_path(const std::string& table_path, const std::string& key) {
  return table_path.empty() ? key : table_path + "." + key;
}

std::optional<double> as_number(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return static_cast<double>(whole->get());
  if (const auto* real = node.as_floating_point())
    if (std::isfinite(real->get())) return real->get();
  return {};
}

std::optional<long long> as_integer(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return whole->get();
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (const auto* real = node.as_floating_point())
    if (std::abs(real->get()) <= exact && real->get() == std::floor(real->get()))
      return static_cast<long long>(real->get());
  return {};
}

bool within(const Range& range, long long value) {
  return value >= range.least && value <= range.most;
}

std::string described(const Range& range) {
  if (range.most == std::numeric_limits<long long>::max())
    return fmt::format("a whole number of at least {}", range.least);
  return fmt::format("a whole number from {} to {}", range.least, range.most);
}

std::optional<std::string> as_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  return {};
}

}  // namespace

/// Look-ups on nodes; every one of them notes the key as known.
struct Input::Access {
  static const toml::node* find(const Input& input, const std::string& key) {
    input.record_->asked.insert(key);
    return input.record_->table->get(key);
  }

  static const toml::node& need(const Input& input, const std::string& key,
                                const std::string& expected) {
    if (const toml::node* node = find(input, key)) return *node;
    std::vector<std::string> unknown;
    for (const std::string& present : input.keys())
      if (!input.record_->asked.contains(present)) unknown.push_back(present);
    const auto slip = nearest_name(key, unknown);
    const auto line = input.record_->table->source().begin.line;
    throw InputError(fmt::format("{}{}: missing key '{}', expected {}{}", input.document_->path,
                                 line == 0 ? "" : fmt::format(":{}", line),
                                 sub_path(input.record_->path, key), expected,
                                 slip ? fmt::format("; there is '{}'", *slip) : ""));
  }

  template <class T>
  static T scalar(const Input& input, const std::string& key, const char* expected,
                  std::optional<T> (*convert)(const toml::node&)) {
    const auto value = convert(need(input, key, expected));
    if (!value) input.fail(key, std::string("expected ") + expected);
    return *value;
  }

  template <class T>
  static std::vector<T> list(const Input& input, const std::string& key, const char* expected,
                             std::optional<T> (*convert)(const toml::node&)) {
    const toml::array* array = need(input, key, expected).as_array();
    if (array == nullptr) input.fail(key, std::string("expected ") + expected);
    std::vector<T> values;
    for (const toml::node& node : *array) {
      const auto value = convert(node);
      if (!value)
        throw InputError(
            fmt::format("{}[{}] = {}: expected {}",
                        place(input.document_->path, node, sub_path(input.record_->path, key)),
                        values.size(), shown(node), expected));
      values.push_back(*value);
    }
    return values;
  }

  template <class Matrix, class T>
  static Matrix matrix(const Input& input, const std::string& key, const char* expected,
                       std::optional<T> (*convert)(const toml::node&)) {
    const toml::array* rows = need(input, key, expected).as_array();
    if (rows == nullptr || rows->size() != 3) input.fail(key, std::string("expected ") + expected);
    Matrix m;
    for (int i = 0; i < 3; ++i) {
      const toml::array* row = rows->get(static_cast<std::size_t>(i))->as_array();
      for (int j = 0; j < 3; ++j) {
        std::optional<T> value;
        if (row != nullptr && row->size() == 3)
          value = convert(*row->get(static_cast<std::size_t>(j)));
        if (!value || std::abs(static_cast<double>(*value)) > 1e9)
          input.fail(key, std::string("expected ") + expected);
        m(i, j) = static_cast<typename Matrix::Scalar>(*value);
      }
    }
    return m;
  }

  static Input view(const Input& input, const toml::table& table, const std::string& path) {
    return Input(input.document_, input.document_->record(table, path));
  }

  static void unknown_keys(const Document& document, const toml::table& table,
                           const std::string& path, InputReport& report) {
    static const Record nothing;
    const auto at = document.records.find(&table);
    const Record& record = at == document.records.end() ? nothing : at->second;
    const std::vector<std::string> known(record.asked.begin(), record.asked.end());
    for (const auto& [name, node] : table) {
      const std::string key(name.str());
      const std::string key_path = sub_path(path, key);
      if (!record.asked.contains(key)) {
        report.fault(fmt::format("{}: unknown key '{}'{}", place(document.path, node, key_path),
                                 key, did_you_mean(key, known)));
      } else if (const toml::table* inner = node.as_table()) {
        unknown_keys(document, *inner, key_path, report);
      } else if (const toml::array* array = node.as_array()) {
        for (std::size_t i = 0; i < array->size(); ++i)
          if (const toml::table* entry = array->get(i)->as_table())
            unknown_keys(document, *entry, fmt::format("{}[{}]", key_path, i), report);
      }
    }
  }
};

Input Input::read(const fs::path& path, const std::vector<std::string>& overrides) {
  const TextFile file = TextFile::read_input(path);
  file.require_utf8();
  auto document = std::make_shared<Document>();
  document->path = path.string();
  document->folder = path.parent_path();
  document->root = parse_toml(file.text(), document->path);
  for (const std::string& text : overrides) apply_override(document->root, text);
  Record* root = document->record(document->root, "");
  return Input(std::move(document), root);
}

double Input::number(const std::string& key) const {
  return Access::scalar<double>(*this, key, "a finite number", as_number);
}
double Input::number(const std::string& key, double fallback) const {
  return has(key) ? number(key) : fallback;
}
double Input::positive(const std::string& key) const {
  const double value = number(key);
  if (!(value > 0.0)) fail(key, "expected a number above 0");
  return value;
}
double Input::positive(const std::string& key, double fallback) const {
  return has(key) ? positive(key) : fallback;
}
long long Input::integer(const std::string& key, Range range) const {
  const auto value = Access::scalar<long long>(*this, key, "a whole number", as_integer);
  if (!within(range, value)) fail(key, "expected " + described(range));
  return value;
}
long long Input::integer(const std::string& key, long long fallback, Range range) const {
  return has(key) ? integer(key, range) : fallback;
}
std::uint64_t Input::seed() const {
  const Range range(0, std::numeric_limits<long long>::max());
  return static_cast<std::uint64_t>(integer("seed", 1, range));
}
bool Input::boolean(const std::string& key) const {
  const auto* value = Access::need(*this, key, "true or false").as_boolean();
  if (value == nullptr) fail(key, "expected true or false");
  return value->get();
}
bool Input::boolean(const std::string& key, bool fallback) const {
  return has(key) ? boolean(key) : fallback;
}
std::string Input::text(const std::string& key) const {
  return Access::scalar<std::string>(*this, key, "a text in quotes", as_text);
}
std::string Input::text(const std::string& key, const std::string& fallback) const {
  return has(key) ? text(key) : fallback;
}
std::size_t Input::choice(const std::string& key, const std::vector<std::string>& known) const {
  const std::string given = text(key, known.front());
  const auto at = std::find(known.begin(), known.end(), given);
  if (at == known.end()) fail(key, "expected one of " + joined(known) + did_you_mean(given, known));
  return static_cast<std::size_t>(at - known.begin());
}
std::vector<double> Input::numbers(const std::string& key) const {
  return Access::list<double>(*this, key, "a list of finite numbers", as_number);
}
std::vector<double> Input::number_or_numbers(const std::string& key) const {
  const toml::node& node = Access::need(*this, key, "a number or a list of numbers");
  return node.is_number() ? std::vector{number(key)} : numbers(key);
}
std::vector<double> Input::numbers(const std::string& key,
                                   const std::vector<double>& fallback) const {
  return has(key) ? numbers(key) : fallback;
}
std::vector<long long> Input::integers(const std::string& key, Range range) const {
  const auto values = Access::list<long long>(*this, key, "a list of whole numbers", as_integer);
  for (const long long value : values)
    if (!within(range, value)) fail(key, fmt::format("{}: expected {}", value, described(range)));
  return values;
}
std::vector<long long> Input::integers(const std::string& key,
                                       const std::vector<long long>& fallback, Range range) const {
  return has(key) ? integers(key, range) : fallback;
}
std::vector<std::string> Input::texts(const std::string& key) const {
  return Access::list<std::string>(*this, key, "a list of texts in quotes", as_text);
}
std::vector<std::string> Input::texts(const std::string& key,
                                      const std::vector<std::string>& fallback) const {
  return has(key) ? texts(key) : fallback;
}
Eigen::Matrix3d Input::matrix(const std::string& key) const {
  return Access::matrix<Eigen::Matrix3d>(*this, key, "three rows of three numbers", as_number);
}
Eigen::Matrix3i Input::integer_matrix(const std::string& key) const {
  return Access::matrix<Eigen::Matrix3i>(*this, key, "three rows of three whole numbers",
                                         as_integer);
}

fs::path Input::file(const std::string& key) const {
  const fs::path path = document_->folder / text(key);
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) fail(key, "no such file '" + path.string() + "'");
  return path;
}

bool Input::is_text(const std::string& key) const {
  const toml::node* node = Access::find(*this, key);
  return node != nullptr && node->is_string();
}

bool Input::has(const std::string& key) const { return Access::find(*this, key) != nullptr; }

std::vector<std::string> Input::keys() const {
  std::vector<std::string> names;
  for (const auto& [name, node] : *record_->table) names.emplace_back(name.str());
  return names;
}

Input Input::table(const std::string& key) const {
  const toml::table* table = Access::need(*this, key, "a table").as_table();
  if (table == nullptr) fail(key, "expected a table [" + sub_path(record_->path, key) + "]");
  return Access::view(*this, *table, sub_path(record_->path, key));
}

std::optional<Input> Input::optional_table(const std::string& key) const {
  if (!has(key)) return {};
  return table(key);
}

std::vector<Input> Input::tables(const std::string& key) const {
  std::vector<Input> all;
  const toml::node* node = Access::find(*this, key);
  if (node == nullptr) return all;
  const std::string path = sub_path(record_->path, key), expected = "expected [[" + path + "]]";
  const toml::array* array = node->as_array();
  if (array == nullptr) fail(key, expected);
  for (const toml::node& entry : *array) {
    if (!entry.is_table()) fail(key, expected);
    all.push_back(Access::view(*this, *entry.as_table(), fmt::format("{}[{}]", path, all.size())));
  }
  return all;
}

fs::path Input::path() const { return document_->path; }
fs::path Input::folder() const { return document_->folder; }

std::string Input::where(const std::string& key) const {
  const toml::node* node = record_->table->get(key);
  return place(document_->path, node != nullptr ? *node : *record_->table,
               sub_path(record_->path, key));
}

void Input::fail(const std::string& key, const std::string& what_is_wrong) const {
  const toml::node* node = record_->table->get(key);
  const bool simple = node != nullptr && !node->is_table() && !node->is_array_of_tables();
  throw InputError(where(key) + (simple ? " = " + shown(*node) : "") + ": " + what_is_wrong);
}

void Input::finish() const {
  InputReport report;
  Access::unknown_keys(*document_, *record_->table, record_->path, report);
  report.throw_if_any();
}

}  // namespace lithiate::io
