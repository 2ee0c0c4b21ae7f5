#include "benchmark/reference.hpp"

#include <fmt/format.h>

#include <sstream>

#include "benchmark/embedded.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace lithiate::benchmark {
namespace {

constexpr std::size_t n_columns = 11;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> all(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      all.emplace_back();
    else
      all.back() += c;
  }
  return all;
}

}  // namespace

double Reference::number() const {
  if (const auto n = parse_number(trimmed(value))) return *n;
  throw Error(fmt::format("{}: value '{}', expected a number", id, value));
}

double Reference::named(const std::string& name) const {
  std::stringstream parts(value);
  for (std::string part; std::getline(parts, part, ';');) {
    const std::string text = trimmed(part);
    if (!text.starts_with(name + "=")) continue;
    if (const auto n = parse_number(text.substr(name.size() + 1))) return *n;
  }
  throw Error(fmt::format("{}: no '{}=' in the value '{}'", id, name, value));
}

double Reference::condition_number(const std::string& key) const {
  const std::size_t at = condition.find(key);
  if (at == std::string::npos)
    throw Error(fmt::format("{}: no '{}' in the condition '{}'", id, key, condition));
  return std::stod(condition.substr(at + key.size()));
}

double Reference::sigma() const {
  for (const std::string& word : split_words(uncertainty))
    if (const auto n = parse_number(word)) return *n;
  return 0.0;
}

std::vector<Reference> parse_references(const std::string& csv) {
  std::vector<Reference> all;
  std::stringstream lines(csv);
  std::string line;
  std::getline(lines, line);  // header
  while (std::getline(lines, line)) {
    if (trimmed(line).empty()) continue;
    const auto f = fields(line);
    if (f.size() != n_columns)
      throw Error(
          fmt::format("exact physics: {} fields in '{}', expected {}", f.size(), line, n_columns));
    all.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]});
  }
  return all;
}

const std::vector<Reference>& references() {
  static const std::vector<Reference> all = parse_references(std::string(exact_physics_csv()));
  return all;
}

const Reference& reference(const std::string& id) {
  std::vector<std::string> known;
  for (const Reference& r : references()) {
    if (r.id == id) return r;
    known.push_back(r.id);
  }
  throw InputError(fmt::format("exact physics: no row '{}'{}", id, did_you_mean(id, known)));
}

}  // namespace lithiate::benchmark
