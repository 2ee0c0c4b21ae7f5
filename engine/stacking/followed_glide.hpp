#pragma once
#include "stacking/guests.hpp"
#include "stacking/patch_glide.hpp"

namespace lithiate::stacking {

/// How guests follow a glide.
struct FollowSettings {
  int steps = 0;            ///< m: intermediate Hamiltonians; 0: guests move by the map alone
  int trials_per_site = 1;  ///< of guests at the patch, at each of them
};

/// Glides that are accepted or rejected as a whole, with guests that relax while the slab glides:
/// non-equilibrium candidate moves, Nilmeier, Crooks, Minh & Chodera, PNAS 108, E1009 (2011). From
/// (r, n) the Hamiltonian goes in m + 1 equal steps from H(r, n) to H(r', map(n)); at each of the m
/// in between, guests at the patch make Metropolis trials; the end is accepted with
/// min(1, exp(-W/kT)), W the sum of the steps' work. The protocol is its own mirror image, so
/// detailed balance is exact for any m. (Li hops are faster than glides by many orders.)
/// Not for several threads at once: holds its working copies.
class FollowedGlide {
 public:
  /// Throws InputError as PatchGlide does, or for negative settings.
  FollowedGlide(const StackModel& model, const FollowSettings& settings);

  const PatchGlide& glide() const noexcept { return glide_; }
  /// True if accepted; else the walker is as before. REQUIRES registries as in `move`.
  bool attempt(const GlideMove& move, Walker& walker, const Bath& bath, Random& random);
  /// A move drawn for one patch (or, patch = whole_gap, for a gap that has one registry) and
  /// attempted. Draws from choices() numbers, whatever the registry has, so that a move and its
  /// reverse are equally likely to be drawn; the surplus is rejected.
  bool draw_and_attempt(int gap, int patch, Walker& walker, const Bath& bath, Random& random);

 private:
  void relax(const GlideMove& move, double lambda, const Bath& bath, Walker& from,
             Random& random) noexcept;
  /// What a flip costs before the glide and after it.
  struct Change {
    std::int64_t from = 0, to = 0;
  };
  Change change(const GlideMove& move, const Walker& from, SiteIndex site) const noexcept;
  void flip(const GlideMove& move, Walker& from, SiteIndex site, const Change& change) noexcept;

  const StackModel& model_;
  PatchGlide glide_;
  FollowSettings settings_;
  StackState start_;  // to go back to
  Walker end_;        // the same guests after the glide
};

}  // namespace lithiate::stacking
