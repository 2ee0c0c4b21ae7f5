#include <catch2/catch.hpp>
#include <cmath>

#include "core/units.hpp"
#include "fixtures/toy_stacks.hpp"
#include "observe/estimate.hpp"
#include "stacking/stack_walk.hpp"

using namespace lithiate;
using stacking::StackModel;
using stacking::StackShape;
using stacking::StackState;
using stacking::StackWalk;
using stacking::WalkSettings;

namespace {

constexpr double T_K = 700.0, mu_eV = 0.05;

/// What is averaged: guests, energy, patches in registry 2, unequal neighbours of gap 0.
struct Averages {
  double guests = 0.0, energy_eV = 0.0, third = 0.0, unequal = 0.0;
};

Averages of(const StackModel& model, const StackState& state) {
  Averages a{static_cast<double>(state.guests()), model.energy_eV(state), 0.0, 0.0};
  for (const auto r : state.registries()) a.third += r == 2;
  for (const auto& b : model.lattice().borders())
    a.unequal += state.registry(0, b.first) != state.registry(0, b.second);
  return a;
}

/// Exact averages over all registries and all occupations with at most `most` guests.
Averages enumerated(const StackModel& model, std::int64_t most) {
  const int sites = model.lattice().n_sites();
  const int patches = model.lattice().gaps() * model.lattice().patches();
  const auto registries = static_cast<int>(model.registries().size());
  const int sequences = static_cast<int>(std::lround(std::pow(registries, patches)));
  double Z = 0.0;
  Averages sum;
  for (int sequence = 0; sequence < sequences; ++sequence) {
    StackState state(model.lattice());
    for (int p = 0, rest = sequence; p < patches; ++p, rest /= registries)
      state.set_registry(p / model.lattice().patches(), p % model.lattice().patches(),
                         rest % registries);
    for (std::uint32_t code = 0; code < (1u << sites); ++code) {
      if (code > 0) state.flip(model.lattice(), std::countr_zero(code));  // Gray code
      if (state.guests() > most) continue;
      const Averages a = of(model, state);
      const double w = std::exp(-(a.energy_eV - mu_eV * a.guests) / (k_B * T_K));
      Z += w;
      sum.guests += w * a.guests;
      sum.energy_eV += w * a.energy_eV;
      sum.third += w * a.third;
      sum.unequal += w * a.unequal;
    }
  }
  return {sum.guests / Z, sum.energy_eV / Z, sum.third / Z, sum.unequal / Z};
}

void require_agreement(const StackModel& model, std::int64_t most, const WalkSettings& settings) {
  const Averages exact = enumerated(model, most);
  StackWalk walk(model, settings, StackState(model.lattice()), Random(31, Purpose::mc_step));
  for (int k = 0; k < 500; ++k) walk.sweep();
  std::vector<double> guests, energy, third, unequal;
  for (int k = 0; k < 30000; ++k) {
    walk.sweep();
    const Averages a = of(model, walk.state());
    guests.push_back(a.guests);
    energy.push_back(a.energy_eV);
    third.push_back(a.third);
    unequal.push_back(a.unequal);
  }
  const auto agrees = [](const std::vector<double>& series, double value) {
    const auto e = observe::mean_with_error(series);
    CAPTURE(e.value, e.error, value);
    REQUIRE(std::abs(e.value - value) <= 3.5 * e.error + 1e-12);
  };
  agrees(guests, exact.guests);
  agrees(energy, exact.energy_eV);
  agrees(third, exact.third);
  agrees(unequal, exact.unequal);
}

WalkSettings settings_with(int steps, std::int64_t most) {
  WalkSettings settings;
  settings.temperature_K = T_K;
  settings.mu_eV = mu_eV;
  settings.max_guests = most;
  settings.follow = {steps, 1};
  return settings;
}

}  // namespace

TEST_CASE("patches with guests: averages are those of the full enumeration", "[stacking]") {
  // one gap of 2 patches, 3 cells each way apart: 3 registries, slab site and octahedra, redox cap
  const int steps = GENERATE(0, 1, 4);
  const StackShape shape{.gaps = 1, .cells_1 = 4, .cells_2 = 1, .patch_1 = 2, .patch_2 = 1};
  Random random(41, Purpose::test);
  std::vector<stacking::GapTerms> registries;
  for (const char* name : {"p", "q", "r"}) {
    stacking::GapTerms t{name, "O1", stacking::in_units(0.02 * random.normal()), {}};
    const auto J = [&] { return stacking::in_units(0.04 * random.normal()); };
    for (int role = 0; role < 4; ++role) {
      t.sets.push_back({{{role, {0, 0}}}, J()});
      for (int other = 0; other <= role; ++other)
        if (role != 3 || other != 0) t.sets.push_back({{{role, {0, 0}}, {other, {1, 0}}}, J()});
    }
    t.sets.push_back({{{0, {0, 0}}, {1, {1, 0}}, {2, {2, 0}}}, J()});
    registries.push_back(std::move(t));
  }
  StackShape full = shape;
  full.slab_sites = 1;
  full.gap_sites = 2;
  stacking::Couplings couplings;
  couplings.wall_eV_per_A = 0.01;
  const StackModel model(full, registries, fixtures::all_glides(3, 2, 1), couplings);
  require_agreement(model, 6, settings_with(steps, 6));
}

TEST_CASE("gaps with guests: averages are those of the full enumeration", "[stacking]") {
  const int steps = GENERATE(0, 4);
  StackShape shape{.gaps = 2, .cells_1 = 2, .cells_2 = 1, .patch_1 = 1, .patch_2 = 1};
  shape.slab_sites = 1;
  shape.gap_sites = 2;
  Random random(42, Purpose::test);
  std::vector<stacking::GapTerms> registries;
  for (const char* name : {"p", "q", "r"}) {
    stacking::GapTerms t{name, "O1", stacking::in_units(0.02 * random.normal()), {}};
    for (int role = 0; role < 4; ++role)
      for (int other = 0; other <= role; ++other)
        t.sets.push_back({{{role, {0, 0}}, {other, {other == role ? 1 : 0, 0}}},
                          stacking::in_units(0.04 * random.normal())});
    registries.push_back(std::move(t));
  }
  const stacking::Couplings couplings{
      0.02, {{0.0, 0.03, -0.02}, {0.01, 0.0, 0.04}, {0.02, -0.01, 0.0}}, 0.2};
  const StackModel model(shape, registries, fixtures::all_glides(3, 2), couplings);
  require_agreement(model, 7, settings_with(steps, 7));
}
