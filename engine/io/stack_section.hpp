#pragma once
#include <string>

#include "analysis/registry_run.hpp"
#include "io/input.hpp"

namespace lithiate::io {

/// [stack] of a voltage file: level 2 of stackings.
struct StackSection {
  analysis::RegistryConfig config;
  std::string wall_source, coherency_source;  ///< of numbers that are not 0
};
/// Throws InputError: bad values, or a wall or coherency energy without its source.
StackSection read_stack(const Input& table, std::uint64_t seed);

}  // namespace lithiate::io
