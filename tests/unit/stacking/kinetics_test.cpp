#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "fixtures/toy_stacks.hpp"
#include "stacking/glide_kinetics.hpp"
#include "stacking/potential.hpp"

using namespace lithiate;
using stacking::GlideKinetics;
using stacking::KineticSettings;
using stacking::StackModel;
using stacking::StackShape;
using stacking::StackState;

namespace {

constexpr double T_K = 600.0, kT = k_B * T_K;

KineticSettings settings_at(double prefactor_Hz, double c_rate_per_h = 0.0) {
  KineticSettings settings;
  settings.temperature_K = T_K;
  settings.prefactor_Hz = prefactor_Hz;
  settings.c_rate_per_h = c_rate_per_h;
  return settings;
}

/// O1 empty at 0, sites at 0; O3 costs 60 meV per cell and has its sites 0.1 eV lower: O1 at low
/// x, O3 at high x.
StackModel two_stackings() {
  auto registries = fixtures::plain_registries(2);
  registries[1].empty = stacking::in_units(0.06);
  for (int k = 0; k < 2; ++k)
    registries[1].sets.push_back({{{k, {0, 0}}}, stacking::in_units(-0.1)});
  StackShape shape{.gaps = 2, .cells_1 = 4, .cells_2 = 2, .patch_1 = 2, .patch_2 = 2};
  shape.gap_sites = 2;
  return StackModel(shape, registries, fixtures::all_glides(2, 2));
}

GlideKinetics kinetics_of(const StackModel& model, const KineticSettings& settings) {
  return GlideKinetics(model, settings, StackState(model.lattice()),
                       Random(71, Purpose::kmc_event));
}

/// Points every `step` guests until there are `last`.
std::vector<stacking::KineticPoint> points_every(GlideKinetics& kinetics, std::int64_t last,
                                                 int step, int states) {
  std::vector<stacking::KineticPoint> points;
  while (kinetics.state().guests() != last) {
    const auto next = kinetics.state().guests() + (kinetics.c_rate_per_h() > 0.0 ? step : -step);
    points.push_back(stacking::run_to(kinetics, next, states).value());
  }
  return points;
}

}  // namespace

TEST_CASE("the balanced potential of an ideal lattice gas is exact", "[stacking]") {
  stacking::Trials trials{std::vector<double>(7, -0.2), std::vector<double>(3, 0.2)};
  REQUIRE(stacking::balanced_potential_eV(trials, 1 / kT) ==
          Approx(-0.2 + kT * std::log(3.0 / 7.0)).epsilon(1e-12));
}

TEST_CASE("an empty host has no chemical potential", "[stacking]") {
  REQUIRE_THROWS_AS(stacking::balanced_potential_eV({{0.1}, {}}, 1 / kT), InputError);
}

TEST_CASE("patches without energies glide at the rate of their barrier", "[stacking]") {
  StackShape shape{.gaps = 2, .cells_1 = 4, .cells_2 = 4, .patch_1 = 2, .patch_2 = 2};
  shape.a1_A = shape.a2_A = 6.0;  // perimeter 48 A
  auto glides = fixtures::all_glides(3, 1);
  fixtures::add_glide(glides, 0, 1, 1);  // a second way: registry 2 has fewer, so null attempts
  const StackModel model(shape, fixtures::plain_registries(3), glides);
  KineticSettings settings = settings_at(1e9);
  settings.glide_barrier_eV_per_A = 0.01;
  GlideKinetics kinetics = kinetics_of(model, settings);
  for (int k = 0; k < 40000; ++k) REQUIRE(kinetics.step());
  // registries 0 and 1 have three glides each, 2 has two; all registries are equally likely
  const double expected_Hz = 8 * (8.0 / 3.0) * 1e9 * std::exp(-0.48 / kT);
  const auto n = static_cast<double>(kinetics.glides());
  REQUIRE(kinetics.glides() < kinetics.attempts());
  REQUIRE(std::abs(n / (expected_Hz * kinetics.time_s()) - 1) < 3.5 / std::sqrt(n));
}

