#pragma once
/// The master equation of few ions on few sites, solved.
#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "kmc/local_rates.hpp"
#include "kmc/rate_model.hpp"

namespace lithiate::fixtures {

using model::Species;

using Occupation = std::vector<Species>;

/// Bit i is 1 if the first species is on site i.
inline unsigned key(const Occupation& occ) {
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
  /// Those of all states after being in each [after, before], at times of many hops.
  Eigen::MatrixXd after(double t_s) const {
    const auto n = static_cast<long>(hops.size());
    double fastest_Hz = 0.0;
    for (std::size_t s = 0; s < hops.size(); ++s) fastest_Hz = std::max(fastest_Hz, total_Hz(s));
    const int doublings = std::max(0, static_cast<int>(std::ceil(std::log2(fastest_Hz * t_s))));
    Eigen::MatrixXd p(n, n);
    for (long s = 0; s < n; ++s) {
      const auto column = after(static_cast<std::size_t>(s), std::ldexp(t_s, -doublings));
      p.col(s) = Eigen::Map<const Eigen::VectorXd>(column.data(), n);
    }
    for (int k = 0; k < doublings; ++k) p = (p * p).eval();
    return p;
  }
};

/// Where a state stands among all, the most likely first: uniform in [0, 1) if it comes with these
/// probabilities and u is uniform.
inline double rank(const std::vector<double>& p, std::size_t state, double u) {
  double before = 0.0;
  for (std::size_t s = 0; s < p.size(); ++s)
    if (p[s] > p[state] || (p[s] == p[state] && s < state)) before += p[s];
  return before + u * p[state];
}

}  // namespace lithiate::fixtures
