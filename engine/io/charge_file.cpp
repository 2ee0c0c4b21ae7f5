#include "io/charge_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/model_file.hpp"
#include "io/run_settings.hpp"

namespace lithiate::io {
namespace {

constexpr double meV = 1e-3;

void read_currents(const Input& input, analysis::ChargeConfig& c) {
  c.temperature_K = read_temperatures(input);
  c.c_rate_per_h = input.number_or_numbers("c_rate_per_h");
  if (c.c_rate_per_h.empty()) input.fail("c_rate_per_h", "expected at least one C rate");
  for (const double rate : c.c_rate_per_h)
    if (!(rate > 0.0))
      input.fail("c_rate_per_h",
                 fmt::format("{}: expected above 0, both directions are run", rate));
  for (const auto& [key, values] :
       {std::pair("temperature_K", &c.temperature_K), {"c_rate_per_h", &c.c_rate_per_h}}) {
    std::vector<double> sorted = *values;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      input.fail(key, "a value stands there twice; replicas = N repeats a loop");
  }
}

void read_range(const Input& input, const model::Material& material, analysis::ChargeConfig& c) {
  const auto range = input.numbers("x_range", {0.0, material.x_max});
  if (range.size() != 2 || !(range[0] >= 0.0 && range[0] < range[1]))
    input.fail("x_range", "expected [low, high] with 0 <= low < high");
  if (range[1] > material.x_max)
    input.fail("x_range",
               fmt::format("expected high <= {} ({})", material.x_max, material.x_max_reason));
  c.x_low = range[0], c.x_high = range[1];
  c.x_step = input.positive("x_step", c.x_step);
  if (c.x_step > c.x_high - c.x_low)
    input.fail("x_step",
               fmt::format("expected at most the width of x_range, {:g}", c.x_high - c.x_low));
}

void read_glides(const Input& table, ChargeFile& file) {
  analysis::ChargeConfig& c = file.config;
  c.glide_barrier_eV_per_A = meV * table.number("barrier_meV_per_A");
  if (c.glide_barrier_eV_per_A < 0.0) table.fail("barrier_meV_per_A", "expected 0 or more");
  file.barrier_source = table.text("barrier_source");
  if (file.barrier_source.empty())
    table.fail("barrier_source", "expected where the barrier comes from");
  c.prefactor_Hz = table.positive("prefactor_Hz", c.prefactor_Hz);
  c.guest_sweeps =
      static_cast<int>(table.integer("guest_sweeps", c.guest_sweeps, Range(0, 10'000)));
  c.potential_states =
      static_cast<int>(table.integer("potential_states", c.potential_states, Range(1, 1'000'000)));
  c.max_attempts_per_guest = table.positive("max_attempts_per_guest", c.max_attempts_per_guest);
}

}  // namespace

bool has_stack(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
  return Input::read(path, overrides).has("stack");
}

ChargeFile read_charge_file(const std::filesystem::path& path,
                            const std::vector<std::string>& overrides) {
  const ReadScope scope;
  const Input input = Input::read(path, overrides);
  ChargeFile file;
  file.path = path;
  file.overrides = overrides;
  file.where = input.where("stack");
  analysis::ChargeConfig& c = file.config;
  read_currents(input, c);
  c.replicas = static_cast<int>(input.integer("replicas", c.replicas, Range(1, 1'000'000)));
  constexpr int usual_frames = 100;
  c.frames = static_cast<int>(input.integer("frames", usual_frames, Range(0, 1'000'000)));
  c.seed = input.seed();
  const Input stack = input.table("stack");
  read_shape(stack, c.stack, file.sources);
  read_glides(input.table("glides"), file);
  file.material = read_material(input.file("model"));
  read_range(input, file.material, c);
  input.finish();
  InputReport report(file.where);
  check(c, report);
  report.throw_if_any();
  file.inputs = scope.files();
  return file;
}

}  // namespace lithiate::io
