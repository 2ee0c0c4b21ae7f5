#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "model/hops.hpp"

namespace lithiate::kmc {

/// What the surroundings of a hop add to the constants of its class; the same for its reverse.
struct LocalRate {
  double e_kra_eV = 0.0, ln_prefactor = 0.0;
};

/// Rates that obey detailed balance for any energies: with E_KRA = E_TS - (E_i + E_f) / 2
/// (Van der Ven et al., Phys. Rev. B 64, 184307 (2001))
///   Ea = max(0, dE, E_KRA + dE / 2),  rate = prefactor exp(-Ea / kT).
/// Local expansions add to E_KRA and to ln(prefactor) of a hop and its reverse alike.
/// Under a uniform force F (charge times field) dE becomes dE - F.dr. With E_KRA = 0 the rates are
/// those of Metropolis, prefactor min(1, exp(-dE / kT)).
class RateModel {
 public:
  /// Throws InputError unless temperature_K > 0 and the force (eV/Angstrom) is finite.
  RateModel(const model::HopNetwork& network, double temperature_K,
            const crystal::Vector3d& force_eV_per_A = crystal::Vector3d::Zero());

  double temperature_K() const noexcept { return temperature_K_; }
  /// Activation energy in eV of hop `hop` (in HopNetwork::hops) when the model's energy changes by
  /// dE_eV; the force's work is added inside.
  double barrier_eV(int hop, double dE_eV) const noexcept {
    const Rule& r = rules_[static_cast<std::size_t>(hop)];
    const double dE = dE_eV - r.work_eV;
    return std::max(r.e_kra_eV + 0.5 * dE, std::max(0.0, dE));
  }
  /// True if the barrier is not E_KRA + dE / 2 because that lies below an end state.
  bool clamped(int hop, double dE_eV) const noexcept {
    const Rule& r = rules_[static_cast<std::size_t>(hop)];
    const double dE = dE_eV - r.work_eV;
    return r.e_kra_eV + 0.5 * dE < std::max(0.0, dE);
  }
  double rate_Hz(int hop, double dE_eV) const noexcept {
    return rules_[static_cast<std::size_t>(hop)].prefactor_Hz *
           std::exp(-beta_ * barrier_eV(hop, dE_eV));
  }
  /// The same three with a local expansion.
  double barrier_eV(int hop, double dE_eV, const LocalRate& local) const noexcept {
    const Rule& r = rules_[static_cast<std::size_t>(hop)];
    const double dE = dE_eV - r.work_eV;
    return std::max(r.e_kra_eV + local.e_kra_eV + 0.5 * dE, std::max(0.0, dE));
  }
  bool clamped(int hop, double dE_eV, const LocalRate& local) const noexcept {
    const Rule& r = rules_[static_cast<std::size_t>(hop)];
    const double dE = dE_eV - r.work_eV;
    return r.e_kra_eV + local.e_kra_eV + 0.5 * dE < std::max(0.0, dE);
  }
  double rate_Hz(int hop, double dE_eV, const LocalRate& local) const noexcept {
    return rules_[static_cast<std::size_t>(hop)].prefactor_Hz *
           std::exp(local.ln_prefactor - beta_ * barrier_eV(hop, dE_eV, local));
  }
  double per_kT(double energy_eV) const noexcept { return beta_ * energy_eV; }
  /// No rate of the hop is above this if no state has a smaller value of
  ///   rest    -ln_prefactor,
  ///   end     dE / kT - ln_prefactor,
  ///   saddle  (e_kra + dE / 2) / kT - ln_prefactor,
  /// with dE and LocalRate as in rate_Hz: a maximum is no smaller than each of the three.
  double bound_Hz(int hop, double rest, double end, double saddle) const noexcept {
    const Rule& r = rules_[static_cast<std::size_t>(hop)];
    const double least =
        std::max({rest, end - beta_ * r.work_eV, saddle + beta_ * (r.e_kra_eV - 0.5 * r.work_eV)});
    return r.prefactor_Hz * std::exp(-least);
  }
  /// rate_Hz(hop, 0) without a local expansion, from a table.
  double rate_at_rest_Hz(int hop) const noexcept {
    return rules_[static_cast<std::size_t>(hop)].rate_at_rest_Hz;
  }

 private:
  struct Rule {
    double e_kra_eV, prefactor_Hz, work_eV, rate_at_rest_Hz;
  };
  double temperature_K_, beta_;
  std::vector<Rule> rules_;
};

}  // namespace lithiate::kmc
