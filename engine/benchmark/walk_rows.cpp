/// RW: diffusion coefficients of walkers with site exclusion. Rates are nu = 1 Hz per bond and the
/// nearest-neighbour distance is a = 3 A.
#include <fmt/format.h>

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

constexpr double nu_Hz = 1.0, temperature_K = 300.0;
const std::string A2_per_s = "A^2/s";

double random_walk_A2_per_s(const ToyLattice& lattice) {
  return lattice.coordination * nu_Hz * nn_A * nn_A / (2.0 * lattice.dimension);
}

std::vector<Component> lone_walker(const RowContext& row) {
  std::vector<Component> components;
  std::uint64_t place = row.place;
  for (const char* name : {"square", "honeycomb", "sc", "fcc"}) {
    const ToyLattice lattice = toy_lattice(name);
    const HoppingGas gas(pair_gas(lattice, lattice.repeats(4)), nn_hops(lattice));
    const double D = random_walk_A2_per_s(lattice);
    const auto result =
        trace(gas, lattice.axes(), {.lag_hops_per_ion = 16.0, .segments_per_run = 512},
              {{&TransportResult::d_tracer, target_fraction * max_error * D}}, row.seed,
              place += RowContext::next_component);
    components.push_back({.name = fmt::format("D {}", name),
                          .reference = D,
                          .value = result.d_tracer,
                          .condition = fmt::format("Gamma = {} Hz, a = 3 A", lattice.coordination),
                          .unit = A2_per_s});
  }
  return components;
}

/// D* with f(c) of the table's TF rows.
std::vector<Component> tracer_diffusion(const RowContext& row) {
  struct Case {
    const char *lattice, *f_row;
    double c;
  };
  std::vector<Component> components;
  std::uint64_t place = row.place;
  for (const auto& [name, f_row, c] :
       {Case{"triangular", "TF-10", 0.5}, Case{"honeycomb", "TF-07", 0.75},
        Case{"fcc", "TF-20", 0.9}}) {
    const ToyLattice lattice = toy_lattice(name);
    const int n = lattice.dimension == 2 ? 64 : 16;
    const HoppingGas gas(pair_gas(lattice, lattice.repeats(n)), nn_hops(lattice));
    const double free = random_walk_A2_per_s(lattice) * (1.0 - c);
    const double D = free * reference(f_row).number();
    const TracerPlan plan{.n_ions = std::lround(c * gas.model.n_sites()),
                          .lag_hops_per_ion = lattice.dimension == 2 ? 160.0 : 80.0,
                          .min_runs = 24};
    const auto result = trace(gas, lattice.axes(), plan,
                              {{&TransportResult::d_tracer, target_fraction * max_error * D}},
                              row.seed, place += RowContext::next_component);
    components.push_back({.name = fmt::format("D* {} c={}", name, c),
                          .reference = D,
                          .reference_error = free * reference(f_row).sigma(),
                          .value = result.d_tracer,
                          .condition = fmt::format("f from {}", f_row),
                          .unit = A2_per_s});
  }
  return components;
}

/// Occupation drawn site by site with chance c (1 + amplitude cos kx).
std::vector<model::Species> wave(const model::LatticeModel& model, double c, double amplitude,
                                 double k, Random& random) {
  std::vector<model::Species> occ;
  for (model::SiteIndex site = 0; site < model.n_sites(); ++site) {
    const double chance = c * (1.0 + amplitude * std::cos(k * model.cell(site)[0]));
    occ.push_back(random.uniform() < chance ? 0 : 1);
  }
  return occ;
}

double wave_amplitude(const kmc::KmcEngine& engine, double k) {
  double sum = 0.0;
  for (const model::SiteIndex site : engine.state().site_of)
    sum += std::cos(k * engine.model().cell(site)[0]);
  return 2.0 * sum / engine.model().n_sites();
}

