#include "benchmark/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lithiate::benchmark {

double Result::sigma() const { return std::hypot(error, reference_error); }

bool Result::pass() const {
  return error <= allowed_error && std::abs(value - reference) <= verdict_sigmas * sigma();
}

double Component::allowed_error() const {
  return allowed_absolute > 0.0 ? allowed_absolute : allowed_relative * std::abs(reference);
}

Result make_result(const Reference& row, const Component& c) {
  return {.id = row.id,
          .component = c.name,
          .quantity = row.quantity,
          .unit = c.unit.empty() ? row.unit : c.unit,
          .source = row.source,
          .condition = row.system + (row.condition.empty() ? "" : "; " + row.condition) +
                       (c.condition.empty() ? "" : "; " + c.condition),
          .reference = c.reference,
          .reference_error = c.reference_error,
          .value = c.value.value,
          .error = c.value.error,
          .allowed_error = c.allowed_error()};
}

std::string format_results(const std::vector<Result>& results) {
  std::size_t width = 9;
  for (const Result& r : results) width = std::max(width, r.component.size());
  std::string text =
      fmt::format("{:<6} {:<{}}  {:>14} {:>9}  {:>14} {:>9}  {:>7}  {}\n", "id", "component", width,
                  "reference", "+-", "value", "+-", "sigmas", "verdict");
  std::size_t passed = 0;
  for (const Result& r : results) {
    passed += r.pass();
    const double sigmas = r.sigma() > 0.0 ? (r.value - r.reference) / r.sigma() : 0.0;
    text += fmt::format("{:<6} {:<{}}  {:>14.7g} {:>9.2g}  {:>14.7g} {:>9.2g}  {:>+7.2f}  {}{}\n",
                        r.id, r.component, width, r.reference, r.reference_error, r.value, r.error,
                        sigmas, r.verdict(), r.error > r.allowed_error ? " (error too large)" : "");
  }
  return text + fmt::format("{} of {} pass\n", passed, results.size());
}

}  // namespace lithiate::benchmark
