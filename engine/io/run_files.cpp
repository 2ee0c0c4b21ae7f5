#include "io/run_files.hpp"

#include "io/model_file.hpp"
#include "io/read_atoms.hpp"
#include "io/run_settings.hpp"
#include "io/training_set.hpp"

namespace lithiate::io {
namespace {

analysis::SweepConfig read_sweeps(const Input& input) {
  analysis::SweepConfig c;
  c.temperature_K = read_temperatures(input);
  c.seed = input.seed();
  c.sampling = read_sampling(input);
  if (const auto cell = input.optional_table("supercell")) {
    const SupercellSize size = read_supercell(*cell, c.min_sites);
    c.repeats = size.repeats;
    c.min_sites = size.min_sites;
  }
  if (const auto mu = input.optional_table("mu")) {
    c.step_kT = mu->positive("step_kT", c.step_kT);
    if (c.step_kT > 5.0) mu->fail("step_kT", "expected at most 5");
    c.free_energy_steps =
        static_cast<int>(mu->integer("free_energy_steps", c.free_energy_steps, Range(4, 10'000)));
    if (c.free_energy_steps % 2 != 0) mu->fail("free_energy_steps", "expected an even number");
  }
  InputReport report(input.path().string());
  check(c, report);
  report.throw_if_any();
  return c;
}

DftPath read_path(const Input& entry, const DftSection& dft) {
  return {entry.text("name"), entry.text("from"), entry.text("to"),
          read_energy_keys(entry, "energy_keys", dft.energy_keys),
          read_energy_keys(entry, "lithium_energy_keys", dft.lithium_energy_keys)};
}

DftSection read_dft(const Input& table) {
  DftSection dft;
  dft.files = read_files(table, "files");
  dft.select = read_select(table, select_frames(dft.files, {}));
  dft.energy_keys = read_energy_keys(table, "energy_keys");
  if (table.has("lithium_file")) {
    dft.lithium_file = table.file("lithium_file");
    dft.lithium_energy_keys = read_energy_keys(table, "lithium_energy_keys");
    read_atoms(dft.lithium_file);  // early, so that a fault shows before the sweeps
  }
  dft.group_by = table.text("group_by", "");
  if (const auto families = table.optional_table("families"))
    for (const std::string& family : families->keys())
      for (const std::string& stack : families->texts(family)) dft.family_of[stack] = family;
  for (const Input& entry : table.tables("path")) dft.paths.push_back(read_path(entry, dft));
  for (const Input& entry : table.tables("spread")) dft.spread.push_back(read_path(entry, dft));
  return dft;
}

/// Families of the model's phases and of the structures of [dft].
std::vector<std::string> families_of(const VoltageFile& file) {
  std::vector<std::string> known;
  for (const model::Phase& phase : file.material.phases) known.push_back(phase.family);
  if (!file.dft || file.dft->group_by.empty()) return known;
  for (const crystal::Atoms& atoms : select_frames(file.dft->files, file.dft->select)) {
    const auto group = atoms.info.find(file.dft->group_by);
    if (group == atoms.info.end()) continue;
    const auto family = file.dft->family_of.find(group->second);
    known.push_back(family == file.dft->family_of.end() ? group->second : family->second);
  }
  return known;
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
  const ReadScope scope;
  const Input input = Input::read(path, overrides);
  VoltageFile file;
  file.path = path;
  file.overrides = overrides;
  file.where = input.where("supercell");
  file.sweeps = read_sweeps(input);
  if (const auto dft = input.optional_table("dft")) file.dft = read_dft(*dft);
  for (const Input& entry : input.tables("experiment"))
    file.experiments.push_back(read_experiment(entry));
  const auto stacking = input.optional_table("stacking");
  if (stacking) file.stacking = read_stacking(*stacking, file.experiments, file.sweeps.seed);
  if (const auto stack = input.optional_table("stack")) {
    if (!stacking) input.fail("stack", "expected only beside [stacking]");
    file.stack = read_stack(*stack, file.sweeps.seed);
  }
  const auto model_file = input.file("model");
  input.finish();
  file.material = read_material(model_file);
  if (stacking) set_families(*stacking, families_of(file), *file.stacking);
  file.inputs = scope.files();
  return file;
}

DiffusionFile read_diffusion_file(const std::filesystem::path& path,
                                  const std::vector<std::string>& overrides) {
  std::vector<std::string> own, of_voltage;
  split_overrides(overrides, own, of_voltage);
  const ReadScope scope;
  const Input input = Input::read(path, own);
  DiffusionFile file;
  file.path = path;
  file.overrides = overrides;
  analysis::DiffusionConfig& d = file.diffusion;
  d.x = input.numbers("x");
  if (d.x.empty()) input.fail("x", "expected at least one composition");
  d.seed = input.seed();
  d.axes = read_axes(input);
  const Input kmc = input.table("kmc");
  const SupercellSize size = read_supercell(kmc, d.min_sites);
  d.repeats = size.repeats;
  d.min_sites = size.min_sites;
  file.where = input.where("kmc");
  d.equilibration_hops_per_ion =
      kmc.number("equilibration_hops_per_ion", d.equilibration_hops_per_ion);
  d.hops_per_ion = kmc.positive("hops_per_ion", d.hops_per_ion);
  d.segments = static_cast<int>(kmc.integer("segments", d.segments, Range(8, 1'000'000)));
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
  file.inputs = scope.files();
  return file;
}

}  // namespace lithiate::io
