#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kmc/tiles.hpp"

namespace lithiate::kmc {

/// What one process holds of a tiled supercell: its rows of tiles along u, and copies of the cells
/// around that hops of its sectors read or change.
struct Tiles::Box {
  /// The ion on a site, and how far it came; ion = -1: none.
  struct Cargo {
    std::int32_t ion = -1;
    std::array<std::int32_t, 3> cells{};
  };
  /// An undirected hop: forward leads away from the cell it belongs to.
  struct Bond {
    const HopChances::Trial *forward, *backward;
    int from, to;  // sublattices
    std::array<std::int32_t, 3> shift;
    model::BitLattice::Window start;
    std::uint64_t end;  // of its part of all 64-bit numbers
  };
  /// Cells u0 to u1 - 1, v0 to v1 - 1 in the box's own count.
  struct Sector {
    std::uint32_t id;
    int u0, u1, v0, v1;
  };
  struct Ion {
    std::int32_t number, site;
    std::array<std::int32_t, 3> cells;
  };
  /// Where a tracer of observe::Transport came to: host cells crossed, and the sublattice it is on.
  struct TracerMove {
    std::int32_t tracer, sublattice;
    std::array<std::int32_t, 3> cells;
  };
  using Cell = std::array<std::int32_t, 3>;

  Box(const parallel::Session& session, const model::LatticeModel& model,
      const model::HopTable& hops, const RateModel& rates, const State& state,
      const Config& config);

  void run_window();
  /// Copies what sectors of this half of the tiles along u changed to the neighbours that hold it.
  void exchange(int half_u);
  void run_turn(const Sector& sector, double duration_s, std::uint64_t turn, int thread) noexcept;
  /// Parts of 2^31 of the bond bounds, summed over the bonds of my sectors, per bond.
  std::vector<std::int64_t> chances_per_bond() const;

  /// Counts and displacements begin again from zero.
  void reset();
  void load(const model::LatticeModel& model, const State& state);
  /// The ions on my own cells, with sites of the supercell.
  std::vector<Ion> ions(const model::LatticeModel& model) const;
  /// The tracers among the ions on my own cells, of n_tracers among all; and, added to `sums`, over
  /// all ions here: three cells crossed, then how many are on each sublattice.
  std::vector<TracerMove> moved(std::int64_t n_ions, std::int64_t n_tracers,
                                std::span<std::int64_t> sums) const;
  int own_u0() const noexcept { return halo_low_; }
  int own_u1() const noexcept { return halo_low_ + n_own_; }

  const parallel::Session& session_;
  Config config_;
  TileGrid grid_;
  crystal::Vector3i global_;          // repeats of the supercell
  int first_u_ = 0, n_own_ = 0;       // my cells along u in the supercell
  int halo_low_ = 0, halo_high_ = 0;  // copies below and above them
  model::LatticeModel model_;         // of the box
  model::HopTable hops_;
  model::BinaryEnergies energies_;
  HopChances chances_;
  std::vector<Bond> bonds_;
  double bonds_Hz_ = 0.0;                     // sum of their bounds, per cell
  bool uniform_bonds_ = true;                 // all bounds are equal
  std::vector<std::vector<Sector>> sectors_;  // per colour
  std::vector<Cargo> cargo_;                  // per site of the box
  std::vector<Cargo> out_, in_;
  std::vector<std::vector<std::int64_t>> counts_;  // per thread: hops of each number, then clamped
  std::int64_t windows_ = 0, hops_done_ = 0;

 private:
  void list_bonds(const model::HopTable& hops);
  void list_sectors();
  bool attempt(const Sector& sector, Random& random, std::int64_t* counts) noexcept;
  Cell wrapped(const Cell& cell, const std::array<std::int32_t, 3>& shift) const noexcept;
  std::size_t site(const Cell& cell, int sublattice) const noexcept;
  template <class Visit>  // visit(cell, sublattice) for all sites of the cells u0 to u1 - 1
  void visit_rows(int u0, int u1, Visit visit) const;
};

}  // namespace lithiate::kmc
