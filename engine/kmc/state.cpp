#include "kmc/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/error.hpp"

namespace lithiate::kmc {

State initial_state(const model::LatticeModel& model, const model::HopTable& hops,
                    std::vector<Species> occupation) {
  State state;
  state.occupation = std::move(occupation);
  const auto n_sites = static_cast<std::size_t>(model.n_sites());
  if (state.occupation.size() != n_sites)
    throw InputError(
        fmt::format("kMC: occupation of {} sites, expected {}", state.occupation.size(), n_sites));
  for (SiteIndex site = 0; site < model.n_sites(); ++site) {
    const auto i = static_cast<std::size_t>(site);
    if (state.occupation[i] >= model.n_species(site))
      throw InputError(fmt::format("kMC: species {} on site {}, expected below {}",
                                   state.occupation[i], site, model.n_species(site)));
    // ions on sublattices without hops count as ions too: they share the composition
    if (state.occupation[i] != model.species_index(model.sublattice(site), hops.network().mobile))
      continue;
    state.site_of.push_back(site);
  }
  state.cells_moved.resize(state.site_of.size());
  state.hop_counts.resize(hops.network().hops.size());
  state.expected_counts.resize(hops.network().hops.size());
  reset_displacements(state);
  return state;
}

void check(const State& state, const model::LatticeModel& model, const model::HopTable& hops) {
  const State fresh = initial_state(model, hops, state.occupation);
  auto sites = state.site_of;
  std::sort(sites.begin(), sites.end());
  const bool fits = sites == fresh.site_of && state.origin.size() == sites.size() &&
                    state.cells_moved.size() == sites.size() &&
                    state.hop_counts.size() == fresh.hop_counts.size() && state.time_s >= 0.0 &&
                    state.hops >= 0 && state.clamped >= 0 &&
                    state.expected_counts.size() == fresh.hop_counts.size() &&
                    state.expected_hops >= 0.0 && state.expected_clamped >= 0.0 &&
                    std::all_of(state.origin.begin(), state.origin.end(), [&](SiteIndex site) {
                      return site >= 0 && site < model.n_sites();
                    });
  if (!fits) throw InputError("kMC: the stored state does not fit the model");
}

std::int64_t all_hops(const State& state) noexcept {
  return state.hops + std::llround(state.expected_hops);
}

std::int64_t all_clamped(const State& state) noexcept {
  return state.clamped + std::llround(state.expected_clamped);
}

bool can_hop(const State& state, const model::HopTable& hops) noexcept {
  return std::any_of(state.site_of.begin(), state.site_of.end(), [&](SiteIndex site) {
    const int b = hops.sublattice(site);
    for (int k = 0; k < hops.n_slots(b); ++k) {
      const SiteIndex to = hops.target(site, k);
      if (state.occupation[static_cast<std::size_t>(to)] == hops.vacancy(hops.sublattice(to)))
        return true;
    }
    return false;
  });
}

std::uint64_t hash(const State& state) {
  std::uint64_t sum = 0x6c69746869617465;
  const auto add = [&sum](std::uint64_t x) {  // one round of splitmix64 per number
    sum += x + 0x9e3779b97f4a7c15;
    sum = (sum ^ (sum >> 30)) * 0xbf58476d1ce4e5b9;
    sum = (sum ^ (sum >> 27)) * 0x94d049bb133111eb;
    sum ^= sum >> 31;
  };
  for (const Species s : state.occupation) add(s);
  for (std::size_t ion = 0; ion < state.site_of.size(); ++ion) {
    add(static_cast<std::uint32_t>(state.site_of[ion]));
    add(static_cast<std::uint32_t>(state.origin[ion]));
    for (const std::int32_t n : state.cells_moved[ion]) add(static_cast<std::uint32_t>(n));
  }
  add(std::bit_cast<std::uint64_t>(state.time_s));
  return sum;
}

std::vector<std::int32_t> ions_by_site(const State& state) {
  std::vector<std::int32_t> ion_at(state.occupation.size(), -1);
  for (std::size_t ion = 0; ion < state.site_of.size(); ++ion)
    ion_at[static_cast<std::size_t>(state.site_of[ion])] = static_cast<std::int32_t>(ion);
  return ion_at;
}

Vector3d displacement_A(const State& state, const model::LatticeModel& model, std::int64_t ion) {
  const auto i = static_cast<std::size_t>(ion);
  const auto& cells = state.cells_moved[i];
  const auto at = [&](SiteIndex site) {
    return model.sublattices()[static_cast<std::size_t>(model.sublattice(site))].fractional;
  };
  const Vector3d moved =
      at(state.site_of[i]) - at(state.origin[i]) + Vector3d(cells[0], cells[1], cells[2]);
  return model.host_lattice().cartesian(moved);
}

void displacements_A(const State& state, const model::LatticeModel& model,
                     std::span<Vector3d> out) {
  for (std::size_t ion = 0; ion < out.size(); ++ion)
    out[ion] = displacement_A(state, model, static_cast<std::int64_t>(ion));
}

Matrix3d sum_squared_hops_A2(const State& state, const model::HopTable& hops) {
  Matrix3d sum = Matrix3d::Zero();
  for (std::size_t h = 0; h < state.hop_counts.size(); ++h) {
    const Vector3d& dr = hops.network().hops[h].vector_A;
    sum +=
        (static_cast<double>(state.hop_counts[h]) + state.expected_counts[h]) * dr * dr.transpose();
  }
  return sum;
}

void reset_displacements(State& state) {
  state.origin = state.site_of;
  std::fill(state.cells_moved.begin(), state.cells_moved.end(), std::array<std::int32_t, 3>{});
  std::fill(state.hop_counts.begin(), state.hop_counts.end(), 0);
  std::fill(state.expected_counts.begin(), state.expected_counts.end(), 0.0);
}

}  // namespace lithiate::kmc
