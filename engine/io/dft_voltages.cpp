#include "io/dft_voltages.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/text.hpp"
#include "io/read_atoms.hpp"
#include "io/training_set.hpp"

namespace lithiate::io {
namespace {

using crystal::Atoms;

const Atoms& frame(const std::vector<Atoms>& frames, const std::string& name) {
  std::vector<std::string> names;
  for (const Atoms& atoms : frames) {
    if (atoms.name == name) return atoms;
    names.push_back(atoms.name);
  }
  throw InputError("dft: no frame '" + name + "' in the files" + did_you_mean(name, names));
}

double lithium_energy(const DftSection& dft, const model::Material& material,
                      const std::vector<std::string>& keys) {
  if (dft.lithium_file.empty()) return material.lithium_eV;
  const auto frames = read_atoms(dft.lithium_file);
  return energy_eV_per_fu(frames.front(), keys, material.mobile);
}

analysis::GroundState state_of(const Atoms& atoms, const DftSection& dft,
                               const model::Material& material,
                               const std::vector<std::string>& keys) {
  std::string family = material.name;
  if (!dft.group_by.empty()) {
    const auto at = atoms.info.find(dft.group_by);
    if (at == atoms.info.end())
      throw InputError(
          fmt::format("frame '{}': no '{}' in its comment line", atoms.name, dft.group_by));
    const auto group = dft.family_of.find(at->second);
    family = group == dft.family_of.end() ? at->second : group->second;
  }
  return {atoms.name, family, lithium_per_fu(atoms, material.mobile, material.formula_unit_species),
          energy_eV_per_fu(atoms, keys, material.formula_unit_species), 0.0};
}

NamedVoltage voltage_of(const DftPath& path, const std::vector<Atoms>& frames,
                        const DftSection& dft, const model::Material& material) {
  const auto low = state_of(frame(frames, path.from), dft, material, path.energy_keys);
  const auto high = state_of(frame(frames, path.to), dft, material, path.energy_keys);
  const double lithium_eV = lithium_energy(dft, material, path.lithium_energy_keys);
  return {path.name, path.from, path.to, average_voltage_V(low, high, lithium_eV)};
}

}  // namespace

DftVoltages dft_voltages(const DftSection& dft, const model::Material& material) {
  DftVoltages out;
  out.lithium_eV = lithium_energy(dft, material, dft.lithium_energy_keys);
  for (const Atoms& atoms : select_frames(dft.files, dft.select))
    out.structures.push_back(state_of(atoms, dft, material, dft.energy_keys));
  out.hull = zero_kelvin(out.structures, out.lithium_eV);
  const auto all = select_frames(dft.files, {});
  for (const DftPath& path : dft.paths)
    out.averages.push_back(voltage_of(path, all, dft, material));
  for (const DftPath& path : dft.spread) out.spread.push_back(voltage_of(path, all, dft, material));
  return out;
}

}  // namespace lithiate::io
