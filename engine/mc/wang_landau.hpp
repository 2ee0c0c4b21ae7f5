#pragma once
#include <unordered_map>
#include <vector>

#include "core/archive.hpp"
#include "core/random.hpp"
#include "mc/density_of_states.hpp"
#include "mc/ensemble.hpp"

namespace lithiate::mc {

struct WangLandauConfig {
  double bin_eV = 0.01;      ///< width of a level, of the whole cell; below all gaps: exact levels
  double final_ln_f = 1e-6;  ///< where the 1/t schedule ends
  std::int64_t max_sweeps = 10'000'000;
};

/// Wang & Landau, Phys. Rev. Lett. 86, 2050 (2001), with the 1/t schedule of Belardinelli &
/// Pereyra, Phys. Rev. E 75, 046701 (2007): moves are accepted with min(1, g / g'), ln f is added
/// to ln g of the level after every trial, ln f is halved whenever all levels were visited, and is
/// levels / trials from where that is larger. A level met for the first time starts with the least
/// ln g so far and begins the schedule anew, as its ln g would come too late otherwise. The result
/// is still off by the order of ln f; count() begins a multicanonical run (Berg & Neuhaus, Phys.
/// Rev. Lett. 68, 9 (1992)) with fixed ln g, whose visits correct it without a bias.
/// Ensemble: Canonical, or SemiGrand (every state; P holds the chemical potentials).
template <class Ensemble>
class WangLandau {
 public:
  /// REQUIRES occ within the lists of its sites and the ensemble's cap.
  WangLandau(const LatticeModel& model, Ensemble ensemble, std::vector<Species> occ,
             const std::string& mobile, const WangLandauConfig& config, Random random);

  void sweep();
  /// Counts visits for so many sweeps from here on, with ln g of these levels.
  void count(const std::vector<DensityOfStates::Level>& levels, std::int64_t sweeps);
  bool converged() const noexcept { return ln_f_ <= config_.final_ln_f; }
  bool finished() const noexcept {
    return counting_ ? sweeps_ >= last_ : converged() || sweeps_ >= config_.max_sweeps;
  }
  const std::vector<Species>& occupation() const noexcept { return state_.occupation(); }
  double progress() const noexcept;  ///< 0 to 1; falls when a level is found
  DensityOfStates density() const;   ///< of all states of the ensemble

  void save(Archive& archive) const;
  /// Throws InputError for a state of another model.
  void restore(const Archive& archive);

 private:
  struct Slot {
    double log_g, P0_eV;       // P of the state that was met first
    std::int64_t visits = 0;   // of the moments
    double P = 0.0, P2 = 0.0;  // sums of P - P0
    double n = 0.0;            // sum of the number of the mobile species
    bool seen = true;          // since ln f was halved
  };
  std::size_t slot_at(double P_eV);
  void visit() noexcept;
  void schedule() noexcept;
  void recount() noexcept;
  std::int64_t change_of_n(const Move& move) const noexcept;

  const LatticeModel& model_;
  Ensemble ensemble_;
  Configuration state_;
  std::vector<int> mobile_;  // its index by sublattice, or -1
  WangLandauConfig config_;
  Random random_;
  std::vector<Slot> slots_;
  std::unordered_map<std::int64_t, std::size_t> slot_of_;  // by P in bins
  std::size_t here_ = 0;
  double P_eV_ = 0.0;
  std::int64_t n_ = 0;
  double ln_f_ = 1.0;
  bool inverse_time_ = false, counting_ = false;
  std::int64_t trials_ = 0, sweeps_ = 0;  // trials: since a level was found
  std::int64_t last_ = 0;                 // sweep of counting
};

extern template class WangLandau<SemiGrand>;
extern template class WangLandau<Canonical>;

}  // namespace lithiate::mc
