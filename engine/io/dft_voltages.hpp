#pragma once
#include <string>
#include <vector>

#include "analysis/zero_kelvin.hpp"
#include "io/run_files.hpp"

namespace lithiate::io {

struct NamedVoltage {
  std::string name, from, to;
  double voltage_V = 0.0;
};

/// 0 K voltages straight from calculations: nothing fitted.
struct DftVoltages {
  std::vector<analysis::GroundState> structures;  ///< total energies, eV per formula unit
  analysis::ZeroKelvin hull;
  double lithium_eV = 0.0;
  std::vector<NamedVoltage> averages, spread;
};

/// Throws InputError for frames that are missing or without the named energies.
DftVoltages dft_voltages(const DftSection& dft, const model::Material& material);

}  // namespace lithiate::io
