#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"

using lithiate::Purpose;
using lithiate::Random;

TEST_CASE("the same names give the same stream", "[core]") {
  Random a(7, Purpose::test, 3, 5), b(7, Purpose::test, 3, 5);
  for (int i = 0; i < 100; ++i) REQUIRE(a.bits() == b.bits());
}

TEST_CASE("any other seed, purpose, place or cycle gives another stream", "[core]") {
  std::set<std::uint64_t> first{Random(7, Purpose::test, 3, 5).bits()};
  first.insert(Random(8, Purpose::test, 3, 5).bits());
  first.insert(Random(7, Purpose::mc_step, 3, 5).bits());
  first.insert(Random(7, Purpose::test, 4, 5).bits());
  first.insert(Random(7, Purpose::test, 3, 6).bits());
  REQUIRE(first.size() == 5);
}

TEST_CASE("Philox 4x64-10 reproduces the published known answer for zero key and counter",
          "[core]") {
  // Random123 kat_vectors: philox4x64 10 rounds, all zero
  Random zero(0, static_cast<Purpose>(0), 0, 0);
  REQUIRE(zero.bits() == 0x16554d9eca36314cULL);
  REQUIRE(zero.bits() == 0xdb20fe9d672d0fdcULL);
  REQUIRE(zero.bits() == 0xd7e772cee186176bULL);
  REQUIRE(zero.bits() == 0x7e68b68aec7ba23bULL);
}

TEST_CASE("uniform numbers stay in their half-open intervals", "[core]") {
  Random random(1, Purpose::test);
  for (int i = 0; i < 100000; ++i) {
    const double u = random.uniform(), v = random.uniform_nonzero();
    REQUIRE((u >= 0.0 && u < 1.0));
    REQUIRE((v > 0.0 && v <= 1.0));
  }
}

TEST_CASE("mean and variance of uniform numbers are 1/2 and 1/12 within 4 standard errors",
          "[core]") {
  Random random(2, Purpose::test);
  const int n = 200000;
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform() - 0.5;
    sum += u;
    squares += u * u;
  }
  REQUIRE(std::abs(sum / n) < 4.0 * std::sqrt(1.0 / 12.0 / n));
  REQUIRE(std::abs(squares / n - 1.0 / 12.0) < 4.0 * std::sqrt(1.0 / 180.0 / n));
}

TEST_CASE("below(n) reaches every value equally often", "[core]") {
  Random random(3, Purpose::test);
  const int n = 7, draws = 70000;
  std::array<int, 7> counts{};
  for (int i = 0; i < draws; ++i) ++counts[random.below(n)];
  double chi2 = 0.0;
  for (const int c : counts) chi2 += std::pow(c - draws / n, 2) / (draws / n);
  REQUIRE(chi2 < 22.5);  // 0.1 % tail of chi squared with 6 degrees of freedom
}

TEST_CASE("normal numbers have mean 0 and variance 1 within 4 standard errors", "[core]") {
  Random random(4, Purpose::test);
  const int n = 200000;
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < n; ++i) {
    const double g = random.normal();
    sum += g;
    squares += g * g;
  }
  REQUIRE(std::abs(sum / n) < 4.0 / std::sqrt(n));
  REQUIRE(std::abs(squares / n - 1.0) < 4.0 * std::sqrt(2.0 / n));
}

TEST_CASE("a stream goes on where it was saved, at any place in a block", "[core]") {
  Random random(5, Purpose::test, 2, 3);
  for (int k = 0; k < 10; ++k) {
    Random one = random, other = Random::restored(random.saved());
    for (int j = 0; j < 9; ++j) REQUIRE(one.bits() == other.bits());
    random.bits();
  }
  auto saved = random.saved();
  saved[6] = 5;
  CHECK_THROWS_AS(Random::restored(saved), lithiate::InputError);
}
