#include "model/hop_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <set>

#include "core/error.hpp"

namespace lithiate::model {
namespace {

using crystal::Vector3d;
using crystal::Vector3i;

/// A site relative to a cell: cell first, so that sorting keeps neighbours in memory together.
struct Relative {
  std::array<std::int32_t, 3> cell;
  int sublattice;
  friend auto operator<=>(const Relative&, const Relative&) = default;
};

Relative moved(const Relative& from, int sublattice, const Vector3i& shift) {
  return {{from.cell[0] + shift[0], from.cell[1] + shift[1], from.cell[2] + shift[2]}, sublattice};
}

Vector3i hop_reach(const HopNetwork& network) {
  Vector3i reach = Vector3i::Zero();
  for (const Hop& hop : network.hops) reach = reach.cwiseMax(hop.shift.cwiseAbs());
  return reach;
}

Vector3i reach_of_rates(const HopNetwork& network, const LatticeModel& model) {
  Vector3i reach = Vector3i::Zero();
  for (const Sublattice& s : model.sublattices())
    for (const auto& [sub, shift] : s.neighbors) reach = reach.cwiseMax(shift.cwiseAbs());
  for (std::size_t h = 0; h < network.local.size(); ++h)
    for (const LocalTerm& term : network.local[h])
      for (const LocalSite& site : term.cluster) {
        const Vector3i cell = site.place.cell_vector(), shift = network.hops[h].shift;
        reach = reach.cwiseMax(shift.cwiseMin(0) - cell).cwiseMax(cell - shift.cwiseMax(0));
      }
  return reach;
}

HopNetwork checked(const HopNetwork& network) {
  InputReport report("hop network");
  check(network, report);
  report.throw_if_any();
  return network;
}

}  // namespace

/// A hop disturbs hops that start up to its own length, their reach and their length away.
HopTable::HopTable(const HopNetwork& network, const LatticeModel& model)
    : network_(checked(network)),
      rate_reach_(reach_of_rates(network_, model)),
      grid_(model.repeats(), static_cast<int>(model.sublattices().size()),
            rate_reach_ + 2 * hop_reach(network_)) {
  list_hops(model);
  list_targets(model);
  check_local(model);
  list_affected(model);
}

std::vector<Species> HopTable::mobile_species(const LatticeModel& model) const {
  std::vector<Species> mobile;
  for (int b = 0; b < n_sublattices(); ++b) {
    const int species = model.species_index(b, network_.mobile);
    assert(species >= 0);
    mobile.push_back(static_cast<Species>(species));
  }
  return mobile;
}

crystal::Vector3i HopTable::reach() const noexcept { return hop_reach(network_); }

void HopTable::list_hops(const LatticeModel& model) {
  hops_of_.resize(static_cast<std::size_t>(n_sublattices()));
  slot_of_.assign(network_.hops.size(), -1);
  mobile_.assign(static_cast<std::size_t>(n_sublattices()), -1);
  vacancy_ = mobile_;
  constexpr double same_A = 1e-6;  // rounding of positions in files with 8 digits
  for (std::size_t h = 0; h < network_.hops.size(); ++h) {
    const Hop& hop = network_.hops[h];
    if (network_.classes[static_cast<std::size_t>(hop.hop_class)].prefactor_Hz == 0.0) continue;
    if (std::min(hop.from, hop.to) < 0 || std::max(hop.from, hop.to) >= n_sublattices())
      throw InputError(fmt::format("hop {}: sublattices {} and {}, expected 0 to {}", h, hop.from,
                                   hop.to, n_sublattices() - 1));
    const auto from = static_cast<std::size_t>(hop.from), to = static_cast<std::size_t>(hop.to);
    mobile_[from] = model.species_index(hop.from, network_.mobile);
    vacancy_[from] = model.species_index(hop.from, network_.vacancy);
    if (mobile_[from] < 0 || vacancy_[from] < 0)
      throw InputError(fmt::format("hop {}: sublattice {} does not allow both {} and {}", h,
                                   hop.from, network_.mobile, network_.vacancy));
    const auto& sites = model.sublattices();
    const Vector3d vector_A = model.host_lattice().cartesian(
        sites[to].fractional - sites[from].fractional + hop.shift.cast<double>());
    if (!((vector_A - hop.vector_A).norm() < same_A))
      throw InputError(fmt::format(
          "hop {}: vector ({:.4f}, {:.4f}, {:.4f}) A, expected ({:.4f}, {:.4f}, {:.4f}) between "
          "sublattices {} and {} of the model",
          h, hop.vector_A[0], hop.vector_A[1], hop.vector_A[2], vector_A[0], vector_A[1],
          vector_A[2], hop.from, hop.to));
    slot_of_[h] = static_cast<int>(hops_of_[from].size());
    hops_of_[from].push_back(static_cast<int>(h));
  }
  for (const auto& list : hops_of_) stride_ = std::max(stride_, static_cast<int>(list.size()));
  if (stride_ > std::numeric_limits<std::int16_t>::max())
    throw InputError(fmt::format("hops: {} from one site, expected at most 32767", stride_));
}

void HopTable::list_targets(const LatticeModel& model) {
  targets_.resize(static_cast<std::size_t>(n_sublattices() * stride_));
  for (int b = 0; b < n_sublattices(); ++b)
    for (int k = 0; k < n_slots(b); ++k) {
      const Hop& hop = network_.hops[static_cast<std::size_t>(hop_numbers(b)[k])];
      targets_[static_cast<std::size_t>(b * stride_ + k)] = {
          {hop.shift[0], hop.shift[1], hop.shift[2]}, hop.to};
      if (model.index(hop.to, hop.shift) == model.index(b, Vector3i::Zero()))
        throw InputError(fmt::format(
            "supercell: repeats = [{}, {}, {}]: a hop by [{}, {}, {}] host cells ends where it "
            "starts; expected more repeats",
            model.repeats()[0], model.repeats()[1], model.repeats()[2], hop.shift[0], hop.shift[1],
            hop.shift[2]));
    }
}

void HopTable::check_local(const LatticeModel& model) const {
  for (std::size_t h = 0; h < network_.local.size(); ++h) {
    const Hop& hop = network_.hops[h];
    for (const LocalTerm& term : network_.local[h]) {
      std::set<SiteIndex> sites{model.index(hop.from, Vector3i::Zero()),
                                model.index(hop.to, hop.shift)};
      for (const LocalSite& site : term.cluster) {
        const bool known = site.place.basis >= 0 && site.place.basis < n_sublattices() &&
                           model.species_index(site.place.basis, site.species) >= 0;
        if (!known)
          throw InputError(
              fmt::format("hop {}: a local cluster counts {} on sublattice {}, where "
                          "the model does not allow it",
                          h, site.species, site.place.basis));
        if (!sites.insert(model.index(site.place.basis, site.place.cell_vector())).second)
          throw InputError(fmt::format(
              "supercell: repeats = [{}, {}, {}]: a local cluster of hop class {} meets its own "
              "image or that of the hop; expected more repeats",
              model.repeats()[0], model.repeats()[1], model.repeats()[2], hop.hop_class));
      }
    }
  }
}

void HopTable::list_affected(const LatticeModel& model) {
  std::vector<std::set<std::pair<Relative, int>>> readers(  // per sublattice: hops that read a site
      static_cast<std::size_t>(n_sublattices()));  // of cell 0, with the cell they start in
  for (std::size_t h = 0; h < network_.local.size(); ++h)
    if (slot_of_[h] >= 0)
      for (const LocalTerm& term : network_.local[h])
        for (const LocalSite& site : term.cluster) {
          const Vector3i back = -site.place.cell_vector();
          readers[static_cast<std::size_t>(site.place.basis)].emplace(
              moved({{0, 0, 0}, 0}, network_.hops[h].from, back), slot_of_[h]);
        }
  for (const Hop& hop : network_.hops) {
    const Relative start{{0, 0, 0}, hop.from};
    std::set<Relative> touched;  // sites whose own energy can change
    std::map<Relative, std::set<int>> slots;
    for (const Relative& end : {start, moved(start, hop.to, hop.shift)}) {
      touched.insert(end);
      for (const auto& [sub, shift] :
           model.sublattices()[static_cast<std::size_t>(end.sublattice)].neighbors)
        touched.insert(moved(end, sub, shift));
      for (const auto& [reader, slot] : readers[static_cast<std::size_t>(end.sublattice)])
        slots[moved(end, reader.sublattice, {reader.cell[0], reader.cell[1], reader.cell[2]})]
            .insert(slot);
    }
    for (const Relative& site : touched)
      for (const int h : hops_of_[static_cast<std::size_t>(site.sublattice)]) {
        const Hop& out = network_.hops[static_cast<std::size_t>(h)];
        slots[site].insert(slot_of_[static_cast<std::size_t>(h)]);
        slots[moved(site, out.to, out.shift)].insert(
            slot_of_[static_cast<std::size_t>(out.reverse)]);
      }
    std::vector<Source> row;
    for (const auto& [site, list] : slots) {
      row.push_back({site.cell, site.sublattice, static_cast<std::int32_t>(slots_.size()),
                     static_cast<std::int32_t>(list.size())});
      slots_.insert(slots_.end(), list.begin(), list.end());
    }
    affected_.append(row);
  }
}

}  // namespace lithiate::model
