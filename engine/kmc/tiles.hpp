#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "kmc/hop_chances.hpp"
#include "kmc/state.hpp"
#include "kmc/tile_grid.hpp"
#include "parallel/session.hpp"

namespace lithiate::kmc {

/// One trajectory on many processes and threads: Shim and Amar, Phys. Rev. B 71, 125432 (2005),
/// with thinning inside the sectors of TileGrid. The clock advances in windows of fixed length; in
/// each, the colours take turns in the order A B C D C B A (half a window each time, D a whole
/// one), every sector moving its own bonds with the rest at rest. Each turn obeys detailed balance,
/// so equilibrium averages are exact at any window; rates of processes across sectors are biased by
/// O(window^2). Random numbers are keyed by seed, replica, sector, window and turn, and energies
/// and counts are integers: the trajectory is the same bits on any processes and threads.
/// All calls are collective unless they say otherwise. No allocation while windows run.
class Tiles {
 public:
  struct Config {
    double window_s = 0.0;
    std::uint64_t seed = 1;
    std::uint32_t replica = 0;
    int min_sector_cells = 1;
  };

  /// Every rank passes the same state, which may have moved before. Throws InputError if the model
  /// has sites of other species, if the window is not above 0, or if there are more ranks than rows
  /// of tiles. Keeps references to `session`, `model` and `hops`.
  Tiles(const parallel::Session& session, const model::LatticeModel& model,
        const model::HopTable& hops, const RateModel& rates, State state, const Config& config);
  ~Tiles();
  Tiles(Tiles&&) noexcept;

  const TileGrid& grid() const noexcept;                    ///< not collective
  std::int64_t n_ions() const noexcept { return n_ions_; }  ///< not collective
  double time_s() const noexcept;                           ///< not collective
  std::int64_t hops() const noexcept;                       ///< of all ranks; not collective
  const Config& config() const noexcept;                    ///< not collective
  bool can_hop() const noexcept { return can_hop_; }        ///< not collective
  double total_rate_Hz() const;

  void run_windows(std::int64_t n);
  /// Windows until at least n hops were performed. @return how many were.
  std::int64_t perform_hops(std::int64_t n);
  /// Windows up to the one that ends nearest to time_s.
  void advance_to(double time_s);
  /// The whole number of windows nearest to an interval, at least one.
  double rounded_interval_s(double wanted_s) const noexcept;

  /// Brings the state up to date at the root. @return true there.
  bool collect();
  /// Displacements since the last reset, as observe::Transport records them.
  struct Moved {
    std::vector<Vector3d> tracers_A;
    Vector3d sum_A = Vector3d::Zero();  ///< over all ions
  };
  /// Brings clock and counts of the state up to date, not the ions. @return displacements at the
  /// root, nothing elsewhere.
  std::optional<Moved> moved(std::int64_t n_tracers);
  /// As last collected, at the root.
  const State& state() const noexcept { return state_; }
  const model::LatticeModel& model() const noexcept { return *model_; }
  const model::HopTable& hop_table() const noexcept { return *hops_; }
  /// Displacements and hop counts begin again from zero here; the clock runs on. Collects.
  void reset_displacements();

 private:
  struct Box;  // what this process holds
  void count();
  void count_origins();

  const parallel::Session* session_;
  const model::LatticeModel* model_;
  const model::HopTable* hops_;
  State state_;
  bool can_hop_ = false;
  std::int64_t n_ions_ = 0;
  // counts up to the construction or the last reset
  std::int64_t before_hops_ = 0, before_clamped_ = 0;
  std::vector<std::int64_t> before_counts_;
  std::vector<std::int64_t> origins_;  // ions on each sublattice at the last reset
  std::unique_ptr<Box> box_;
};

}  // namespace lithiate::kmc
