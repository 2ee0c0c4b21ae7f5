/// EN: cells of 16 and 18 sites, whose averages full enumeration gives to ten digits.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "benchmark/bins.hpp"
#include "benchmark/lattices.hpp"
#include "benchmark/suite.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "mc/metropolis.hpp"
#include "model/occupation.hpp"

namespace lithiate::benchmark {
namespace {

using Eigen::VectorXd;

constexpr double temperature_K = 300.0, kT = k_B * temperature_K;

/// <N> and the pair energy with every site in turn replaced by its mean occupation among its
/// neighbours, p = 1 / (1 + exp((V - mu) / kT)): the same means with less scatter, in particular
/// where pairs are rare. V is the energy of a Li on the site.
struct Conditional {
  double n = 0.0, energy_eV = 0.0;
};

Conditional conditional(const model::LatticeModel& model, const std::vector<model::Species>& occ,
                        double mu_eV) {
  Conditional sums;
  for (model::SiteIndex site = 0; site < model.n_sites(); ++site) {
    const model::Species now = occ[static_cast<std::size_t>(site)];
    const double change = model.delta_energy_eV(occ, site, static_cast<model::Species>(1 - now));
    const double V = now == 0 ? -change : change;  // Li is species 0
    const double p = 1.0 / (1.0 + std::exp((V - mu_eV) / kT));
    sums.n += p;
    sums.energy_eV += 0.5 * p * V;  // each bond is seen from both ends
  }
  return sums;
}

std::vector<Component> enumerated(const RowContext& row) {
  const ToyLattice lattice = toy_lattice(row.reference.system);
  const int n = lattice.prim.sites.size() == 2 ? 3 : 4;
  const double w_eV = row.reference.condition_number("w=");
  const double mu_eV = row.reference.condition_number("mu=");
  const model::LatticeModel model = pair_gas(lattice, lattice.repeats(n), w_eV);
  mc::Metropolis<mc::SemiGrand> walk(model, mc::SemiGrand(model, {{"Li", mu_eV}}),
                                     model::uniform_occupation(model, "Va"), temperature_K,
                                     Random(row.seed, Purpose::mc_step, row.place));
  for (int k = 0; k < 10000; ++k) walk.sweep();
  const double sites = model.n_sites();
  const auto sampler = [&](VectorXd& sample) {
    walk.sweep();
    walk.sweep();
    const auto& occ = walk.occupation();
    const double count = sites - std::accumulate(occ.begin(), occ.end(), 0.0);
    const Conditional c = conditional(model, occ, mu_eV);
    sample << c.n / sites, c.energy_eV / sites, count, count * count;
  };
  const double x = row.reference.named("x"), e = row.reference.named("e"),
               v = row.reference.named("v");
  const auto measured = sample_until(
      4, sampler,
      {{[](const VectorXd& m) { return m[0]; }, target_fraction * max_error * x},
       {[](const VectorXd& m) { return m[1]; }, target_fraction * max_energy_error * std::abs(e)},
       {[=](const VectorXd& m) { return (m[3] - m[2] * m[2]) / sites; },
        target_fraction * max_error * v}});
  const double sigma = row.reference.sigma();
  return {
      {.name = "x", .reference = x, .reference_error = sigma, .value = measured[0], .unit = "1"},
      {.name = "e",
       .reference = e,
       .reference_error = sigma,
       .value = measured[1],
       .allowed_relative = max_energy_error,
       .unit = "eV"},
      {.name = "var(N)/N_sites",
       .reference = v,
       .reference_error = sigma,
       .value = measured[2],
       .unit = "1"}};
}

}  // namespace

void add_enumeration_rows(std::vector<Row>& rows) {
  for (int k = 1; k <= 17; ++k) rows.push_back({fmt::format("EN-{:02}", k), 3.0, enumerated});
}

}  // namespace lithiate::benchmark
