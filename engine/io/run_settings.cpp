#include "io/run_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/directory.hpp"

namespace lithiate::io {
namespace {

constexpr long long most_repeats = 10'000;       // per direction
constexpr long long most_cells = 2'147'483'647;  // sites are numbered in 32 bits
constexpr long long most_sites = 100'000'000;
constexpr long long most_sweeps = 1'000'000'000'000;

crystal::Vector3i read_repeats(const Input& table) {
  const auto n = table.integers("repeats", Range(1, most_repeats));
  if (n.size() != 3) table.fail("repeats", "expected three whole numbers of at least 1");
  if (n[0] * n[1] * n[2] > most_cells)
    table.fail("repeats",
               fmt::format("{} cells, expected at most {}", n[0] * n[1] * n[2], most_cells));
  return {static_cast<int>(n[0]), static_cast<int>(n[1]), static_cast<int>(n[2])};
}

}  // namespace

SupercellSize read_supercell(const Input& table, std::int64_t default_min_sites) {
  SupercellSize size;
  size.min_sites = table.integer("min_sites", default_min_sites, Range(8, most_sites));
  if (!table.has("repeats")) return size;
  if (table.has("min_sites"))
    table.fail("min_sites", "expected either min_sites or repeats, not both");
  size.repeats = read_repeats(table);
  return size;
}

mc::SamplingConfig read_sampling(const Input& input) {
  mc::SamplingConfig s;
  if (const auto table = input.optional_table("sampling")) {
    s.min_sweeps = table->integer("min_sweeps", s.min_sweeps, Range(10, most_sweeps));
    s.max_sweeps = table->integer("max_sweeps", s.max_sweeps, Range(10, most_sweeps));
    s.x_error = table->number("x_error", s.x_error);
    if (s.max_sweeps < s.min_sweeps)
      table->fail(table->has("max_sweeps") ? "max_sweeps" : "min_sweeps",
                  fmt::format("expected min_sweeps <= max_sweeps, which are {} and {}",
                              s.min_sweeps, s.max_sweeps));
    if (s.x_error < 0.0) table->fail("x_error", "expected 0 or more");
  }
  return s;
}

std::vector<double> read_temperatures(const Input& input) {
  const auto all_K = input.number_or_numbers("temperature_K");
  if (all_K.empty()) input.fail("temperature_K", "expected at least one temperature");
  for (const double T : all_K)
    if (!(T >= least_temperature_K && T <= most_temperature_K))
      input.fail("temperature_K", fmt::format("{} K: expected {} to {} K", T, least_temperature_K,
                                              most_temperature_K));
  return all_K;
}

std::vector<std::string> read_energy_keys(const Input& table, const std::string& key) {
  const auto keys = table.texts(key);
  if (keys.empty()) table.fail(key, "expected at least one info key");
  for (auto at = keys.begin(); at != keys.end(); ++at)
    if (std::find(keys.begin(), at, *at) != at)
      table.fail(key, "'" + *at + "' stands there twice, so that energy would count twice");
  return keys;
}

std::vector<std::string> read_energy_keys(const Input& table, const std::string& key,
                                          const std::vector<std::string>& fallback) {
  return table.has(key) ? read_energy_keys(table, key) : fallback;
}

std::string read_file_name(const Input& table, const std::string& key) {
  const std::string name = table.text(key);
  if (!is_file_name(name))
    table.fail(key, "expected a plain name without '/', because a file of the -o folder has it");
  return name;
}

observe::Axes read_axes(const Input& input) {
  const std::string text = input.text("axes", "xyz");
  observe::Axes axes{false, false, false};
  for (const char c : text) {
    if (c == 'x')
      axes.x = true;
    else if (c == 'y')
      axes.y = true;
    else if (c == 'z')
      axes.z = true;
    else
      input.fail("axes", "expected some of x, y, z, as in \"xy\"");
  }
  if (text.empty()) input.fail("axes", "expected at least one of x, y, z");
  return axes;
}

}  // namespace lithiate::io
