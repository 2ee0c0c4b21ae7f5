#include "io/table_file.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/text.hpp"
#include "io/text_file.hpp"

namespace lithiate::io {
namespace {

std::string header(const Column& column) {
  return csv_field(column.unit.empty() ? column.name : column.name + " (" + column.unit + ")");
}

std::string field(const Cell& cell, const std::string& column, std::size_t row) {
  if (const auto* text = std::get_if<std::string>(&cell)) return csv_field(*text);
  const auto value = std::get<std::optional<double>>(cell);
  if (!value) return "";
  if (!std::isfinite(*value))
    throw Error(
        fmt::format("table: {} in row {} = {}: expected a finite number", column, row, *value));
  return fmt::format("{}", *value);
}

/// Fields of one line; quotes may hold commas.
std::vector<std::string> split_fields(const TextFile& file, std::size_t line) {
  const std::string_view text = file.line(line);
  std::vector<std::string> fields(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && in_quotes && i + 1 < text.size() && text[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (in_quotes) file.fail(line, "a quote is never closed");
  return fields;
}

/// "voltage (V)" -> voltage, V
Column parse_header(const std::string& text) {
  const std::size_t open = text.rfind(" (");
  if (open == std::string::npos || open == 0 || text.back() != ')') return {trimmed(text), ""};
  return {trimmed(text.substr(0, open)), text.substr(open + 2, text.size() - open - 3)};
}

Cell parse_cell(const std::string& text) {
  if (text.empty()) return std::optional<double>();
  if (const auto value = parse_number(trimmed(text))) return value;
  return text;
}

}  // namespace

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c == '\n' || c == '\r' ? ' ' : c;  // one row, one line
  }
  return out + '"';
}

void write_csv(const std::filesystem::path& path, const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(header(column));
  std::string text = joined(names, ",") + "\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    if (row.size() != table.columns.size())
      throw Error(fmt::format("table: row {} has {} values for {} columns", r, row.size(),
                              table.columns.size()));
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) text += ",";
      text += field(row[c], table.columns[c].name, r);
    }
    text += '\n';
  }
  write_text_atomically(path, text);
}

Table read_csv(const std::filesystem::path& path) {
  const TextFile file = TextFile::read(path);
  Table table;
  for (const std::string& name : split_fields(file, 0)) {
    table.columns.push_back(parse_header(name));
    if (table.columns.back().name.empty()) file.fail(0, "a column has no name");
  }
  for (std::size_t line = 1; line < file.n_lines(); ++line) {
    if (trimmed(file.line(line)).empty() && table.columns.size() > 1) continue;
    const auto fields = split_fields(file, line);
    if (fields.size() != table.columns.size())
      file.fail(line, fmt::format("{} fields, expected {} as in the header", fields.size(),
                                  table.columns.size()));
    std::vector<Cell> row;
    for (const std::string& text : fields) row.push_back(parse_cell(text));
    table.add_row(std::move(row));
  }
  return table;
}

}  // namespace lithiate::io
