#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "kmc/basin.hpp"

namespace lithiate::kmc {

/// What Basins knows about the ions between stays, for checkpoints.
struct BasinMemory {
  std::vector<SiteIndex> came_from;   ///< per ion: where its last hop began, -1 if not known
  std::vector<std::int32_t> returns;  ///< per ion: how often it went back of late
  /// Per ion: how far below zero its returns begin after a basin that did not pay, 0 after one that
  /// did. Doubles each time, so that vain attempts cost ever less.
  std::vector<std::int32_t> patience;
};

/// RejectionFree in which an ion that keeps hopping to and fro costs no more than one that does
/// not: basins (grow_basin) are left at a time and from a state drawn from their absorbing chains,
/// so the process at the exits is the same, not an average of it. Any number of basins lie side by
/// side: each owns the events that depend on its ions and waits for its own exit time, while all
/// other events go on. A hop that disturbs a basin, and every time at which somebody looks, cuts
/// the stay: the state is drawn from those that have not left yet, as in first-passage Monte Carlo
/// (T. Opplestrup et al., Phys. Rev. Lett. 97, 230602 (2006)), and displacements are those of that
/// state. The hops left out enter State::expected_counts by their mean given both ends. Growing
/// begins when an ion has gone back several times in a row; it is decided by counts alone, so a
/// seed gives one trajectory. With config.on = false, nothing but RejectionFree. One thread each.
class Basins {
 public:
  /// Begins; then draws from the engine's random numbers.
  Basins(RejectionFree engine, const BasinConfig& config);
  /// Goes on where memory() was taken. Throws InputError if it does not fit the ions.
  Basins(RejectionFree engine, const BasinConfig& config, BasinMemory memory);

  const RejectionFree& engine() const noexcept { return engine_; }
  const BasinConfig& config() const noexcept { return config_; }
  const BasinMemory& memory() const noexcept { return memory_; }
  const State& state() const noexcept { return engine_.state(); }
  State& state() noexcept { return engine_.state(); }  ///< for its displacements
  /// Stays since construction.
  std::int64_t stays() const noexcept { return stays_; }

  /// Performs all hops up to this time and sets the clock to it. REQUIRES time_s >= the clock.
  void advance_to(double time_s);
  /// Performs hops until all_hops() has grown by n at least; a stay counts as the mean number of
  /// hops in it. The clock becomes that of the last hop or exit.
  void perform_hops(std::int64_t n);

 private:
  bool step(double until_s);
  void perform(EventIndex event);
  void watch(std::int32_t ion, const RejectionFree::Leap& leap);
  void enter(std::int32_t ion, EventIndex seed);
  void leave(std::size_t number);
  void disturb(const RejectionFree::Leap& leap);
  void cut(std::size_t number);
  void cut_all();
  Basin settle(std::size_t number, int state);
  void lose_patience(std::int32_t ion, double dues);

  RejectionFree engine_;
  BasinConfig config_;
  BasinMemory memory_;
  BasinMarks marks_;  // empty before the first basin
  struct Stay {
    Basin basin;
    std::vector<double> rates_Hz;  // of the basin's events in state 0
    double start_s;
  };
  std::vector<std::optional<Stay>> stay_;  // per number; empty places are used again
  std::vector<double> exit_s_;             // of each, infinity where there is none
  std::int64_t stays_ = 0;
};

}  // namespace lithiate::kmc
