#include "stacking/guests.hpp"

namespace lithiate::stacking {

bool try_flip(const StackModel& model, Walker& walker, const Bath& bath, SiteIndex site,
              Random& random) noexcept {
  const bool leaves = walker.state.occupied(site);
  if (!leaves && walker.state.guests() >= bath.max_guests) return false;
  const std::int64_t delta = model.flip_delta(walker.state, site);
  const double dE_eV = static_cast<double>(delta) * unit_eV;
  if (!accepted(bath.beta * (dE_eV + (leaves ? bath.mu_eV : -bath.mu_eV)), random)) return false;
  walker.state.flip(model.lattice(), site);
  walker.energy += delta;
  return true;
}

bool try_exchange(const StackModel& model, Walker& walker, const Bath& bath, SiteIndex i,
                  SiteIndex j, Random& random) noexcept {
  StackState& state = walker.state;
  if (state.occupied(i) == state.occupied(j)) return false;
  std::int64_t delta = model.flip_delta(state, i);
  state.flip(model.lattice(), i);
  delta += model.flip_delta(state, j);
  if (!accepted(bath.beta * static_cast<double>(delta) * unit_eV, random)) {
    state.flip(model.lattice(), i);
    return false;
  }
  state.flip(model.lattice(), j);
  walker.energy += delta;
  return true;
}

std::int64_t sweep_guests(const StackModel& model, Walker& walker, const Bath& bath,
                          Random& random) noexcept {
  const auto n = static_cast<std::uint64_t>(model.lattice().n_sites());
  std::int64_t done = 0;
  for (std::uint64_t trial = 0; trial < n; ++trial) {
    const auto i = static_cast<SiteIndex>(random.below(n));
    if (bath.closed)
      done += try_exchange(model, walker, bath, i, static_cast<SiteIndex>(random.below(n)), random);
    else
      done += try_flip(model, walker, bath, i, random);
  }
  return done;
}

}  // namespace lithiate::stacking
