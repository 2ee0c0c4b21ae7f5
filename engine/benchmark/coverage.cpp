#include "benchmark/coverage.hpp"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

#include "benchmark/lattices.hpp"
#include "benchmark/reference.hpp"
#include "core/progress.hpp"
#include "kmc/run.hpp"
#include "model/occupation.hpp"
#include "parallel/threads.hpp"

namespace lithiate::benchmark {
namespace {

/// f of one run of about 2.6e5 vacancy hops; slopes between lags of 1000 and 2000.
observe::Interval measured_interval(const HoppingGas& gas, const observe::Axes& axes,
                                    std::uint64_t seed) {
  constexpr int samples = 1024, vacancy_hops_per_sample = 250;
  const std::int64_t ions = gas.model.n_sites() - 1;
  Random start(seed, Purpose::initial_state);
  kmc::KmcEngine engine(gas.model, gas.hops, kmc::RateModel(gas.hops.network(), 300.0),
                        model::random_occupation(gas.model, "Li", ions, start),
                        Random(seed, Purpose::kmc_event));
  observe::Transport transport(static_cast<int>(ions), observe::transport_config_for(samples));
  run_kmc(engine,
          {.equilibration_hops_per_ion = 0.0,
           .sampling_hops_per_ion =
               static_cast<double>(vacancy_hops_per_sample) / static_cast<double>(ions),
           .samples = samples},
          transport);
  return observe::interval_95(transport.result(axes).f);
}

Coverage cover(const std::string& row, int edge, int seeds, std::uint64_t first_seed) {
  const ToyLattice lattice = toy_lattice(reference(row).system);
  const HoppingGas gas(pair_gas(lattice, lattice.repeats(edge)), nn_hops(lattice));
  Coverage c{.lattice = lattice.prim.name, .exact_f = reference(row).number(), .seeds = seeds};
  std::tie(c.least, c.most) = coverage_bounds(seeds);
  Progress progress("coverage, " + c.lattice, seeds);
  std::vector<observe::Interval> intervals(static_cast<std::size_t>(seeds));
  parallel::for_each(seeds, [&](std::ptrdiff_t k, int) {
    intervals[static_cast<std::size_t>(k)] =
        measured_interval(gas, lattice.axes(), first_seed + static_cast<std::uint64_t>(k));
    progress.advance();
  });
  for (const observe::Interval& i : intervals) {
    c.held += i.holds(c.exact_f);
    c.mean_width += (i.high - i.low) / seeds;
  }
  return c;
}

}  // namespace

std::pair<int, int> coverage_bounds(int n) {
  const double half = 2.6 * std::sqrt(0.95 * 0.05 * n);
  return {static_cast<int>(std::ceil(0.95 * n - half)),
          static_cast<int>(std::floor(0.95 * n + half))};
}

std::vector<Coverage> run_coverage(int seeds, std::uint64_t first_seed) {
  return {cover("TC-06", 64, seeds, first_seed), cover("TC-03", 16, seeds, first_seed)};
}

std::string format_coverage(const std::vector<Coverage>& all) {
  std::string text;
  for (const Coverage& c : all)
    text += fmt::format(
        "{:<12} f = {:.6f}: {} of {} 95 % intervals hold it, expected {} to {}; mean "
        "width {:.2g}  {}\n",
        c.lattice, c.exact_f, c.held, c.seeds, c.least, c.most, c.mean_width,
        c.pass() ? "pass" : "fail");
  return text;
}

}  // namespace lithiate::benchmark
