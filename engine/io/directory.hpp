#pragma once
#include <filesystem>

namespace lithiate::io {

/// Creates the directory with its parents if needed and proves that a file can be written there.
/// Throws InputError "cannot write to ...: reason".
void prepare_output_directory(const std::filesystem::path& path);

}  // namespace lithiate::io
