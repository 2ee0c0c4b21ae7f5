#include "kmc/spin_polynomial.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "kmc/hop_polynomial.hpp"
#include "kmc_fixtures.hpp"

namespace lithiate::kmc {
namespace {

using Catch::Matchers::WithinAbs;

double least(const SpinPolynomial& p, int n) {
  double smallest = INFINITY;
  for (int bits = 0; bits < 1 << n; ++bits) {
    std::vector<int> spin;
    for (int i = 0; i < n; ++i) spin.push_back((bits >> i & 1) != 0 ? 1 : -1);
    smallest = std::min(smallest, p(spin));
  }
  return smallest;
}

TEST_CASE("no spins lie below the bound of a random polynomial") {
  Random random(1, Purpose::test);
  for (int round = 0; round < 200; ++round) {
    const int n = 2 + static_cast<int>(random.below(9));
    SpinPolynomial p;
    for (int term = 0; term < 4 * n; ++term) {
      std::vector<int> spins;
      for (int i = 0; i < n; ++i)
        if (random.below(static_cast<std::uint64_t>(n)) < 2) spins.push_back(i);
      if (spins.size() <= 4) p.add(spins, random.normal());
    }
    const double bound = p.lower_bound(), smallest = least(p, n);
    REQUIRE(bound <= smallest + 1e-12 * std::abs(smallest));
  }
}

TEST_CASE("the bound of a frustrated ring is that of its semidefinite relaxation") {
  for (const int n : {3, 5, 7}) {
    SpinPolynomial p;
    for (int i = 0; i + 1 < n; ++i) p.add({i, i + 1}, 1.0);
    p.add({0, n - 1}, 1.0);
    CHECK_THAT(p.lower_bound(), WithinAbs(-n * std::cos(M_PI / n), 1e-2));  // n vectors in a plane
    CHECK_THAT(least(p, n), WithinAbs(2.0 - n, 1e-12));
  }
}

TEST_CASE("spins without frustration are bounded exactly") {
  SpinPolynomial p;
  p.add({}, 0.25);
  p.add({0}, -2.0);
  p.add({1}, 0.5);
  p.add({0, 1}, 1.0);
  p.add({2, 3, 4}, 0.125);
  CHECK_THAT(p.lower_bound(), WithinAbs(0.25 - 3.5 - 0.125, 1e-12));
  CHECK_THAT(least(p, 5), WithinAbs(p.lower_bound(), 1e-12));
  CHECK(SpinPolynomial().lower_bound() == 0.0);
}

TEST_CASE("a hop's polynomial is its energy change, never below the bound") {
  auto k = fixtures::random_hcp_kmc(31);
  const model::OccupationPolynomial energy(k->model, {0, 0});  // n = 1: Li
  const auto& occ = k->engine.state().occupation;
  for (int h = 0; h < static_cast<int>(k->table.network().hops.size()); ++h) {
    const model::Hop& hop = k->table.network().hops[static_cast<std::size_t>(h)];
    const HopPolynomial dE(energy, hop);
    const model::SiteIndex from = k->model.index(hop.from, {1, 2, 1});
    const auto site = [&](const model::Place& p) {
      return k->model.index(p.basis, crystal::Vector3i(1, 2, 1) + p.cell_vector());
    };
    auto before = occ, after = occ;
    const auto a = static_cast<std::size_t>(from);
    const auto b =
        static_cast<std::size_t>(site(translated(model::Place{hop.to, {0, 0, 0}}, hop.shift)));
    before[a] = 0, before[b] = 1;
    after[a] = 1, after[b] = 0;
    double sum_eV = 0.0;
    for (const auto& set : dE.sets()) {
      bool all = true;
      for (const auto& p : set.others) all = all && before[static_cast<std::size_t>(site(p))] == 0;
      if (all)
        sum_eV += model::OccupationPolynomial::unit_eV * static_cast<double>(set.coefficient);
    }
    REQUIRE_THAT(sum_eV, WithinAbs(k->model.energy_eV(after) - k->model.energy_eV(before), 1e-9));
    REQUIRE(dE.lower_bound_eV() <= sum_eV);
  }
}

}  // namespace
}  // namespace lithiate::kmc
