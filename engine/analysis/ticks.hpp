#pragma once
/// Round numbers along an axis, and numbers as text.
#include <optional>
#include <string>
#include <vector>

namespace lithiate::analysis {

struct Tick {
  double value = 0.0;
  std::string label;  ///< empty: a minor tick
};

/// Multiples of 1, 2 or 5 times a power of ten within [low, high], about `count` of them.
std::vector<Tick> linear_ticks(double low, double high, int count);
/// Decades with minor ticks at 2 to 9; labels thinned to about `count`. REQUIRES: 0 < low < high.
/// Ranges below one and a half decades get labels at 1, 2 and 5.
std::vector<Tick> log_ticks(double low, double high, int count);

/// 10 with a raised exponent in Unicode, for example 10⁻¹²; factor 1 is left out.
std::string power_of_ten(int exponent, int factor = 1);

/// "3.412 ± 0.013", "(1.2 ± 0.3) × 10⁻⁹": rounded by the error (two digits if it begins with 1 or
/// 2, else one); six digits without an error. A non-finite error prints as "± unknown".
std::string value_with_error(double value, std::optional<double> error);

}  // namespace lithiate::analysis
