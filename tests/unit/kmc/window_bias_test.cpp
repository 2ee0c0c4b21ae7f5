#include "kmc/window_bias.hpp"

#include <catch2/catch.hpp>

namespace lithiate::kmc {
namespace {

observe::Estimate about(double value, double error) {
  observe::Estimate e;
  e.value = value;
  e.error = error;
  return e;
}

TEST_CASE("a bias that grows with the square of the window is found exactly") {
  const auto fit = extrapolate_window(
      {about(2.0 + 0.16, 0.01), about(2.0 + 0.04, 0.01), about(2.0 + 0.01, 0.01)});
  CHECK(fit.limit.value == Approx(2.0));
  CHECK(fit.bias.value == Approx(0.16));
  CHECK(fit.resolved);
}

TEST_CASE("a bias within its error is called unresolved") {
  const auto fit = extrapolate_window({about(2.01, 0.02), about(2.0, 0.02), about(1.99, 0.02)});
  CHECK_FALSE(fit.resolved);
  CHECK(fit.bias.error > 0.01);
}

TEST_CASE("a run without an error leaves the bias undefined") {
  const auto fit = extrapolate_window({about(2.0, 0.0), about(2.0, 0.1), about(2.0, 0.1)});
  CHECK_FALSE(observe::is_defined(fit.bias));
}

}  // namespace
}  // namespace lithiate::kmc
