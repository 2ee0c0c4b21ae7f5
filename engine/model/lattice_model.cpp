#include "model/lattice_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"

namespace lithiate::model {
namespace {

/// Row of a term's value table for the neighbours' present species.
inline std::int64_t value_row(const Sublattice& s, const Term& term,
                              const Species* neighbor) noexcept {
  std::int64_t row = 0;
  for (std::int32_t k = term.first_slot; k < term.first_slot + term.n_slots; ++k) {
    const auto i = static_cast<std::size_t>(k);
    row = row * s.slot_radix[i] + neighbor[s.slots[i]];
  }
  return row;
}

int wrapped(int value, int period) { return ((value % period) + period) % period; }

crystal::Vector3i farthest_neighbor(const std::vector<Sublattice>& sublattices) {
  crystal::Vector3i reach = crystal::Vector3i::Zero();
  for (const Sublattice& s : sublattices)
    for (const auto& [sub, shift] : s.neighbors) reach = reach.cwiseMax(shift.cwiseAbs());
  return reach;
}

}  // namespace

LatticeModel::LatticeModel(crystal::Lattice host_lattice, crystal::Vector3i repeats,
                           std::vector<Sublattice> sublattices, double constant_eV_per_cell)
    : host_lattice_(std::move(host_lattice)),
      sublattices_(std::move(sublattices)),
      constant_eV_per_cell_(constant_eV_per_cell),
      grid_(repeats, static_cast<int>(sublattices_.size()), farthest_neighbor(sublattices_)) {
  for (const Sublattice& s : sublattices_) {
    n_species_.push_back(static_cast<int>(s.species.size()));
    if (s.neighbors.size() > max_neighbors)
      throw InputError(
          fmt::format("interactions: {} sites enter the energy of one, expected at "
                      "most {}: use smaller cut-offs",
                      s.neighbors.size(), max_neighbors));
  }
}

void LatticeModel::list_neighbors(SiteIndex site, SiteIndex* out) const noexcept {
  const CellGrid::Anchor anchor = grid_.anchor(site);
  for (const auto& [sub, shift] : sublattices_[sublattice_index(site)].neighbors)
    *out++ = CellGrid::site(anchor, {shift[0], shift[1], shift[2]}, sub);
}

void LatticeModel::read_neighbors(SiteIndex site, const Species* occ, Species* out) const noexcept {
  const CellGrid::Anchor anchor = grid_.anchor(site);
  for (const auto& [sub, shift] : sublattices_[sublattice_index(site)].neighbors)
    *out++ = occ[CellGrid::site(anchor, {shift[0], shift[1], shift[2]}, sub)];
}

int LatticeModel::species_index(int sublattice, const std::string& species) const {
  const auto& list = sublattices_[static_cast<std::size_t>(sublattice)].species;
  const auto at = std::find(list.begin(), list.end(), species);
  return at == list.end() ? -1 : static_cast<int>(at - list.begin());
}

SiteIndex LatticeModel::index(int sublattice, const crystal::Vector3i& cell) const noexcept {
  const crystal::Vector3i& n = repeats();
  std::int64_t i = wrapped(cell[0], n[0]);
  i = i * n[1] + wrapped(cell[1], n[1]);
  i = i * n[2] + wrapped(cell[2], n[2]);
  return static_cast<SiteIndex>(i * static_cast<std::int64_t>(sublattices_.size()) + sublattice);
}

crystal::Vector3i LatticeModel::cell(SiteIndex site) const noexcept {
  const auto c = grid_.cell(site);
  return {c[0], c[1], c[2]};
}

crystal::Vector3d LatticeModel::position_A(SiteIndex site) const {
  return host_lattice_.cartesian(sublattices_[sublattice_index(site)].fractional +
                                 cell(site).cast<double>());
}

double LatticeModel::energy_eV(std::span<const Species> occ) const {
  double energy = constant_eV_per_cell_ * static_cast<double>(n_cells());
  std::array<Species, max_neighbors> neighbor;
  for (SiteIndex site = 0; site < n_sites(); ++site) {
    const Sublattice& s = sublattices_[sublattice_index(site)];
    read_neighbors(site, occ.data(), neighbor.data());
    const auto n = static_cast<std::int64_t>(s.species.size());
    for (const Term& term : s.terms) {
      const std::int64_t row = value_row(s, term, neighbor.data());
      const auto at = term.first_value + row * n + occ[static_cast<std::size_t>(site)];
      energy += s.values_eV[static_cast<std::size_t>(at)] / (term.n_slots + 1);
    }
  }
  return energy;
}

double LatticeModel::delta_energy_eV(std::span<const Species> occ, SiteIndex site,
                                     Species next) const noexcept {
  const Sublattice& s = sublattices_[sublattice_index(site)];
  std::array<Species, max_neighbors> neighbor;
  read_neighbors(site, occ.data(), neighbor.data());
  const auto n = static_cast<std::int64_t>(s.species.size());
  const Species now = occ[static_cast<std::size_t>(site)];
  double dE = 0.0;
  for (const Term& term : s.terms) {
    const double* value =
        s.values_eV.data() + term.first_value + value_row(s, term, neighbor.data()) * n;
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
