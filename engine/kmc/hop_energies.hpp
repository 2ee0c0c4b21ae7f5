#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/hop_table.hpp"
#include "model/occupation_polynomial.hpp"

namespace lithiate::kmc {

/// Energy changes of all hops, kept up as ions come and go, for models whose every free site holds
/// the mobile ion or a vacancy. The energy is a polynomial in the occupations n = 0, 1,
///   E = sum over sets c of sites of J_c prod n_i,
/// of which are kept, per site, the field h_s = dE/dn_s and, per hop, the coupling
/// D_st = d2E/dn_s dn_t; a hop from s to an empty t costs h_t - D_st - h_s. One change of a site
/// touches each set through it once. All are integers in units of 2^-44 eV (6e-14 eV): the same
/// bits on any path, no drift. Not for models with sites of three species: see applies().
class HopEnergies {
 public:
  /// False if a site allows other species, or if the supercell is so small that two neighbours or
  /// hops of a site are one site.
  static bool applies(const model::LatticeModel& model, const model::HopTable& hops);
  /// REQUIRES applies(model, hops). Keeps references to both.
  HopEnergies(const model::LatticeModel& model, const model::HopTable& hops,
              std::span<const model::Species> occ);

  /// Energy change of hop `event` from an occupied site to an empty one, eV.
  double dE_eV(model::EventIndex event, model::SiteIndex from, model::SiteIndex to) const noexcept {
    return model::OccupationPolynomial::unit_eV *
           static_cast<double>(field_[static_cast<std::size_t>(to)] -
                               field_[static_cast<std::size_t>(from)] -
                               coupling_[static_cast<std::size_t>(event)]);
  }
  /// Puts an ion on an empty site or takes it away. No allocation.
  void toggle(model::SiteIndex site) noexcept;

 private:
  /// A set through a site: its other members as places in LatticeModel::neighbors.
  struct Pair {
    std::int64_t coefficient;
    std::int32_t other;
  };
  struct Triplet {
    std::int64_t coefficient;
    std::array<std::int32_t, 2> others;
    std::array<std::int32_t, 2> slots;  // hop from others[0] to [1] and back; -1: no hop
  };
  struct Larger {
    std::int64_t coefficient;
    std::int32_t first_other, n_others, first_bond, n_bonds;
  };
  /// A hop between two others of a set: it starts at others[from] with this slot.
  struct Bond {
    std::int32_t from, slot;
    std::uint32_t both;  // bits of its two ends
  };
  struct Table {  // per sublattice
    std::vector<Pair> pairs;
    std::vector<Triplet> triplets;
    std::vector<Larger> larger;
    std::vector<std::int32_t> others;
    std::vector<Bond> bonds;
  };
  void add(Table& table, int sublattice, const model::OccupationPolynomial::Set& set,
           const model::HopTable& hops);
  void toggle_larger(const Table& table, const model::SiteIndex* neighbor,
                     std::int64_t sign) noexcept;

  const model::LatticeModel& model_;
  std::int64_t stride_;
  std::vector<Table> tables_;
  std::vector<model::SiteIndex> neighbors_;  // of the site that changes
  std::vector<std::uint8_t> filled_;         // n per site
  std::vector<std::int64_t> field_;          // h per site
  std::vector<std::int64_t> coupling_;       // D per event
};

}  // namespace lithiate::kmc
