#include "analysis/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace lithiate::analysis {
namespace {

/// Ticks that rounding puts just outside the axis still belong to it.
constexpr double edge_slack = 1e-9;

double round_step(double span, int count) {
  const double raw = span / std::max(1, count);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double m : {1.0, 2.0, 5.0})
    if (m * power >= raw * (1.0 - edge_slack)) return m * power;
  return 10.0 * power;
}

std::string proper_minus(std::string text) {
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "−");
  return text;
}

std::string fixed(double value, int decimals) {
  std::string s = fmt::format("{:.{}f}", value, std::max(0, decimals));
  if (s.find_first_not_of("-0.") == std::string::npos && s[0] == '-') s.erase(0, 1);
  return proper_minus(s);
}

std::vector<Tick> short_log_ticks(double low, double high) {
  std::vector<Tick> ticks;
  for (int e = static_cast<int>(std::floor(std::log10(low))); std::pow(10.0, e) <= high; ++e)
    for (int m = 1; m < 10; ++m) {
      const double v = m * std::pow(10.0, e);
      if (v < low * (1.0 - edge_slack) || v > high * (1.0 + edge_slack)) continue;
      ticks.push_back({v, m == 1 || m == 2 || m == 5 ? power_of_ten(e, m) : ""});
    }
  return ticks;
}

/// Decimal position of the last digit to show for this error.
int last_digit(double error) {
  int exponent = static_cast<int>(std::floor(std::log10(error)));
  const double lead = error / std::pow(10.0, exponent);
  // 0.0295 shows as 0.03, 0.0294 as 0.029
  return lead < 2.95 ? exponent - 1 : exponent;
}

std::string scaled_value(double value, double error, int exponent) {
  const double power = std::pow(10.0, exponent);
  const int decimals = error > 0.0 ? -last_digit(error / power) : 5;
  if (!(error > 0.0)) return fixed(value / power, decimals);
  return fmt::format("{} ± {}", fixed(value / power, decimals), fixed(error / power, decimals));
}

}  // namespace

std::string power_of_ten(int exponent, int factor) {
  static const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string raised = exponent < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(exponent))) raised += digits[c - '0'];
  return (factor == 1 ? "10" : std::to_string(factor) + "·10") + raised;
}

std::vector<Tick> linear_ticks(double low, double high, int count) {
  std::vector<Tick> ticks;
  if (!(high > low)) return ticks;
  const double step = round_step(high - low, count);
  const int decimals = static_cast<int>(-std::floor(std::log10(step) + edge_slack));
  const double slack = edge_slack * (high - low);
  const double first = std::ceil((low - slack) / step);
  // counted, since k + 1 = k where the span is lost in rounding
  for (int i = 0; i <= 3 * std::max(1, count); ++i) {
    const double value = (first + i) * step;
    if (value > high + slack) break;
    ticks.push_back({value, fixed(value, decimals)});
  }
  return ticks;
}

std::vector<Tick> log_ticks(double low, double high, int count) {
  if (std::log10(high / low) < 1.5) return short_log_ticks(low, high);
  const int first = static_cast<int>(std::floor(std::log10(low) + edge_slack));
  const int last = static_cast<int>(std::ceil(std::log10(high) - edge_slack));
  const int every = std::max(1, (last - first + count - 1) / std::max(1, count));
  std::vector<Tick> ticks;
  for (int e = first; e <= last; ++e)
    for (int m = 1; m < (last - first <= 8 ? 10 : 2); ++m) {
      const double v = m * std::pow(10.0, e);
      if (v < low * (1.0 - edge_slack) || v > high * (1.0 + edge_slack)) continue;
      ticks.push_back({v, m == 1 && e % every == 0 ? power_of_ten(e) : ""});
    }
  return ticks;
}

std::string value_with_error(double value, std::optional<double> error) {
  if (!std::isfinite(value)) return "not finite";
  const bool known = error && std::isfinite(*error);
  const double e = known ? std::abs(*error) : 0.0;
  const double size = std::max(std::abs(value), e);
  const int exponent = size > 0.0 ? static_cast<int>(std::floor(std::log10(size))) : 0;
  const bool plain = exponent >= -3 && exponent < 5;
  std::string text;
  if (plain)
    text = e > 0.0 ? scaled_value(value, e, 0) : proper_minus(fmt::format("{:.6g}", value));
  else
    text = e > 0.0
               ? fmt::format("({}) × {}", scaled_value(value, e, exponent), power_of_ten(exponent))
               : fmt::format("{} × {}",
                             proper_minus(fmt::format("{:.4g}", value / std::pow(10, exponent))),
                             power_of_ten(exponent));
  return error && !known ? text + " ± unknown" : text;
}

}  // namespace lithiate::analysis
