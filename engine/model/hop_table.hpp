#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/ragged_array.hpp"
#include "model/hops.hpp"
#include "model/lattice_model.hpp"

namespace lithiate::model {

/// A directed hop in the supercell: start site * stride + slot.
using EventIndex = std::int64_t;

/// Hops of a network on the sites of one supercell, and which rates a hop disturbs. Nothing is
/// stored per site. Any number of threads may read.
class HopTable {
 public:
  /// Hops of classes with prefactor 0 are left out. Throws InputError if the network does not
  /// check, if it names sublattices the model lacks or that do not allow its species, if a vector_A
  /// is not the distance of the sites, or if there are too few repeats: a hop ends where it starts,
  /// or a local cluster meets its own image or that of the hop's ends.
  HopTable(const HopNetwork& network, const LatticeModel& model);

  const HopNetwork& network() const noexcept { return network_; }
  int stride() const noexcept { return stride_; }  ///< largest number of hops from one site
  EventIndex n_events() const noexcept {
    return static_cast<EventIndex>(grid_.n_sites()) * stride_;
  }
  const CellGrid& grid() const noexcept { return grid_; }
  SiteIndex site(EventIndex event) const noexcept {
    return static_cast<SiteIndex>(event / stride_);
  }
  int slot(EventIndex event) const noexcept { return static_cast<int>(event % stride_); }
  int n_sublattices() const noexcept { return grid_.n_sublattices(); }
  int sublattice(SiteIndex site) const noexcept { return grid_.sublattice(site); }

  /// Site at the end of the hop in a slot, below n_slots(sublattice of site).
  SiteIndex target(SiteIndex site, int slot) const noexcept {
    return target(grid_.anchor(site), sublattice(site), slot);
  }
  SiteIndex target(const CellGrid::Anchor& from, int sublattice, int slot) const noexcept {
    const Target& t = targets_[static_cast<std::size_t>(sublattice * stride_ + slot)];
    return CellGrid::site(from, t.shift, t.sublattice);
  }
  int n_slots(int sublattice) const noexcept {
    return static_cast<int>(hops_of_[static_cast<std::size_t>(sublattice)].size());
  }
  /// Number in network().hops of the hop in a slot; length n_slots(sublattice).
  const int* hop_numbers(int sublattice) const noexcept {
    return hops_of_[static_cast<std::size_t>(sublattice)].data();
  }
  /// The network's mobile species on every sublattice, hops or not.
  /// REQUIRES that each allows it.
  std::vector<Species> mobile_species(const LatticeModel& model) const;
  /// Cells that a hop crosses at most along each axis.
  crystal::Vector3i reach() const noexcept;
  /// Cells beyond those of a hop's two ends, at most, of the sites that its rate reads: neighbours
  /// in the energy of either end, and local clusters.
  const crystal::Vector3i& rate_reach() const noexcept { return rate_reach_; }
  /// Species numbers, -1 where no hop starts or ends.
  int mobile(int sublattice) const noexcept {
    return mobile_[static_cast<std::size_t>(sublattice)];
  }
  int vacancy(int sublattice) const noexcept {
    return vacancy_[static_cast<std::size_t>(sublattice)];
  }

  /// Calls visit(source site, its sublattice, slots) until every event whose rate can change when
  /// a hop of this number leaves `from` was named: those that start or end at one of the two sites
  /// and those whose energy change or local clusters read one. A small supercell may name an event
  /// more than once.
  template <class Visit>
  void visit_affected(SiteIndex from, int hop_number, Visit&& visit) const noexcept;

 private:
  struct Target {
    std::array<std::int32_t, 3> shift;
    std::int32_t sublattice;
  };
  /// Source site relative to the cell a hop starts in, and a range of slots_.
  struct Source {
    std::array<std::int32_t, 3> shift;
    std::int32_t sublattice, first_slot, n_slots;
  };
  void list_hops(const LatticeModel& model);
  void list_targets(const LatticeModel& model);
  void check_local(const LatticeModel& model) const;
  void list_affected(const LatticeModel& model);

  HopNetwork network_;
  crystal::Vector3i rate_reach_;
  CellGrid grid_;
  int stride_ = 1;
  std::vector<std::vector<int>> hops_of_;  // per sublattice
  std::vector<int> slot_of_;               // per hop; -1 not used
  std::vector<int> mobile_, vacancy_;
  std::vector<Target> targets_;   // [sublattice * stride + slot]
  RaggedArray<Source> affected_;  // per hop
  std::vector<std::int16_t> slots_;
};

template <class Visit>
void HopTable::visit_affected(SiteIndex from, int hop_number, Visit&& visit) const noexcept {
  const CellGrid::Anchor anchor = grid_.anchor(from);
  for (const Source& s : affected_.row(hop_number))
    visit(CellGrid::site(anchor, s.shift, s.sublattice), s.sublattice,
          std::span<const std::int16_t>(slots_.data() + s.first_slot,
                                        static_cast<std::size_t>(s.n_slots)));
}

}  // namespace lithiate::model
