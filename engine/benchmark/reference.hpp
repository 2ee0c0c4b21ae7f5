#pragma once
#include <string>
#include <vector>

namespace lithiate::benchmark {

/// One row of exact_physics.csv: a number that is known, and how well.
struct Reference {
  std::string id, category, quantity, system, condition, value, unit, uncertainty, source;

  /// The value as a plain number. Throws Error if it is a formula or a list.
  double number() const;
  /// The number behind "name=" in a value such as "u=-1.95; M=0.99". Throws Error if absent.
  double named(const std::string& name) const;
  /// The number behind `key` in the condition: "n_Li=" of "n_Li=64 (xLi=1.000)". Throws Error.
  double condition_number(const std::string& key) const;
  /// One sigma: the first number of `uncertainty`; 0 if it names none ("exact").
  double sigma() const;
};

/// Comma-separated with quotes, one header line. Throws Error for a row of the wrong length.
std::vector<Reference> parse_references(const std::string& csv);
/// The embedded table, in its order.
const std::vector<Reference>& references();
/// The row of this id. Throws InputError with the nearest id.
const Reference& reference(const std::string& id);

}  // namespace lithiate::benchmark
