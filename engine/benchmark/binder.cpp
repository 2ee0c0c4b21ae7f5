#include "benchmark/binder.hpp"

#include <cmath>
#include <numeric>

#include "core/units.hpp"
#include "model/occupation.hpp"

namespace lithiate::benchmark {
namespace {

constexpr int equilibration_sweeps = 5000;

/// Li is species 0, the vacancy 1.
double count_lithium(const std::vector<model::Species>& occ) {
  return static_cast<double>(occ.size()) -
         static_cast<double>(std::accumulate(occ.begin(), occ.end(), std::int64_t{0}));
}

}  // namespace

BinderScan::BinderScan(const std::vector<BinderSystem>& systems, double temperature_K, double step,
                       std::uint64_t seed, std::uint64_t place)
    : systems_(systems), temperature_K_(temperature_K), step_(step) {
  const double beta = 1.0 / (k_B * temperature_K);
  for (int k = 0; k < 3; ++k) delta_beta_[k] = beta / (1.0 + step * (k - 1)) - beta;
  for (const BinderSystem& s : systems) {
    const auto cycle = static_cast<std::uint64_t>(walks_.size());
    Random start(seed, Purpose::initial_state, place, cycle);
    walks_.emplace_back(s.model, mc::SemiGrand(s.model, {{"Li", s.mu_eV}}),
                        model::random_occupation(s.model, "Li", s.model.n_sites() / 2, start),
                        temperature_K, Random(seed, Purpose::mc_step, place, cycle));
    double sum_eV = 0.0;
    for (int k = 0; k < equilibration_sweeps; ++k) {
      walks_.back().sweep();
      sum_eV += walks_.back().energy_eV() - s.mu_eV * count_lithium(walks_.back().occupation());
    }
    reference_eV_.push_back(sum_eV / equilibration_sweeps);
  }
}

void BinderScan::sample(Eigen::VectorXd& sums) {
  sums.setZero();
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    const double sites = systems_[i].model.n_sites();
    for (int k = 0; k < systems_[i].sweeps; ++k) {
      walks_[i].sweep();
      const double n = count_lithium(walks_[i].occupation());
      const double m2 = std::pow(2.0 * n / sites - 1.0, 2);
      const double energy_eV = walks_[i].energy_eV() - systems_[i].mu_eV * n - reference_eV_[i];
      for (long t = 0; t < 3; ++t) {
        const double w = t == 1 ? 1.0 : std::exp(-delta_beta_[t] * energy_eV);
        sums.segment<3>(9 * static_cast<long>(i) + 3 * t) +=
            Eigen::Vector3d(w, w * m2, w * m2 * m2);
      }
    }
  }
}

Eigen::Vector3d BinderScan::cumulant(const Eigen::VectorXd& means, std::size_t system) const {
  Eigen::Vector3d u;
  for (long t = 0; t < 3; ++t) {
    const Eigen::Vector3d m = means.segment<3>(9 * static_cast<long>(system) + 3 * t);
    u[t] = 1.0 - m[2] * m[0] / (3.0 * m[1] * m[1]);
  }
  return {u[1], (u[2] - u[0]) / 2.0, (u[2] + u[0]) / 2.0 - u[1]};
}

double BinderScan::crossing_K(const Eigen::VectorXd& means, std::size_t smaller,
                              std::size_t larger) const {
  const Eigen::Vector3d d = cumulant(means, larger) - cumulant(means, smaller);
  double t = 0.0;  // the root near the middle, by fixed-point steps on c0 + (c1 + c2 t) t = 0
  for (int k = 0; k < 30; ++k) t = -d[0] / (d[1] + d[2] * t);
  return temperature_K_ * (1.0 + step_ * t);
}

}  // namespace lithiate::benchmark
