#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/charge_run.hpp"
#include "io/stack_section.hpp"
#include "io/text_file.hpp"
#include "model/phase.hpp"

namespace lithiate::io {

/// Run file of `kmc` with [stack] and [glides]: charge and discharge of a stack.
struct ChargeFile {
  std::filesystem::path path;
  std::vector<InputFile> inputs;       ///< every file that was read for it
  std::vector<std::string> overrides;  ///< --set KEY=VALUE
  std::string where;                   ///< file:line:stack for messages
  model::Material material;
  analysis::ChargeConfig config;
  StackSources sources;
  std::string barrier_source;
};

/// Whether a run file of `kmc` has the table [stack]. Throws InputError as Input::read.
bool has_stack(const std::filesystem::path& path, const std::vector<std::string>& overrides);

/// Throws InputError with file:line:key.
ChargeFile read_charge_file(const std::filesystem::path& path,
                            const std::vector<std::string>& overrides);

}  // namespace lithiate::io
