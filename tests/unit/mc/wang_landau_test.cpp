#include <omp.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"
#include "fixtures/enumerated.hpp"
#include "fixtures/toy_models.hpp"
#include "mc/wang_landau_run.hpp"
#include "model/occupation.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using crystal::Vector3i;
using Occ = std::vector<model::Species>;

namespace {

constexpr double J_eV = 0.01;  // E_gas - mu N = E_Ising + const with w = -4 J, mu = 2 w
const auto silent = [](std::int64_t) {};

model::LatticeModel ising() {
  return fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), -4 * J_eV);
}

/// Exact levels of P = E - mu N: number of states, for compositions from min_n to max_n.
std::map<long long, double> exact_levels(const model::LatticeModel& model, double mu_eV,
                                         double unit_eV, int min_n = 0, int max_n = 99) {
  std::map<long long, double> g;
  const int sites = model.n_sites();
  Occ occ(static_cast<std::size_t>(sites));
  for (std::uint32_t state = 0; state < (1U << sites); ++state) {
    int n = 0;
    for (int i = 0; i < sites; ++i) {
      const bool filled = ((state >> i) & 1U) != 0;
      occ[static_cast<std::size_t>(i)] = filled ? 0 : 1;
      n += filled;
    }
    if (n < min_n || n > max_n) continue;
    g[std::llround((model.energy_eV(occ) - mu_eV * n) / unit_eV)] += 1.0;
  }
  return g;
}

struct Exact {
  double P_eV, entropy, heat_capacity;  // of the cell; the latter two in k_B
};

Exact exact(const std::map<long long, double>& g, double unit_eV, double T_K) {
  const double beta = 1.0 / (k_B * T_K);
  double z = 0.0, P = 0.0, P2 = 0.0;
  for (const auto& [level, count] : g) {
    const double E = unit_eV * static_cast<double>(level), w = count * std::exp(-beta * E);
    z += w;
    P += w * E;
    P2 += w * E * E;
  }
  P /= z;
  return {P, beta * P + std::log(z), beta * beta * (P2 / z - P * P)};
}

/// ln g of every level and entropy, heat capacity and <P> at three temperatures within 3.5 errors
/// of independent runs.
void require_exact(const std::vector<mc::DensityOfStates>& runs,
                   const std::map<long long, double>& g, double unit_eV,
                   const std::vector<double>& temperatures_K) {
  for (const auto& run : runs) {
    REQUIRE(run.converged);
    REQUIRE(run.levels.size() == g.size());
  }
  std::size_t k = 0;
  for (const auto& [level, count] : g) {
    std::vector<double> log_g;
    for (const auto& run : runs) {
      CHECK_THAT(run.levels[k].P_eV, WithinAbs(unit_eV * static_cast<double>(level), 1e-9));
      CHECK_THAT(run.levels[k].variance_eV2, WithinAbs(0.0, 1e-12));
      log_g.push_back(run.levels[k].log_g);
    }
    const auto mean = observe::mean_of_replicas(log_g);
    CHECK(mean.error < 0.03);
    CHECK_THAT(mean.value, WithinAbs(std::log(count), 3.5 * mean.error));
    ++k;
  }
  for (const double T_K : temperatures_K) {
    const auto point = thermodynamic_point(runs, T_K, 1.0);
    const Exact e = exact(g, unit_eV, T_K);
    CHECK(point.entropy_kB.error < 0.03);
    CHECK(point.heat_capacity_kB.error < 0.1);
    CHECK_THAT(point.entropy_kB.value, WithinAbs(e.entropy, 3.5 * point.entropy_kB.error));
    CHECK_THAT(point.heat_capacity_kB.value,
               WithinAbs(e.heat_capacity, 3.5 * point.heat_capacity_kB.error));
    CHECK_THAT(point.P_eV.value, WithinAbs(e.P_eV, 3.5 * point.P_eV.error));
  }
}

}  // namespace

