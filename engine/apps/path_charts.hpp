#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/table.hpp"

namespace lithiate::apps {

/// Rows of a table: those whose columns have these numbers.
using Rows = std::vector<std::pair<std::string, double>>;

/// A column against x, in both directions.
struct DrawnColumn {
  std::string column, name;
  std::string error;  ///< column of standard errors; empty: none
  Rows rows;
};

/// What a table calls lithium coming and lithium going, in its column "direction".
using Directions = std::array<std::string, 2>;

/// SVG of columns against the column x: insertion solid, removal dashed and hollow.
std::string path_chart(const Table& table, const std::string& title, const std::string& y_label,
                       const std::vector<DrawnColumn>& columns, const Directions& directions);

/// The columns fraction_FAMILY (errors in fraction_error_FAMILY), named by family.
std::vector<DrawnColumn> family_columns(const Table& table, const std::string& what,
                                        const Rows& rows);

/// Numbers of a column in order of first appearance.
std::vector<double> distinct_numbers(const Table& table, const std::string& column);

}  // namespace lithiate::apps
