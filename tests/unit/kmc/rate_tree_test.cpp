#include "kmc/rate_tree.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/random.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using kmc::RateTree;

namespace {

/// Rates over twelve decades, every third zero.
std::vector<double> random_rates(std::int64_t n, Random& random) {
  std::vector<double> rates(static_cast<std::size_t>(n));
  for (double& r : rates) r = random.below(3) == 0 ? 0.0 : std::pow(10.0, 12 * random.uniform());
  return rates;
}

}  // namespace

TEST_CASE("the total is the sum of all rates at any number of events") {
  const std::int64_t n = GENERATE(1, 7, 8, 9, 63, 64, 65, 513, 5000);
  Random random(1, Purpose::test);
  RateTree tree(n);
  const auto rates = random_rates(n, random);
  for (std::int64_t e = 0; e < n; ++e) tree.update(e, rates[static_cast<std::size_t>(e)]);
  CHECK_THAT(tree.total_Hz(), WithinRel(std::accumulate(rates.begin(), rates.end(), 0.0), 1e-13));
}

TEST_CASE("an event is chosen in proportion to its rate, in order of the events") {
  RateTree tree(20);
  tree.update(3, 1.0);
  tree.update(4, 2.0);
  tree.update(17, 5.0);
  CHECK(tree.choose(0.0) == 3);
  CHECK(tree.choose(0.1249) == 3);
  CHECK(tree.choose(0.1251) == 4);
  CHECK(tree.choose(0.3749) == 4);
  CHECK(tree.choose(0.3751) == 17);
  CHECK(tree.choose(1.0 - 0x1p-53) == 17);
}

TEST_CASE("an event of rate zero is never chosen") {
  Random random(2, Purpose::test);
  for (const std::int64_t n : {1, 9, 100, 3000}) {
    RateTree tree(n);
    auto rates = random_rates(n, random);
    rates[static_cast<std::size_t>(n / 2)] = 1.0;
    for (std::int64_t e = 0; e < n; ++e) tree.set(e, rates[static_cast<std::size_t>(e)]);
    tree.flush();
    for (int k = 0; k < 20000; ++k) REQUIRE(tree.rate_Hz(tree.choose(random.uniform())) > 0.0);
    REQUIRE(tree.rate_Hz(tree.choose(0.0)) > 0.0);
    REQUIRE(tree.rate_Hz(tree.choose(1.0 - 0x1p-53)) > 0.0);
  }
}

TEST_CASE("a tiny rate beside huge ones is never lost at the upper end") {
  RateTree tree(64);
  for (std::int64_t e = 0; e < 63; ++e) tree.set(e, e % 2 == 0 ? 1e18 / 3.0 : 1e-9 / 7.0);
  tree.flush();
  for (const double u : {1.0 - 0x1p-53, 1.0 - 0x1p-52, 0.5, 0.3333333333333333})
    CHECK(tree.rate_Hz(tree.choose(u)) > 0.0);
}

TEST_CASE("a million updates leave no drift: the total returns bit for bit") {
  Random random(3, Purpose::test);
  RateTree tree(300);
  const auto rates = random_rates(300, random);
  for (std::int64_t e = 0; e < 300; ++e) tree.update(e, rates[static_cast<std::size_t>(e)]);
  const double total = tree.total_Hz();
  for (int k = 0; k < 1000000; ++k)
    tree.update(static_cast<std::int64_t>(random.below(300)), 1e15 * random.uniform());
  for (std::int64_t e = 0; e < 300; ++e) tree.update(e, rates[static_cast<std::size_t>(e)]);
  CHECK(tree.total_Hz() == total);
}

TEST_CASE("many rates set at once give the same sums as one by one") {
  Random random(4, Purpose::test);
  RateTree at_once(40000), one_by_one(40000);
  const auto rates = random_rates(40000, random);
  for (std::int64_t e = 0; e < 40000; ++e) {
    at_once.set(e, rates[static_cast<std::size_t>(e)]);
    one_by_one.update(e, rates[static_cast<std::size_t>(e)]);
  }
  at_once.flush();
  CHECK(at_once.total_Hz() == one_by_one.total_Hz());
}

TEST_CASE("chosen events occur with the frequencies of their rates") {
  RateTree tree(100);
  for (std::int64_t e = 0; e < 100; ++e) tree.set(e, static_cast<double>(e));
  tree.flush();
  Random random(5, Purpose::test);
  std::vector<double> count(100, 0.0);
  const int n = 200000;
  for (int k = 0; k < n; ++k) count[static_cast<std::size_t>(tree.choose(random.uniform()))] += 1;
  double chi2 = 0.0;
  for (std::size_t e = 1; e < 100; ++e) {
    const double mean = n * static_cast<double>(e) / 4950.0;
    chi2 += (count[e] - mean) * (count[e] - mean) / mean;
  }
  CHECK(count[0] == 0.0);
  CHECK_THAT(chi2, WithinAbs(98.0, 4.0 * std::sqrt(2.0 * 98.0)));  // 98 degrees of freedom, 4 sigma
}

TEST_CASE("a tree whose rates are all taken back is empty") {
  RateTree tree(1000);
  for (std::int64_t e = 0; e < 1000; ++e) tree.update(e, 1.0 / 3.0);
  for (std::int64_t e = 0; e < 1000; ++e) tree.update(e, 0.0);
  CHECK(tree.total_Hz() == 0.0);
}
