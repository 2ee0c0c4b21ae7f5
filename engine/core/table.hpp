#pragma once
/// Results in memory: named columns with units. io writes and reads them.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/error.hpp"

namespace lithiate {

struct Column {
  std::string name;
  std::string unit;  ///< empty: dimensionless
};

/// A number, a missing number (nullopt) or a text.
using Cell = std::variant<std::optional<double>, std::string>;

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;

  void add_column(std::string name, std::string unit = {}) {
    columns.push_back({std::move(name), std::move(unit)});
  }
  /// Throws Error unless there is one value per column.
  void add_row(std::vector<Cell> values) {
    if (values.size() != columns.size())
      throw Error("table: a row of " + std::to_string(values.size()) + " values for " +
                  std::to_string(columns.size()) + " columns");
    rows.push_back(std::move(values));
  }
  /// Position of the column of this name. Throws InputError.
  std::size_t column(const std::string& name) const {
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].name == name) return i;
    throw InputError("table: no column '" + name + "'");
  }
  /// The number in a cell; nothing if it is missing or a text.
  std::optional<double> number(std::size_t row, std::size_t column_index) const {
    const auto* value = std::get_if<std::optional<double>>(&rows.at(row).at(column_index));
    return value ? *value : std::nullopt;
  }
};

}  // namespace lithiate
