#include "apps/path_charts.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/chart.hpp"

namespace lithiate::apps {
namespace {

using analysis::Color;
using analysis::Series;

bool holds(const Table& table, std::size_t row, const Rows& rows) {
  return std::all_of(rows.begin(), rows.end(), [&](const auto& one) {
    return table.number(row, table.column(one.first)) == one.second;
  });
}

Series path_series(const Table& table, const DrawnColumn& drawn, const std::string& direction) {
  Series s;
  s.mark = analysis::Mark::line_points;
  const std::size_t along = table.column("direction"), x = table.column("x");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto* text = std::get_if<std::string>(&table.rows[i][along]);
    if (text == nullptr || *text != direction || !holds(table, i, drawn.rows)) continue;
    s.x.push_back(table.number(i, x).value_or(NAN));
    s.y.push_back(table.number(i, table.column(drawn.column)).value_or(NAN));
    if (drawn.error.empty()) continue;
    const auto error = table.number(i, table.column(drawn.error));
    if (!error) continue;
    s.y_low.push_back(s.y.back() - *error);
    s.y_high.push_back(s.y.back() + *error);
  }
  if (s.y_low.size() != s.y.size()) s.y_low.clear(), s.y_high.clear();  // errors not known
  return s;
}

}  // namespace

std::string path_chart(const Table& table, const std::string& title, const std::string& y_label,
                       const std::vector<DrawnColumn>& columns, const Directions& directions) {
  constexpr std::array colors{Color::blue,   Color::vermilion, Color::green,
                              Color::purple, Color::orange,    Color::sky};
  analysis::Chart chart;
  chart.title = title;
  chart.description = title + " against lithium content, lithium coming and going";
  chart.x.label = "x (Li per formula unit)";
  chart.y.label = y_label;
  for (std::size_t k = 0; k < columns.size(); ++k)
    for (const bool back : {false, true}) {
      Series s = path_series(table, columns[k], directions[back ? 1 : 0]);
      s.color = colors[k % colors.size()];
      s.hollow = back;
      s.dash = back ? analysis::Dash::dashed : analysis::Dash::solid;
      s.name = columns[k].name + (back ? ", removal" : ", insertion");
      chart.series.push_back(std::move(s));
    }
  return to_svg(chart);
}

std::vector<DrawnColumn> family_columns(const Table& table, const std::string& what,
                                        const Rows& rows) {
  const std::string fraction = "fraction_", error = "fraction_error_";
  std::vector<DrawnColumn> all;
  for (const Column& column : table.columns) {
    if (!column.name.starts_with(fraction) || column.name.starts_with(error)) continue;
    const std::string family = column.name.substr(fraction.size());
    all.push_back({what + "_" + family, family, what == "fraction" ? error + family : "", rows});
  }
  return all;
}

std::vector<double> distinct_numbers(const Table& table, const std::string& column) {
  std::vector<double> all;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto value = table.number(i, table.column(column));
    if (value && std::find(all.begin(), all.end(), *value) == all.end()) all.push_back(*value);
  }
  return all;
}

}  // namespace lithiate::apps
