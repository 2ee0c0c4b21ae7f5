#pragma once
#include <string>
#include <vector>

#include "benchmark/reference.hpp"
#include "observe/estimate.hpp"

namespace lithiate::benchmark {

inline constexpr double verdict_sigmas = 3.5;
/// Largest own error, relative to the reference: of f, D, x and of energies.
inline constexpr double max_error = 0.005, max_energy_error = 0.001;

/// One number of a row: what is known, what the engine gives, and whether they agree.
struct Result {
  std::string id, component, quantity, unit, source, condition;
  double reference = 0.0, reference_error = 0.0;
  double value = 0.0, error = 0.0;
  double allowed_error = 0.0;  ///< absolute bound on `error`

  /// Combined one-sigma error.
  double sigma() const;
  /// Within 3.5 combined sigma, and measured as well as asked for.
  bool pass() const;
  std::string verdict() const { return pass() ? "pass" : "fail"; }
};

/// A component without its row: `allowed_relative` times the reference bounds the error.
struct Component {
  std::string name;
  double reference = 0.0, reference_error = 0.0;
  observe::Estimate value = {};
  double allowed_relative = max_error;
  std::string condition = {};     ///< beside that of the row
  std::string unit = {};          ///< of the row if empty
  double allowed_absolute = 0.0;  ///< instead of the relative bound, for references near zero

  double allowed_error() const;
};

Result make_result(const Reference& row, const Component& component);
/// Plain-text table, one line each, with a last line that counts.
std::string format_results(const std::vector<Result>& results);

}  // namespace lithiate::benchmark
