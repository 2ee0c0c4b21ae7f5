#include <catch2/catch.hpp>
#include <cmath>

#include "core/units.hpp"
#include "fixtures/toy_stacks.hpp"
#include "stacking/observables.hpp"

using namespace lithiate;
using stacking::StackModel;
using stacking::StackShape;
using stacking::StackState;
using stacking::StackWalk;
using stacking::WalkSettings;

namespace {

/// Two formula units and two octahedra per cell. O1 fills one octahedron at -0.1 eV (x = 1/2), the
/// other costs 0.3 eV; O3 costs 0.3 eV empty and 0.16 eV less per guest, so it takes over with the
/// second guest, at 0.08 eV: steps at x = 0 to 1/2 and 1/2 to 1, 0.18 V apart.
constexpr double o1_first = -0.1, o1_second = 0.3, o3_empty = 0.3, o3_site = -0.16;
constexpr double T_K = 500.0, kT = k_B * T_K;

StackModel synthetic(StackShape shape, double wall_eV_per_A = 0.0) {
  auto registries = fixtures::plain_registries(2);
  registries[0].sets = {{{{0, {0, 0}}}, stacking::in_units(o1_first)},
                        {{{1, {0, 0}}}, stacking::in_units(o1_second)}};
  registries[1].empty = stacking::in_units(o3_empty);
  registries[1].sets = {{{{0, {0, 0}}}, stacking::in_units(o3_site)},
                        {{{1, {0, 0}}}, stacking::in_units(o3_site)}};
  shape.gap_sites = 2;
  shape.formula_units = 2.0;
  stacking::Couplings couplings;
  couplings.wall_eV_per_A = wall_eV_per_A;
  return StackModel(shape, registries, fixtures::all_glides(2, 2), couplings);
}

double filling(double mu_eV, double site_eV) {
  return 1.0 / (1.0 + std::exp((site_eV - mu_eV) / kT));
}

/// phi of O3 minus phi of O1, eV per cell.
double phi_difference_eV(double mu_eV) {
  const auto site = [&](double e) { return -kT * std::log1p(std::exp((mu_eV - e) / kT)); };
  return o3_empty + 2 * site(o3_site) - site(o1_first) - site(o1_second);
}

stacking::StackPoint sampled(const StackModel& model, double mu_eV, int steps) {
  WalkSettings settings;
  settings.temperature_K = T_K;
  settings.glides_per_patch = 2.0;
  settings.follow = {steps, 1};
  StackWalk walk(model, settings, StackState(model.lattice()), Random(91, Purpose::mc_step));
  return stacking::sample_path(walk, std::vector<double>{mu_eV}, {12000, 1}).front();
}

void require_mixture(const stacking::StackPoint& point, double mu_eV, int cells) {
  const double odds = std::exp(-cells * phi_difference_eV(mu_eV) / kT), f = odds / (1 + odds);
  const double x_o1 = (filling(mu_eV, o1_first) + filling(mu_eV, o1_second)) / 2;
  const double x = (1 - f) * x_o1 + f * filling(mu_eV, o3_site);
  CAPTURE(mu_eV, f, x, point.fraction[1].value, point.fraction[1].error);
  REQUIRE(std::abs(point.fraction[1].value - f) < 3.5 * point.fraction[1].error);
  REQUIRE(std::abs(point.x.value - x) < 3.5 * point.x.error);
}

}  // namespace

TEST_CASE("the synthetic set shows O1 to O3 at x = 1/2 and two steps 0.18 V apart", "[stacking]") {
  // the two plateaus in closed form; heat moves the second one by 0.6 mV at 500 K
  REQUIRE((filling(o1_first, o1_first) + filling(o1_first, o1_second)) / 2 ==
          Approx(0.25).margin(1e-3));
  REQUIRE(std::abs(phi_difference_eV(o1_first + 0.18)) < 1e-3);
  const double between_eV = o1_first + 0.09;
  REQUIRE((filling(between_eV, o1_first) + filling(between_eV, o1_second)) / 2 ==
          Approx(0.5).margin(0.06));
  // the same from sampling over guests and registries together
  const StackModel model =
      synthetic({.gaps = 3, .cells_1 = 2, .cells_2 = 2, .patch_1 = 2, .patch_2 = 1});
  const double mu_eV = o1_first + GENERATE(0.0, 0.09, 0.16, 0.18, 0.20);
  require_mixture(sampled(model, mu_eV, 6), mu_eV, 2);
}

TEST_CASE("very high walls leave each gap one stacking: the phases of whole gaps", "[stacking]") {
  const StackModel model = synthetic(
      {.gaps = 2, .cells_1 = 2, .cells_2 = 2, .patch_1 = 2, .patch_2 = 1}, /*wall_eV_per_A=*/2.0);
  const double mu_eV = o1_first + GENERATE(0.17, 0.18);
  require_mixture(sampled(model, mu_eV, 12), mu_eV, 4);
}
