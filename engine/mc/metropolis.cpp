#include "mc/metropolis.hpp"

namespace lithiate::mc {

template <class Ensemble>
Metropolis<Ensemble>::Metropolis(const LatticeModel& model, Ensemble ensemble,
                                 std::vector<Species> occ, double temperature_K, Random random)
    : model_(model),
      ensemble_(std::move(ensemble)),
      state_(model, std::move(occ)),
      beta_(1.0 / (k_B * temperature_K)),
      random_(random),
      energy_eV_(model.energy_eV(occupation())) {
  ensemble_.attach(occupation());
}

template <class Ensemble>
void Metropolis<Ensemble>::sweep() noexcept {
  const std::int64_t n = ensemble_.moves_per_sweep();
  for (std::int64_t k = 0; k < n; ++k) {
    Move move;
    if (!ensemble_.propose(state_, random_, move)) continue;
    double dE_eV = 0.0;
    const double exponent = beta_ * ensemble_.delta_potential_eV(state_, move, dE_eV);
    if (exponent > 0.0 && random_.uniform() >= std::exp(-exponent)) continue;
    const Species before = state_[move.i];
    state_.set(move.i, move.next_i);
    if (move.j >= 0) state_.set(move.j, move.next_j);
    ensemble_.accepted(move, before);
    energy_eV_ += dE_eV;
    ++accepted_;
  }
  trials_ += n;
}

template <class Ensemble>
double Metropolis<Ensemble>::refresh_energy() {
  const double drift = energy_eV_ - model_.energy_eV(occupation());
  energy_eV_ -= drift;
  return drift;
}

template class Metropolis<SemiGrand>;
template class Metropolis<Canonical>;

}  // namespace lithiate::mc
