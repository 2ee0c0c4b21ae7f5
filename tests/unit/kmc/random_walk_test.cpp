#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "kmc_fixtures.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using crystal::Vector3d;
using crystal::Vector3i;
using fixtures::kT_eV;
using fixtures::nn_A;
using kmc::Method;

namespace {

constexpr double nu_Hz = 1e12;

Vector3i repeats_of(const fixtures::Toy& toy, int n) {
  return {n, toy.dimension > 1 ? n : 1, toy.dimension > 2 ? n : 1};
}

Vector3d total_displacement_A(const kmc::KmcEngine& engine) {
  Vector3d sum = Vector3d::Zero();
  for (std::int64_t ion = 0; ion < engine.n_ions(); ++ion) sum += engine.displacement_A(ion);
  return sum;
}

/// <|sum of displacements|^2> / (2 d N t) over `spans` spans of span_s, in A2/s.
double jump_diffusivity(kmc::KmcEngine& engine, int dimension, int spans, double span_s) {
  double sum_A2 = 0.0, end_s = engine.state().time_s;
  for (int k = 0; k < spans; ++k) {
    engine.reset_displacements();
    engine.advance_to(end_s += span_s);
    sum_A2 += total_displacement_A(engine).squaredNorm();
  }
  return sum_A2 / (2.0 * dimension * static_cast<double>(engine.n_ions()) * spans * span_s);
}

/// Relative standard error of that mean: the sum is normal in d dimensions after m hops, up to the
/// kurtosis of a Poisson number of hops.
double relative_error(int dimension, int spans, double m) {
  return std::sqrt((2.0 / dimension + 1.0 / m) / spans);
}

}  // namespace

TEST_CASE("a lone ion diffuses with D = z a^2 nu / 2d") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  for (const auto& toy : fixtures::bravais_toys()) {
    auto k = fixtures::random_run(fixtures::lattice_gas(toy.prim, repeats_of(toy, 4)),
                                  fixtures::nn_hops(toy.prim, 0.0, nu_Hz), 1, 21, method);
    const double exact = toy.coordination * nn_A * nn_A * nu_Hz / (2.0 * toy.dimension);
    const double m = 10.0, span_s = m / (toy.coordination * nu_Hz);
    const double d = jump_diffusivity(k->engine, toy.dimension, 4000, span_s);
    INFO(toy.prim.name);
    CHECK_THAT(d / exact, WithinAbs(1.0, 4.0 * relative_error(toy.dimension, 4000, m)));
  }
}

TEST_CASE("ions without interactions have D_J = z nu a^2 (1 - c) / 2d with c = (N - 1)/(S - 1)") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const int n_ions = GENERATE(10, 50, 90);
  const auto prim = fixtures::square();
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {10, 10, 1}),
                                fixtures::nn_hops(prim, 0.0, nu_Hz), n_ions, 22, method);
  const double exact = 4 * nu_Hz * nn_A * nn_A * (100.0 - n_ions) / 99.0 / 4.0;
  const int spans = 3000;
  const double d = jump_diffusivity(k->engine, 2, spans, 0.5 / nu_Hz);
  CHECK_THAT(d / exact, WithinAbs(1.0, 4.0 * relative_error(2, spans, 10.0)));
}

TEST_CASE("hops of ions without interactions come at rate z nu N (S - N)/(S - 1)") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::triangular();
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {8, 8, 1}),
                                fixtures::nn_hops(prim, 0.0, nu_Hz), 24, 23, method);
  const int n = 50000;
  k->engine.perform_hops(n);
  const double exact_Hz = 6 * nu_Hz * 24 * 40 / 63.0;
  // residence times and total rates scatter; 1.5 covers their correlation at this density
  CHECK_THAT(n / k->engine.state().time_s / exact_Hz, WithinAbs(1.0, 4 * 1.5 / std::sqrt(n)));
}

TEST_CASE("waiting times are exponential: mean, variance and Kolmogorov-Smirnov distance") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::fcc();
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {4, 4, 4}),
                                fixtures::nn_hops(prim, 0.0, nu_Hz), 1, 24, method);
  const std::size_t n = 20000;
  std::vector<double> u(n);  // waiting times in units of their mean
  double before = 0.0, mean = 0.0, square = 0.0, distance = 0.0;
  for (double& x : u) {
    k->engine.perform_hops(1);
    x = (k->engine.state().time_s - before) * 12 * nu_Hz;
    before = k->engine.state().time_s;
    mean += x / n;
    square += x * x / n;
  }
  std::sort(u.begin(), u.end());
  for (std::size_t i = 0; i < n; ++i)
    distance = std::max(distance, std::abs(1.0 - std::exp(-u[i]) - (i + 0.5) / n));
  const double root = std::sqrt(static_cast<double>(n));
  CHECK_THAT(mean, WithinAbs(1.0, 4.0 / root));
  CHECK_THAT(square - mean * mean, WithinAbs(1.0, 4.0 * std::sqrt(8.0) / root));
  CHECK(distance * root < 1.63);  // 1 % level
}

