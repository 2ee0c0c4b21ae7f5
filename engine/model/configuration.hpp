#pragma once
#include <optional>
#include <vector>

#include "model/binary_energies.hpp"

namespace lithiate::model {

/// The species of every site, with energy changes by the fastest form the model allows: counting
/// bits where every site holds one of two species, else sums over terms.
class Configuration {
 public:
  /// Keeps a reference to the model. REQUIRES occ.size() == model.n_sites(), each within its
  /// site's list.
  Configuration(const LatticeModel& model, std::vector<Species> occ);

  const std::vector<Species>& occupation() const noexcept { return occ_; }
  Species operator[](SiteIndex site) const noexcept { return occ_[static_cast<std::size_t>(site)]; }
  void set(SiteIndex site, Species next) noexcept {
    Species& now = occ_[static_cast<std::size_t>(site)];
    if (fast_ && now != next) fast_->flip(site);
    now = next;
  }
  /// Energy change (eV) if `site` became `next`.
  double delta_energy_eV(SiteIndex site, Species next) const noexcept {
    if (!fast_) return model_->delta_energy_eV(occ_, site, next);
    if (next == (*this)[site]) return 0.0;
    const double field_eV = OccupationPolynomial::unit_eV *
                            static_cast<double>(fast_->field(site, model_->sublattice(site)));
    return next == 0 ? -field_eV : field_eV;
  }
  /// Energy change (eV) if sites i and j became next_i and next_j together. Changed and restored on
  /// the way.
  double delta_energy_eV(SiteIndex i, Species next_i, SiteIndex j, Species next_j) noexcept {
    const Species now_i = (*this)[i];
    const double dE_i = delta_energy_eV(i, next_i);
    set(i, next_i);
    const double dE_j = delta_energy_eV(j, next_j);
    set(i, now_i);
    return dE_i + dE_j;
  }

 private:
  const LatticeModel* model_;
  std::vector<Species> occ_;
  std::optional<BinaryEnergies> fast_;  // n = 1 is species 1
};

}  // namespace lithiate::model
