#include "benchmark/binder.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "benchmark/lattices.hpp"
#include "core/units.hpp"

using namespace lithiate;
using namespace lithiate::benchmark;

namespace {

/// U = 1 - <m^4> / 3 <m^2>^2 over all states of a spin model.
double exact_cumulant(const model::LatticeModel& model, double T_K) {
  const auto n = static_cast<unsigned>(model.n_sites());
  std::vector<model::Species> occ(n);
  double w = 0.0, m2 = 0.0, m4 = 0.0;
  for (unsigned state = 0; state < 1u << n; ++state) {
    for (unsigned i = 0; i < n; ++i) occ[i] = state >> i & 1u;
    const double weight = std::exp(-(model.energy_eV(occ) + 2.0 * n) / (k_B * T_K));
    const double m = 2.0 * __builtin_popcount(state) / n - 1.0;
    w += weight;
    m2 += weight * m * m;
    m4 += weight * m * m * m * m;
  }
  return 1.0 - m4 * w / (3.0 * m2 * m2);
}

}  // namespace

TEST_CASE("the cumulants of two small cells cross where their full enumerations do",
          "[benchmark]") {
  const ToyLattice square = toy_lattice("square");
  std::vector<BinderSystem> systems;
  for (const int L : {3, 4})
    systems.push_back({ising_model(square, square.repeats(L), 1.0), 0.0, 2});
  const auto gap = [&](double T_K) {
    return exact_cumulant(systems[1].model, T_K) - exact_cumulant(systems[0].model, T_K);
  };
  double low_K = 2.0 / k_B, high_K = 2.8 / k_B;
  for (int k = 0; k < 12; ++k)
    (gap(0.5 * (low_K + high_K)) > 0.0 ? low_K : high_K) = 0.5 * (low_K + high_K);
  BinderScan scan(systems, 2.35 / k_B, 0.02, 3, 0);
  const auto T =
      sample_until(scan.columns(), [&](Eigen::VectorXd& sums) { scan.sample(sums); },
                   {{[&](const Eigen::VectorXd& m) { return scan.crossing_K(m, 0, 1); }, 0.0}},
                   {.min_samples = 40000, .max_samples = 40000})[0];
  REQUIRE(T.error < 0.02 * low_K);
  REQUIRE(std::abs(T.value - low_K) < 4.0 * T.error);
}

TEST_CASE("spins and lattice gas of the same model have the same cumulants' crossing",
          "[benchmark]") {
  const ToyLattice square = toy_lattice("square");
  const auto crossing_K = [&](bool gas) {
    std::vector<BinderSystem> systems;
    for (const int L : {2, 4}) {
      if (gas)
        systems.push_back({pair_gas(square, square.repeats(L + 1), -4.0), -8.0, 1});
      else
        systems.push_back({ising_model(square, square.repeats(L + 1), 1.0), 0.0, 1});
    }
    BinderScan scan(systems, 2.3 / k_B, 0.02, 4, gas);
    return sample_until(scan.columns(), [&](Eigen::VectorXd& sums) { scan.sample(sums); },
                        {{[&](const Eigen::VectorXd& m) { return scan.crossing_K(m, 0, 1); }, 0.0}},
                        {.min_samples = 30000, .max_samples = 30000})[0];
  };
  const auto spins = crossing_K(false), gas = crossing_K(true);
  REQUIRE(spins.error < 0.02 * spins.value);
  REQUIRE(std::abs(spins.value - gas.value) < 4.0 * std::hypot(spins.error, gas.error));
}
