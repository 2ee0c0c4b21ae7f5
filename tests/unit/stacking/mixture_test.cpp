#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "fixtures/toy_stacks.hpp"
#include "stacking/observables.hpp"

using namespace lithiate;
using stacking::GapTerms;
using stacking::StackModel;
using stacking::StackShape;
using stacking::StackState;
using stacking::StackWalk;
using stacking::WalkSettings;

namespace {

constexpr double T_K = 600.0, kT = k_B * T_K;

/// Lattice gases without interactions in two stackings: O1 empty at 0, sites at 0; O3 costs 60 meV
/// per cell when empty, its sites lie 0.1 eV lower.
constexpr double empty_eV = 0.06, site_eV = -0.1;
constexpr int sites = 2;

std::vector<GapTerms> ideal_gases(int o1, int o3) {
  auto all = fixtures::plain_registries(o1 + o3);
  for (int r = 0; r < o1 + o3; ++r) {
    GapTerms& t = all[static_cast<std::size_t>(r)];
    const bool third = r >= o1;
    t.family = third ? "O3" : "O1";
    t.empty = third ? stacking::in_units(empty_eV) : 0;
    for (int k = 0; third && k < sites; ++k)
      t.sets.push_back({{{k, {0, 0}}}, stacking::in_units(site_eV)});
  }
  return all;
}

/// phi of O3 minus phi of O1, eV per cell.
double phi_difference_eV(double mu_eV) {
  const double o1 = -kT * sites * std::log1p(std::exp(mu_eV / kT));
  return empty_eV - kT * sites * std::log1p(std::exp((mu_eV - site_eV) / kT)) - o1;
}

/// Where phi of both is equal: 1 + q z = e (1 + z), z = exp(mu/kT), in closed form.
double crossing_eV() {
  const double q = std::exp(-site_eV / kT), e = std::exp(empty_eV / (sites * kT));
  return kT * std::log((e - 1) / (q - e));
}

StackModel ideal_stack(int patch, int gaps, int o1, int o3) {
  StackShape shape{.gaps = gaps, .cells_1 = 4, .cells_2 = 2, .patch_1 = patch, .patch_2 = 2};
  shape.gap_sites = sites;
  return StackModel(shape, ideal_gases(o1, o3), fixtures::all_glides(o1 + o3, sites));
}

stacking::StackPoint sampled(const StackModel& model, double mu_eV, std::uint64_t seed,
                             std::int64_t sweeps, int steps = 0) {
  WalkSettings settings;
  settings.temperature_K = T_K;
  settings.follow.steps = steps;
  StackWalk walk(model, settings, StackState(model.lattice()), Random(seed, Purpose::mc_step));
  return stacking::sample_path(walk, std::vector<double>{mu_eV}, {sweeps, 1}).front();
}

}  // namespace

TEST_CASE("two stackings of ideal lattice gases cross where their free energies do", "[stacking]") {
  REQUIRE(std::abs(phi_difference_eV(crossing_eV())) < 1e-12);
  const StackModel model = ideal_stack(4, 2, 1, 1);
  const double offset_eV = GENERATE(-0.01, 0.0, 0.01);
  const double mu_eV = crossing_eV() + offset_eV;
  const auto point = sampled(model, mu_eV, 51, 20000, 2);
  const double odds = std::exp(-8 * phi_difference_eV(mu_eV) / kT);  // 8 cells per gap
  REQUIRE(std::abs(point.fraction[1].value - odds / (1 + odds)) < 3.5 * point.fraction[1].error);
}

TEST_CASE("halving the patches leaves the crossing in place when degeneracy is counted",
          "[stacking]") {
  // one O1 against three O3 registries: patches of C cells cross kT ln 3 / C too early
  const double mu_eV = crossing_eV() - 0.012;
  for (const int patch : {4, 2}) {
    const StackModel model = ideal_stack(patch, 2, 1, 3);
    const auto f = sampled(model, mu_eV, 52, 20000).fraction[1];
    const int cells = 2 * patch;
    const double logit = std::log(f.value / (1 - f.value));
    const double error = f.error / (f.value * (1 - f.value)) * kT / cells;
    const double phi_eV = -(logit - std::log(3.0)) * kT / cells;
    CAPTURE(patch, phi_eV, phi_difference_eV(mu_eV), error);
    REQUIRE(std::abs(phi_eV - phi_difference_eV(mu_eV)) < 3.5 * error);
  }
}

