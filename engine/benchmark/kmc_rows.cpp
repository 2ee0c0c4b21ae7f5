/// KM: the clock, the detailed balance and the temperature dependence of kMC.
#include <fmt/format.h>

#include <Eigen/LU>
#include <cmath>

#include "benchmark/bins.hpp"
#include "benchmark/suite.hpp"
#include "benchmark/tracer.hpp"
#include "core/units.hpp"
#include "model/occupation.hpp"

namespace lithiate::benchmark {
namespace {

using Eigen::VectorXd;
using observe::TransportResult;

constexpr double temperature_K = 300.0;

kmc::RejectionFree rejection_free(const HoppingGas& gas, std::vector<model::Species> occ,
                                  const Random& random) {
  return {gas.model, gas.hops, kmc::RateModel(gas.hops.network(), temperature_K),
          kmc::initial_state(gas.model, gas.hops, std::move(occ)), random};
}

/// Waiting times t times the total rate R before each hop of an interacting gas, in which R changes
/// from hop to hop: mean 1, variance 1, survival exp(-u).
std::vector<Component> waiting_times(const RowContext& row) {
  constexpr double thresholds[] = {0.5, 1.0, 2.0};
  const ToyLattice lattice = toy_lattice("triangular");
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(6), 0.03), nn_hops(lattice, 0.3, 1e13));
  Random start(row.seed, Purpose::initial_state, row.place);
  auto engine = rejection_free(gas, model::random_occupation(gas.model, "Li", 18, start),
                               Random(row.seed, Purpose::kmc_event, row.place));
  const auto sampler = [&](VectorXd& sample) {
    const double before_s = engine.state().time_s, rate_Hz = engine.total_rate_Hz();
    engine.step();
    const double u = (engine.state().time_s - before_s) * rate_Hz;
    sample << u, u * u, u > thresholds[0], u > thresholds[1], u > thresholds[2];
  };
  std::vector<Component> components;
  std::vector<Wanted> wanted;
  const auto want = [&](const std::string& name, double expected, const Quantity& quantity) {
    components.push_back({.name = name,
                          .reference = expected,
                          .condition = "triangular 6x6, 18 ions, w = +0.03 eV, 300 K",
                          .unit = "1"});
    wanted.push_back({quantity, target_fraction * max_error * expected});
  };
  want("R<t>", 1.0, [](const VectorXd& m) { return m[0]; });
  want("R^2 var(t)", 1.0, [](const VectorXd& m) { return m[1] - m[0] * m[0]; });
  for (int k = 0; k < 3; ++k)
    want(fmt::format("P(R t > {})", thresholds[k]), std::exp(-thresholds[k]),
         [k](const VectorXd& m) { return m[2 + k]; });
  const auto measured = sample_until(5, sampler, wanted);
  for (std::size_t k = 0; k < components.size(); ++k) components[k].value = measured[k];
  return components;
}

/// Canonical mean of the energy (eV) over all arrangements of n ions on at most 20 sites.
double enumerated_energy_eV(const model::LatticeModel& model, int n, double kT) {
  const auto sites = static_cast<unsigned>(model.n_sites());
  std::vector<model::Species> occ(sites);
  double weights = 0.0, energies = 0.0;
  for (unsigned state = 0; state < 1u << sites; ++state) {
    if (__builtin_popcount(state) != n) continue;
    for (unsigned i = 0; i < sites; ++i) occ[i] = (state >> i & 1u) != 0u ? 0 : 1;
    const double energy = model.energy_eV(occ);
    const double weight = std::exp(-energy / kT);
    weights += weight;
    energies += weight * energy;
  }
  return energies / weights;
}

/// Largest deviation of the engine's rates of a hop and its reverse from exp(-dE / kT), as a ratio
/// around 1: the one of the hop that deviates most, over the hops of a long run.
observe::Estimate worst_rate_ratio(kmc::RejectionFree& engine, double kT, int hops) {
  double worst = 1.0;
  for (int k = 0; k < hops; ++k) {
    const std::vector<model::SiteIndex> sites = engine.state().site_of;
    std::vector<double> rates;
    const double energy_eV = engine.model().energy_eV(engine.state().occupation);
    for (model::EventIndex e = 0; e < engine.hops().n_events(); ++e)
      rates.push_back(engine.rate_Hz(e));
    engine.step();
    std::size_t ion = 0;
    while (engine.state().site_of[ion] == sites[ion]) ++ion;
    const auto rate_between = [&](model::SiteIndex from, model::SiteIndex to, auto&& rate) {
      double sum = 0.0;
      for (int s = 0; s < engine.hops().n_slots(engine.hops().sublattice(from)); ++s)
        if (engine.hops().target(from, s) == to)
          sum += rate(static_cast<model::EventIndex>(from) * engine.hops().stride() + s);
      return sum;
    };
    const model::SiteIndex from = sites[ion], to = engine.state().site_of[ion];
    const double there = rate_between(
        from, to, [&](model::EventIndex e) { return rates[static_cast<std::size_t>(e)]; });
    const double back =
        rate_between(to, from, [&](model::EventIndex e) { return engine.rate_Hz(e); });
    const double dE = engine.model().energy_eV(engine.state().occupation) - energy_eV;
    const double ratio = there / back * std::exp(dE / kT);
    if (std::abs(ratio - 1.0) > std::abs(worst - 1.0)) worst = ratio;
  }
  observe::Estimate e;
  e.value = worst;
  e.error = 1e-12;  // rounding of energies of a few eV, amplified by exp
  return e;
}

