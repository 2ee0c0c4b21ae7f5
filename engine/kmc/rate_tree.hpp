#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "model/hop_table.hpp"

namespace lithiate::kmc {

using model::EventIndex;

/// Sums of eight over the rates of all events: choosing and updating cost log8(n). Sums are added
/// again at each change and never corrected, so they cannot drift. Changes of one hop
/// share their ancestors, which flush() adds once. No allocation after construction.
class RateTree {
 public:
  explicit RateTree(EventIndex n_events);

  EventIndex n_events() const noexcept { return n_events_; }
  double rate_Hz(EventIndex event) const noexcept { return sums_[static_cast<std::size_t>(event)]; }
  /// Changes one rate; total() and choose() are valid again after flush(). REQUIRES rate_Hz >= 0.
  void set(EventIndex event, double rate_Hz) noexcept;
  void flush() noexcept;
  void update(EventIndex event, double rate_Hz) noexcept {
    set(event, rate_Hz);
    flush();
  }
  double total_Hz() const noexcept { return sums_.back(); }
  /// The event in which u * total_Hz() falls; never one of rate zero.
  /// REQUIRES u in [0, 1), total_Hz() > 0.
  EventIndex choose(double u) const noexcept;

 private:
  static constexpr std::int64_t fan = 8;
  static constexpr std::size_t max_pending = 1024;
  struct Level {
    std::int64_t first = 0;                       // its sums begin here in sums_
    std::vector<std::uint8_t> stale;              // per node
    std::array<std::int64_t, max_pending> nodes;  // stale ones
    std::size_t n_stale = 0;
  };
  void mark(std::size_t level, std::int64_t node) noexcept;

  EventIndex n_events_;
  std::vector<double> sums_;   // all levels, leaves first, each padded to eights; the root last
  std::vector<Level> levels_;  // [0] leaves; last: the root
};

}  // namespace lithiate::kmc
