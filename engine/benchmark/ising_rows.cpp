/// IS, OE, OC, OT: Ising models as expansions in spins (first species +1) with J = 1 eV, and as
/// lattice gases of attraction eps = -1 eV at half filling, mu = z eps / 2. Temperatures in J/k.
#include <fmt/format.h>

#include <Eigen/LU>
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

/// Critical temperature from the crossing of the two larger of three sizes L, 2 L, 4 L. Crossings
/// converge as L^-theta, theta = omega + 1/nu = 3 in two and 2.4 in three dimensions: what the step
/// from the smaller pair to the larger leaves over is added to the error.
std::vector<Component> critical_temperature(const RowContext& row, bool gas, int smallest,
                                            int sweeps) {
  const ToyLattice lattice = toy_lattice(row.reference.system);
  std::vector<BinderSystem> systems;
  for (int k = 0; k < 3; ++k) {
    const auto repeats = lattice.repeats(smallest << k);
    systems.push_back(
        gas ? BinderSystem{pair_gas(lattice, repeats, -1.0), -lattice.coordination / 2.0}
            : BinderSystem{ising_model(lattice, repeats, 1.0), 0.0});
    systems.back().sweeps = sweeps << (2 - k);
  }
  const double reference = row.reference.number();
  BinderScan scan(systems, 0.995 * reference / k_B, 0.01, row.seed, row.place);
  const auto crossing = [&](std::size_t smaller) {
    return [&scan, smaller](const VectorXd& m) {
      return k_B * scan.crossing_K(m, smaller, smaller + 1);
    };
  };
  const auto measured = sample_until(
      scan.columns(), [&](VectorXd& sums) { scan.sample(sums); },
      {{crossing(1), 0.4 * max_error * reference}, {crossing(0), 0.4 * max_error * reference}});
  const double theta = lattice.dimension == 2 ? 3.0 : 2.4;
  const double left_over = (measured[1].value - measured[0].value) / (std::pow(2.0, theta) - 1.0);
  observe::Estimate Tc = measured[0];
  Tc.error = std::hypot(Tc.error, left_over);
  return {
      {.name = "Tc",
       .reference = reference,
       .reference_error = row.reference.sigma(),
       .value = Tc,
       .condition = fmt::format("{}, Binder crossing of L = {} and {}, shift from L = {} and {} in "
                                "the error",
                                gas ? "occupation basis" : "spin basis", 2 * smallest, 4 * smallest,
                                smallest, 2 * smallest)}};
}

/// Energy (eV) of an Ising configuration with every spin in turn replaced by its mean in the field
/// of its neighbours: the same mean as the energy, with less scatter.
double conditional_energy_eV(const Walk& walk, const model::LatticeModel& model, double beta) {
  double sum = 0.0;
  const auto& occ = walk.occupation();
  for (model::SiteIndex site = 0; site < model.n_sites(); ++site) {
    const auto next = static_cast<model::Species>(1 - occ[static_cast<std::size_t>(site)]);
    const double field_eV = 0.5 * std::abs(model.delta_energy_eV(occ, site, next));
    sum += field_eV * std::tanh(beta * field_eV);
  }
  return -0.5 * sum;  // each bond is seen from both ends
}

/// A walk of an Ising model at a temperature in J/k, equilibrated from the ordered state.
Walk equilibrated(const model::LatticeModel& model, double T, const RowContext& row,
                  std::uint64_t cycle, int sweeps) {
  Walk walk(model, mc::SemiGrand(model, {}), model::uniform_occupation(model, "Li"), T / k_B,
            Random(row.seed, Purpose::mc_step, row.place, cycle));
  for (int k = 0; k < sweeps; ++k) walk.sweep();
  return walk;
}

double magnetisation(const Walk& walk) {
  const auto& occ = walk.occupation();
  const double vacant =
      static_cast<double>(std::accumulate(occ.begin(), occ.end(), std::int64_t{0}));
  return 1.0 - 2.0 * vacant / static_cast<double>(occ.size());
}