std::vector<Component> detailed_balance(const RowContext& row) {
  const double kT = k_B * temperature_K;
  std::vector<Component> components;
  const ToyLattice lattice = toy_lattice("square");
  for (const double w_eV : {-0.02, 0.03}) {
    constexpr int ions = 6;
    const HoppingGas gas(pair_gas(lattice, lattice.repeats(4), w_eV), nn_hops(lattice, 0.25, 1e13));
    const std::uint64_t place = row.place + components.size() * RowContext::next_component;
    Random start(row.seed, Purpose::initial_state, place);
    auto engine = rejection_free(gas, model::random_occupation(gas.model, "Li", ions, start),
                                 Random(row.seed, Purpose::kmc_event, place));
    const std::string condition =
        fmt::format("square 4x4, 6 ions, w = {:+} eV, E_KRA = 0.25 eV, 300 K", w_eV);
    components.push_back({.name = fmt::format("k_if/k_fi exp(dE/kT) w={:+}", w_eV),
                          .reference = 1.0,
                          .value = worst_rate_ratio(engine, kT, 2000),
                          .condition = fmt::format("{}, worst of 2000 hops", condition),
                          .unit = "1"});
    double energy_eV = gas.model.energy_eV(engine.state().occupation);
    const auto sampler = [&](VectorXd& sample) {
      sample.setZero();
      for (int k = 0; k < 4; ++k) {  // a state's weight is its mean residence time
        const double residence_s = 1.0 / engine.total_rate_Hz();
        energy_eV = gas.model.energy_eV(engine.state().occupation);
        sample[0] += energy_eV * residence_s;
        sample[1] += residence_s;
        engine.step();
      }
    };
    const double reference = enumerated_energy_eV(gas.model, ions, kT);
    components.push_back(
        {.name = fmt::format("<E> w={:+}", w_eV),
         .reference = reference,
         .value = sample_until(2, sampler,
                               {{[](const VectorXd& m) { return m[0] / m[1]; },
                                 target_fraction * max_energy_error * std::abs(reference)}})[0],
         .allowed_relative = max_energy_error,
         .condition = fmt::format("{}, time average against full enumeration", condition),
         .unit = "eV"});
  }
  return components;
}

/// Weighted least squares of ln D against 1/T.
struct Arrhenius {
  observe::Estimate slope_K, ln_D0;
};

Arrhenius arrhenius(const std::vector<double>& T, const std::vector<observe::Estimate>& D) {
  Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
  Eigen::Vector2d right = Eigen::Vector2d::Zero();
  for (std::size_t i = 0; i < T.size(); ++i) {
    const Eigen::Vector2d x(1.0, 1.0 / T[i]);
    const double weight = std::pow(D[i].value / D[i].error, 2);
    normal += weight * x * x.transpose();
    right += weight * std::log(D[i].value) * x;
  }
  const Eigen::Matrix2d covariance = normal.inverse();
  const Eigen::Vector2d fit = covariance * right;
  Arrhenius a;
  a.ln_D0.value = fit[0];
  a.ln_D0.error = std::sqrt(covariance(0, 0));
  a.slope_K.value = fit[1];
  a.slope_K.error = std::sqrt(covariance(1, 1));
  return a;
}

std::vector<Component> activation(const RowContext& row) {
  constexpr double barrier_eV = 0.3, prefactor_Hz = 1e13;
  const ToyLattice lattice = toy_lattice("sc");
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(4)),
                       nn_hops(lattice, barrier_eV, prefactor_Hz));
  const std::vector<double> temperatures_K{300, 350, 400, 500, 600};
  const double D0 = nn_A * nn_A * lattice.coordination * prefactor_Hz / (2.0 * lattice.dimension);
  std::vector<observe::Estimate> D;
  for (const double T : temperatures_K) {
    const double expected = D0 * std::exp(-barrier_eV / (k_B * T));
    D.push_back(trace(gas, lattice.axes(),
                      {.temperature_K = T, .lag_hops_per_ion = 8.0, .segments_per_run = 512},
                      {{&TransportResult::d_tracer, 0.002 * expected}}, row.seed,
                      row.place + D.size() * RowContext::next_component)
                    .d_tracer);
  }
  const Arrhenius fit = arrhenius(temperatures_K, D);
  const std::string condition = "sc, lone ion, 300 to 600 K, Ea = 0.3 eV, nu0 = 1e13 Hz";
  return {{.name = "d ln D/d(1/T)",
           .reference = -barrier_eV / k_B,
           .value = fit.slope_K,
           .condition = condition,
           .unit = "K"},
          {.name = "ln D0",
           .reference = std::log(D0),
           .value = fit.ln_D0,
           .condition = condition,
           .unit = "ln(A^2/s)"},
          {.name = "D(400 K)",
           .reference = D0 * std::exp(-barrier_eV / (k_B * 400.0)),
           .value = D[2],
           .condition = condition,
           .unit = "A^2/s"}};
}

}  // namespace

void add_kmc_rows(std::vector<Row>& rows) {
  rows.push_back({"KM-01", 3.0, waiting_times});
  rows.push_back({"KM-02", 8.0, detailed_balance});
  rows.push_back({"KM-03", 8.0, activation});
}

}  // namespace lithiate::benchmark
