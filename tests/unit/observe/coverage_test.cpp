/// The stated 95 % intervals hold the exact answer in 369 to 391 of 400 seeds.
#include <catch2/catch.hpp>

#include "unit/observe/walks.hpp"

using Catch::Matchers::WithinAbs;
using namespace lithiate;
using namespace lithiate::observe;

namespace {

void check_counts(const std::vector<int>& counts) {
  for (const int count : counts) {
    CHECK(count >= walks::fewest);
    CHECK(count <= walks::most);
  }
}

}  // namespace

TEST_CASE("intervals of a correlated mean and variance hold the exact ones") {
  const double phi = GENERATE(0.5, 0.8);
  const double tau = 0.5 * (1.0 + phi) / (1.0 - phi);
  check_counts(walks::covered({0.0, 1.0}, [&](int seed) {
    Random rng = walks::random(seed);
    const std::vector<double> x = walks::ar1(rng, phi, static_cast<std::size_t>(200.0 * tau));
    return std::vector{mean_with_error(x), variance_with_error(x)};
  }));
}

TEST_CASE(
    "intervals of the mean of a series of only 30 correlation times do not promise too much") {
  const std::vector<int> counts = walks::covered({0.0}, [](int seed) {
    Random rng = walks::random(seed);
    return std::vector{mean_with_error(walks::ar1(rng, 0.8, 135))};
  });
  CHECK(counts[0] >= walks::fewest);
}

TEST_CASE("intervals of lone walkers hold the D of a random walk") {
  check_counts(walks::covered({1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0, 1.0, 1.0}, [](int seed) {
    const TransportResult r = walks::run_walkers({5}, seed, 640, {8, 32}).result();
    return std::vector{r.d_tracer, r.d_jump, r.d_uncorrelated, r.f, r.f_collective, r.haven};
  }));
}

TEST_CASE("intervals of a single walker on a line hold its D") {
  check_counts(walks::covered({0.5, 0.5}, [](int seed) {
    const walks::Walkers one{1, {1.0, 0.0, 0.0}};
    const TransportResult r =
        walks::run_walkers(one, seed, 960, {8, 32}).result({true, false, false});
    return std::vector{r.d_tracer, r.d_jump};
  }));
}

TEST_CASE("intervals of a walk with memory hold f = (1 + cos) / (1 - cos)") {
  const double cosine = GENERATE(-0.4, 0.3);
  const double f = (1.0 + cosine) / (1.0 - cosine);
  check_counts(walks::covered({0.5 * f, f, f, 1.0}, [&](int seed) {
    const walks::Walkers persistent{4, {1.0, 0.0, 0.0}, cosine, 4.0};
    const TransportResult r =
        walks::run_walkers(persistent, seed, 640, {8, 32}).result({true, false, false});
    return std::vector{r.d_tracer, r.f, r.f_collective, r.haven};
  }));
}

TEST_CASE("the exact f of a torus tends to that of the infinite lattice") {
  const auto extrapolated = [](int z) {  // f = f_infinite + c / sites
    const double a = walks::exact_f({11, z}), b = walks::exact_f({21, z});
    return (441.0 * b - 121.0 * a) / (441.0 - 121.0);
  };
  CHECK_THAT(extrapolated(4), WithinAbs(0.466942206924, 5e-5));  // 1 / (pi - 1)
  CHECK_THAT(extrapolated(6), WithinAbs(0.560057002032, 5e-5));
}

TEST_CASE("intervals of a vacancy on a small triangular torus hold the exact f") {
  const walks::Torus torus{4, 6};
  const double f = walks::exact_f(torus);
  check_counts(walks::covered({f, 1.0, f}, [&](int seed) {
    const TransportResult r =
        walks::run_vacancy(torus, seed, 480, 6, {8, 24}).result({true, true, false});
    return std::vector{r.f, r.f_collective, r.haven};
  }));
}
