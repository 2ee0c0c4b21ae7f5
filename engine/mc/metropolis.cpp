#include "mc/metropolis.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

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
    typename Ensemble::Move move;
    if (!ensemble_.propose(state_, random_, move)) continue;
    double dE_eV = 0.0;
    const double exponent =
        beta_ * ensemble_.delta_potential_eV(state_, move, dE_eV) - ensemble_.log_choices(move);
    if (exponent > 0.0 && random_.uniform() >= std::exp(-exponent)) continue;
    ensemble_.apply(state_, move);
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

template <class Ensemble>
void Metropolis<Ensemble>::exchange(Metropolis& other) {
  std::swap(state_, other.state_);
  std::swap(energy_eV_, other.energy_eV_);
  ensemble_.attach(occupation());
  other.ensemble_.attach(other.occupation());
}

template <class Ensemble>
void Metropolis<Ensemble>::save(Archive& archive, const std::string& prefix) const {
  const Random::Saved random = random_.saved();
  archive.put(prefix + "occupation", occupation());
  archive.put(prefix + "random", std::vector<std::uint64_t>(random.begin(), random.end()));
  archive.put<double>(prefix + "energy_eV", {energy_eV_});
  archive.put<std::int64_t>(prefix + "trials", {trials_, accepted_});
}

template <class Ensemble>
void Metropolis<Ensemble>::restore(const Archive& archive, const std::string& prefix) {
  const auto& occ = archive.get<Species>(prefix + "occupation");
  const auto& random = archive.get<std::uint64_t>(prefix + "random");
  const auto& trials = archive.get<std::int64_t>(prefix + "trials");
  Random::Saved saved{};
  if (occ.size() != occupation().size() || random.size() != saved.size() || trials.size() != 2)
    throw InputError("checkpoint: '" + prefix + "' is of another walk");
  for (std::size_t i = 0; i < occ.size(); ++i)
    if (occ[i] >= model_.n_species(static_cast<SiteIndex>(i)))
      throw InputError("checkpoint: '" + prefix + "' has a species that its site does not allow");
  std::copy(random.begin(), random.end(), saved.begin());
  random_ = Random::restored(saved);
  state_ = Configuration(model_, occ);
  ensemble_.attach(occupation());
  energy_eV_ = archive.scalar<double>(prefix + "energy_eV");
  trials_ = trials[0];
  accepted_ = trials[1];
}

template class Metropolis<SemiGrand>;
template class Metropolis<Canonical>;
template class Metropolis<NeutralSemiGrand>;

}  // namespace lithiate::mc
