#include "mc/density_of_states.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"

namespace lithiate::mc {
namespace {

using Level = DensityOfStates::Level;

/// ln of the number of all states.
double log_states(const DensityOfStates& density) {
  double top = density.levels.front().log_g, sum = 0.0;
  for (const Level& level : density.levels) top = std::max(top, level.log_g);
  for (const Level& level : density.levels) sum += std::exp(level.log_g - top);
  return top + std::log(sum);
}

constexpr long per_level = 4;

/// A level of all runs: where its sums stand in a row, and what they are relative to.
struct Shared {
  long at = 0;
  double log_weight = 0.0, P_eV = 0.0;
};

class Pool {
 public:
  explicit Pool(std::span<const DensityOfStates> runs) : log_states_(log_states(runs.front())) {
    for (const auto& run : runs)
      for (const Level& l : run.levels) shared_.try_emplace(l.bin, Shared{0, l.log_weight, l.P_eV});
    long levels = 0;
    for (auto& [bin, shared] : shared_) shared.at = per_level * levels++;
    rows_ = Eigen::MatrixXd::Zero(static_cast<long>(runs.size()), per_level * levels);
    for (std::size_t r = 0; r < runs.size(); ++r)
      for (const Level& l : runs[r].levels) add(static_cast<long>(r), l);
  }

  /// Per run and level: visits, and with them sums of P, P^2 and n.
  const Eigen::MatrixXd& rows() const noexcept { return rows_; }

  /// From averages of rows, with the number of states that is known.
  DensityOfStates density(const Eigen::VectorXd& row) const {
    DensityOfStates d;
    for (const auto& [bin, shared] : shared_) {
      const double visits = row[shared.at];
      if (!(visits > 0.0)) continue;
      const double off = row[shared.at + 1] / visits;
      d.levels.push_back({.bin = bin,
                          .log_g = shared.log_weight + std::log(visits),
                          .P_eV = shared.P_eV + off,
                          .variance_eV2 = std::max(0.0, row[shared.at + 2] / visits - off * off),
                          .n = row[shared.at + 3] / visits});
    }
    const double shift = log_states_ - log_states(d);
    for (Level& level : d.levels) level.log_g += shift;
    return d;
  }

 private:
  void add(long r, const Level& l) {
    const Shared& shared = shared_.at(l.bin);
    const double visits = l.visits * std::exp(l.log_weight - shared.log_weight);
    const double off = l.P_eV - shared.P_eV;
    rows_.row(r).segment<per_level>(shared.at) << visits, visits * off,
        visits * (l.variance_eV2 + off * off), visits * l.n;
  }

  std::map<std::int64_t, Shared> shared_;
  Eigen::MatrixXd rows_;
  double log_states_;
};

}  // namespace

Thermodynamics thermodynamics(const DensityOfStates& density, double temperature_K) {
  if (density.levels.empty()) throw InputError("density of states without a level");
  const double beta = 1.0 / (k_B * temperature_K);
  std::vector<double> exponent;
  for (const auto& level : density.levels)
    exponent.push_back(level.log_g - beta * level.P_eV + 0.5 * beta * beta * level.variance_eV2);
  const double top = *std::max_element(exponent.begin(), exponent.end());
  double z = 0.0, P = 0.0, n = 0.0;
  for (std::size_t k = 0; k < exponent.size(); ++k) {
    const auto& level = density.levels[k];
    const double w = std::exp(exponent[k] - top);
    z += w;
    P += w * (level.P_eV - beta * level.variance_eV2);
    n += w * level.n;
  }
  P /= z;
  double variance = 0.0;
  for (std::size_t k = 0; k < exponent.size(); ++k) {
    const auto& level = density.levels[k];
    const double off = level.P_eV - beta * level.variance_eV2 - P;
    variance += std::exp(exponent[k] - top) * (off * off + level.variance_eV2);
  }
  Thermodynamics t;
  const double log_z = top + std::log(z);
  t.free_energy_eV = -log_z / beta;
  t.P_eV = P;
  t.entropy_kB = beta * P + log_z;
  t.heat_capacity_kB = beta * beta * variance / z;
  t.n = n / z;
  return t;
}

ThermodynamicPoint thermodynamic_point(std::span<const DensityOfStates> runs, double temperature_K,
                                       double formula_units) {
  const Pool pool(runs);
  const auto estimate = [&](double Thermodynamics::*member) {
    return observe::jackknife(pool.rows(), [&](const Eigen::VectorXd& row) {
      return thermodynamics(pool.density(row), temperature_K).*member / formula_units;
    });
  };
  return {temperature_K,
          estimate(&Thermodynamics::free_energy_eV),
          estimate(&Thermodynamics::P_eV),
          estimate(&Thermodynamics::entropy_kB),
          estimate(&Thermodynamics::heat_capacity_kB),
          estimate(&Thermodynamics::n)};
}

std::vector<double> numbers(const DensityOfStates& d) {
  std::vector<double> all{d.ln_f, static_cast<double>(d.sweeps), d.converged ? 1.0 : 0.0};
  for (const auto& l : d.levels)
    all.insert(all.end(), {static_cast<double>(l.bin), l.log_g, l.P_eV, l.variance_eV2, l.n,
                           l.visits, l.log_weight});
  return all;
}

DensityOfStates density_of_states(const std::vector<double>& all) {
  constexpr std::size_t fixed = 3, per_one = 7;
  if (all.size() < fixed + per_one || (all.size() - fixed) % per_one != 0)
    throw InputError("checkpoint: a density of states of other numbers than expected");
  DensityOfStates d{{}, all[0], static_cast<std::int64_t>(all[1]), all[2] != 0.0};
  for (std::size_t k = fixed; k < all.size(); k += per_one)
    d.levels.push_back({static_cast<std::int64_t>(all[k]), all[k + 1], all[k + 2], all[k + 3],
                        all[k + 4], all[k + 5], all[k + 6]});
  return d;
}

}  // namespace lithiate::mc
