#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crystal/mapping.hpp"
#include "model/cell_grid.hpp"

namespace lithiate::model {

using crystal::Species;

/// One cluster through a site: which neighbours it reads and its energy per choice of species.
struct Term {
  std::int32_t first_slot = 0;   ///< into Sublattice::slots
  std::int32_t n_slots = 0;      ///< other sites of the cluster (0 for a point term)
  std::int64_t first_value = 0;  ///< into Sublattice::values_eV; rows by neighbours' species
};

/// Tables shared by all sites of one active sublattice of the host cell.
struct Sublattice {
  std::vector<std::string> species;                          ///< allowed, in the prim's order
  crystal::Vector3d fractional;                              ///< in the host cell
  std::vector<std::pair<int, crystal::Vector3i>> neighbors;  ///< (sublattice, host-cell shift)
  std::vector<Term> terms;
  std::vector<std::int32_t> slots;       ///< positions in `neighbors`
  std::vector<std::int32_t> slot_radix;  ///< species count of the site in each slot
  std::vector<double> values_eV;         ///< [row * n_species + own species]
};

/// Energies of a periodic supercell as flat tables: the border between mathematics and speed.
/// Sites are the active ones only, index = cell * n_sublattices + sublattice; frozen species of the
/// host are folded into the tables and the constant.
class LatticeModel {
 public:
  /// Largest number of sites whose occupation may enter the energy of one site.
  static constexpr std::size_t max_neighbors = 4096;

  /// Built by compile(); n repeats of the host cell along its own vectors. Throws InputError if a
  /// site has more than max_neighbors or the supercell more than 2147483647 sites.
  LatticeModel(crystal::Lattice host_lattice, crystal::Vector3i repeats,
               std::vector<Sublattice> sublattices, double constant_eV_per_cell);

  std::int64_t n_cells() const noexcept { return n_sites() / grid_.n_sublattices(); }
  SiteIndex n_sites() const noexcept { return grid_.n_sites(); }
  const CellGrid& grid() const noexcept { return grid_; }
  const std::vector<Sublattice>& sublattices() const noexcept { return sublattices_; }
  int sublattice(SiteIndex site) const noexcept { return grid_.sublattice(site); }
  const crystal::Lattice& host_lattice() const noexcept { return host_lattice_; }
  const crystal::Vector3i& repeats() const noexcept { return grid_.repeats(); }
  int n_species(SiteIndex site) const noexcept { return n_species_[sublattice_index(site)]; }
  /// Number of a species on this site's list, or -1.
  int species_index(int sublattice, const std::string& species) const;

  SiteIndex index(int sublattice, const crystal::Vector3i& cell) const noexcept;
  crystal::Vector3i cell(SiteIndex site) const noexcept;
  crystal::Vector3d position_A(SiteIndex site) const;  ///< Cartesian, unwrapped home image

  /// Total energy of the supercell (eV), by every cluster once.
  double energy_eV(std::span<const Species> occ) const;
  /// Energy change (eV) if `site` became `next`. No allocation; any number of threads.
  double delta_energy_eV(std::span<const Species> occ, SiteIndex site, Species next) const noexcept;
  /// Energy change (eV) of giving sites i and j the species next_i and next_j together. `occ` is
  /// changed and restored.
  double delta_energy_eV(std::span<Species> occ, SiteIndex i, Species next_i, SiteIndex j,
                         Species next_j) const noexcept;
  /// All sites whose occupation enters the energy of `site`, in the order of
  /// Sublattice::neighbors, to `out`, which has room for them.
  void list_neighbors(SiteIndex site, SiteIndex* out) const noexcept;

 private:
  std::size_t sublattice_index(SiteIndex site) const noexcept {
    return static_cast<std::size_t>(sublattice(site));
  }
  /// Species of list_neighbors(site).
  void read_neighbors(SiteIndex site, const Species* occ, Species* out) const noexcept;

  crystal::Lattice host_lattice_;
  std::vector<Sublattice> sublattices_;
  std::vector<int> n_species_;
  double constant_eV_per_cell_;
  CellGrid grid_;
};

}  // namespace lithiate::model