TEST_CASE("the density of states of the 4x4 Ising model is the enumerated one",
          "[mc][wang-landau]") {
  const auto model = ising();
  const double mu_eV = -8 * J_eV;
  const auto g = exact_levels(model, mu_eV, 4 * J_eV);
  std::vector<double> counts;
  for (const auto& [level, count] : g) counts.push_back(count);
  REQUIRE(counts == std::vector<double>{2, 32, 64, 424, 1728, 6688, 13568, 20524, 13568, 6688, 1728,
                                        424, 64, 32, 2});
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  const auto runs = run_wang_landau(
      sampled, mc::SemiGrand(model, {{"Li", mu_eV}}), model::uniform_occupation(model, "Va"),
      {.bin_eV = 1e-4, .final_ln_f = 3e-5}, 12, 1, 0, "ising", silent);
  require_exact(runs, g, 4 * J_eV, {150, 263, 400, 2000});
}

TEST_CASE("at fixed composition the density of states is that of the composition",
          "[mc][wang-landau]") {
  const auto model = ising();
  const auto g = exact_levels(model, 0.0, 4 * J_eV, 6, 6);
  Random random(1, Purpose::test);
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  const auto runs = run_wang_landau(sampled, mc::Canonical(model),
                                    model::random_occupation(model, "Li", 6, random),
                                    {.bin_eV = 1e-4, .final_ln_f = 3e-5}, 12, 2, 0, "six", silent);
  require_exact(runs, g, 4 * J_eV, {200, 400, 1000});
  CHECK(runs[0].levels[0].n == 6.0);
}

TEST_CASE("a cap on the number of atoms bounds the states that count", "[mc][wang-landau]") {
  const auto model = ising();
  const double mu_eV = -0.04;
  const auto g = exact_levels(model, mu_eV, 4 * J_eV, 0, 7);
  double states = 0.0;
  for (const auto& [level, count] : g) states += count;
  const mc::SemiGrand ensemble(model, {{"Li", mu_eV}}, mc::Cap{"Li", 7});
  REQUIRE_THAT(ensemble.log_states({}), WithinAbs(std::log(states), 1e-9));
  const mc::Sampled sampled{model, "Li", 16.0, 7};
  const auto runs = run_wang_landau(sampled, ensemble, model::uniform_occupation(model, "Va"),
                                    {.bin_eV = 1e-4, .final_ln_f = 3e-5}, 12, 3, 0, "cap", silent);
  require_exact(runs, g, 4 * J_eV, {300, 600});
  const auto point = thermodynamic_point(runs, 300.0, 16.0);
  const auto enumerated = fixtures::enumerated(model, 300.0, mu_eV, 0, 7);
  CHECK_THAT(point.x.value, WithinAbs(enumerated.n / 16.0, 3.5 * point.x.error));
}

TEST_CASE("the number of states of several species counts every list", "[mc][wang-landau]") {
  const auto model =
      fixtures::lattice_gas(fixtures::honeycomb({"Li", "Va"}), Vector3i(3, 3, 1), 0.0);
  CHECK_THAT(mc::SemiGrand(model, {}).log_states({}), WithinAbs(18 * std::log(2.0), 1e-9));
  const auto three =
      model::compile(fixtures::random_expansion(fixtures::square({"Li", "Na", "Va"}),
                                                cluster::BasisKind::chebyshev, {3.1}, 5),
                     {}, Vector3i(3, 3, 1));
  CHECK_THAT(mc::SemiGrand(three, {}).log_states({}), WithinAbs(9 * std::log(3.0), 1e-9));
  // at most one Li: 2^9 + 9 2^8
  CHECK_THAT(mc::SemiGrand(three, {}, mc::Cap{"Li", 1}).log_states({}),
             WithinAbs(std::log(512.0 + 9 * 256.0), 1e-9));
  CHECK_THAT(mc::Canonical(three).log_states({0, 0, 1, 1, 1, 2, 2, 2, 2}),
             WithinAbs(std::log(1260.0), 1e-9));
}

