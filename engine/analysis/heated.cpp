#include "analysis/heated.hpp"

#include <cmath>

#include "analysis/reference.hpp"
#include "core/units.hpp"

namespace lithiate::analysis {
namespace {

/// Streams of one state, numbered in order of use.
class Streams {
 public:
  explicit Streams(const Random& random) : random_(random), key_(random_.bits()) {}
  Random next() { return Random(key_, Purpose::anneal, 2, cycle_++); }

 private:
  Random random_;
  std::uint64_t key_, cycle_ = 0;
};

/// Points outwards from the middle; stops where the state is lost.
Branch leave(const mc::Sampled& sampled, double temperature_K, const std::string& phase,
             const Snapshot& middle, double mu_end_eV, const HeatingConfig& config,
             const Reference& reference, Streams& streams) {
  Branch branch{phase, Sweep::heated, temperature_K, {}, reference};
  auto occ = middle.occupation;
  const double direction = mu_end_eV > middle.mu_eV ? 1.0 : -1.0;
  const auto n = static_cast<int>(std::ceil(std::abs(mu_end_eV - middle.mu_eV) / config.step_eV));
  for (int k = 0; k <= n; ++k) {
    const double mu = middle.mu_eV + direction * config.step_eV * k;
    branch.points.push_back(mu_point(
        sample_semi_grand(sampled, temperature_K, mu, config.sampling, occ, streams.next())));
    if (k > 0 && is_jump(branch.points[branch.points.size() - 2], branch.points.back(), {})) break;
  }
  return branch;
}

}  // namespace

MuPoint mu_point(const mc::StatePoint& p) {
  const double kT = k_B * p.temperature_K;
  return {p.mu_eV,
          p.x.value,
          p.x.error,
          p.energy_eV.value,
          p.energy_eV.error,
          p.variance_n.value / kT,
          p.variance_n.error / kT};
}

std::vector<Branch> heated_branches(const mc::Sampled& sampled, double temperature_K,
                                    const std::string& phase, const Snapshot& middle,
                                    double mu_min_eV, double mu_max_eV, const HeatingConfig& config,
                                    const Random& random) {
  Streams streams(random);
  Snapshot state = middle;
  const double ratio = std::pow(config.coldest, 1.0 / config.steps);
  double T = temperature_K;
  for (int k = 0; k < config.steps; ++k) {  // quench, slowly enough for defects to leave
    T *= ratio;
    sample_semi_grand(sampled, T, middle.mu_eV, config.sampling, state.occupation, streams.next());
  }
  std::vector<ThermalPoint> path;
  mc::StatePoint point;
  for (int k = 0; k <= config.steps; ++k) {
    point = sample_semi_grand(sampled, T, middle.mu_eV, config.sampling, state.occupation,
                              streams.next());
    path.push_back({T, point.energy_eV.value - middle.mu_eV * point.x.value,
                    std::hypot(point.energy_eV.error, middle.mu_eV * point.x.error)});
    T = k + 1 == config.steps ? temperature_K : T / ratio;
  }
  if (std::abs(point.x.value - middle.x) > config.x_tolerance) return {};
  const Reference cold{path.front().omega_eV, path.front().omega_error_eV};
  const Reference reference = along_temperature(path, cold).back();
  std::vector<Branch> out;
  for (const double end : {mu_max_eV, mu_min_eV})
    out.push_back(leave(sampled, temperature_K, phase, state, end, config, reference, streams));
  return out;
}

}  // namespace lithiate::analysis
