/// LG: thermodynamics of lattice gases by semi-grand sampling.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "benchmark/binder.hpp"
#include "benchmark/lattices.hpp"
#include "benchmark/suite.hpp"
#include "core/units.hpp"
#include "model/occupation.hpp"

namespace lithiate::benchmark {
namespace {

using Eigen::VectorXd;
using Walk = mc::Metropolis<mc::SemiGrand>;

/// Sampled <N> and <N^2>: x, var(N) per site and what follows from them.
struct Composition {
  observe::Estimate x, variance, dV_dx, theta;  ///< per site; dV/dx in V
};

struct CompositionTarget {
  double x = 1.0, variance = 1.0, dV_dx = 1.0, theta = 1.0;  ///< relative errors wanted
};

Composition sample_composition(const model::LatticeModel& model, double T_K, double mu_eV,
                               const CompositionTarget& target, const RowContext& row,
                               std::uint64_t component) {
  const std::uint64_t place = row.place + component * RowContext::next_component;
  Walk walk(model, mc::SemiGrand(model, {{"Li", mu_eV}}), model::uniform_occupation(model, "Va"),
            T_K, Random(row.seed, Purpose::mc_step, place));
  for (int k = 0; k < 1000; ++k) walk.sweep();
  const double sites = model.n_sites(), kT = k_B * T_K;
  const auto sampler = [&](VectorXd& sample) {
    walk.sweep();
    const auto& occ = walk.occupation();
    const double n =
        sites - static_cast<double>(std::accumulate(occ.begin(), occ.end(), std::int64_t{0}));
    sample << n, n * n;
  };
  const auto x = [=](const VectorXd& m) { return m[0] / sites; };
  const auto variance = [=](const VectorXd& m) { return (m[1] - m[0] * m[0]) / sites; };
  const auto dV_dx = [=](const VectorXd& m) { return -kT / variance(m); };
  const auto theta = [=](const VectorXd& m) { return x(m) / variance(m); };
  // sizes of the quantities, from a short run, turn relative into absolute errors
  Bins first(2);
  VectorXd sample(2);
  for (int k = 0; k < 5000; ++k) {
    sampler(sample);
    first.add(sample);
  }
  const VectorXd m = first.means().colwise().mean().transpose();
  const auto e = sample_until(2, sampler,
                              {{x, target.x * x(m)},
                               {variance, target.variance * variance(m)},
                               {dV_dx, target.dV_dx * -dV_dx(m)},
                               {theta, target.theta * theta(m)}});
  return {e[0], e[1], e[2], e[3]};
}

constexpr double wanted_relative = target_fraction * max_error;

model::LatticeModel free_gas(int n, double e0_eV = 0.0) {
  const ToyLattice lattice = toy_lattice("square");
  return pair_gas(lattice, lattice.repeats(n), 0.0, e0_eV);
}

/// x at mu, which the row's formula inverts to mu at x.
std::vector<Component> ideal_mu(const RowContext& row) {
  constexpr double e0_eV = 0.1, T_K = 300.0;
  const auto model = free_gas(8, e0_eV);
  std::vector<Component> components;
  for (const double mu_eV : {0.05, 0.1, 0.16}) {
    const double x = 1.0 / (1.0 + std::exp((e0_eV - mu_eV) / (k_B * T_K)));
    const auto c =
        sample_composition(model, T_K, mu_eV, {.x = wanted_relative}, row, components.size());
    components.push_back({.name = fmt::format("x mu={:.2f}", mu_eV),
                          .reference = x,
                          .value = c.x,
                          .condition = "square 8x8, e0 = 0.1 eV, 300 K",
                          .unit = "1"});
  }
  return components;
}

/// V = -mu, so dV/dx = -kT / (var(N) / N_sites), from the fluctuations at x = 1/2.
std::vector<Component> ideal_slope(const RowContext& row) {
  const auto c = sample_composition(free_gas(4), 298.15, 0.0, {.dV_dx = wanted_relative}, row, 0);
  return {{.name = "dV/dx",
           .reference = row.reference.number(),
           .value = c.dV_dx,
           .condition = "from var(N) of 16 sites at mu = 0"}};
}

std::vector<Component> ideal_factor(const RowContext& row) {
  std::vector<Component> components;
  for (const double x : {0.25, 0.5, 0.9}) {
    const double mu_eV = k_B * 300.0 * std::log(x / (1.0 - x));
    const auto c = sample_composition(free_gas(4), 300.0, mu_eV, {.theta = wanted_relative}, row,
                                      components.size());
    components.push_back({.name = fmt::format("Theta x={}", x),
                          .reference = 1.0 / (1.0 - x),
                          .value = c.theta,
                          .condition = "from <N>/var(N) of 16 sites, 300 K",
                          .unit = "1"});
  }
  return components;
}

/// x(mu) + x(z w - mu) = 1 on both branches, and x = 1/2 at mu = z w / 2.
std::vector<Component> symmetry(const RowContext& row) {
  std::vector<Component> components;
  for (const char* name : {"square", "triangular", "honeycomb"}) {
    constexpr double w_eV = 0.02, off_eV = 0.05, T_K = 300.0;
    const ToyLattice lattice = toy_lattice(name);
    const auto model = pair_gas(lattice, lattice.repeats(8), w_eV);
    const double middle_eV = 0.5 * lattice.coordination * w_eV;
    const auto x = [&](double mu_eV, double error) {
      return sample_composition(model, T_K, mu_eV, {.x = error}, row,
                                components.size() * 4 + (mu_eV < middle_eV   ? 1u
                                                         : mu_eV > middle_eV ? 2u
                                                                             : 3u))
          .x;
    };
    const auto low = x(middle_eV - off_eV, wanted_relative),
               high = x(middle_eV + off_eV, wanted_relative);
    observe::Estimate sum;
    sum.value = low.value + high.value;
    sum.error = std::hypot(low.error, high.error);
    const std::string condition = fmt::format("{} 8x8, w = {} eV, 300 K", name, w_eV);
    components.push_back({.name = fmt::format("x(mu)+x(zw-mu) {}", name),
                          .reference = 1.0,
                          .value = sum,
                          .condition = condition + ", mu = zw/2 +- 0.05 eV",
                          .unit = "1"});
    components.push_back({.name = fmt::format("x(zw/2) {}", name),
                          .reference = 0.5,
                          .value = x(middle_eV, wanted_relative),
                          .condition = condition,
                          .unit = "1"});
  }
  return components;
}

/// Every pair of n sites costs g / n: the regular solution as n grows, symmetric about
/// mu = g (n - 1) / 2 n.
BinderSystem complete_graph(int n, double g_eV) {
  std::vector<model::Sublattice> sublattices;
  for (int own = 0; own < n; ++own) {
    model::Sublattice s;
    s.species = {"Li", "Va"};
    s.fractional = crystal::Vector3d((own + 0.5) / n, 0.5, 0.5);
    s.values_eV = {g_eV / n, 0.0, 0.0, 0.0};  // rows: the other site's species
    for (int other = 0; other < n; ++other) {
      if (other == own) continue;
      s.terms.push_back({static_cast<std::int32_t>(s.slots.size()), 1, 0});
      s.slots.push_back(static_cast<std::int32_t>(s.neighbors.size()));
      s.slot_radix.push_back(2);
      s.neighbors.emplace_back(other, crystal::Vector3i(0, 0, 0));
    }
    sublattices.push_back(std::move(s));
  }
  const crystal::Lattice lattice(crystal::Vector3d(3.0 * n, 3.0, 3.0).asDiagonal());
  return {model::LatticeModel(lattice, {1, 1, 1}, std::move(sublattices), 0.0),
          g_eV * (n - 1) / (2.0 * n)};
}

/// Critical g from Metropolis runs of fully connected cells: Binder crossings of n and 4 n sites
/// approach the limit as 1 / n, which two of them remove.
std::vector<Component> mean_field(const RowContext& row) {
  constexpr double g_eV = -0.1;
  std::vector<BinderSystem> systems;
  for (const int n : {32, 64, 128, 256}) {
    systems.push_back(complete_graph(n, g_eV));
    systems.back().sweeps = 256 / n;
  }
  BinderScan scan(systems, -g_eV / (4.1 * k_B), 0.02, row.seed, row.place);
  const auto critical = [&](const VectorXd& m) {
    const auto g_kT = [&](std::size_t pair) {
      return g_eV / (k_B * scan.crossing_K(m, pair, pair + 2));
    };
    return 2.0 * g_kT(1) - g_kT(0);
  };
  const auto measured = sample_until(scan.columns(), [&](VectorXd& sums) { scan.sample(sums); },
                                     {{critical, wanted_relative * 4.0}});
  return {{.name = "g_c",
           .reference = -4.0,
           .value = measured[0],
           .condition = "fully connected cells, Binder crossings of 32 and 128, 64 and 256 sites",
           .unit = "kT"}};
}

std::vector<Component> chain(const RowContext& row) {
  constexpr double w_eV = 0.05, T_K = 300.0, kT = k_B * T_K;
  const ToyLattice lattice = toy_lattice("linear");
  const auto model = pair_gas(lattice, lattice.repeats(256), w_eV);
  std::vector<Component> components;
  for (const double mu_eV : {0.0, 0.03, 0.05, 0.1}) {
    const double h = (mu_eV - w_eV) / (2.0 * kT);
    const double x =
        0.5 * (1.0 + std::sinh(h) / std::hypot(std::sinh(h), std::exp(0.5 * w_eV / kT)));
    const auto c =
        sample_composition(model, T_K, mu_eV, {.x = wanted_relative}, row, components.size());
    components.push_back({.name = fmt::format("x mu={:.2f}", mu_eV),
                          .reference = x,
                          .value = c.x,
                          .condition = "ring of 256 sites, w = +0.05 eV, 300 K",
                          .unit = "1"});
  }
  return components;
}

}  // namespace

void add_solution_rows(std::vector<Row>& rows) {
  rows.push_back({"LG-01", 1.0, ideal_mu});
  rows.push_back({"LG-02", 1.0, ideal_slope});
  rows.push_back({"LG-03", 2.0, ideal_factor});
  rows.push_back({"LG-04", 3.0, symmetry});
  rows.push_back({"LG-05", 20.0, mean_field});
  rows.push_back({"LG-06", 2.0, chain});
}

}  // namespace lithiate::benchmark