TEST_CASE("closed kinetics visit registries as the canonical enumeration has them", "[stacking]") {
  StackShape shape{.gaps = 1, .cells_1 = 2, .cells_2 = 2, .patch_1 = 2, .patch_2 = 2};
  shape.gap_sites = 2;
  auto registries = fixtures::plain_registries(2);
  Random random(81, Purpose::test);
  for (auto& t : registries)
    for (int k = 0; k < 2; ++k)
      for (int l = 0; l <= k; ++l)
        t.sets.push_back(
            {{{k, {0, 0}}, {l, {1, l == k ? 1 : 0}}}, stacking::in_units(0.04 * random.normal())});
  const StackModel model(shape, registries, fixtures::all_glides(2, 2));
  std::array<double, 2> Z{0.0, 0.0};
  StackState start(model.lattice());
  for (int r = 0; r < 2; ++r)
    for (unsigned bits = 0; bits < 256; ++bits) {
      StackState state(model.lattice());
      state.set_registry(0, 0, r);
      for (int site = 0; site < 8; ++site)
        if ((bits >> site & 1u) != 0) state.flip(model.lattice(), site);
      if (state.guests() != 4) continue;
      Z[static_cast<std::size_t>(r)] += std::exp(-model.energy_eV(state) / kT);
      start = state;
    }
  KineticSettings settings = settings_at(1e6);
  settings.follow.steps = GENERATE(0, 2);
  GlideKinetics kinetics(model, settings, start, Random(82, Purpose::kmc_event));
  std::vector<double> second;
  for (int k = 0; k < 40000; ++k) {
    kinetics.step();
    second.push_back(kinetics.state().registry(0, 0));
  }
  REQUIRE(kinetics.state().guests() == 4);
  const auto f = observe::mean_with_error(second);
  REQUIRE(std::abs(f.value - Z[1] / (Z[0] + Z[1])) < 3.5 * f.error);
}

TEST_CASE("without glides a charge follows the lattice gas of the first stacking", "[stacking]") {
  const StackModel model = two_stackings();
  GlideKinetics kinetics = kinetics_of(model, settings_at(1e-30, 1.0));
  const auto points = points_every(kinetics, 24, 4, 2);  // of 16 formula units
  REQUIRE(points.size() == 6);
  for (const auto& point : points) {
    const double y = point.seen.x / 2;  // two octahedra per formula unit
    REQUIRE(point.mu_eV == Approx(kT * std::log(y / (1 - y))).margin(1e-12));
    REQUIRE(point.time_s == Approx(3600.0 * point.seen.x));
    REQUIRE(point.seen.fraction[1] == 0.0);
  }
}

TEST_CASE("the hysteresis of a loop grows with its rate to that of frozen stackings",
          "[stacking]") {
  const StackModel model = two_stackings();
  StackState full(model.lattice());  // of O3
  for (stacking::SiteIndex site = 0; site < model.lattice().n_sites(); ++site)
    full.flip(model.lattice(), site);
  for (int gap = 0; gap < 2; ++gap)
    for (int patch = 0; patch < 2; ++patch) full.set_registry(gap, patch, 1);
  const auto hysteresis_eV = [&](double rate_Hz) {
    GlideKinetics charge = kinetics_of(model, settings_at(rate_Hz, 1.0));
    GlideKinetics discharge(model, settings_at(rate_Hz, -1.0), full,
                            Random(72, Purpose::kmc_event));
    const auto up = points_every(charge, 28, 4, 20);
    const auto down = points_every(discharge, 4, 4, 20);
    double sum_eV = 0.0;  // both at x = 0.25, 0.5, ..., 1.75
    for (std::size_t k = 0; k < 7; ++k) sum_eV += up[k].mu_eV - down[6 - k].mu_eV;
    return sum_eV / 7;
  };
  // one guest per 3600 s / 16 formula units = 225 s at one per hour
  const double slow_eV = hysteresis_eV(30.0 / 225), middle_eV = hysteresis_eV(0.05 / 225);
  REQUIRE(hysteresis_eV(1e-30) == Approx(0.1).epsilon(1e-9));
  REQUIRE(std::abs(slow_eV) < 0.02);
  REQUIRE(middle_eV > slow_eV + 0.01);
  REQUIRE(middle_eV < 0.09);
}

TEST_CASE("kinetics that are saved and restored go on with the same bits", "[stacking]") {
  const StackModel model = two_stackings();
  GlideKinetics first = kinetics_of(model, settings_at(0.1, 2.0));
  for (int k = 0; k < 40; ++k) first.step();
  Archive archive;
  first.save(archive, "kinetics/");
  GlideKinetics second = kinetics_of(model, settings_at(0.1, 2.0));
  second.restore(archive, "kinetics/");
  for (int k = 0; k < 40; ++k) {
    first.step();
    second.step();
  }
  REQUIRE(first.state() == second.state());
  REQUIRE(first.time_s() == second.time_s());
}

