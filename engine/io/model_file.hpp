#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "io/input.hpp"
#include "model/phase.hpp"

namespace lithiate::io {

/// A material as model.toml describes it: phases with expansions, hosts and hops. Relative paths
/// are relative to the file that names them. Throws InputError with file:line:key.
model::Material read_material(const std::filesystem::path& file,
                              const std::vector<std::string>& overrides = {});

/// Molar mass in g/mol of a plain formula such as "LiV2Cl6"; throws InputError.
double molar_mass_g_per_mol(const std::string& formula);

/// The atoms of `atoms` on the ideal sites of `prim`, without any of `mobile`: the frozen host.
/// Throws InputError if they do not map.
model::Host host_from_atoms(const crystal::Structure& prim, const crystal::Atoms& atoms,
                            const std::string& mobile);

}  // namespace lithiate::io
