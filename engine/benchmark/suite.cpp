#include "benchmark/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/error.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"
#include "parallel/threads.hpp"

namespace lithiate::benchmark {
namespace {

std::vector<Row> chosen_rows(const std::vector<std::string>& only) {
  std::vector<Row> rows = all_rows();
  if (only.empty()) return rows;
  std::vector<std::string> known;
  for (const Row& row : rows) known.push_back(row.id);
  for (const std::string& id : only)
    if (std::find(known.begin(), known.end(), id) == known.end())
      throw InputError(
          fmt::format("benchmark: no row '{}' in the suite{}", id, did_you_mean(id, known)));
  std::erase_if(rows, [&](const Row& row) {
    return std::find(only.begin(), only.end(), row.id) == only.end();
  });
  return rows;
}

std::vector<Result> run_row(const Row& row, std::uint64_t seed) {
  const Reference& known = reference(row.id);
  const auto place = static_cast<std::uint64_t>(&known - references().data());
  std::vector<Result> results;
  for (const Component& c : row.run({known, seed, place})) results.push_back(make_result(known, c));
  return results;
}

}  // namespace

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  add_tracer_rows(rows);
  add_walk_rows(rows);
  add_kmc_rows(rows);
  add_ising_rows(rows);
  add_solution_rows(rows);
  add_enumeration_rows(rows);
  add_electro_rows(rows);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return &reference(a.id) < &reference(b.id); });
  return rows;
}

std::vector<Result> run_exact(const std::vector<std::string>& only, std::uint64_t seed) {
  const std::vector<Row> rows = chosen_rows(only);
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows[a].cost_s > rows[b].cost_s; });
  double total_s = 0.0;
  for (const Row& row : rows) total_s += row.cost_s;
  const auto milliseconds = [](double s) { return static_cast<std::int64_t>(1000.0 * s); };
  Progress progress("benchmark", milliseconds(total_s));
  std::vector<std::vector<Result>> results(rows.size());
  parallel::for_each(std::ssize(order), [&](std::ptrdiff_t k, int) {
    const std::size_t i = order[static_cast<std::size_t>(k)];
    results[i] = run_row(rows[i], seed);
    progress.advance(milliseconds(rows[i].cost_s), rows[i].id);
  });
  std::vector<Result> all;
  for (const auto& of_row : results) all.insert(all.end(), of_row.begin(), of_row.end());
  return all;
}

}  // namespace lithiate::benchmark
