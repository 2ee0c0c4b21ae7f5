#pragma once
#include <toml++/toml.h>

#include <string>

namespace lithiate::io {

/// Throws InputError with file, line and column.
toml::table parse_toml(const std::string& text, const std::string& path);

/// Sets one value, "key.sub=value" or "list.0.key=value", as described at Input::read. Throws
/// UsageError.
void apply_override(toml::table& root, const std::string& text);

}  // namespace lithiate::io
