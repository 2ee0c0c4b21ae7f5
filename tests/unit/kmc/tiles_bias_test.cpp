/// What windows of finite length do to rates: D and the relaxation of a step, beside exact serial
/// runs.
#include <omp.h>

#include <array>
#include <catch2/catch.hpp>

#include "kmc/run.hpp"
#include "kmc/window_bias.hpp"
#include "tiled.hpp"

namespace lithiate::kmc {
namespace {

using fixtures::Tiled;

constexpr double repulsion_eV = 0.5 * fixtures::kT_eV, e_kra_eV = 0.2, prefactor_Hz = 1e13;
constexpr int columns = 24, rows = 12, replicas = 400;

/// Mean time of a hop between states of equal energy.
double hop_s() { return std::exp(e_kra_eV / fixtures::kT_eV) / prefactor_Hz; }

struct Gas {
  crystal::Structure prim = fixtures::triangular();
  model::LatticeModel model;
  model::HopNetwork network = fixtures::nn_hops(prim, e_kra_eV, prefactor_Hz);
  explicit Gas(const crystal::Vector3i& repeats)
      : model(fixtures::lattice_gas(prim, repeats, repulsion_eV)) {}
};

/// Mean filling of each column and its standard error, over replicas.
struct Profile {
  std::array<double, columns> sum{}, squares{};
  void add(const model::LatticeModel& model, const State& state) {
    std::array<int, columns> n{};
    for (const auto site : state.site_of) ++n[static_cast<std::size_t>(model.cell(site)[0])];
    for (std::size_t c = 0; c < columns; ++c) {
      const double y = static_cast<double>(n[c]) / rows;
      sum[c] += y;
      squares[c] += y * y;
    }
  }
  double mean(std::size_t c) const { return sum[c] / replicas; }
  double variance(std::size_t c) const {
    return (squares[c] / replicas - mean(c) * mean(c)) / (replicas - 1);
  }
};

/// A step of filled and empty columns after some hops of each ion; window_s = 0: exact.
Profile relaxed(double window_s) {
  const Gas gas({columns, rows, 1});
  std::vector<model::Species> step(static_cast<std::size_t>(gas.model.n_sites()));
  for (model::SiteIndex site = 0; site < gas.model.n_sites(); ++site)
    step[static_cast<std::size_t>(site)] = static_cast<model::Species>(gas.model.species_index(
        0, gas.model.cell(site)[0] < columns / 2 ? "Li" : std::string(crystal::vacancy)));
  Profile profile;
  const double time_s = 4.0 * hop_s();
  for (std::uint64_t replica = 0; replica < replicas; ++replica) {
    if (window_s > 0.0) {
      Tiled tiled(gas.model, gas.network, step, {.window_s = window_s, .seed = 11 + replica});
      tiled.engine.advance_to(time_s);
      tiled.engine.collect();
      profile.add(gas.model, tiled.engine.state());
    } else {
      fixtures::Run exact(gas.model, gas.network, step, 1000 + replica, crystal::Vector3d::Zero(),
                          Method::thinning);
      exact.engine.advance_to(time_s);
      profile.add(gas.model, exact.engine.state());
    }
  }
  return profile;
}

/// Largest difference of two profiles in standard errors of it.
double largest_z(const Profile& a, const Profile& b) {
  double most = 0.0;
  for (std::size_t c = 0; c < columns; ++c)
    most =
        std::max(most, std::abs(a.mean(c) - b.mean(c)) / std::sqrt(a.variance(c) + b.variance(c)));
  return most;
}

TEST_CASE("a step relaxes in tiles as in the exact run, at windows of a tenth of a hop") {
  omp_set_num_threads(1);  // the bits do not depend on it
  const Profile exact = relaxed(0.0);
  CHECK(exact.mean(columns / 4) > exact.mean(3 * columns / 4) + 0.2);  // it is still a step
  const double fine = largest_z(relaxed(0.1 * hop_s()), exact);
  const double coarse = largest_z(relaxed(2.0 * hop_s()), exact);
  UNSCOPED_INFO(fine << " " << coarse);
  CHECK(fine < 4.0);
  CHECK(coarse > 6.0);  // the comparison would see a bias
}

/// D* of a half filled gas; window_s = 0: exact.
observe::Estimate tracer(double window_s, std::uint32_t replica) {
  const Gas gas({24, 24, 1});
  const KmcConfig config{
      .equilibration_hops_per_ion = 5.0, .sampling_interval_s = 4.0 * hop_s(), .samples = 512};
  const auto ions = fixtures::random_ions(gas.model, 288, 5);
  observe::Transport transport(288, {});
  if (window_s > 0.0) {
    Tiled tiled(gas.model, gas.network, ions,
                {.window_s = window_s, .seed = 1, .replica = replica});
    run_kmc(tiled.engine, config, transport);
  } else {
    fixtures::Run exact(gas.model, gas.network, ions, 1, crystal::Vector3d::Zero(),
                        Method::thinning);
    run_kmc(exact.engine, config, transport);
  }
  return transport.result({true, true, false}).d_tracer;
}

TEST_CASE(
    "D at window 0 from three windows is that of the exact run, and the bias is what is left") {
  omp_set_num_threads(1);
  const double window_s = 2.0 * hop_s();
  const std::array runs{tracer(window_s, 0), tracer(window_s / 2, 1), tracer(window_s / 4, 2)};
  const WindowBias fit = extrapolate_window(runs);
  const observe::Estimate exact = tracer(0.0, 0);
  const auto sigmas = [&](const observe::Estimate& e) {
    return (e.value - exact.value) / std::hypot(e.error, exact.error);
  };
  UNSCOPED_INFO("limit " << fit.limit.value / exact.value << " bias "
                         << fit.bias.value / exact.value << " +- " << fit.bias.error / exact.value);
  CHECK(fit.resolved);
  CHECK(std::abs(sigmas(fit.limit)) < 3.0);
  observe::Estimate corrected = runs[0];
  corrected.value -= fit.bias.value;
  corrected.error = std::hypot(corrected.error, fit.bias.error);
  CHECK(std::abs(sigmas(corrected)) < 3.0);
  CHECK(std::abs(sigmas(runs[0])) > 3.0);  // without the bias the window would show
}

}  // namespace
}  // namespace lithiate::kmc
