#include "model/lattice_model.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace lithiate::model {
namespace {

/// Row of a term's value table for the neighbours' present species.
inline std::int64_t value_row(const Sublattice& s, const Term& term, const SiteIndex* neighbor,
                              const Species* occ) noexcept {
  std::int64_t row = 0;
  for (std::int32_t k = term.first_slot; k < term.first_slot + term.n_slots; ++k) {
    const auto i = static_cast<std::size_t>(k);
    row = row * s.slot_radix[i] + occ[neighbor[s.slots[i]]];
  }
  return row;
}

std::int64_t checked_sites(std::int64_t n_cells, std::size_t n_sublattices) {
  const std::int64_t n = n_cells * static_cast<std::int64_t>(n_sublattices);
  if (n < 1 || n > std::numeric_limits<SiteIndex>::max())
    throw InputError("supercell: " + std::to_string(n) + " sites, expected 1 to 2147483647");
  return n;
}

int wrapped(int value, int period) { return ((value % period) + period) % period; }

}  // namespace

LatticeModel::LatticeModel(crystal::Lattice host_lattice, crystal::Vector3i repeats,
                           std::vector<Sublattice> sublattices, double constant_eV_per_cell)
    : host_lattice_(std::move(host_lattice)),
      repeats_(repeats),
      n_cells_(static_cast<std::int64_t>(repeats[0]) * repeats[1] * repeats[2]),
      n_sites_(static_cast<SiteIndex>(checked_sites(n_cells_, sublattices.size()))),
      sublattices_(std::move(sublattices)),
      constant_eV_per_cell_(constant_eV_per_cell) {
  for (const Sublattice& s : sublattices_) n_species_.push_back(static_cast<int>(s.species.size()));
  std::vector<SiteIndex> row;
  for (SiteIndex site = 0; site < n_sites_; ++site) {
    row.clear();
    for (const auto& [sub, shift] : sublattices_[sublattice_index(site)].neighbors)
      row.push_back(index(sub, cell(site) + shift));
    neighbors_.append(row);
  }
}

int LatticeModel::species_index(int sublattice, const std::string& species) const {
  const auto& list = sublattices_[static_cast<std::size_t>(sublattice)].species;
  const auto at = std::find(list.begin(), list.end(), species);
  return at == list.end() ? -1 : static_cast<int>(at - list.begin());
}

SiteIndex LatticeModel::index(int sublattice, const crystal::Vector3i& cell) const noexcept {
  std::int64_t i = wrapped(cell[0], repeats_[0]);
  i = i * repeats_[1] + wrapped(cell[1], repeats_[1]);
  i = i * repeats_[2] + wrapped(cell[2], repeats_[2]);
  return static_cast<SiteIndex>(i * static_cast<std::int64_t>(sublattices_.size()) + sublattice);
}

crystal::Vector3i LatticeModel::cell(SiteIndex site) const noexcept {
  const int i = site / static_cast<SiteIndex>(sublattices_.size());
  return {i / (repeats_[1] * repeats_[2]), (i / repeats_[2]) % repeats_[1], i % repeats_[2]};
}

crystal::Vector3d LatticeModel::position_A(SiteIndex site) const {
  return host_lattice_.cartesian(sublattices_[sublattice_index(site)].fractional +
                                 cell(site).cast<double>());
}

double LatticeModel::energy_eV(std::span<const Species> occ) const {
  double energy = constant_eV_per_cell_ * static_cast<double>(n_cells_);
  for (SiteIndex site = 0; site < n_sites_; ++site) {
    const Sublattice& s = sublattices_[sublattice_index(site)];
    const SiteIndex* neighbor = neighbors_.row(site).data();
    const auto n = static_cast<std::int64_t>(s.species.size());
    for (const Term& term : s.terms) {
      const std::int64_t row = value_row(s, term, neighbor, occ.data());
      const auto at = term.first_value + row * n + occ[static_cast<std::size_t>(site)];
      energy += s.values_eV[static_cast<std::size_t>(at)] / (term.n_slots + 1);
    }
  }
  return energy;
}

double LatticeModel::delta_energy_eV(std::span<const Species> occ, SiteIndex site,
                                     Species next) const noexcept {
  const Sublattice& s = sublattices_[sublattice_index(site)];
  const SiteIndex* neighbor = neighbors_.row(site).data();
  const auto n = static_cast<std::int64_t>(s.species.size());
  const Species now = occ[static_cast<std::size_t>(site)];
  double dE = 0.0;
  for (const Term& term : s.terms) {
    const double* value =
        s.values_eV.data() + term.first_value + value_row(s, term, neighbor, occ.data()) * n;
    dE += value[next] - value[now];
  }
  return dE;
}

double LatticeModel::delta_energy_eV(std::span<Species> occ, SiteIndex i, Species next_i,
                                     SiteIndex j, Species next_j) const noexcept {
  Species& at_i = occ[static_cast<std::size_t>(i)];
  const Species now_i = at_i;
  double dE = delta_energy_eV(occ, i, next_i);
  at_i = next_i;
  dE += delta_energy_eV(occ, j, next_j);
  at_i = now_i;
  return dE;
}

}  // namespace lithiate::model