/// Decay of a cosine profile by one e-fold. The mean amplitude at t, given the occupation at 0, is
/// the amplitude at 0 times exp(-rate t): the ratio of means is free of the noise of the start.
Component chemical_diffusion(const RowContext& row, double c, std::uint64_t component) {
  constexpr int period = 12, width = 120;
  const ToyLattice lattice = toy_lattice("square");
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(width)), nn_hops(lattice));
  const kmc::RateModel rates(gas.hops.network(), temperature_K);
  const double k = 2.0 * M_PI / period;
  const double amplitude = std::min(1.0, (1.0 - c) / c);
  const double lattice_factor = 2.0 * (1.0 - std::cos(k));  // (k a)^2 in the continuum
  const double t_s = 1.0 / (lattice_factor * nu_Hz);
  const std::uint64_t place = row.place + component * RowContext::next_component;
  std::uint64_t run = 0;
  const auto sampler = [&](VectorXd& sample) {
    Random start(row.seed, Purpose::initial_state, place, run);
    kmc::KmcEngine engine(gas.model, gas.hops, rates, wave(gas.model, c, amplitude, k, start),
                          Random(row.seed, Purpose::kmc_event, place, run++));
    sample[0] = wave_amplitude(engine, k);
    engine.advance_to(t_s);
    sample[1] = wave_amplitude(engine, k);
  };
  const auto D = [&](const VectorXd& m) {
    return nn_A * nn_A * std::log(m[0] / m[1]) / t_s / lattice_factor;
  };
  const double reference = random_walk_A2_per_s(lattice);
  return {.name = fmt::format("D_chem c={}", c),
          .reference = reference,
          .value = sample_until(2, sampler, {{D, target_fraction * max_error * reference}},
                                {.min_samples = 128})[0],
          .condition = fmt::format("square, wave of {} sites", period),
          .unit = A2_per_s};
}

/// Sum over all ions of their displacements since the last reset.
crystal::Vector3d collective_displacement_A(const kmc::KmcEngine& engine) {
  crystal::Vector3d sum_A = crystal::Vector3d::Zero();
  const kmc::State& state = engine.state();
  for (std::size_t h = 0; h < state.hop_counts.size(); ++h)  // forth less back is exact in basins
    sum_A += (static_cast<double>(state.hop_counts[h]) + state.expected_counts[h]) *
             engine.hop_table().network().hops[h].vector_A;
  return sum_A;
}

kmc::KmcEngine half_filled(const HoppingGas& gas, const kmc::RateModel& rates, std::uint64_t seed,
                           std::uint64_t place, std::uint64_t cycle) {
  Random start(seed, Purpose::initial_state, place, cycle);
  return {gas.model, gas.hops, rates,
          model::random_occupation(gas.model, "Li", gas.model.n_sites() / 2, start),
          Random(seed, Purpose::kmc_event, place, cycle)};
}

/// Displacement of all ions together over windows of 16 hops: without interactions it is linear in
/// time at any lag. 4096 sites, since at fixed number a neighbour is empty with chance
/// (N - n) / (N - 1).
std::vector<Component> jump_diffusion(const RowContext& row) {
  std::vector<Component> components;
  for (const char* name : {"square", "triangular", "fcc"}) {
    const ToyLattice lattice = toy_lattice(name);
    const HoppingGas gas(pair_gas(lattice, lattice.repeats(lattice.dimension == 2 ? 64 : 16)),
                         nn_hops(lattice));
    auto engine = half_filled(gas, kmc::RateModel(gas.hops.network(), temperature_K), row.seed,
                              row.place, components.size());
    const auto sampler = [&](VectorXd& sample) {
      const double start_s = engine.state().time_s;
      engine.reset_displacements();
      engine.perform_hops(16);
      sample << collective_displacement_A(engine).squaredNorm(), engine.state().time_s - start_s;
    };
    const double per_ion = 1.0 / (2.0 * lattice.dimension * static_cast<double>(engine.n_ions()));
    const double D = 0.5 * random_walk_A2_per_s(lattice);
    const auto D_J = [=](const VectorXd& m) { return per_ion * m[0] / m[1]; };
    components.push_back(
        {.name = fmt::format("D_J {} c=0.5", name),
         .reference = D,
         .value = sample_until(2, sampler, {{D_J, target_fraction * max_error * D}})[0],
         .condition = "4096 sites",
         .unit = A2_per_s});
  }
  return components;
}

