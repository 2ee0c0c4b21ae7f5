#pragma once
#include <vector>

#include "stacking/stack_model.hpp"

namespace lithiate::stacking {

/// The slab above glides over the one below, over one patch or over a whole gap.
struct GlideMove {
  static constexpr int whole_gap = -1;
  int gap = 0;
  int patch = 0;  ///< or whole_gap: all patches, which have one registry
  int glide = 0;  ///< of StackModel::glides(), out of the registry of the patch
  int map = 0;    ///< which of its maps the guests take
};

/// Glides of patches with the guests in them. A map moves octahedra by whole cells: what leaves the
/// patch on one side comes in on the other, so guests are permuted and none is lost; for a whole
/// gap that is the motion itself. Labels of slab sites stay, also where a glide renames cells of
/// the upper slab (layers::Glide::upper_cell): for every registry all occupations are summed over,
/// so averages do not depend on such names.
class PatchGlide {
 public:
  /// Throws InputError if a glide's exact reverse, map by map, is missing: balance needs it.
  explicit PatchGlide(const StackModel& model);

  /// Changes registry and guests; the change of energy, 2^-44 eV. REQUIRES registries as in `move`.
  std::int64_t apply(const GlideMove& move, StackState& state) const;
  /// The move that returns the state bit for bit.
  GlideMove reverse(const GlideMove& move) const noexcept;
  /// Where the move takes the guest of a site: slab sites and other gaps stay.
  SiteIndex image(const GlideMove& move, SiteIndex site) const noexcept;
  /// Sites of the patch and of both slabs at it, each once.
  const std::vector<SiteIndex>& sites_at(int gap, int patch) const noexcept {
    return sites_at_[static_cast<std::size_t>(gap * (lattice().patches() + 1) + patch + 1)];
  }
  /// True if all patches of the gap have the same registry.
  bool uniform(const StackState& state, int gap) const noexcept;
  /// Most choices of glide and map that a registry has: proposals draw from this number.
  int choices() const noexcept { return choices_; }
  /// Choice number `choice` from this registry; false if there are not as many.
  bool choose(int registry, int choice, GlideMove& move) const noexcept;

 private:
  const StackLattice& lattice() const noexcept { return model_.lattice(); }
  std::vector<SiteIndex> list_sites(int gap, int patch) const;

  const StackModel& model_;
  std::vector<int> reverse_;                      // per glide
  std::vector<std::vector<SiteIndex>> sites_at_;  // [gap][patch + 1]
  int choices_ = 0;
};

}  // namespace lithiate::stacking
