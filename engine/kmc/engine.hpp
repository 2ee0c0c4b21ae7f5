#pragma once
#include <span>
#include <string_view>
#include <variant>

#include "kmc/basins.hpp"
#include "kmc/thinning.hpp"

namespace lithiate::kmc {

/// How hops are sampled; the process is the same.
enum class Method { automatic, rejection_free, thinning };

/// All that a run needs to go on exactly where it stands.
struct Snapshot {
  State state;
  Random random;
  Method method = Method::thinning;  ///< at work
  bool automatic = true;
  std::vector<SiteIndex> vacancies;  ///< of Thinning
  std::int64_t trials = 0, trials_seen = 0, hops_seen = 0;
  double next_hop_s = 0.0;  ///< of RejectionFree
  bool basins = true;
  bool undecided = false;
  BasinMemory basin_memory;  ///< of RejectionFree
};

/// Whether ions that hop to and fro are carried through basins (Basins) where all rates are kept.
enum class Flicker { basins, every_hop };

/// Exact serial kinetic Monte Carlo of one trajectory by the method that is faster for it.
/// Automatic: thinning where the model allows it, until it takes more trials per hop than keeping
/// all rates costs. Where classes of hops differ widely in rate it begins with basins instead, and
/// goes on so if they leave out most hops. Counts decide, never a measured time, so a seed gives
/// one trajectory.
class KmcEngine {
 public:
  /// Keeps references to `model` and `hops`. Throws InputError if the occupation does not fit the
  /// model, or if thinning is asked for and does not apply. Ions are numbered by ascending site.
  KmcEngine(const model::LatticeModel& model, const model::HopTable& hops, const RateModel& rates,
            std::vector<Species> occupation, const Random& random,
            Method method = Method::automatic, Flicker flicker = Flicker::basins);

  /// Goes on from a snapshot of the same model, network and rates: the same bits as without the
  /// break. Throws InputError if it does not fit the model.
  KmcEngine(const model::LatticeModel& model, const model::HopTable& hops, const RateModel& rates,
            Snapshot snapshot);
  Snapshot snapshot() const;

  const State& state() const noexcept;
  const model::LatticeModel& model() const noexcept { return *model_; }
  const model::HopTable& hop_table() const noexcept { return *hops_; }
  std::int64_t n_ions() const noexcept { return std::ssize(state().site_of); }
  double time_s() const noexcept { return state().time_s; }
  /// Since construction, with the mean number of hops in basins.
  std::int64_t hops() const noexcept { return all_hops(state()); }
  bool collect() const noexcept { return true; }  ///< the state is always up to date
  double rounded_interval_s(double wanted_s) const noexcept { return wanted_s; }
  std::string_view method() const noexcept;  ///< at work now: "thinning", "rejection-free"

  /// Sum of the rates of all possible hops; may visit every ion.
  double total_rate_Hz() const noexcept;
  /// False if every ion is shut in.
  bool can_hop() const noexcept { return kmc::can_hop(state(), *hops_); }
  /// Performs n hops and sets the clock to the last. @return how many: fewer if none is possible,
  /// more if the last of them leaves a basin.
  std::int64_t perform_hops(std::int64_t n);
  /// Performs all hops up to this time and sets the clock to it. REQUIRES time_s >= the clock.
  void advance_to(double time_s);

  /// Unwrapped, in Angstrom, since the last reset.
  Vector3d displacement_A(std::int64_t ion) const {
    return kmc::displacement_A(state(), *model_, ion);
  }
  /// Sum over all hops of dr dr^T (Angstrom^2) since the last reset; in basins its mean.
  Matrix3d sum_squared_hops_A2() const { return kmc::sum_squared_hops_A2(state(), *hops_); }
  /// Displacements and hop counts begin again from zero here; the clock runs on.
  void reset_displacements();

 private:
  void begin(Thinning thinning);
  void reconsider();
  void decide_on_basins();

  const model::LatticeModel* model_;
  const model::HopTable* hops_;
  RateModel rates_;
  bool automatic_;
  BasinConfig basins_;
  bool undecided_ = false;  // whether basins are worth it
  double trials_per_hop_limit_ = 0.0;
  std::int64_t trials_seen_ = 0, hops_seen_ = 0;  // at the last look
  std::variant<std::monostate, Thinning, Basins> engine_;
};

}  // namespace lithiate::kmc
