#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "electrostatics/ewald_table.hpp"

namespace lithiate::electrostatics {

/// A site and the charge it is to have.
struct ChargeChange {
  SiteIndex site = 0;
  Quanta to = 0;
};

/// Charges on the sites of a supercell with the potential at every site. A trial of m changes
/// reads m potentials and m^2 / 2 interactions whatever the number of sites; an accepted move
/// updates all potentials, O(sites).
///
/// Potentials and the total are integers: after any number of moves they equal, in every bit, those
/// computed anew from the charges, so a checkpoint holds the charges alone. Nothing is allocated
/// after construction. Copies share the table, which must outlive them. Trials may run on any
/// number of threads, moves on one.
class SitePotentials {
 public:
  /// Charges in the order of the supercell's sites. Throws InputError if their number or a charge
  /// is wrong, or if neutrality is required and absent (fixed charges included).
  SitePotentials(const EwaldTable& table, std::span<const double> charges_e,
                 Neutrality neutrality = Neutrality::required);
  SitePotentials(const EwaldTable& table, std::vector<Quanta> charges,
                 Neutrality neutrality = Neutrality::required);

  /// Change of the total energy, eV. REQUIRES distinct sites in range, |to| within the table's
  /// largest charge.
  double delta_eV(ChargeChange change) const noexcept;
  double delta_eV(ChargeChange first, ChargeChange second) const noexcept;
  double delta_eV(std::span<const ChargeChange> changes) const noexcept;

  /// Makes the changes. REQUIRES as delta_eV.
  void apply(ChargeChange change) noexcept;
  void apply(ChargeChange first, ChargeChange second) noexcept;
  void apply(std::span<const ChargeChange> changes) noexcept;

  /// Energy of the supercell with all images, fixed charges included, eV.
  double total_eV() const noexcept;
  /// phi_i: energy of a further unit charge on the site, eV, the site's own images included.
  double potential_V(SiteIndex site) const noexcept;
  const std::vector<Quanta>& charges() const noexcept { return charges_; }
  const EwaldTable& table() const noexcept { return *table_; }

 private:
  __extension__ using Wide = __int128;  // charge times potential may pass 63 bits

  Wide twice_delta(ChargeChange change) const noexcept;
  Wide twice_delta(ChargeChange first, ChargeChange second) const noexcept;
  Wide twice_delta(std::span<const ChargeChange> changes) const noexcept;
  std::int64_t step(ChargeChange change) const noexcept {
    return std::int64_t{change.to} - charges_[static_cast<std::size_t>(change.site)];
  }
  double half_units_eV(Wide value) const noexcept {
    return static_cast<double>(value) * half_unit_eV_;
  }

  const EwaldTable* table_;
  double half_unit_eV_;
  std::vector<Quanta> charges_;
  std::vector<std::int64_t> potentials_;  // of one quantum, in units of the table
  Wide twice_total_ = 0;                  // without the energy of the fixed charges
};

}  // namespace lithiate::electrostatics
