#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "core/archive.hpp"
#include "core/random.hpp"
#include "core/units.hpp"
#include "mc/neutral.hpp"

namespace lithiate::mc {

/// Metropolis sampling (J. Chem. Phys. 21, 1087 (1953)) of one supercell, with the factor of
/// Hastings (Biometrika 57, 97 (1970)) where proposals are not symmetric. The energy is carried
/// along; refresh_energy() recomputes it and returns the drift.
template <class Ensemble>
class Metropolis {
 public:
  /// REQUIRES occ.size() == model.n_sites(), each within its site's list; temperature_K > 0.
  Metropolis(const LatticeModel& model, Ensemble ensemble, std::vector<Species> occ,
             double temperature_K, Random random);

  void sweep() noexcept;  ///< as many trials as there are free sites
  const std::vector<Species>& occupation() const noexcept { return state_.occupation(); }
  double energy_eV() const noexcept { return energy_eV_; }
  double acceptance() const noexcept {
    return trials_ > 0 ? static_cast<double>(accepted_) / static_cast<double>(trials_) : 0.0;
  }
  double refresh_energy();

  double beta() const noexcept { return beta_; }  ///< 1/eV
  const Ensemble& ensemble() const noexcept { return ensemble_; }
  /// The two walks change configurations; temperatures, ensembles and random streams stay.
  void exchange(Metropolis& other);
  /// Everything that changes with time, under names that begin with `prefix`.
  void save(Archive& archive, const std::string& prefix) const;
  /// Throws InputError for a state of another kind of walk.
  void restore(const Archive& archive, const std::string& prefix);

 private:
  const LatticeModel& model_;
  Ensemble ensemble_;
  Configuration state_;
  double beta_;
  Random random_;
  double energy_eV_;
  std::int64_t trials_ = 0, accepted_ = 0;
};

extern template class Metropolis<SemiGrand>;
extern template class Metropolis<Canonical>;
extern template class Metropolis<NeutralSemiGrand>;

}  // namespace lithiate::mc
