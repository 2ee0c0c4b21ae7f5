#include <array>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "fixtures/local_barriers.hpp"
#include "kmc_fixtures.hpp"
#include "model/hops.hpp"

using namespace lithiate;
using fixtures::T_K;
using kmc::Method;
using model::Species;

namespace {

using Occupation = std::vector<Species>;

/// Bit i is 1 if the first species is on site i.
unsigned key(const Occupation& occ) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < occ.size(); ++i) bits |= (occ[i] == 0 ? 1u : 0u) << i;
  return bits;
}

/// All arrangements of n ions and the rates between them, from total energies.
struct Master {
  std::map<unsigned, int> number;  // by key
  std::vector<Occupation> states;
  std::vector<std::vector<std::pair<int, double>>> hops;  // per state: next state, rate

  Master(const model::LatticeModel& m, const model::HopTable& table, const kmc::RateModel& rates,
         int n) {
    const kmc::LocalRates local(m, table);
    for (unsigned bits = 0; bits < 1u << m.n_sites(); ++bits) {
      if (std::popcount(bits) != n) continue;
      Occupation occ(static_cast<std::size_t>(m.n_sites()));
      for (std::size_t i = 0; i < occ.size(); ++i)
        occ[i] = static_cast<Species>((bits >> i & 1u) != 0
                                          ? table.mobile(table.sublattice(static_cast<int>(i)))
                                          : table.vacancy(table.sublattice(static_cast<int>(i))));
      number.emplace(key(occ), static_cast<int>(number.size()));
      states.push_back(std::move(occ));
    }
    hops.resize(states.size());
    for (std::size_t state = 0; state < states.size(); ++state)
      for (int site = 0; site < m.n_sites(); ++site)
        for (int k = 0; k < table.n_slots(table.sublattice(site)); ++k) {
          const auto from = static_cast<std::size_t>(site);
          const auto to = static_cast<std::size_t>(table.target(site, k));
          const Occupation& occ = states[state];
          Occupation next = occ;
          std::swap(next[from], next[to]);
          if (occ[from] != table.mobile(table.sublattice(site)) || occ[to] == occ[from]) continue;
          const double dE_eV = m.energy_eV(next) - m.energy_eV(occ);
          const int hop = table.hop_numbers(table.sublattice(site))[k];
          const double rate_Hz =
              local.empty() ? rates.rate_Hz(hop, dE_eV)
                            : rates.rate_Hz(hop, dE_eV, local(occ, static_cast<int>(from), hop));
          hops[state].emplace_back(number.at(key(next)), rate_Hz);
        }
  }

  double total_Hz(std::size_t state) const {
    double sum = 0.0;
    for (const auto& [next, rate] : hops[state]) sum += rate;
    return sum;
  }
  /// Probabilities of all states at a time after being in one, by uniformisation.
  std::vector<double> after(std::size_t start, double t_s) const {
    double fastest_Hz = 0.0;
    for (std::size_t s = 0; s < hops.size(); ++s) fastest_Hz = std::max(fastest_Hz, total_Hz(s));
    std::vector<double> p(hops.size()), sum(hops.size());
    p[start] = 1.0;
    double weight = std::exp(-fastest_Hz * t_s);
    for (int jumps = 0; jumps < 100; ++jumps) {
      for (std::size_t s = 0; s < p.size(); ++s) sum[s] += weight * p[s];
      weight *= fastest_Hz * t_s / (jumps + 1);
      std::vector<double> next(p.size());
      for (std::size_t s = 0; s < p.size(); ++s) {
        next[s] += p[s] * (1.0 - total_Hz(s) / fastest_Hz);
        for (const auto& [to, rate] : hops[s])
          next[static_cast<std::size_t>(to)] += p[s] * rate / fastest_Hz;
      }
      p = next;
    }
    return sum;
  }
};

/// Where a state stands among all, the most likely first: uniform in [0, 1) if it comes with these
/// probabilities and u is uniform.
double rank(const std::vector<double>& p, std::size_t state, double u) {
  double before = 0.0;
  for (std::size_t s = 0; s < p.size(); ++s)
    if (p[s] > p[state] || (p[s] == p[state] && s < state)) before += p[s];
  return before + u * p[state];
}

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
