#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "layers/glide.hpp"

namespace lithiate::stacking {

/// Energies are whole numbers of 2^-44 eV, as in model::OccupationPolynomial: sums are the same
/// bits in any order and never drift.
inline constexpr double unit_eV = 0x1p-44;
std::int64_t in_units(double energy_eV);

/// A free site as a gap sees it. Roles number the sites of a cell: 0 to v - 1 belong to the slab
/// below, v to v + k - 1 are the octahedra of the gap, the next v belong to the slab above. `cell`
/// counts along a1 and a2; octahedra and both slabs keep their labels when the registry changes.
struct GapSite {
  int role = 0;
  std::array<int, 2> cell{0, 0};
  friend auto operator<=>(const GapSite&, const GapSite&) = default;
};

/// J prod n over sites of one gap and the slabs beside it; once per cell.
struct GapSet {
  std::vector<GapSite> sites;
  std::int64_t coefficient = 0;
};

/// Energy of one gap in one registry. Sets of slab sites alone count with the share that this gap
/// has in them.
struct GapTerms {
  std::string name;        ///< of the registry: R+, AAA, a
  std::string family;      ///< O1, O3
  std::int64_t empty = 0;  ///< without guests, per cell
  std::vector<GapSet> sets;
};

/// layers::Glide between entries of a list of GapTerms.
struct GapGlide {
  int from = 0, to = 0;
  std::vector<layers::GapMap> maps;
};

/// Splits a whole number into n whole numbers that sum to it, the first ones larger by one unit.
std::vector<std::int64_t> shares(std::int64_t whole, std::size_t n);

}  // namespace lithiate::stacking
