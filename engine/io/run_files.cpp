#include "io/run_files.hpp"

#include "io/model_file.hpp"
#include "io/run_settings.hpp"
#include "io/training_set.hpp"

namespace lithiate::io {
namespace {

analysis::SweepConfig read_sweeps(const Input& input) {
  analysis::SweepConfig c;
  c.temperature_K = input.numbers("temperature_K");
  c.seed = static_cast<std::uint64_t>(input.integer("seed", 1));
  c.sampling = read_sampling(input);
  if (const auto cell = input.optional_table("supercell")) {
    c.repeats = read_repeats(*cell);
    c.min_sites = cell->integer("min_sites", c.min_sites);
  }
  if (const auto mu = input.optional_table("mu")) {
    c.step_kT = mu->number("step_kT", c.step_kT);
    c.free_energy_steps = static_cast<int>(mu->integer("free_energy_steps", c.free_energy_steps));
  }
  InputReport report(input.path().string());
  check(c, report);
  report.throw_if_any();
  return c;
}

DftPath read_path(const Input& entry, const DftSection& dft) {
  return {entry.text("name"), entry.text("from"), entry.text("to"),
          entry.texts("energy_keys", dft.energy_keys),
          entry.texts("lithium_energy_keys", dft.lithium_energy_keys)};
}

DftSection read_dft(const Input& table) {
  DftSection dft;
  dft.files = read_files(table, "files");
  dft.select = read_select(table);
  dft.energy_keys = table.texts("energy_keys");
  if (table.has("lithium_file")) {
    dft.lithium_file = table.file("lithium_file");
    dft.lithium_energy_keys = table.texts("lithium_energy_keys");
  }
  dft.group_by = table.text("group_by", "");
  if (const auto families = table.optional_table("families"))
    for (const std::string& family : families->keys())
      for (const std::string& stack : families->texts(family)) dft.family_of[stack] = family;
  for (const Input& entry : table.tables("path")) dft.paths.push_back(read_path(entry, dft));
  for (const Input& entry : table.tables("spread")) dft.spread.push_back(read_path(entry, dft));
  return dft;
}

/// An override "voltage.key=value" of a diffusion file goes to its voltage file.
void split_overrides(const std::vector<std::string>& all, std::vector<std::string>& own,
                     std::vector<std::string>& voltage) {
  const std::string prefix = "voltage.";
  for (const std::string& item : all)
    if (item.starts_with(prefix))
      voltage.push_back(item.substr(prefix.size()));
    else
      own.push_back(item);
}

}  // namespace

VoltageFile read_voltage_file(const std::filesystem::path& path,
                              const std::vector<std::string>& overrides) {
  const Input input = Input::read(path, overrides);
  VoltageFile file;
  file.path = path;
  file.sweeps = read_sweeps(input);
  if (const auto dft = input.optional_table("dft")) file.dft = read_dft(*dft);
  for (const Input& entry : input.tables("experiment"))
    file.experiments.push_back(
        {entry.text("name"), entry.text("source"), entry.number("voltage_V")});
  const auto model_file = input.file("model");
  input.finish();
  file.material = read_material(model_file);
  return file;
}

DiffusionFile read_diffusion_file(const std::filesystem::path& path,
                                  const std::vector<std::string>& overrides) {
  std::vector<std::string> own, of_voltage;
  split_overrides(overrides, own, of_voltage);
  const Input input = Input::read(path, own);
  DiffusionFile file;
  file.path = path;
  analysis::DiffusionConfig& d = file.diffusion;
  d.x = input.numbers("x");
  d.seed = static_cast<std::uint64_t>(input.integer("seed", 1));
  d.axes = read_axes(input);
  const Input kmc = input.table("kmc");
  d.repeats = read_repeats(kmc);
  d.min_sites = kmc.integer("min_sites", d.min_sites);
  d.equilibration_hops_per_ion =
      kmc.number("equilibration_hops_per_ion", d.equilibration_hops_per_ion);
  d.hops_per_ion = kmc.positive("hops_per_ion", d.hops_per_ion);
  d.segments = static_cast<int>(kmc.integer("segments", d.segments));
  const auto voltage_file = input.file("voltage");
  InputReport report(path.string());
  check(d, report);
  report.throw_if_any();
  input.finish();
  file.voltage = read_voltage_file(voltage_file, of_voltage);
  const double x_max = file.voltage.material.x_max;
  for (const double x : d.x)
    if (!(x > 0.0) || x > x_max)
      input.fail("x", "expected 0 < x <= " + std::to_string(x_max) + " (" +
                          file.voltage.material.x_max_reason + ")");
  for (const auto& phase : file.voltage.material.phases)
    if (!phase.hops) input.fail("voltage", "phase '" + phase.name + "' of the model has no hops");
  return file;
}

}  // namespace lithiate::io
