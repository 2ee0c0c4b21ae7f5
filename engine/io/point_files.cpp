#include "io/point_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/model_file.hpp"
#include "io/run_settings.hpp"

namespace lithiate::io {
namespace {

constexpr double most_hops_per_ion = 1e9;

void require_distinct(const Input& input, const std::string& key, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto twice = std::adjacent_find(values.begin(), values.end());
  if (twice != values.end())
    input.fail(key,
               fmt::format("{} stands there twice; replicas = N repeats state points", *twice));
}

}  // namespace

PhaseChoice read_phase_choice(const Input& input) {
  PhaseChoice choice;
  const auto model_file = input.file("model");
  choice.phase = input.text("phase", "");
  choice.where = input.where("supercell");
  if (const auto cell = input.optional_table("supercell"))
    choice.size = read_supercell(*cell, choice.size.min_sites);
  choice.material = read_material(model_file);
  std::vector<std::string> names;
  for (const auto& phase : choice.material.phases) names.push_back(phase.name);
  const bool known =
      choice.phase.empty() || std::find(names.begin(), names.end(), choice.phase) != names.end();
  if (!known)
    input.fail("phase", "expected one of " + joined(names) + did_you_mean(choice.phase, names));
  return choice;
}

void read_points(const Input& input, std::vector<double>& x, std::vector<double>& voltage_V) {
  if (input.has("x")) x = input.number_or_numbers("x");
  if (input.has("voltage_V")) voltage_V = input.number_or_numbers("voltage_V");
}

void require_points(const Input& input, const std::vector<double>& x,
                    const std::vector<double>& voltage_V) {
  if (!x.empty() && !voltage_V.empty())
    input.fail("voltage_V", "expected either x (canonical) or voltage_V (semi-grand), not both");
  if (x.empty() && voltage_V.empty())
    input.fail(input.has("voltage_V") ? "voltage_V" : "x",
               "expected values of x (canonical) or of voltage_V (semi-grand)");
}

void require_composition(const Input& input, const std::string& key, double x,
                         const model::Material& material) {
  if (!(x > 0.0) || x > material.x_max)
    input.fail(key, "expected 0 < x <= " + std::to_string(material.x_max) + " (" +
                        material.x_max_reason + ")");
}

const model::Phase& PhaseChoice::chosen() const {
  for (const model::Phase& candidate : material.phases)
    if (phase.empty() || candidate.name == phase) return candidate;
  throw Error("no phase '" + phase + "'");
}

model::PhaseCell PhaseChoice::compiled() const {
  return at_place(where,
                  [&] { return compile_phase(material, chosen(), size.repeats, size.min_sites); });
}

KmcFile read_kmc_file(const std::filesystem::path& path,
                      const std::vector<std::string>& overrides) {
  const ReadScope scope;
  const Input input = Input::read(path, overrides);
  KmcFile file;
  file.path = path;
  file.overrides = overrides;
  file.temperature_K = read_temperatures(input);
  read_points(input, file.x, file.voltage_V);
  require_points(input, file.x, file.voltage_V);
  require_distinct(input, "temperature_K", file.temperature_K);
  require_distinct(input, "x", file.x);
  require_distinct(input, "voltage_V", file.voltage_V);
  file.replicas = static_cast<int>(input.integer("replicas", 1, Range(1, 1'000'000)));
  file.axes = read_axes(input);
  file.equilibration_hops_per_ion =
      input.number("equilibration_hops_per_ion", file.equilibration_hops_per_ion);
  if (file.equilibration_hops_per_ion < 0.0)
    input.fail("equilibration_hops_per_ion", "expected 0 or more");
  file.hops_per_ion = input.positive("hops_per_ion", file.hops_per_ion);
  for (const auto& [key, hops] :
       {std::pair("equilibration_hops_per_ion", file.equilibration_hops_per_ion),
        {"hops_per_ion", file.hops_per_ion}})
    if (hops > most_hops_per_ion)
      input.fail(key, fmt::format("expected at most {:g}", most_hops_per_ion));
  file.frames = static_cast<int>(input.integer("frames", file.frames, Range(0, 1'000'000)));
  file.seed = input.seed();
  file.random_start = input.choice("start", {"metropolis", "random"}) == 1;
  file.tiles = input.choice("algorithm", {"exact", "tiles"}) == 1;
  if (file.tiles) {
    if (file.n_trajectories() > 1)
      input.fail("algorithm", fmt::format("{} trajectories of several state points or replicas, "
                                          "expected one with \"tiles\" (or \"exact\")",
                                          file.n_trajectories()));
    file.window_s = input.number("window_s", 0.0);
    if (file.window_s < 0.0) input.fail("window_s", "expected 0 (chosen by itself) or more");
    file.tile_cells = static_cast<int>(input.integer("tile_cells", 1, Range(1, 1'000'000)));
    file.measure_bias = input.boolean("measure_bias", false);
  } else {
    file.basins = input.choice("basin", {"auto", "off"}) == 0;
  }
  file.cell = read_phase_choice(input);
  for (const double x : file.x) require_composition(input, "x", x, file.cell.material);
  if (!file.cell.chosen().hops) input.fail("model", "the phase has no hops");
  input.finish();
  file.inputs = scope.files();
  return file;
}

}  // namespace lithiate::io
