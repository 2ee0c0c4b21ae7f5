#pragma once
#include <bit>
#include <cstring>
#include <span>
#include <vector>

#include "model/cell_grid.hpp"
#include "model/occupation_polynomial.hpp"

namespace lithiate::model {

static_assert(std::endian::native == std::endian::little,
              "windows are read as little-endian words");

/// The axis with the most cells; of equal ones the last.
int longest_axis(const crystal::Vector3i& repeats) noexcept;

/// Occupations n = 0, 1 as one bit per site, in rows along one axis, the longest if none is named:
/// a row begins and ends with copies of its other end, so that a window of up to 57 sites around
/// any site is one unaligned read. 1/8 byte per site and a few words per row.
class BitLattice {
 public:
  static constexpr int max_window = 57;

  /// All bits 0. Windows reach up to +-reach cells along each axis.
  BitLattice(const CellGrid& grid, const crystal::Vector3i& reach)
      : BitLattice(grid, reach, longest_axis(grid.repeats())) {}
  BitLattice(const CellGrid& grid, const crystal::Vector3i& reach, int axis);

  const CellGrid& grid() const noexcept { return grid_; }

  /// Cell of a site in terms of rows.
  struct Position {
    const std::int32_t *u, *v;  ///< first words of the rows of the cell, for two of the axes
    std::int32_t bit;           ///< along the row, copies counted
  };
  Position position(SiteIndex site) const noexcept { return position(grid_.cell(site)); }
  Position position(const std::array<std::int32_t, 3>& c) const noexcept {
    return {wrap_u_.data() + c[axis_u_] + reach_u_, wrap_v_.data() + c[axis_v_] + reach_v_,
            c[axis_] + reach_};
  }

  /// Some sites of one row relative to a cell.
  struct Window {
    std::int32_t u = 0, v = 0;      ///< row, in cells
    std::int32_t first_word = 0;    ///< of the sublattice
    std::int32_t first = 0, n = 0;  ///< first site along the row, and how many
  };
  Window window(const Place& first, int n) const noexcept {
    return {first.cell[axis_u_], first.cell[axis_v_], first.basis * words_per_row_,
            first.cell[axis_], n};
  }
  /// Cells along the row from the first place to the second.
  int along(const Place& place) const noexcept { return place.cell[axis_]; }
  /// True if two places lie on one row.
  bool share_row(const Place& a, const Place& b) const noexcept {
    return a.basis == b.basis && a.cell[axis_u_] == b.cell[axis_u_] &&
           a.cell[axis_v_] == b.cell[axis_v_];
  }
  /// Bit k is n of the k-th site of the window; bits from w.n on are those of further sites.
  std::uint64_t read(const Position& from, const Window& w) const noexcept {
    const std::int32_t bit = from.bit + w.first;
    std::uint64_t word;
    std::memcpy(
        &word,
        reinterpret_cast<const char*>(words_.data() + from.u[w.u] + from.v[w.v] + w.first_word) +
            (bit >> 3),
        sizeof word);
    return word >> (bit & 7);
  }
  bool operator[](SiteIndex site) const noexcept {
    return (read(position(site), {0, 0, grid_.sublattice(site) * words_per_row_, 0, 1}) & 1u) != 0;
  }
  /// n becomes 1 - n.
  void flip(SiteIndex site) noexcept { flip(position(site), grid_.sublattice(site)); }
  void flip(const Position& at, int sublattice) noexcept;

 private:
  CellGrid grid_;
  std::size_t axis_, axis_u_, axis_v_;  // along the rows, and the other two
  int n_, reach_, reach_u_, reach_v_;
  std::int32_t words_per_row_;
  std::vector<std::int32_t> wrap_u_, wrap_v_;
  std::vector<std::uint64_t> words_;
};

}  // namespace lithiate::model
