#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "kmc_fixtures.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using fixtures::kT_eV;
using model::LatticeModel;
using model::Species;

namespace {

constexpr int sites = 16, ions = 8;

/// Boltzmann probability of each energy level (multiples of quantum_eV) over all 12870 states.
std::map<long, double> exact_levels(const LatticeModel& m, double quantum_eV) {
  std::map<long, double> weight;
  double sum = 0.0;
  std::vector<Species> occ(sites);
  for (unsigned bits = 0; bits < (1u << sites); ++bits) {
    if (__builtin_popcount(bits) != ions) continue;
    for (unsigned i = 0; i < sites; ++i) occ[i] = (bits >> i & 1u) != 0 ? 0 : 1;
    const double energy_eV = m.energy_eV(occ);
    const double w = std::exp(-energy_eV / kT_eV);
    weight[std::lround(energy_eV / quantum_eV)] += w;
    sum += w;
  }
  for (auto& [level, w] : weight) w /= sum;
  return weight;
}

struct Average {
  double value, error;
};

/// Fraction of time spent in each level, from expected residence times; errors from 50 blocks.
std::map<long, Average> kmc_levels(fixtures::Kmc& k, double quantum_eV, int steps_per_block) {
  constexpr int blocks = 50;
  std::map<long, std::vector<double>> parts;
  std::vector<double> total(blocks, 0.0);
  for (int n = 0; n < 2000; ++n) k.engine.step();
  for (std::size_t b = 0; b < blocks; ++b)
    for (int n = 0; n < steps_per_block; ++n) {
      const long level = std::lround(k.model.energy_eV(k.engine.state().occupation) / quantum_eV);
      auto& part = parts.try_emplace(level, blocks, 0.0).first->second;
      part[b] += 1.0 / k.engine.total_rate_Hz();
      total[b] += 1.0 / k.engine.total_rate_Hz();
      k.engine.step();
    }
  std::map<long, Average> averages;
  for (const auto& [level, part] : parts) {
    double mean = 0.0, square = 0.0;
    for (std::size_t b = 0; b < blocks; ++b) {
      mean += part[b] / total[b] / blocks;
      square += part[b] / total[b] * part[b] / total[b] / blocks;
    }
    averages[level] = {mean, std::sqrt((square - mean * mean) / (blocks - 1))};
  }
  return averages;
}

void check_levels(const LatticeModel& m, double quantum_eV, double e_kra_eV, std::uint64_t seed) {
  auto k = fixtures::random_kmc(m, fixtures::nn_hops(fixtures::square(), e_kra_eV), ions, seed);
  const auto exact = exact_levels(m, quantum_eV);
  const auto measured = kmc_levels(*k, quantum_eV, 2000);
  int tested = 0;
  for (const auto& [level, probability] : exact) {
    if (probability < 0.003) continue;  // too rare to be visited in every block
    INFO("level " << level << " p " << probability);
    REQUIRE(measured.count(level) == 1);
    const Average& a = measured.at(level);
    CHECK(a.error < 0.05);
    CHECK_THAT(a.value, WithinAbs(probability, 4.0 * a.error));
    ++tested;
  }
  CHECK(tested >= 4);
}

}  // namespace

TEST_CASE("kMC of repelling ions spends its time by Boltzmann weights of all 12870 states") {
  const double w_eV = 0.04;
  const double e_kra_eV = GENERATE(0.0, 0.03, 0.4);  // Metropolis, partly clamped, never clamped
  check_levels(fixtures::lattice_gas(fixtures::square(), {4, 4, 1}, w_eV), w_eV, e_kra_eV, 31);
}

TEST_CASE("kMC of attracting ions spends its time by Boltzmann weights of all 12870 states") {
  const double w_eV = -0.03;
  check_levels(fixtures::lattice_gas(fixtures::square(), {4, 4, 1}, w_eV), w_eV, 0.2, 32);
}

TEST_CASE("equilibrium does not depend on the barriers") {
  const double w_eV = 0.04;
  const auto m = fixtures::lattice_gas(fixtures::square(), {4, 4, 1}, w_eV);
  auto network = model::find_hops(fixtures::square(), {}, "Li", 4.5);
  set_barrier(network, 0, 3.0, 0.2, 1e12);
  set_barrier(network, 1, 4.243, 0.05, 4e12);
  auto k = fixtures::random_kmc(m, network, ions, 33);
  double mean_eV = 0.0, exact_eV = 0.0, variance = 0.0;
  for (const auto& [level, p] : exact_levels(m, w_eV))
    exact_eV += p * w_eV * static_cast<double>(level);
  for (const auto& [level, a] : kmc_levels(*k, w_eV, 2000)) {
    mean_eV += a.value * w_eV * static_cast<double>(level);
    variance += std::pow(a.error * (w_eV * static_cast<double>(level) - exact_eV), 2);
  }
  CHECK_THAT(mean_eV, WithinAbs(exact_eV, 4.0 * std::sqrt(variance)));
}
