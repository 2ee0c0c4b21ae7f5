#include "mc/metropolis.hpp"

#include <cassert>

namespace lithiate::mc {

template <class Ensemble>
Metropolis<Ensemble>::Metropolis(const LatticeModel& model, Ensemble ensemble,
                                 std::vector<Species> occ, double temperature_K, Random random)
    : model_(model),
      ensemble_(std::move(ensemble)),
      occ_(std::move(occ)),
      beta_(1.0 / (k_B * temperature_K)),
      random_(random),
      energy_eV_(model.energy_eV(occ_)) {
  assert(static_cast<SiteIndex>(occ_.size()) == model.n_sites());
  ensemble_.attach(occ_);
}

template <class Ensemble>
void Metropolis<Ensemble>::sweep() noexcept {
  const std::int64_t n = ensemble_.moves_per_sweep();
  for (std::int64_t k = 0; k < n; ++k) {
    Move move;
    if (!ensemble_.propose(occ_, random_, move)) continue;
    double dE_eV = 0.0;
    const double exponent = beta_ * ensemble_.delta_potential_eV(occ_, move, dE_eV);
    if (exponent > 0.0 && random_.uniform() >= std::exp(-exponent)) continue;
    const Species before = occ_[static_cast<std::size_t>(move.i)];
    occ_[static_cast<std::size_t>(move.i)] = move.next_i;
    if (move.j >= 0) occ_[static_cast<std::size_t>(move.j)] = move.next_j;
    ensemble_.accepted(move, before);
    energy_eV_ += dE_eV;
    ++accepted_;
  }
  trials_ += n;
}

template <class Ensemble>
double Metropolis<Ensemble>::refresh_energy() {
  const double drift = energy_eV_ - model_.energy_eV(occ_);
  energy_eV_ -= drift;
  return drift;
}

template class Metropolis<SemiGrand>;
template class Metropolis<Canonical>;

}  // namespace lithiate::mc