TEST_CASE("one patch per gap without next-gap terms is a mixture of independent phases",
          "[stacking]") {
  StackShape shape{.gaps = 3, .cells_1 = 2, .cells_2 = 2, .patch_1 = 2, .patch_2 = 2};
  shape.gap_sites = 2;
  shape.formula_units = 2.0;
  Random random(61, Purpose::test);
  std::vector<GapTerms> registries;
  for (const char* name : {"p", "q"}) {
    GapTerms t{name, name, stacking::in_units(0.05 * random.normal()), {}};
    for (int k = 0; k < 2; ++k)
      for (int l = 0; l <= k; ++l)
        for (const int i : {0, 1})
          if (l != k || i != 0)
            t.sets.push_back(
                {{{k, {0, 0}}, {l, {i, 1}}}, stacking::in_units(0.06 * random.normal())});
    registries.push_back(std::move(t));
  }
  constexpr double mu_eV = 0.02;
  double Z = 0.0, n = 0.0, q = 0.0;
  StackShape lone = shape;
  lone.gaps = 1;
  for (std::size_t r = 0; r < 2; ++r) {  // each phase alone, all 2^8 occupations
    const StackModel phase(lone, {registries[r]}, {});
    for (unsigned bits = 0; bits < 256; ++bits) {
      StackState state(phase.lattice());
      for (int site = 0; site < 8; ++site)
        if ((bits >> site & 1u) != 0) state.flip(phase.lattice(), site);
      const auto guests = static_cast<double>(state.guests());
      const double w = std::exp(-(phase.energy_eV(state) - mu_eV * guests) / kT);
      Z += w;
      n += w * guests;
      if (r == 1) q += w;
    }
  }
  const StackModel model(shape, registries, fixtures::all_glides(2, 2));
  const auto point = sampled(model, mu_eV, 62, 30000, 1);
  REQUIRE(std::abs(point.x.value - n / Z / 8) < 3.5 * point.x.error);
  REQUIRE(std::abs(point.fraction[1].value - q / Z) < 3.5 * point.fraction[1].error);
}

TEST_CASE("the fractions of the families sum to one and gaps sum to the whole", "[stacking]") {
  StackShape shape{.gaps = 3, .cells_1 = 6, .cells_2 = 4, .patch_1 = 3, .patch_2 = 2};
  const StackModel model = fixtures::random_stack(shape, 63);
  Random random(64, Purpose::test);
  const StackState state = fixtures::random_state(model, random);
  const auto seen = stacking::observe_stack(model, state, model.energy_eV(state));
  REQUIRE(seen.fraction[0] + seen.fraction[1] == Approx(1.0));
  std::int64_t in_slabs = 0;
  for (stacking::SiteIndex site = 0; site < model.lattice().n_sites(); ++site)
    in_slabs += state.occupied(site) && !model.lattice().in_gap(site);
  const double fu = model.lattice().formula_units();
  const double in_gaps = (seen.x_of_gap[0] + seen.x_of_gap[1] + seen.x_of_gap[2]) / 3;
  REQUIRE(in_gaps + static_cast<double>(in_slabs) / fu == Approx(seen.x));
}

TEST_CASE("domains are counted across the period and by family", "[stacking]") {
  const StackShape shape{.gaps = 1, .cells_1 = 4, .cells_2 = 4};
  const StackModel model(shape, fixtures::plain_registries(4), {});  // 0, 1: O1; 2, 3: O3
  StackState state(model.lattice());
  // a column of O3 (2 and 3 mixed) that closes on itself, and a lone O3 patch
  for (int i = 0; i < 4; ++i) state.set_registry(0, model.lattice().cell_at(i, 0), 2 + i % 2);
  state.set_registry(0, model.lattice().cell_at(1, 2), 3);
  const auto seen = stacking::observe_stack(model, state, 0.0);
  REQUIRE(seen.fraction[1] == Approx(5.0 / 16));
  REQUIRE(seen.domains_per_gap[1] == 2.0);
  REQUIRE(seen.domain_patches[1] == Approx(2.5));
  REQUIRE(seen.domains_per_gap[0] == 1.0);
}

TEST_CASE("a sampling without sweeps is refused", "[stacking]") {
  const StackModel model = ideal_stack(4, 1, 1, 1);
  StackWalk walk(model, {}, StackState(model.lattice()), Random(1, Purpose::mc_step));
  REQUIRE_THROWS_AS(stacking::sample_path(walk, std::vector<double>{0.0}, {0, 1}), InputError);
}