/// Displacements along x of every ion (rows) of a ring at 0, t, 2 t, ... (columns).
Eigen::MatrixXd ring_displacements_A(const HoppingGas& gas, double c, double t_s, int records,
                                     const RowContext& row, std::uint64_t run) {
  Random start(row.seed, Purpose::initial_state, row.place, run);
  kmc::KmcEngine engine(gas.model, gas.hops, kmc::RateModel(gas.hops.network(), temperature_K),
                        wave(gas.model, c, 0.0, 0.0, start),
                        Random(row.seed, Purpose::kmc_event, row.place, run));
  Eigen::MatrixXd x_A(engine.n_ions(), records);
  for (int k = 0; k < records; ++k) {
    engine.advance_to(k * t_s);
    for (std::int64_t ion = 0; ion < engine.n_ions(); ++ion)
      x_A(ion, k) = engine.displacement_A(ion)[0];
  }
  return x_A;
}

/// Tracers of a ring at lags t, 4 t and 16 t, from all origins. MSD / sqrt(t) approaches its limit
/// as t^(-1/2), which the combination 2 P(16 t) - P(4 t) removes; the exponent between neighbouring
/// lags likewise.
std::vector<Component> single_file(const RowContext& row) {
  static constexpr double c = 0.9, first_s = 8.0 / nu_Hz;
  constexpr int sites = 2000, records = 81;
  static constexpr int lags[] = {1, 4, 16};
  const ToyLattice lattice = toy_lattice("linear");
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(sites)), nn_hops(lattice));
  std::uint64_t run = 0;
  const auto sampler = [&](VectorXd& msd) {
    const Eigen::MatrixXd x_A = ring_displacements_A(gas, c, first_s, records, row, run++);
    for (int k = 0; k < 3; ++k) {
      const int origins = records - lags[k];
      msd[k] = (x_A.rightCols(origins) - x_A.leftCols(origins)).squaredNorm() /
               static_cast<double>(x_A.rows() * origins);
    }
  };
  const auto prefactor = [](const VectorXd& msd) {
    const auto p = [&](int k) { return msd[k] / std::sqrt(first_s * lags[k]); };
    return 2.0 * p(2) - p(1);
  };
  const auto exponent = [](const VectorXd& msd) {
    const double early = std::log(msd[1] / msd[0]), late = std::log(msd[2] / msd[1]);
    return (2.0 * late - early) / std::log(4.0);
  };
  constexpr double fraction = 0.95;  // the dearest row of the suite
  const double p = nn_A * nn_A * (1.0 - c) / c * std::sqrt(4.0 * nu_Hz / M_PI);
  const auto measured = sample_until(
      3, sampler, {{prefactor, fraction * max_error * p}, {exponent, fraction * max_error * 0.5}},
      {.min_samples = 128});
  const std::string condition = fmt::format("c = {}, nu t = 8, 32, 128", c);
  return {{.name = "MSD/sqrt(t)",
           .reference = p,
           .value = measured[0],
           .condition = condition,
           .unit = "A^2/s^(1/2)"},
          {.name = "exponent",
           .reference = 0.5,
           .value = measured[1],
           .condition = condition,
           .unit = "1"}};
}

