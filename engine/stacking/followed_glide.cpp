#include "stacking/followed_glide.hpp"

#include <utility>

#include "core/report.hpp"

namespace lithiate::stacking {

FollowedGlide::FollowedGlide(const StackModel& model, const FollowSettings& settings)
    : model_(model),
      glide_(model),
      settings_(settings),
      start_(model.lattice()),
      end_{StackState(model.lattice()), 0} {
  InputReport report("glides");
  report.require(settings.steps >= 0, "steps", settings.steps, "must not be negative");
  report.require(settings.trials_per_site >= 1, "trials_per_site", settings.trials_per_site,
                 "must be at least 1");
  report.throw_if_any();
}

FollowedGlide::Change FollowedGlide::change(const GlideMove& move, const Walker& from,
                                            SiteIndex site) const noexcept {
  return {model_.flip_delta(from.state, site),
          model_.flip_delta(end_.state, glide_.image(move, site))};
}

void FollowedGlide::flip(const GlideMove& move, Walker& from, SiteIndex site,
                         const Change& change) noexcept {
  from.state.flip(model_.lattice(), site);
  end_.state.flip(model_.lattice(), glide_.image(move, site));
  from.energy += change.from;
  end_.energy += change.to;
}

/// Metropolis trials at (1 - lambda) H(before the glide) + lambda H(after it).
void FollowedGlide::relax(const GlideMove& move, double lambda, const Bath& bath, Walker& from,
                          Random& random) noexcept {
  const auto& sites = glide_.sites_at(move.gap, move.patch);
  const auto n = static_cast<std::uint64_t>(sites.size());
  const auto trials = n * static_cast<std::uint64_t>(settings_.trials_per_site);
  const auto mixed_eV = [&](const Change& c) {
    return ((1.0 - lambda) * static_cast<double>(c.from) + lambda * static_cast<double>(c.to)) *
           unit_eV;
  };
  for (std::uint64_t trial = 0; trial < trials; ++trial) {
    const SiteIndex i = sites[random.below(n)];
    const bool leaves = from.state.occupied(i);
    if (!bath.closed) {
      if (!leaves && from.state.guests() >= bath.max_guests) continue;
      const Change c = change(move, from, i);
      const double cost_eV = mixed_eV(c) + (leaves ? bath.mu_eV : -bath.mu_eV);
      if (accepted(bath.beta * cost_eV, random)) flip(move, from, i, c);
      continue;
    }
    const SiteIndex j = sites[random.below(n)];
    if (from.state.occupied(j) == leaves) continue;
    const Change first = change(move, from, i);
    flip(move, from, i, first);
    const Change second = change(move, from, j);
    if (accepted(bath.beta * (mixed_eV(first) + mixed_eV(second)), random))
      flip(move, from, j, second);
    else
      flip(move, from, i, {-first.from, -first.to});
  }
}

bool FollowedGlide::attempt(const GlideMove& move, Walker& walker, const Bath& bath,
                            Random& random) {
  const std::int64_t energy = walker.energy;
  start_ = walker.state;
  end_ = walker;
  end_.energy += glide_.apply(move, end_.state);
  double work_eV = static_cast<double>(end_.energy - walker.energy) * unit_eV;
  for (int k = 1; k <= settings_.steps; ++k) {
    relax(move, static_cast<double>(k) / (settings_.steps + 1), bath, walker, random);
    work_eV += static_cast<double>(end_.energy - walker.energy) * unit_eV;
  }
  if (accepted(bath.beta * work_eV / (settings_.steps + 1), random)) {
    std::swap(walker, end_);
    return true;
  }
  std::swap(walker.state, start_);
  walker.energy = energy;
  return false;
}

bool FollowedGlide::draw_and_attempt(int gap, int patch, Walker& walker, const Bath& bath,
                                     Random& random) {
  if (glide_.choices() == 0) return false;
  GlideMove move{gap, patch, 0, 0};
  const auto choice = static_cast<int>(random.below(static_cast<std::uint64_t>(glide_.choices())));
  const bool whole = patch == GlideMove::whole_gap;
  if (whole && !glide_.uniform(walker.state, gap)) return false;
  if (!glide_.choose(walker.state.registry(gap, whole ? 0 : patch), choice, move)) return false;
  return attempt(move, walker, bath, random);
}

}  // namespace lithiate::stacking
