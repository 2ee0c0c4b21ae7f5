#include "analysis/registry_run.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "io/model_file.hpp"

namespace lithiate::analysis {
namespace {

using Catch::Matchers::WithinAbs;
using stacking::StackPoint;

StackPoint point(double mu_eV, double x, double fraction) {
  StackPoint p;
  p.temperature_K = 300.0;
  p.mu_eV = mu_eV;
  p.x.value = x;
  p.fraction.resize(2);
  p.fraction[0].value = 1.0 - fraction, p.fraction[1].value = fraction;
  return p;
}

const model::Material& vanadium_chloride() {
  static const model::Material material =
      io::read_material(LITHIATE_SOURCE_DIR "/potentials/LixVCl3/model.toml");
  return material;
}

RegistryConfig small() {
  RegistryConfig c;
  c.stack.gaps = 2;
  c.stack.cells = {3, 3};
  c.stack.patch = {3, 3};
  c.stack.follow_steps = 2;
  c.sweeps = 16;
  return c;
}

TEST_CASE("half of the area is crossed where straight lines between points say") {
  const std::vector<StackPoint> up{point(-0.2, 0.1, 0.0), point(-0.1, 0.3, 0.2),
                                   point(0.0, 0.7, 0.8), point(0.1, 1.0, 1.0)};
  const HalfWay found = half_way(up, 1);
  REQUIRE(found.x);
  CHECK_THAT(*found.x, WithinAbs(0.5, 1e-12));
  CHECK_THAT(*found.mu_eV, WithinAbs(-0.05, 1e-12));
  CHECK_THAT(found.x_error, WithinAbs(0.2, 1e-12));
  CHECK_THAT(found.mu_error_eV, WithinAbs(0.05, 1e-12));
  std::vector<StackPoint> down(up.rbegin(), up.rend());
  CHECK_THAT(*half_way(down, 1).x, WithinAbs(0.5, 1e-12));
  CHECK_THAT(*half_way(up, 0).x, WithinAbs(0.5, 1e-12));
}

TEST_CASE("a family that never has half of the area has no crossing, with the reason") {
  const std::vector<StackPoint> path{point(-0.1, 0.2, 0.1), point(0.1, 0.9, 0.4)};
  CHECK_FALSE(half_way(path, 1).x);
  CHECK_THAT(half_way(path, 1).reason, Catch::Contains("less than half"));
  CHECK_THAT(half_way(path, 0).reason, Catch::Contains("more than half"));
}

TEST_CASE("sweeps of registries go from the empty to the full host and back, taken up anew alike") {
  const std::vector<MuRange> ranges{{600.0, -0.9, 0.6}};
  static const auto whole = registry_run(vanadium_chloride(), small(), ranges);
  REQUIRE(whole.size() == 1);
  REQUIRE(whole[0].families == std::vector<std::string>{"O1", "O3"});
  REQUIRE(whole[0].up.size() == whole[0].down.size());
  CHECK(whole[0].up.front().x.value < 0.05);
  CHECK(whole[0].up.back().x.value > 0.95);
  CHECK(whole[0].down.back().x.value < 0.05);
  for (const StackPoint& p : whole[0].up)
    CHECK_THAT(p.fraction[0].value + p.fraction[1].value, WithinAbs(1.0, 1e-12));

  const int stop_at = GENERATE(1, 5, static_cast<int>(whole[0].up.size()) + 3);
  Archive stored;
  int calls = 0;
  Journal first(Archive{}, [&](const Journal& journal) {
    if (++calls < stop_at) return;
    journal.save(stored);
    throw Stopped("the test");
  });
  REQUIRE_THROWS_AS(registry_run(vanadium_chloride(), small(), ranges, &first), Stopped);
  Journal second(stored, {});
  const auto resumed = registry_run(vanadium_chloride(), small(), ranges, &second);
  for (std::size_t i = 0; i < whole[0].up.size(); ++i) {
    CHECK(resumed[0].up[i].x.value == whole[0].up[i].x.value);
    CHECK(resumed[0].down[i].x.value == whole[0].down[i].x.value);
    CHECK(resumed[0].down[i].fraction[1].error == whole[0].down[i].fraction[1].error);
  }
}

TEST_CASE("a stack of patches that do not divide the cells is refused") {
  RegistryConfig c = small();
  c.stack.patch = {2, 3};
  CHECK_THROWS_WITH(registry_run(vanadium_chloride(), c, {{300.0, -0.5, 0.5}}),
                    Catch::Contains("must divide the 3 cells"));
}

}  // namespace
}  // namespace lithiate::analysis