/// Mobility, drift over force, in fields F and 2 F; (4 u(F) - u(2F)) / 3 removes what is cubic in
/// F. Barriers of 0.2 eV keep the rates symmetric in the field.
observe::Estimate drift_mobility(const HoppingGas& gas, double force_eV_per_A, double allowed,
                                 std::uint64_t seed, std::uint64_t place) {
  std::vector<kmc::KmcEngine> engines;
  for (std::uint64_t k = 0; k < 2; ++k) {
    const double force = (1.0 + static_cast<double>(k)) * force_eV_per_A;
    const kmc::RateModel rates(gas.hops.network(), temperature_K, {force, 0.0, 0.0});
    engines.push_back(half_filled(gas, rates, seed, place, k));
    engines.back().perform_hops(500 * engines.back().n_ions());
  }
  const double ions = static_cast<double>(engines[0].n_ions());
  const auto sampler = [&](VectorXd& sample) {
    for (std::size_t k = 0; k < 2; ++k) {
      kmc::KmcEngine& engine = engines[k];
      const double start_s = engine.state().time_s;
      engine.reset_displacements();
      engine.perform_hops(256);
      sample[2 * static_cast<long>(k)] = collective_displacement_A(engine)[0];
      sample[2 * static_cast<long>(k) + 1] = engine.state().time_s - start_s;
    }
  };
  const auto mobility = [=](const VectorXd& m) {
    return (4.0 * m[0] / m[1] - 0.5 * m[2] / m[3]) / (3.0 * ions * force_eV_per_A);
  };
  return sample_until(4, sampler, {{mobility, allowed}}, {.min_samples = 5120})[0];
}

/// sigma / e^2 from the drift in a field against carriers per volume times D_J / kT.
std::vector<Component> conductivity(const RowContext& row) {
  constexpr double c = 0.5, barrier_eV = 0.2;
  const double kT = k_B * temperature_K;
  const ToyLattice lattice = toy_lattice("square");
  const auto network = nn_hops(lattice, barrier_eV, nu_Hz * std::exp(barrier_eV / kT));
  const double force = 0.5 * kT / nn_A;
  std::vector<Component> components;
  for (const double w_kT : {0.0, 0.5}) {
    const HoppingGas gas(pair_gas(lattice, lattice.repeats(w_kT == 0.0 ? 64 : 6), w_kT * kT),
                         network);
    const std::int64_t ions = gas.model.n_sites() / 2;
    const std::uint64_t place = row.place + components.size() * RowContext::next_component;
    const double carriers = static_cast<double>(ions) / (gas.model.host_lattice().volume_A3() *
                                                         static_cast<double>(gas.model.n_cells()));
    observe::Estimate D;
    D.value = random_walk_A2_per_s(lattice) * (1.0 - c);
    if (w_kT != 0.0)
      D = trace(gas, lattice.axes(),
                {.n_ions = ions,
                 .temperature_K = temperature_K,
                 .equilibration_hops_per_ion = 500.0,
                 .lag_hops_per_ion = 6.0,
                 .segments_per_run = 1024,
                 .min_runs = 4},
                {{&TransportResult::d_jump, target_fraction * max_error * D.value}}, row.seed,
                place + 1)
              .d_jump;
    const double reference = D.value * carriers / kT;
    const auto u =
        drift_mobility(gas, force, target_fraction * max_error * D.value / kT, row.seed, place);
    components.push_back({.name = w_kT == 0.0 ? "sigma/e^2 free" : "sigma/e^2 w=kT/2",
                          .reference = reference,
                          .reference_error = D.error * carriers / kT,
                          .value = observe::scaled(u, carriers),
                          .condition = fmt::format("square, c = {}, fields kT/2a and kT/a, "
                                                   "reference from {}",
                                                   c, w_kT == 0.0 ? "RW-04" : "collective MSD"),
                          .unit = "1/(A eV s)"});
  }
  return components;
}

}  // namespace

void add_walk_rows(std::vector<Row>& rows) {
  rows.push_back({"RW-01", 4.0, lone_walker});
  rows.push_back({"RW-02", 10.0, tracer_diffusion});
  rows.push_back({"RW-03", 15.0, [](const RowContext& row) {
                    std::vector<Component> all;
                    for (const double c : {0.2, 0.5, 0.8})
                      all.push_back(chemical_diffusion(row, c, all.size()));
                    return all;
                  }});
  rows.push_back({"RW-04", 6.0, jump_diffusion});
  rows.push_back({"RW-05", 30.0, single_file});
  rows.push_back({"RW-06", 20.0, conductivity});
}

}  // namespace lithiate::benchmark
