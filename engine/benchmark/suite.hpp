#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "benchmark/result.hpp"
#include "core/random.hpp"

namespace lithiate::benchmark {

/// Own errors are driven to this fraction of what a verdict allows.
inline constexpr double target_fraction = 0.8;

/// What a row of the suite is given: its reference and its own random streams.
struct RowContext {
  const Reference& reference;
  std::uint64_t seed;
  std::uint64_t place;  ///< number of the row; components add multiples of `next_component`

  static constexpr std::uint64_t next_component = 1000;
};

/// One row of the table: how its components are computed. `cost_s` is the expected CPU time.
struct Row {
  std::string id;
  double cost_s;
  std::function<std::vector<Component>(const RowContext&)> run;
};

/// The families, each in its own source file.
void add_tracer_rows(std::vector<Row>& rows);       ///< TC, TF, GA
void add_walk_rows(std::vector<Row>& rows);         ///< RW
void add_kmc_rows(std::vector<Row>& rows);          ///< KM
void add_ising_rows(std::vector<Row>& rows);        ///< IS, OE, OC, OT
void add_solution_rows(std::vector<Row>& rows);     ///< LG
void add_enumeration_rows(std::vector<Row>& rows);  ///< EN
void add_electro_rows(std::vector<Row>& rows);      ///< MD

/// Every row, in the order of the table.
std::vector<Row> all_rows();

/// Runs the rows of these ids, or all if none is named, costly ones first, one per OpenMP thread.
/// Results are in the order of the table and do not depend on the number of threads. Throws
/// InputError for an id without a row.
std::vector<Result> run_exact(const std::vector<std::string>& only, std::uint64_t seed);

}  // namespace lithiate::benchmark
