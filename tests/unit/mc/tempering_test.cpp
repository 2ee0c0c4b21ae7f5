#include <omp.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "fixtures/charged_chain.hpp"
#include "fixtures/enumerated.hpp"
#include "mc/tempering_run.hpp"
#include "model/occupation.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using crystal::Vector3i;
using Occ = std::vector<model::Species>;
using Ladder = mc::Tempering<mc::SemiGrand>;

namespace {

/// Small cells cost more to hand to threads than to sweep.
class OneThread {
 public:
  OneThread() { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_ = omp_get_max_threads();
};

template <class Ensemble>
mc::TemperingResult run_alone(const mc::Sampled& sampled, mc::Tempering<Ensemble> ladder,
                              const mc::TemperingConfig& config) {
  const OneThread guard;
  return run_tempering(sampled, std::move(ladder), config, "name", [](std::int64_t) {});
}

Ladder ladder_in_T(const model::LatticeModel& model, const std::vector<double>& T_K, double mu_eV,
                   std::uint64_t seed = 1) {
  std::vector<Ladder::Rung> rungs;
  for (const double T : T_K) rungs.push_back({T, mc::SemiGrand(model, {{"Li", mu_eV}})});
  return {model, rungs, model::uniform_occupation(model, "Va"), seed, 0};
}

Ladder ladder_in_mu(const model::LatticeModel& model, double T_K,
                    const std::vector<double>& mu_eV) {
  std::vector<Ladder::Rung> rungs;
  for (const double mu : mu_eV) rungs.push_back({T_K, mc::SemiGrand(model, {{"Li", mu}})});
  return {model, rungs, model::uniform_occupation(model, "Va"), 2, 0};
}

void require_exact(const model::LatticeModel& model, const mc::StatePoint& p, double mu_eV) {
  const double sites = model.n_sites();
  const auto exact = fixtures::enumerated(model, p.temperature_K, mu_eV);
  REQUIRE(p.x.error < 0.03);
  CHECK_THAT(p.x.value, WithinAbs(exact.n / sites, 3.5 * p.x.error));
  CHECK_THAT(p.energy_eV.value, WithinAbs(exact.energy_eV / sites, 3.5 * p.energy_eV.error));
  CHECK_THAT(p.variance_n.value, WithinAbs(exact.variance_n() / sites, 3.5 * p.variance_n.error));
}

/// The attractive square lattice gas at coexistence, where it is the Ising model without a field;
/// T in units of its critical temperature.
constexpr double attraction_eV = -0.06;
constexpr double coexistence_eV = 2 * attraction_eV;
double at_reduced_temperature(double t) {
  return t * std::abs(attraction_eV) / 4.0 * 2.0 / std::log1p(std::sqrt(2.0)) / k_B;
}

}  // namespace

TEST_CASE("averages of every rung of temperatures equal the enumeration", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), 0.05);
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  const auto result = run_alone(sampled, ladder_in_T(model, {200, 300, 450, 700}, 0.1),
                                {.sweeps = 40'000, .sweeps_per_swap = 10});
  for (const auto& point : result.points) require_exact(model, point, 0.1);
  REQUIRE(result.round_trips > 100);
}

TEST_CASE("averages of every rung of chemical potentials equal the enumeration",
          "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), attraction_eV);
  const mc::Sampled sampled{model, "Li", 16.0, 16};
  const std::vector<double> mu_eV{-0.128, -0.124, -0.12, -0.116, -0.112};
  const double T_K = at_reduced_temperature(1.2);
  const auto result = run_alone(sampled, ladder_in_mu(model, T_K, mu_eV),
                                {.sweeps = 40'000, .sweeps_per_swap = 10});
  for (std::size_t k = 0; k < mu_eV.size(); ++k) require_exact(model, result.points[k], mu_eV[k]);
  REQUIRE(result.round_trips > 100);
}

TEST_CASE("neutral rungs keep the charge and meet the enumeration", "[mc][tempering]") {
  const auto model = fixtures::charged_model({"Li1+", "Va"}, {"V2+", "V3+"}, 4);
  const auto charges = mc::charges_of(model, {});
  const std::map<std::string, double> mu{{"Li1+", 0.03}};
  std::vector<mc::Tempering<mc::NeutralSemiGrand>::Rung> rungs;
  for (const double T : {300.0, 500.0, 900.0})
    rungs.push_back({T, mc::NeutralSemiGrand(model, charges, mu)});
  Random start(1, Purpose::initial_state);
  const Occ occ = mc::arrangement_of_charge(model, charges, 12, start);
  const mc::Sampled sampled{
      .model = model, .mobile = "Li1+", .formula_units = 4.0, .max_mobile = 4, .counted = {"V2+"}};
  const auto result =
      run_alone(sampled, mc::Tempering<mc::NeutralSemiGrand>(model, rungs, occ, 3, 0),
                {.sweeps = 40'000, .sweeps_per_swap = 10});
  const mc::SemiGrand weights(model, mu);
  for (const auto& p : result.points) {
    double z = 0.0, n = 0.0;
    fixtures::for_each_state(model, [&](const Occ& state) {
      if (mc::total_charge(model, charges, state) != 12) return;
      const double w = std::exp(-(model.energy_eV(state) - weights.chemical_eV(state)) /
                                (k_B * p.temperature_K));
      z += w;
      n += w * static_cast<double>(model::count(model, state, "Li1+"));
    });
    CHECK_THAT(p.x.value, WithinAbs(n / z / 4.0, 3.5 * p.x.error));
    REQUIRE(p.species.size() == 1);
    CHECK_THAT(p.species[0].value, WithinAbs(p.x.value, 1e-12));  // as many V2+ as Li+
  }
}

TEST_CASE("an exchange and its reverse obey detailed balance", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), 0.04);
  const std::vector<Ladder::Rung> rungs{{300.0, mc::SemiGrand(model, {{"Li", 0.02}})},
                                        {350.0, mc::SemiGrand(model, {{"Li", 0.05}})}};
  Ladder ladder(model, rungs, model::uniform_occupation(model, "Va"), 4, 0);
  for (int k = 0; k < 50; ++k) {
    ladder.round(1);
    const auto log_weight = [&](std::size_t rung, const Occ& occ) {
      return -(model.energy_eV(occ) - rungs[rung].ensemble.chemical_eV(occ)) /
             (k_B * rungs[rung].temperature_K);
    };
    const Occ a = ladder.walk(0).occupation(), b = ladder.walk(1).occupation();
    const double change = log_weight(0, b) + log_weight(1, a) - log_weight(0, a) - log_weight(1, b);
    const double forth = ladder.swap_exponent(0);
    CHECK_THAT(forth, WithinAbs(change, 1e-9));
    ladder.swap(0);
    CHECK(ladder.walk(0).occupation() == b);
    CHECK_THAT(ladder.swap_exponent(0), WithinAbs(-forth, 1e-9));
    CHECK_THAT(ladder.walk(0).energy_eV(), WithinAbs(model.energy_eV(b), 1e-9));
  }
}

TEST_CASE("round trips are counted from the first rung to the last and back", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1));
  Ladder ladder = ladder_in_T(model, {300, 300}, 0.0);  // every exchange is accepted
  for (int k = 0; k < 40; ++k) ladder.round(1);
  REQUIRE(ladder.acceptance(0) == 1.0);
  // pair (0,1) is tried in every second round: 20 exchanges; a trip takes two of one replica
  REQUIRE(ladder.round_trips() == 19);
}

TEST_CASE("tempering crosses where a single walk stays on one side", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(8, 8, 1), attraction_eV);
  const mc::Sampled sampled{model, "Li", 64.0, 64};
  const double cold_K = at_reduced_temperature(0.55);
  mc::Metropolis<mc::SemiGrand> alone(model, mc::SemiGrand(model, {{"Li", coexistence_eV}}),
                                      model::uniform_occupation(model, "Va"), cold_K,
                                      Random(1, Purpose::mc_step));
  for (int k = 0; k < 40'000; ++k) {
    alone.sweep();
    REQUIRE(model::count(model, alone.occupation(), "Li") < 32);
  }
  std::vector<double> T_K;
  for (int k = 0; k < 9; ++k) T_K.push_back(at_reduced_temperature(0.55 + 0.1 * k));
  const auto result = run_alone(sampled, ladder_in_T(model, T_K, coexistence_eV),
                                {.sweeps = 40'000, .sweeps_per_swap = 10});
  const auto& cold = result.points.front();  // empty and full are alike: x = 1/2
  CHECK(cold.x.error < 0.05);
  CHECK_THAT(cold.x.value, WithinAbs(0.5, 3.5 * cold.x.error));
  CHECK(cold.variance_n.value > 0.2 * 64);
  CHECK(result.round_trips > 100);
}

TEST_CASE("a ladder gives the same bits on one thread and on several", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::triangular(), Vector3i(20, 20, 1), 0.03);
  const int before = omp_get_max_threads();
  const auto run = [&](int threads) {
    omp_set_num_threads(threads);
    Ladder ladder = ladder_in_T(model, {250, 300, 360, 430, 520}, 0.1, 9);
    for (int k = 0; k < 12; ++k) ladder.round(12);
    Archive archive;
    ladder.save(archive);
    return archive.arrays();
  };
  const auto one = run(1);
  CHECK(run(4) == one);
  CHECK(run(2) == one);
  omp_set_num_threads(before);
}

TEST_CASE("a ladder that is taken up goes on with the same bits", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::triangular(), Vector3i(5, 5, 1), 0.03);
  const auto fresh = [&] { return ladder_in_T(model, {250, 300, 360}, 0.1, 9); };
  Ladder whole = fresh();
  for (int k = 0; k < 30; ++k) whole.round(3);
  Archive half;
  whole.save(half);
  for (int k = 0; k < 30; ++k) whole.round(3);
  Ladder again = fresh();
  again.restore(half);
  for (int k = 0; k < 30; ++k) again.round(3);
  Archive a, b;
  whole.save(a);
  again.save(b);
  REQUIRE(a.arrays() == b.arrays());
}

TEST_CASE("a stored state of another ladder is refused", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1));
  Ladder two = ladder_in_T(model, {300, 400}, 0.0), three = ladder_in_T(model, {300, 400, 500}, 0);
  Archive archive;
  three.save(archive);
  REQUIRE_THROWS_AS(two.restore(archive), InputError);
}

TEST_CASE("a tempering run reads its result from the journal", "[mc][tempering]") {
  const auto model = fixtures::lattice_gas(fixtures::square(), Vector3i(4, 4, 1), 0.05);
  Journal journal;
  const mc::Sampled sampled{model, "Li", 16.0, 16, &journal};
  const auto run = [&](std::uint64_t seed) {
    return run_alone(sampled, ladder_in_T(model, {200, 300}, 0.1, seed),
                     {.sweeps = 2000, .sweeps_per_swap = 4});
  };
  const auto first = run(1), again = run(7);
  CHECK(first.points[0].x.value == again.points[0].x.value);
  CHECK(first.points[1].temperature_K == again.points[1].temperature_K);
  CHECK(first.round_trips == again.round_trips);
}
