#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "analysis/diffusion_run.hpp"
#include "analysis/sweeps.hpp"
#include "io/input.hpp"
#include "io/stack_section.hpp"
#include "io/stacking_section.hpp"
#include "io/text_file.hpp"
#include "model/phase.hpp"

namespace lithiate::io {

/// Two calculations whose energies give an average voltage, and which energies to add up.
struct DftPath {
  std::string name, from, to;
  std::vector<std::string> energy_keys, lithium_energy_keys;
};

/// [dft] of a voltage file: 0 K voltages straight from calculations.
struct DftSection {
  std::vector<std::filesystem::path> files;
  std::map<std::string, std::vector<std::string>> select;
  std::vector<std::string> energy_keys, lithium_energy_keys;
  std::filesystem::path lithium_file;            ///< empty: lithium.energy_eV of the model
  std::string group_by;                          ///< info key that names the stacking; empty: none
  std::map<std::string, std::string> family_of;  ///< stacking -> family
  std::vector<DftPath> paths, spread;
};

struct VoltageFile {
  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE of this file
  std::string where;                   ///< file:line:supercell for messages
  model::Material material;
  analysis::SweepConfig sweeps;
  std::optional<DftSection> dft;
  std::vector<Experiment> experiments;
  std::optional<StackingSection> stacking;
  std::optional<StackSection> stack;  ///< level 2; only with `stacking`
};

struct DiffusionFile {
  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE of this file
  std::string where;                   ///< file:line:kmc for messages
  VoltageFile voltage;
  analysis::DiffusionConfig diffusion;
};

/// Both throw InputError with all faults of the settings at once. Overrides as of Input::read.
VoltageFile read_voltage_file(const std::filesystem::path& path,
                              const std::vector<std::string>& overrides = {});
DiffusionFile read_diffusion_file(const std::filesystem::path& path,
                                  const std::vector<std::string>& overrides = {});

}  // namespace lithiate::io
