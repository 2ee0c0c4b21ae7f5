/// TC, TF, GA: tracer correlation factors of non-interacting lattice gases. TransportResult::f is
/// the slope of the tracer's mean squared displacement between two lags over the hops counted in
/// the same windows, so the offset that short times leave behind cancels.
#include <fmt/format.h>

#include <cmath>

#include "benchmark/bins.hpp"
#include "benchmark/garnet.hpp"
#include "benchmark/suite.hpp"
#include "benchmark/tracer.hpp"
#include "core/error.hpp"
#include "model/occupation.hpp"

namespace lithiate::benchmark {
namespace {

using observe::TransportResult;

Component f_component(const RowContext& row, const std::string& name, double reference,
                      const HoppingGas& gas, const observe::Axes& axes, const TracerPlan& plan,
                      std::uint64_t component = 0) {
  const auto result =
      trace(gas, axes, plan, {{&TransportResult::f, target_fraction * max_error * reference}},
            row.seed, row.place + component * RowContext::next_component);
  return {.name = name,
          .reference = reference,
          .reference_error = row.reference.sigma(),
          .value = result.f,
          .condition =
              fmt::format("{} sites, slope between {:.4g} and {:.4g} hops per ion",
                          gas.model.n_sites(), plan.lag_hops_per_ion / 2, plan.lag_hops_per_ion)};
}

/// One vacancy. The lag is several times the vacancy's relaxation over the cell, so the slope is
/// that of the cell; with 4000 sites and more its f differs from the infinite lattice's by less
/// than a tenth of the error.
std::vector<Component> one_vacancy(const RowContext& row, int n) {
  ToyLattice lattice = toy_lattice(row.reference.system);
  const bool basal = lattice.prim.name == "hcp";
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(n)), nn_hops(lattice));
  const std::int64_t ions = gas.model.n_sites() - 1;
  const TracerPlan plan{.n_ions = ions, .lag_hops_per_ion = 2.0, .segments_per_run = 8};
  return {f_component(row, "f0", row.reference.number(), gas,
                      basal ? observe::Axes{true, true, false} : lattice.axes(), plan)};
}

/// A ring: every atom moves by the same amount in the long run, so f = 1/(N - 1). Lags beyond the
/// vacancy's relaxation, N^2 / (2 pi^2) hops.
std::vector<Component> ring(const RowContext& row) {
  const ToyLattice lattice = toy_lattice("linear");
  std::vector<Component> components;
  for (const int n : {10, 20, 50}) {
    const HoppingGas gas(pair_gas(lattice, lattice.repeats(n)), nn_hops(lattice));
    const double relaxation_hops = n * n / (2.0 * M_PI * M_PI);
    const TracerPlan plan{.n_ions = n - 1,
                          .lag_hops_per_ion = 16.0 * relaxation_hops / (n - 1),
                          .segments_per_run = 2048};
    components.push_back(f_component(row, fmt::format("f0 N={}", n), 1.0 / (n - 1), gas,
                                     lattice.axes(), plan, static_cast<std::uint64_t>(n)));
  }
  return components;
}

/// The protocol of the table: about 10^4 sites, 600 to 1500 jumps per particle in a run.
std::vector<Component> finite_concentration(const RowContext& row) {
  const ToyLattice lattice = toy_lattice(row.reference.system);
  const double basis = static_cast<double>(lattice.prim.sites.size());
  const int n = static_cast<int>(std::lround(std::pow(1e4 / basis, 1.0 / lattice.dimension)));
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(n)), nn_hops(lattice));
  const double c = row.reference.condition_number("occupied fraction ");
  const TracerPlan plan{
      .n_ions = std::lround(c * gas.model.n_sites()),
      .lag_hops_per_ion = lattice.dimension == 2 ? 160.0 : 80.0,  // tails fade faster in 3D
      .segments_per_run = lattice.dimension == 2 ? 3 : 6,
      .min_runs = 4};
  return {f_component(row, fmt::format("f c={:.2f}", c), row.reference.number(), gas,
                      lattice.axes(), plan)};
}

/// 2000 jumps per ion in a run.
std::vector<Component> garnet_long(const RowContext& row) {
  const HoppingGas gas = garnet_gas();
  const TracerPlan plan{.n_ions = std::lround(row.reference.condition_number("n_Li=")),
                        .lag_hops_per_ion = 200.0,
                        .segments_per_run = 5};
  return {f_component(row, "f", row.reference.number(), gas, {}, plan)};
}

/// Morgan's protocol: 1000 jumps of equilibration and 10000 jumps in total per run, f from the
/// displacements since then. Not a long-time limit; the mean over runs.
std::vector<Component> garnet_short(const RowContext& row) {
  constexpr int equilibration = 1000, jumps = 10000;
  const HoppingGas gas = garnet_gas();
  const auto ions = std::lround(row.reference.condition_number("n_Li="));
  const kmc::RateModel rates(gas.hops.network(), 300.0);
  std::uint64_t run = 0;
  const auto sampler = [&](Eigen::VectorXd& sums) {
    Random start(row.seed, Purpose::initial_state, row.place, run);
    kmc::KmcEngine engine(gas.model, gas.hops, rates,
                          model::random_occupation(gas.model, "Li", ions, start),
                          Random(row.seed, Purpose::kmc_event, row.place, run++));
    engine.perform_hops(equilibration);
    engine.reset_displacements();
    engine.perform_hops(jumps);
    sums.setZero();
    for (std::int64_t ion = 0; ion < engine.n_ions(); ++ion)
      sums[0] += engine.displacement_A(ion).squaredNorm();
    sums[1] = engine.sum_squared_hops_A2().trace();
  };
  const double reference = row.reference.number();
  const auto f = sample_until(2, sampler,
                              {{[](const Eigen::VectorXd& m) { return m[0] / m[1]; },
                                target_fraction * max_error * reference}},
                              {.min_samples = 128})[0];
  return {{.name = "f",
           .reference = reference,
           .reference_error = row.reference.sigma(),
           .value = f,
           .condition = fmt::format("{} runs", run)}};
}

}  // namespace

void add_tracer_rows(std::vector<Row>& rows) {
  const std::vector<int> edge{18, 17, 17, 14, 72, 72, 48};  // 4000 to 6000 sites each
  for (std::size_t k = 0; k < edge.size(); ++k)
    rows.push_back({fmt::format("TC-{:02}", k + 1), 4.0,
                    [n = edge[k]](const RowContext& row) { return one_vacancy(row, n); }});
  rows.push_back({"TC-08", 30.0, ring});
  rows.push_back({"TC-09", 4.0, [](const RowContext& row) { return one_vacancy(row, 13); }});
  for (int k = 1; k <= 22; ++k)
    rows.push_back({fmt::format("TF-{:02}", k), 5.0, finite_concentration});
  for (int k = 1; k <= 6; ++k) {
    rows.push_back({fmt::format("GA-{:02}", 2 * k - 1), 3.0, garnet_long});
    rows.push_back({fmt::format("GA-{:02}", 2 * k), 2.0, garnet_short});
  }
}

}  // namespace lithiate::benchmark
