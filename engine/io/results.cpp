#include "io/results.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "io/directory.hpp"
#include "io/json_view.hpp"
#include "io/text_file.hpp"
#include "io/version.hpp"

namespace lithiate::io {

namespace fs = std::filesystem;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
const Clock::time_point program_start = Clock::now();

struct Results::Document {
  fs::path directory;
  std::string verb;
  json content;
};

namespace {

const std::string format_name = "lithiate-results";
constexpr int format_version = 1;

json finite(const std::string& name, const std::string& key, double value) {
  if (!std::isfinite(value))
    throw Error(fmt::format("results: {}.{} = {}: expected a finite number", name, key, value));
  return value;
}

json optional_number(const std::string& name, const std::string& key, std::optional<double> value) {
  return value ? finite(name, key, *value) : json(nullptr);
}

json to_json(const std::string& name, const Quantity& q, const std::string& verb) {
  if (q.role != "input" && q.role != "calibrated" && q.role != "predicted")
    throw Error(fmt::format("results: {}.role = '{}': expected input, calibrated or predicted",
                            name, q.role));
  if (!q.value && q.reason.empty())
    throw Error("results: " + name + " has no value and no reason for that");
  json out{{"value", optional_number(name, "value", q.value)},
           {"error", optional_number(name, "error", q.error)},
           {"unit", q.unit},
           {"method", q.method},
           {"role", q.role},
           {"verb", verb}};
  if (!q.reason.empty()) out["reason"] = q.reason;
  const auto add = [&](const std::string& key, json value) {
    if (out.contains(key)) throw Error("results: " + name + " has the key '" + key + "' twice");
    out[key] = std::move(value);
  };
  for (const auto& [key, value] : q.numbers) add(key, finite(name, key, value));
  for (const auto& [key, value] : q.words) add(key, value);
  return out;
}

/// The verb that wrote a quantity (an object, or a list of them).
std::string writer(const json& quantity) {
  const json& first = quantity.is_array() && !quantity.empty() ? quantity.front() : quantity;
  return first.is_object() ? first.value("verb", "") : "";
}

bool is_text_list(const json& list) {
  return list.is_array() &&
         std::all_of(list.begin(), list.end(), [](const json& j) { return j.is_string(); });
}

bool is_results(const json& content) {
  if (!content.is_object() || content.value("format", json()) != format_name) return false;
  for (const char* key : {"quantities", "inputs", "verbs"})
    if (!content.contains(key) || !content[key].is_object()) return false;
  const auto well_formed = [](const json& entry) {
    return entry.is_object() && entry.contains("verb") && entry["verb"].is_string();
  };
  for (const json& quantity : content["quantities"])
    for (const json& entry : quantity.is_array() ? quantity : json::array({quantity}))
      if (!well_formed(entry)) return false;
  for (const json& entry : content["inputs"])
    if (!entry.is_object() || !is_text_list(entry.value("verbs", json())) ||
        !entry.value("fnv1a64", json()).is_string())
      return false;
  return content.value("format_version", json()) == format_version;
}

/// What other verbs left in the directory.
json kept(const fs::path& file, const std::string& verb) {
  json content{
      {"quantities", json::object()}, {"inputs", json::object()}, {"verbs", json::object()}};
  if (!fs::exists(file)) return content;
  try {
    const json old = read_results(file.parent_path());
    for (const auto& [name, quantity] : old["quantities"].items())
      if (writer(quantity) != verb) content["quantities"][name] = quantity;
    for (const auto& [name, entry] : old["inputs"].items()) {
      std::vector<std::string> verbs = entry["verbs"];
      std::erase(verbs, verb);
      if (verbs.empty()) continue;
      content["inputs"][name] = entry;
      content["inputs"][name]["verbs"] = verbs;
    }
    for (const auto& [name, entry] : old["verbs"].items())
      if (name != verb) content["verbs"][name] = entry;
  } catch (const InputError& e) {
    log::warning(std::string("replaced: ") + e.what());
  }
  return content;
}

/// How the inputs of a verb differ from `files`; empty: one set of inputs.
std::string other_inputs(const json& inputs, const std::string& verb,
                         const std::vector<InputFile>& files) {
  bool shared = false;
  for (const auto& [path, entry] : inputs.items()) {
    const std::vector<std::string> verbs = entry["verbs"];
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) continue;
    for (const InputFile& file : files) {
      const bool same = entry["fnv1a64"] == hex(file.fnv1a64);
      if (file.path == path && !same) return path + " has changed since";
      shared = shared || same;
    }
  }
  return shared ? "" : "no file is common to both";
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

}  // namespace

Results::Results(std::unique_ptr<Document> document) : document_(std::move(document)) {}
Results::Results(Results&&) noexcept = default;
Results& Results::operator=(Results&&) noexcept = default;
Results::~Results() = default;

Results Results::open(const fs::path& directory, const std::string& verb) {
  prepare_output_directory(directory);
  auto document = std::make_unique<Document>();
  document->directory = directory;
  document->verb = verb;
  json& content = document->content;
  content = kept(directory / "results.json", verb);
  content["format"] = format_name;
  content["format_version"] = format_version;
  content["version"] = version();
  content["git"] = git_revision();
  content["seed"] = nullptr;
  content["verbs"][verb] = {
      {"version", version()}, {"git", git_revision()}, {"seed", nullptr}, {"set", json::array()}};
  content["run"] = {
      {"verb", verb},
      {"host", host_name()},
      {"ranks", 1},
      {"threads", omp_get_max_threads()},
      {"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))}};
  return Results(std::move(document));
}

void Results::set(const std::string& name, const Quantity& quantity) {
  document_->content["quantities"][name] = to_json(name, quantity, document_->verb);
}

void Results::set(const std::string& name, const std::vector<Quantity>& quantities) {
  json list = json::array();
  for (const Quantity& quantity : quantities)
    list.push_back(to_json(name, quantity, document_->verb));
  document_->content["quantities"][name] = std::move(list);
}

void Results::inputs(const std::vector<InputFile>& files) {
  for (const InputFile& file : files) {
    json& entry = document_->content["inputs"][file.path];
    std::set<std::string> verbs{document_->verb};
    if (entry.is_object()) verbs.merge(entry["verbs"].get<std::set<std::string>>());
    entry = {{"bytes", file.bytes}, {"fnv1a64", hex(file.fnv1a64)}, {"verbs", verbs}};
  }
}

void Results::overrides(const std::vector<std::string>& settings) {
  document_->content["verbs"][document_->verb]["set"] = settings;
}

void Results::seed(std::uint64_t seed) {
  document_->content["seed"] = seed;
  document_->content["verbs"][document_->verb]["seed"] = seed;
}

void Results::text(const std::string& key, const std::string& value) {
  document_->content[key] = value;
}

void Results::run_info(const std::string& key, double value) {
  document_->content["run"][key] = finite("run", key, value);
}
void Results::run_info(const std::string& key, const std::string& value) {
  document_->content["run"][key] = value;
}

void Results::save() {
  const std::chrono::duration<double> wall = Clock::now() - program_start;
  document_->content["run"]["wall_s"] = wall.count();
  write_text_atomically(
      document_->directory / "results.json",
      document_->content.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

const fs::path& Results::directory() const noexcept { return document_->directory; }

void require_same_inputs(const fs::path& directory, const std::vector<std::string>& verbs,
                         const std::vector<InputFile>& files) {
  std::error_code ignored;
  if (!fs::exists(directory / "results.json", ignored)) return;
  json old;
  try {
    old = read_results(directory);
  } catch (const InputError&) {
    return;  // replaced with a warning when the new results are written
  }
  for (const auto& [verb, entry] : old["verbs"].items()) {
    if (std::find(verbs.begin(), verbs.end(), verb) != verbs.end()) continue;
    const std::string difference = other_inputs(old["inputs"], verb, files);
    if (!difference.empty())
      throw InputError(
          fmt::format("{}: holds quantities of '{}' from other inputs: {}; choose another -o "
                      "folder, or delete this file to start anew",
                      (directory / "results.json").string(), verb, difference));
  }
}

json read_results(const fs::path& directory) {
  const TextFile file = TextFile::read(directory / "results.json");
  json content = parse_json(file);
  if (!is_results(content))
    throw InputError(
        fmt::format("{}: is not a results file of format version {}", file.path(), format_version));
  return content;
}

}  // namespace lithiate::io