TEST_CASE("a reservoir stops at the redox limit", "[stacking]") {
  const StackModel model = two_stackings();
  KineticSettings settings = settings_at(0.01, 1.0);
  settings.max_guests = 5;
  GlideKinetics kinetics = kinetics_of(model, settings);
  int events = 0;
  while (kinetics.step()) REQUIRE(++events < 100000);
  REQUIRE(kinetics.state().guests() == 5);
  REQUIRE_FALSE(stacking::run_to(kinetics, 6, 1));
}

TEST_CASE("a charge against the current is refused", "[stacking]") {
  const StackModel model = two_stackings();
  GlideKinetics kinetics = kinetics_of(model, settings_at(1.0, -1.0));
  REQUIRE_THROWS_WITH(stacking::run_to(kinetics, 16, 1), Catch::Contains("in that direction"));
}

TEST_CASE("a charge to a full host is refused: it has no potential", "[stacking]") {
  const StackModel model = two_stackings();
  GlideKinetics kinetics = kinetics_of(model, settings_at(1.0, 1.0));
  REQUIRE_THROWS_AS(stacking::run_to(kinetics, 32, 1), InputError);
  REQUIRE_THROWS_AS(stacking::run_to(kinetics, 4, 0), InputError);
}

TEST_CASE("glides beyond the limit per guest are slowed down by one factor", "[stacking]") {
  const StackModel model = two_stackings();
  KineticSettings settings = settings_at(1.0, 1.0);  // one guest in 225 s
  const GlideKinetics free = kinetics_of(model, settings);
  REQUIRE(free.slowed_by() == 1.0);
  // 4 patches, one glide of two maps each at half the rate: 4 Hz
  REQUIRE(free.attempts_per_guest() == Approx(4.0 * 225.0));
  settings.max_attempts_per_guest = 18.0;
  GlideKinetics slowed = kinetics_of(model, settings);
  REQUIRE(slowed.slowed_by() == Approx(50.0));
  REQUIRE(slowed.attempts_per_guest() == Approx(18.0));
  REQUIRE(slowed.attempt_rate_Hz() == Approx(4.0 / 50.0));
  REQUIRE(stacking::run_to(slowed, 16, 1)->time_s == Approx(16 * 225.0));
  // attempts are a Poisson process of mean 18 per guest, up to the 17th guest
  const double expected = 17 * 18.0;
  REQUIRE(std::abs(static_cast<double>(slowed.attempts()) - expected) < 3.5 * std::sqrt(expected));
  REQUIRE(slowed.time_s() == Approx(17 * 225.0));
  REQUIRE(slowed.state().guests() == 16);
}

TEST_CASE("glides within the limit per guest keep their rate bit for bit", "[stacking]") {
  const StackModel model = two_stackings();
  KineticSettings settings = settings_at(0.1, 1.0);
  GlideKinetics first = kinetics_of(model, settings);
  settings.max_attempts_per_guest = 1000.0;  // there are 90
  GlideKinetics second = kinetics_of(model, settings);
  stacking::run_to(first, 8, 1);
  stacking::run_to(second, 8, 1);
  REQUIRE(second.slowed_by() == 1.0);
  REQUIRE(first.state() == second.state());
  REQUIRE(first.attempts() == second.attempts());
}

TEST_CASE("a closed stack knows no limit per guest", "[stacking]") {
  const StackModel model = two_stackings();
  KineticSettings settings = settings_at(1.0);
  settings.max_attempts_per_guest = 1e-3;
  const GlideKinetics kinetics = kinetics_of(model, settings);
  REQUIRE(kinetics.slowed_by() == 1.0);
  REQUIRE(kinetics.attempts_per_guest() == 0.0);
}

TEST_CASE("a limit of no attempts is refused", "[stacking]") {
  const StackModel model = two_stackings();
  KineticSettings settings = settings_at(1.0, 1.0);
  settings.max_attempts_per_guest = 0.0;
  REQUIRE_THROWS_AS(kinetics_of(model, settings), InputError);
}

TEST_CASE("a negative barrier is refused", "[stacking]") {
  const StackModel model = two_stackings();
  KineticSettings settings = settings_at(1.0);
  settings.glide_barrier_eV_per_A = -0.1;
  REQUIRE_THROWS_AS(kinetics_of(model, settings), InputError);
}