TEST_CASE("the directions of a lone ion are equally likely") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::bcc();
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {4, 4, 4}),
                                fixtures::nn_hops(prim, 0.0, nu_Hz), 1, 25, method);
  const double n = 40000;
  k->engine.perform_hops(40000);
  double chi2 = 0.0;
  for (const auto count : k->engine.state().hop_counts)
    chi2 += std::pow(static_cast<double>(count) - n / 8, 2) / (n / 8);
  CHECK(chi2 < 24.3);  // 7 degrees of freedom, 0.1 % level
}

TEST_CASE("classes of different rates are taken in proportion to their rates") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::hcp();
  auto network = fixtures::nn_hops(prim, 0.0, nu_Hz);
  network.classes[1].prefactor_Hz = 3 * nu_Hz;
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {3, 3, 3}), network, 1, 26, method);
  k->engine.perform_hops(40000);
  double second = 0.0;
  for (std::size_t h = 0; h < network.hops.size(); ++h)
    if (network.hops[h].hop_class == 1)
      second += static_cast<double>(k->engine.state().hop_counts[h]);
  CHECK_THAT(second / 40000, WithinAbs(0.75, 4.0 * std::sqrt(0.75 * 0.25 / 40000)));
}

TEST_CASE("on a ring with one vacancy no ion strays from the mean by more than a hop") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::chain();
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {7, 1, 1}), fixtures::nn_hops(prim), 6,
                                27, method);
  for (int n = 0; n < 3000; ++n) {
    k->engine.perform_hops(1);
    const double mean_A = total_displacement_A(k->engine)[0] / 6.0;
    for (int ion = 0; ion < 6; ++ion)
      REQUIRE(std::abs(k->engine.displacement_A(ion)[0] - mean_A) < nn_A);
  }
}

TEST_CASE("on a ring of N sites with one vacancy f = 1/(N - 1)") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::chain();
  auto k = fixtures::random_run(fixtures::lattice_gas(prim, {4, 1, 1}), fixtures::nn_hops(prim), 3,
                                28, method);
  const int spans = 4000, short_hops = 40, long_hops = 120;
  double at_short = 0.0, at_long = 0.0, squares = 0.0;  // of displacements in hop lengths, per ion
  for (int s = 0; s < spans; ++s) {
    k->engine.reset_displacements();
    double first = 0.0, last = 0.0;
    for (int n = 0; n < long_hops; ++n) {
      k->engine.perform_hops(1);
      if (n + 1 != short_hops && n + 1 != long_hops) continue;
      double& sum = n + 1 == short_hops ? first : last;
      for (int ion = 0; ion < 3; ++ion)
        sum += k->engine.displacement_A(ion).squaredNorm() / (3 * nn_A * nn_A);
    }
    at_short += first / spans;
    at_long += last / spans;
    squares += (last - first) * (last - first) / spans;
  }
  // hops per ion between the two readings: the uncorrelated squared displacement
  const double uncorrelated = (long_hops - short_hops) / 3.0;
  const double slope = at_long - at_short;
  const double error = std::sqrt((squares - slope * slope) / spans) / uncorrelated;
  CHECK(error < 0.02);
  CHECK_THAT(slope / uncorrelated, WithinAbs(1.0 / 3.0, 4.0 * error));
}

TEST_CASE("a force drives a lone ion with 2 a rate sinh(F a / 2kT), in a small force with D F/kT") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::chain();
  const double force = 0.4 * kT_eV / nn_A, e_kra_eV = 0.2;
  auto k =
      fixtures::random_run(fixtures::lattice_gas(prim, {5, 1, 1}),
                           fixtures::nn_hops(prim, e_kra_eV, nu_Hz), 1, 29, method, {force, 0, 0});
  const int n = 100000;
  k->engine.perform_hops(n);
  const double rate_Hz = nu_Hz * std::exp(-e_kra_eV / kT_eV);
  const double exact = 2 * nn_A * rate_Hz * std::sinh(0.2);
  const double time_s = k->engine.state().time_s;
  const double error = nn_A * std::sqrt(n) / time_s;
  CHECK_THAT(k->engine.displacement_A(0)[0] / time_s, WithinAbs(exact, 4 * error));
  const double d_A2_per_s = rate_Hz * nn_A * nn_A;
  CHECK_THAT(exact, WithinRel(d_A2_per_s * force / kT_eV, 0.2 * 0.2 / 6 * 1.01));
}

TEST_CASE("a force across the chain changes nothing") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning);
  const auto prim = fixtures::chain();
  const auto m = fixtures::lattice_gas(prim, {6, 1, 1}, 0.05);
  auto a = fixtures::random_run(m, fixtures::nn_hops(prim, 0.1), 3, 30, method);
  auto b = fixtures::random_run(m, fixtures::nn_hops(prim, 0.1), 3, 30, method, {0, 0.3, 0});
  for (int n = 0; n < 500; ++n) {
    a->engine.perform_hops(1);
    b->engine.perform_hops(1);
  }
  CHECK(a->engine.state().time_s == b->engine.state().time_s);
  CHECK(a->engine.state().occupation == b->engine.state().occupation);
}