/// Energy and |M| of the infinite lattice from L = 64. Above T_c, where |M| of a finite lattice
/// does not vanish, the signed mean is compared, to 0.005.
std::vector<Component> bulk(const RowContext& row, bool with_magnetisation) {
  constexpr int L = 64;
  const ToyLattice lattice = toy_lattice(row.reference.system);
  const model::LatticeModel model = ising_model(lattice, lattice.repeats(L), 1.0);
  const double T = std::stod(row.reference.condition.substr(row.reference.condition.find('=') + 1));
  Walk walk = equilibrated(model, T, row, 0, 2000);
  const double u = with_magnetisation ? row.reference.named("u") : row.reference.number();
  const double M = with_magnetisation ? row.reference.named("M") : 0.0;
  const auto sampler = [&](VectorXd& sample) {
    walk.sweep();
    walk.sweep();
    const double m = magnetisation(walk);
    sample << conditional_energy_eV(walk, model, 1.0 / T) / model.n_sites(),
        M > 0.0 ? std::abs(m) : m;
  };
  const double allowed_M = M > 0.0 ? max_error * M : max_error;
  std::vector<Wanted> wanted{
      {[](const VectorXd& m) { return m[0]; }, target_fraction * max_energy_error * std::abs(u)}};
  if (with_magnetisation)
    wanted.push_back({[](const VectorXd& m) { return m[1]; }, target_fraction * allowed_M});
  const auto measured = sample_until(2, sampler, wanted);
  const std::string condition = fmt::format("L = {}", L);
  std::vector<Component> components{{.name = "u",
                                     .reference = u,
                                     .reference_error = row.reference.sigma(),
                                     .value = measured[0],
                                     .allowed_relative = max_energy_error,
                                     .condition = condition}};
  if (with_magnetisation)
    components.push_back({.name = M > 0.0 ? "|M|" : "M",
                          .reference = M,
                          .value = measured[1],
                          .condition = condition,
                          .unit = "1",
                          .allowed_absolute = allowed_M});
  return components;
}

/// Weights of sizes L in the limit of e(L) = e + a / L + b / L^3.
Eigen::Vector3d limit_weights(const Eigen::Vector3d& L) {
  Eigen::Matrix3d powers;
  powers << Eigen::RowVector3d::Ones(), L.cwiseInverse().transpose(),
      L.array().pow(-3.0).matrix().transpose();
  return powers.inverse().col(0);
}

/// Energy at T_c from L = 4, 6 and 16, extrapolated.
std::vector<Component> critical_energy(const RowContext& row, double T) {
  const ToyLattice lattice = toy_lattice(row.reference.system);
  const std::vector<int> sizes{4, 6, 16}, sweeps{3, 6, 4};
  const Eigen::Vector3d weights = limit_weights({4, 6, 16});
  std::vector<model::LatticeModel> models;
  for (const int L : sizes) models.push_back(ising_model(lattice, lattice.repeats(L), 1.0));
  std::vector<Walk> walks;
  for (const auto& model : models) walks.push_back(equilibrated(model, T, row, walks.size(), 5000));
  const auto sampler = [&](VectorXd& sample) {
    for (std::size_t k = 0; k < walks.size(); ++k) {
      double sum = 0.0;
      for (int s = 0; s < sweeps[k]; ++s) {
        walks[k].sweep();
        sum += walks[k].energy_eV();
      }
      sample[static_cast<long>(k)] = sum / sweeps[k] / models[k].n_sites();
    }
  };
  const double reference = row.reference.number();
  const auto limit = [&](const VectorXd& m) { return m.dot(weights); };
  return {{.name = "u(Tc)",
           .reference = reference,
           .value = sample_until(
               3, sampler, {{limit, target_fraction * max_energy_error * std::abs(reference)}})[0],
           .allowed_relative = max_energy_error,
           .condition = "L = 4, 6, 16 to e + a/L + b/L^3"}};
}

}  // namespace

void add_ising_rows(std::vector<Row>& rows) {
  const auto add_critical = [&](int number, bool gas, int smallest, int sweeps, double cost_s) {
    rows.push_back({fmt::format("IS-{:02}", number), cost_s, [=](const RowContext& row) {
                      return critical_temperature(row, gas, smallest, sweeps);
                    }});
  };
  for (int k = 1; k <= 6; ++k) add_critical(k, k % 2 == 0, 4, 4, 15.0);
  for (int k = 7; k <= 10; ++k) add_critical(k, false, k == 10 ? 3 : 4, 2, 20.0);
  for (int k = 1; k <= 6; ++k)
    rows.push_back(
        {fmt::format("OE-{:02}", k), 6.0, [](const RowContext& row) { return bulk(row, true); }});
  for (int k = 1; k <= 3; ++k) {
    rows.push_back({fmt::format("OC-{:02}", k), 30.0, [k](const RowContext& row) {
                      return critical_energy(
                          row, reference(fmt::format("IS-{:02}", 2 * k - 1)).number());
                    }});
    rows.push_back(
        {fmt::format("OT-{:02}", k), 6.0, [](const RowContext& row) { return bulk(row, false); }});
  }
}

}  // namespace lithiate::benchmark