TEST_CASE("wide bins give the averages of a model whose levels are all different",
          "[mc][wang-landau]") {
  const auto model = model::compile(
      fixtures::random_expansion(fixtures::square(), cluster::BasisKind::chebyshev, {4.3}, 3, 0.02),
      {}, Vector3i(4, 4, 1));
  const double mu_eV = 0.02;
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  const auto runs = run_wang_landau(sampled, mc::SemiGrand(model, {{"Li", mu_eV}}),
                                    model::uniform_occupation(model, "Va"),
                                    {.bin_eV = 0.01, .final_ln_f = 1e-4}, 8, 4, 0, "bins", silent);
  for (const double T_K : {300.0, 600.0}) {  // bins of 0.4 and 0.2 kT
    const auto point = thermodynamic_point(runs, T_K, 16.0);
    const auto e = fixtures::enumerated(model, T_K, mu_eV);
    const double P_eV = (e.energy_eV - mu_eV * e.n) / 16.0;
    const double bias = 1e-4;  // of third order in the width of bins over kT
    CHECK(point.entropy_kB.error < 5e-3);
    CHECK_THAT(point.free_energy_eV.value, WithinAbs(-e.log_partition * k_B * T_K / 16.0,
                                                     3.5 * point.free_energy_eV.error + 1e-6));
    CHECK_THAT(point.P_eV.value, WithinAbs(P_eV, 3.5 * point.P_eV.error + 1e-6));
    CHECK_THAT(point.entropy_kB.value, WithinAbs(P_eV / (k_B * T_K) + e.log_partition / 16.0,
                                                 3.5 * point.entropy_kB.error + bias));
    CHECK_THAT(point.x.value, WithinAbs(e.n / 16.0, 3.5 * point.x.error + bias));
  }
}

TEST_CASE("a run that ends before its schedule says so", "[mc][wang-landau]") {
  const auto model = ising();
  mc::WangLandau<mc::SemiGrand> walk(
      model, mc::SemiGrand(model, {{"Li", -0.08}}), model::uniform_occupation(model, "Va"), "Li",
      {.bin_eV = 1e-4, .final_ln_f = 1e-8, .max_sweeps = 50}, Random(1, Purpose::wang_landau));
  while (!walk.finished()) walk.sweep();
  CHECK(walk.density().sweeps == 50);
  CHECK_FALSE(walk.density().converged);
}

TEST_CASE("a density of states that is taken up goes on with the same bits", "[mc][wang-landau]") {
  const auto model =
      model::compile(fixtures::random_expansion(fixtures::square({"Li", "Na", "Va"}),
                                                cluster::BasisKind::chebyshev, {3.1}, 5),
                     {}, Vector3i(3, 3, 1));
  using Walk = mc::WangLandau<mc::SemiGrand>;
  const auto fresh = [&] {
    return Walk(model, mc::SemiGrand(model, {{"Li", 0.01}}), model::uniform_occupation(model, "Va"),
                "Li", {.bin_eV = 0.02}, Random(3, Purpose::wang_landau));
  };
  Walk whole = fresh();
  for (int k = 0; k < 1550; ++k) whole.sweep();
  Archive half;
  whole.save(half);
  for (int k = 0; k < 20'000; ++k) whole.sweep();
  Walk again = fresh();
  again.restore(half);
  for (int k = 0; k < 20'000; ++k) again.sweep();
  Archive a, b;
  whole.save(a);
  again.save(b);
  CHECK(a.arrays() == b.arrays());
  CHECK(numbers(whole.density()) == numbers(again.density()));
  whole.count(whole.density().levels, 900);
  for (int k = 0; k < 333; ++k) whole.sweep();
  Archive counted;
  whole.save(counted);
  Walk last = fresh();
  last.restore(counted);
  while (!whole.finished()) whole.sweep();
  while (!last.finished()) last.sweep();
  CHECK(numbers(whole.density()) == numbers(last.density()));
  Archive foreign;
  mc::WangLandau<mc::SemiGrand>(ising(), mc::SemiGrand(ising(), {}), Occ(16, 0), "Li", {},
                                Random(1, Purpose::test))
      .save(foreign);
  CHECK_THROWS_AS(again.restore(foreign), InputError);
}

TEST_CASE("runs are the same on one thread and on several, and differ from each other",
          "[mc][wang-landau]") {
  const auto model = ising();
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  const int before = omp_get_max_threads();
  const auto run = [&](int threads) {
    omp_set_num_threads(threads);
    const auto runs = run_wang_landau(sampled, mc::SemiGrand(model, {{"Li", -0.08}}),
                                      model::uniform_occupation(model, "Va"),
                                      {.bin_eV = 1e-4, .final_ln_f = 1e-3}, 3, 5, 0, "t", silent);
    std::vector<std::vector<double>> all;
    for (const auto& r : runs) all.push_back(numbers(r));
    return all;
  };
  const auto one = run(1);
  CHECK(run(3) == one);
  CHECK(one[0] != one[1]);
  omp_set_num_threads(before);
}
