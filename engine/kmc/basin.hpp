#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "kmc/absorbing_chain.hpp"
#include "kmc/rejection_free.hpp"

namespace lithiate::kmc {

struct BasinConfig {
  bool on = true;
  int max_states = 32;  ///< of one basin
  /// A hop belongs to a basin if in equilibrium it is at most this much rarer than the hop the
  /// basin was grown from.
  double flux_ratio = 100.0;
};

/// States of a few ions joined by fast hops, about the state an engine was in (number 0). Events
/// whose rates depend on where these ions are belong to it: they lead to another of its states or
/// out of it. All other events know nothing of it, and it nothing of them.
struct Basin {
  struct Place {
    int parent = -1;             ///< a state one hop away, nearer to 0
    EventIndex in = 0, out = 0;  ///< that hop and its reverse
  };
  struct Step {
    EventIndex event = 0;
    int hop = 0;  ///< its number in the network
    bool clamped = false;
  };
  std::vector<Place> places;       ///< per state
  std::vector<Step> steps;         ///< per transition of the chain
  std::vector<EventIndex> events;  ///< that belong to it
  std::vector<SiteIndex> sources;  ///< an ion that comes to one would depend on it; ascending
  std::vector<std::int32_t> ions;  ///< that move in it
  AbsorbingChain chain;
};

/// Hops that cost as much as finding n states, their modes and drawing from them; from tools/bench,
/// rounded up.
double basin_dues(int n_states) noexcept;

/// What belongs to the basins of an engine.
struct BasinMarks {
  std::vector<std::int32_t> owner;     ///< per event: the basin's number, -1 for none
  std::vector<std::uint16_t> watched;  ///< per site: number of basins that have it as a source
};

struct GrownBasin {
  std::optional<Basin> basin;
  int n_states = 0;  ///< that were visited for it
};

/// Grows a basin about the engine's state, the most frequent hops of equilibrium first, and leaves
/// the engine as it was. Frequent hops of other ions that depend on the basin's, or would change
/// its rates, are taken in; hops that touch another basin stay outside. Marks what belongs to it.
/// @return no basin, with no marks, if the mean number of hops before it is left is infinite or not
/// worth basin_dues(). REQUIRES that hop `seed` touches no basin.
GrownBasin grow_basin(RejectionFree& engine, EventIndex seed, const BasinConfig& config,
                      std::int32_t number, BasinMarks& marks);

}  // namespace lithiate::kmc
