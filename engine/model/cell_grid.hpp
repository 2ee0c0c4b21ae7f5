#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "crystal/lattice.hpp"

namespace lithiate::model {

using SiteIndex = std::int32_t;

/// Quotients by a fixed divisor without a division: Lemire, Kaser and Kurz, Softw. Pract. Exp. 49,
/// 953 (2019). Exact for all 32-bit numbers.
class Divider {
 public:
  explicit Divider(std::uint32_t divisor = 1) noexcept
      : inverse_(divisor == 1 ? 0 : ~std::uint64_t{0} / divisor + 1) {}
  std::uint32_t quotient(std::uint32_t n) const noexcept {
    __extension__ using Wide = unsigned __int128;
    return inverse_ == 0 ? n : static_cast<std::uint32_t>((static_cast<Wide>(inverse_) * n) >> 64);
  }

 private:
  std::uint64_t inverse_;
};

/// Sites of a supercell of repeats[0] x [1] x [2] host cells under periodic boundaries: index =
/// ((cx * repeats[1] + cy) * repeats[2] + cz) * n_sublattices + sublattice. Neighbours by cell
/// shifts come from tables along each axis, so nothing is stored per site. Any number of threads.
class CellGrid {
 public:
  /// Cell shifts up to +-reach along each axis. Throws InputError if a repeat is below 1 or if
  /// there are more than 2147483647 sites.
  CellGrid(const crystal::Vector3i& repeats, int n_sublattices, const crystal::Vector3i& reach);

  SiteIndex n_sites() const noexcept { return n_sites_; }
  int n_sublattices() const noexcept { return n_sublattices_; }
  const crystal::Vector3i& repeats() const noexcept { return repeats_; }
  int sublattice(SiteIndex site) const noexcept {
    return site - static_cast<int>(by_sublattices_.quotient(static_cast<std::uint32_t>(site))) *
                      n_sublattices_;
  }
  std::array<std::int32_t, 3> cell(SiteIndex site) const noexcept {
    const std::uint32_t cell = by_sublattices_.quotient(static_cast<std::uint32_t>(site));
    const std::uint32_t xy = by_z_.quotient(cell), x = by_y_.quotient(xy);
    return {static_cast<std::int32_t>(x),
            static_cast<std::int32_t>(xy - x * static_cast<std::uint32_t>(repeats_[1])),
            static_cast<std::int32_t>(cell - xy * static_cast<std::uint32_t>(repeats_[2]))};
  }

  /// The cell of a site, from which others are reached.
  struct Anchor {
    const std::int32_t *x, *y, *z;
  };
  Anchor anchor(SiteIndex site) const noexcept {
    const auto c = cell(site);
    return {wrap_[0].data() + c[0] + reach_[0], wrap_[1].data() + c[1] + reach_[1],
            wrap_[2].data() + c[2] + reach_[2]};
  }
  /// REQUIRES |shift| <= reach along each axis.
  static SiteIndex site(const Anchor& from, const std::array<std::int32_t, 3>& shift,
                        int sublattice) noexcept {
    return from.x[shift[0]] + from.y[shift[1]] + from.z[shift[2]] + sublattice;
  }

 private:
  crystal::Vector3i repeats_;
  int n_sublattices_;
  SiteIndex n_sites_;
  std::array<std::int32_t, 3> reach_;
  std::array<std::vector<std::int32_t>, 3> wrap_;  // per axis: index of cell c - reach, in sites
  Divider by_sublattices_, by_z_, by_y_;
};

}  // namespace lithiate::model
