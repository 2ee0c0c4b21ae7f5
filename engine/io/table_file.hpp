#pragma once
#include <filesystem>

#include "core/table.hpp"

namespace lithiate::io {

/// `text` as one field of a CSV line: in quotes if it holds a comma, a quote or a line break.
std::string csv_field(const std::string& text);

/// CSV with the units in the header, "x,voltage (V)"; a missing number is an empty field, texts
/// are quoted where needed. Written in one step. Throws Error for a number that is not finite or a
/// row of the wrong length, or if the file cannot be written.
void write_csv(const std::filesystem::path& path, const Table& table);

/// Reads what write_csv() writes: a field that is a number becomes one. Throws InputError with
/// file:line.
Table read_csv(const std::filesystem::path& path);

}  // namespace lithiate::io
