#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "fixtures/local_barriers.hpp"
#include "kmc_fixtures.hpp"
#include "master_equation.hpp"
#include "model/hops.hpp"

using namespace lithiate;
using fixtures::key;
using fixtures::Master;
using fixtures::rank;
using fixtures::T_K;
using kmc::Method;

namespace {

struct Case {
  std::string name;
  model::LatticeModel model;
  model::HopNetwork network;
  int ions;
  crystal::Vector3d force;
};

std::vector<Case> cases() {
  const auto triangular = fixtures::triangular(), square = fixtures::square();
  auto two_classes = model::find_hops(square, {}, "Li", 1.5 * fixtures::nn_A);
  model::set_barriers(two_classes, 0.15, 1e12);
  two_classes.classes[1].e_kra_eV = 0.22;
  const auto pairs = fixtures::random_expansion(triangular, cluster::BasisKind::chebyshev,
                                                {1.01 * fixtures::nn_A}, 3);
  const auto triplets = fixtures::random_expansion(square, cluster::BasisKind::chebyshev,
                                                   {1.5 * fixtures::nn_A, 1.5 * fixtures::nn_A}, 4);
  const auto m = model::compile(pairs, {}, {4, 4, 1}),
             large = model::compile(triplets, {}, {4, 4, 1});
  const auto hops = fixtures::nn_hops(triangular, 0.1);
  auto local = hops, near = hops;  // six sites around a bond: polynomials; two: tables
  fixtures::add_random_barriers(local, triangular, {}, {1.4 * fixtures::nn_A}, 5, 0.015, 0.2);
  fixtures::add_random_barriers(near, triangular, {}, {fixtures::nn_A}, 6, 0.03, 0.4);
  const crystal::Vector3d none = crystal::Vector3d::Zero(), force(0.03, 0.01, 0.0);
  return {{"few ions", m, hops, 2, none},
          {"few vacancies", m, hops, 14, none},
          {"few ions in a field", m, hops, 2, force},
          {"few vacancies in a field", m, hops, 14, force},
          {"few ions, local barriers", m, local, 2, none},
          {"few vacancies, local barriers in a field", m, local, 14, force},
          {"few ions, near barriers without interactions",
           fixtures::lattice_gas(triangular, {4, 4, 1}), near, 3, none},
          {"two classes, far interactions", large, two_classes, 2, none},
          {"two classes, far interactions, few vacancies", large, two_classes, 14, force}};
}

}  // namespace

TEST_CASE("a given time later every state has the probability of the master equation") {
  const Method method = GENERATE(Method::rejection_free, Method::thinning, Method::automatic);
  constexpr int runs = 20000, bins = 20;
  for (const Case& c : cases()) {
    const model::HopTable table(c.network, c.model);
    const kmc::RateModel rates(c.network, T_K, c.force);
    const Master master(c.model, table, rates, c.ions);
    const double t_s = 1.5 / master.total_Hz(7);
    std::vector<std::vector<double>> after;
    for (std::size_t s = 0; s < master.states.size(); ++s) after.push_back(master.after(s, t_s));
    kmc::KmcEngine engine(c.model, table, rates, master.states[7], Random(61, Purpose::kmc_event),
                          method);
    Random random(61, Purpose::test);
    std::array<int, bins> found{};
    for (int run = 1; run <= runs; ++run) {
      const auto before =
          static_cast<std::size_t>(master.number.at(key(engine.state().occupation)));
      engine.advance_to((run - 0.6) * t_s);
      engine.advance_to(run * t_s);
      const auto now = static_cast<std::size_t>(master.number.at(key(engine.state().occupation)));
      ++found[static_cast<std::size_t>(bins * rank(after[before], now, random.uniform()))];
    }
    double chi2 = 0.0;
    for (const int n : found) chi2 += std::pow(n - runs / bins, 2) / (runs / bins);
    INFO(c.name);
    CHECK(chi2 < 43.8);  // 19 degrees of freedom, 0.1 % level
  }
}
