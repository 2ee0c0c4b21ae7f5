#pragma once
#include <string>

#include "analysis/registry_run.hpp"
#include "io/input.hpp"

namespace lithiate::io {

/// Where the energies of a stack come from; empty for numbers that are 0.
struct StackSources {
  std::string wall, coherency;
};
/// The keys that every [stack] has. Throws InputError: bad values, or a wall or coherency energy
/// without its source; analysis::check() is left to the caller.
void read_shape(const Input& table, analysis::StackConfig& config, StackSources& sources);

/// [stack] of a voltage file: level 2 of stackings.
struct StackSection {
  analysis::RegistryConfig config;
  StackSources sources;
};
/// Throws InputError as read_shape() does.
StackSection read_stack(const Input& table, std::uint64_t seed);

}  // namespace lithiate::io
