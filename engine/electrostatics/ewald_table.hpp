#pragma once
#include <cstdint>
#include <vector>

#include "crystal/supercell.hpp"
#include "electrostatics/ewald.hpp"

namespace lithiate::electrostatics {

/// Number of a site in a supercell, in the order of crystal::Supercell.
using SiteIndex = std::int32_t;
/// Charge in quanta of EwaldTableConfig::charge_quantum_e.
using Quanta = std::int32_t;

/// A site of the primitive cell whose charge never changes; the same in every cell.
struct FixedCharge {
  Vector3d fractional;
  double charge_e = 0.0;
};

struct EwaldTableConfig {
  double accuracy = 1e-10;            ///< of Ewald
  double charge_quantum_e = 1.0;      ///< every charge is an integer multiple of it
  double largest_charge_e = 8.0;      ///< bound on |charge|; it sets the unit of the table
  double inverse_permittivity = 1.0;  ///< 1/epsilon, a factor of all energies
};

/// Interaction V(b, b', R) of charge quanta on the sites of a periodic supercell: b in a cell, b'
/// in the cell that lies R before it. V(b, b', R) = V(b', b, -R) in every bit. Fixed charges are
/// folded into a potential per sublattice.
///
/// Values are integers in units of unit_eV(), the finest power of two for which no potential of
/// allowed charges leaves 63 bits: sums are the same bits in any order and never drift. Each value
/// is rounded once, by at most unit_eV() / 2 (2^-49 eV for 6000 sites and charges up to 8 e). They
/// are as reproducible as erfc and cos of the C library.
///
/// Memory: 16 n_sublattices^2 n_cells bytes; each row of cells is stored twice end to end, so that
/// a shifted row is one stretch of memory. Immutable; any number of threads.
class EwaldTable {
 public:
  /// `mobile`: fractional positions, in the primitive cell, of the sites whose charges may change;
  /// columns of `transformation`: vectors of the supercell in primitive ones. Throws InputError for
  /// overlapping sites, no mobile site, a supercell without volume, charges or settings out of
  /// range.
  EwaldTable(const crystal::Lattice& primitive, const std::vector<Vector3d>& mobile,
             const Matrix3i& transformation, const std::vector<FixedCharge>& fixed = {},
             const EwaldTableConfig& config = {});

  SiteIndex n_sites() const noexcept { return static_cast<SiteIndex>(places_.size()); }
  int n_sublattices() const noexcept { return n_sublattices_; }
  const crystal::Supercell& supercell() const noexcept { return supercell_; }
  double unit_eV() const noexcept { return unit_eV_; }
  Quanta largest_charge() const noexcept { return largest_charge_; }
  double charge_quantum_e() const noexcept { return charge_quantum_e_; }
  /// Throws InputError if a charge is no multiple of the quantum or larger than allowed.
  Quanta quanta(double charge_e) const;

  /// Charge of all fixed sites of the supercell, e.
  double fixed_charge_e() const noexcept { return fixed_charge_e_; }
  /// Energy of the fixed sites among themselves, eV.
  double fixed_energy_eV() const noexcept { return fixed_energy_eV_; }
  /// Energy of one quantum on a site of this sublattice in the potential of all fixed sites, units.
  std::int64_t fixed_potential(int sublattice) const noexcept {
    return fixed_potential_[static_cast<std::size_t>(sublattice)];
  }

  /// One quantum on each of two sites, or of one site with its own images, in units.
  std::int64_t interaction(SiteIndex i, SiteIndex j) const noexcept {
    const Place& to = places_[static_cast<std::size_t>(i)];
    return row(to.x, to.y, j)[static_cast<std::int64_t>(to.z) * n_sublattices_ + to.sublattice];
  }
  /// The same for unit charges, eV.
  double pair_eV(SiteIndex i, SiteIndex j) const noexcept {
    return static_cast<double>(interaction(i, j)) * unit_eV_ /
           (charge_quantum_e_ * charge_quantum_e_);
  }
  int sublattice(SiteIndex i) const noexcept {
    return places_[static_cast<std::size_t>(i)].sublattice;
  }

  /// Sites come in rows_x() * rows_y() stretches of row_length() consecutive indices.
  int rows_x() const noexcept { return nx_; }
  int rows_y() const noexcept { return ny_; }
  std::int64_t row_length() const noexcept {
    return static_cast<std::int64_t>(nz_) * n_sublattices_;
  }
  /// Interactions of site j with the row_length() sites of the stretch (x, y), in their order.
  const std::int64_t* row(int x, int y, SiteIndex j) const noexcept {
    const Place& from = places_[static_cast<std::size_t>(j)];
    int dx = x - from.x, dy = y - from.y, dz = -from.z;
    if (dx < 0) {
      dx += nx_;
      dy += yx_;
      dz += zx_;
    }
    if (dy < 0) {
      dy += ny_;
      dz += zy_;
    } else if (dy >= ny_) {  // once at most: yx_ < ny_
      dy -= ny_;
      dz -= zy_;
    }
    while (dz < 0) dz += nz_;  // twice at most
    if (dz >= nz_) dz -= nz_;
    const std::int64_t line = (static_cast<std::int64_t>(from.sublattice) * nx_ + dx) * ny_ + dy;
    return values_.data() + (line * (2 * nz_) + dz) * n_sublattices_;
  }

 private:
  struct Place {
    std::int32_t x, y, z, sublattice;
  };

  void set_places();
  std::vector<double> fold(const crystal::Lattice& primitive, const std::vector<Vector3d>& mobile,
                           const std::vector<FixedCharge>& fixed, double accuracy);
  std::vector<double> pairs_eV(const crystal::Lattice& primitive,
                               const std::vector<Vector3d>& mobile, double accuracy) const;
  void choose_unit(const std::vector<double>& pairs_eV, const std::vector<double>& fixed_eV);
  void store(const std::vector<double>& pairs_eV);

  crystal::Supercell supercell_;
  int n_sublattices_ = 0;
  // the supercell's Hermite normal form: columns (nx, yx, zx), (0, ny, zy), (0, 0, nz)
  std::int32_t nx_ = 1, ny_ = 1, nz_ = 1, yx_ = 0, zx_ = 0, zy_ = 0;
  Quanta largest_charge_ = 0;
  double charge_quantum_e_ = 1.0, inverse_permittivity_ = 1.0, unit_eV_ = 1.0;
  double fixed_charge_e_ = 0.0, fixed_energy_eV_ = 0.0;
  std::vector<std::int64_t> fixed_potential_;  // per sublattice
  std::vector<Place> places_;                  // per site
  std::vector<std::int64_t> values_;           // [b'][x][y][z twice][b], R = (x, y, z)
};

}  // namespace lithiate::electrostatics
