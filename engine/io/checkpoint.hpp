#pragma once
#include <filesystem>
#include <optional>

#include "core/archive.hpp"
#include "io/text_file.hpp"

namespace lithiate::io {

/// A text that is the same for runs of the same input files, overrides and version.
std::string fingerprint(const std::vector<InputFile>& inputs,
                        const std::vector<std::string>& overrides);

/// Writes checkpoint.h5 (HDF5) in a folder: under another name, read back and compared, then
/// renamed; the one before is kept as checkpoint.previous.h5. Throws Error with the reason.
void write_checkpoint(const std::filesystem::path& folder, const Archive& archive);

/// Throws InputError if the file is no checkpoint of this version, is cut short or has changed
/// bytes.
Archive read_checkpoint(const std::filesystem::path& file);

/// The newest checkpoint of a folder that can be read, with a warning for one that cannot.
/// Nothing if there is none; throws InputError if there are some and none can be read.
std::optional<Archive> latest_checkpoint(const std::filesystem::path& folder);

}  // namespace lithiate::io
