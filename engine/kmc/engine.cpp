#include "kmc/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.hpp"

namespace lithiate::kmc {
namespace {

bool has_terms(const model::LatticeModel& model) {
  return std::any_of(model.sublattices().begin(), model.sublattices().end(),
                     [](const model::Sublattice& s) { return !s.terms.empty(); });
}

}  // namespace

KmcEngine::KmcEngine(const model::LatticeModel& model, const model::HopTable& hops, RateModel rates,
                     std::vector<Species> occupation, Random random)
    : model_(model),
      hops_(hops),
      rates_(std::move(rates)),
      interacting_(has_terms(model)),
      tree_(hops.n_events()),
      random_(random) {
  state_.occupation = std::move(occupation);
  place_ions();
  if (interacting_ && HopEnergies::applies(model_, hops_))
    energies_.emplace(model_, hops_, state_.occupation);
  std::vector<std::int16_t> all(static_cast<std::size_t>(hops_.stride()));
  std::iota(all.begin(), all.end(), std::int16_t{0});
  for (SiteIndex site = 0; site < model_.n_sites(); ++site) {
    const int sub = hops_.sublattice(site);
    renew_rates(site, sub, {all.data(), static_cast<std::size_t>(hops_.n_slots(sub))});
  }
  tree_.flush();
  draw_next();
}

void KmcEngine::place_ions() {
  const auto n_sites = static_cast<std::size_t>(model_.n_sites());
  if (state_.occupation.size() != n_sites)
    throw InputError(
        fmt::format("kMC: occupation of {} sites, expected {}", state_.occupation.size(), n_sites));
  state_.ion_at.assign(n_sites, -1);
  for (SiteIndex site = 0; site < model_.n_sites(); ++site) {
    const auto i = static_cast<std::size_t>(site);
    if (state_.occupation[i] >= model_.n_species(site))
      throw InputError(fmt::format("kMC: species {} on site {}, expected below {}",
                                   state_.occupation[i], site, model_.n_species(site)));
    // ions on sublattices without hops count as ions too: they share the composition
    if (state_.occupation[i] !=
        model_.species_index(model_.sublattice(site), hops_.network().mobile))
      continue;
    state_.ion_at[i] = static_cast<std::int32_t>(state_.site_of.size());
    state_.site_of.push_back(site);
  }
  state_.cells_moved.resize(state_.site_of.size());
  state_.origin.resize(state_.site_of.size());
  state_.hop_counts.resize(hops_.network().hops.size());
  reset_displacements();
}

void KmcEngine::draw_next() noexcept {
  const double total_Hz = tree_.total_Hz();
  next_hop_s_ = total_Hz > 0.0 ? state_.time_s - std::log(random_.uniform_nonzero()) / total_Hz
                               : std::numeric_limits<double>::infinity();
}

bool KmcEngine::step() noexcept {
  if (tree_.total_Hz() <= 0.0) return false;
  state_.time_s = next_hop_s_;
  perform(tree_.choose(random_.uniform()));
  return true;
}

void KmcEngine::advance_to(double time_s) noexcept {
  while (next_hop_s_ <= time_s) step();
  state_.time_s = time_s;
}

void KmcEngine::perform(model::EventIndex event) noexcept {
  assert(tree_.rate_Hz(event) > 0.0);
  const SiteIndex from = hops_.site(event);
  const int slot = static_cast<int>(event - static_cast<model::EventIndex>(from) * hops_.stride());
  const SiteIndex to = hops_.targets(from)[slot];
  const int number = hops_.hop_numbers(hops_.sublattice(from))[slot];
  const model::Hop& hop = hops_.network().hops[static_cast<std::size_t>(number)];
  state_.clamped += rates_.clamped(number, dE_eV(event, from, to, hop));
  ++state_.hops;
  ++state_.hop_counts[static_cast<std::size_t>(number)];
  move_ion(from, to, hop);
  if (energies_) {
    energies_->toggle(from);
    energies_->toggle(to);
  }
  for (int k = 0; k < hops_.n_slots(hop.from); ++k) tree_.set(event - slot + k, 0.0);
  hops_.visit_affected(from, number, [this](SiteIndex source, int sub, auto slots) {
    if (occupied(source, sub)) renew_rates(source, sub, slots);  // others have no rates
  });
  tree_.flush();
  draw_next();
}

void KmcEngine::move_ion(SiteIndex from, SiteIndex to, const model::Hop& hop) noexcept {
  const auto a = static_cast<std::size_t>(from), b = static_cast<std::size_t>(to);
  state_.occupation[a] = static_cast<Species>(hops_.vacancy(hop.from));
  state_.occupation[b] = static_cast<Species>(hops_.mobile(hop.to));
  const std::int32_t ion = state_.ion_at[a];
  state_.ion_at[a] = -1;
  state_.ion_at[b] = ion;
  state_.site_of[static_cast<std::size_t>(ion)] = to;
  auto& cells = state_.cells_moved[static_cast<std::size_t>(ion)];
  for (std::size_t i = 0; i < 3; ++i) cells[i] += hop.shift[static_cast<long>(i)];
}

double KmcEngine::dE_eV(model::EventIndex event, SiteIndex from, SiteIndex to,
                        const model::Hop& hop) noexcept {
  if (!interacting_) return 0.0;
  if (energies_) return energies_->dE_eV(event, from, to);
  return model_.delta_energy_eV(state_.occupation, from,
                                static_cast<Species>(hops_.vacancy(hop.from)), to,
                                static_cast<Species>(hops_.mobile(hop.to)));
}

template <class Rate>
void KmcEngine::renew_rates_by(SiteIndex source, int sublattice,
                               std::span<const std::int16_t> slots, Rate rate_Hz) noexcept {
  const model::EventIndex first = static_cast<model::EventIndex>(source) * hops_.stride();
  const SiteIndex* target = hops_.targets(source);
  const int* number = hops_.hop_numbers(sublattice);
  for (const std::int16_t k : slots) {
    const int sub = hops_.network().hops[static_cast<std::size_t>(number[k])].to;
    tree_.set(first + k,
              vacant(target[k], sub) ? rate_Hz(first + k, number[k], target[k], sub) : 0.0);
  }
}

void KmcEngine::renew_rates(SiteIndex source, int sublattice,
                            std::span<const std::int16_t> slots) noexcept {
  if (slots.empty() || !occupied(source, sublattice)) return;
  if (!interacting_)
    renew_rates_by(source, sublattice, slots, [&](model::EventIndex, int number, SiteIndex, int) {
      return rates_.rate_at_rest_Hz(number);
    });
  else if (energies_)
    renew_rates_by(source, sublattice, slots,
                   [&](model::EventIndex event, int number, SiteIndex target, int) {
                     return rates_.rate_Hz(number, energies_->dE_eV(event, source, target));
                   });
  else
    renew_rates_by_terms(source, sublattice, slots);
}

void KmcEngine::renew_rates_by_terms(SiteIndex source, int sublattice,
                                     std::span<const std::int16_t> slots) noexcept {
  const auto empty = static_cast<Species>(hops_.vacancy(sublattice));
  Species& here = state_.occupation[static_cast<std::size_t>(source)];
  const Species ion = here;
  double removal_eV = 0.0;  // shared by all hops from here: with the ion gone, `here` is empty
  renew_rates_by(
      source, sublattice, slots, [&](model::EventIndex, int number, SiteIndex target, int sub) {
        if (here == ion) {
          removal_eV = model_.delta_energy_eV(state_.occupation, source, empty);
          here = empty;
        }
        const auto mobile = static_cast<Species>(hops_.mobile(sub));
        return rates_.rate_Hz(
            number, removal_eV + model_.delta_energy_eV(state_.occupation, target, mobile));
      });
  here = ion;
}

Vector3d KmcEngine::displacement_A(std::int64_t ion) const noexcept {
  const auto i = static_cast<std::size_t>(ion);
  const auto& cells = state_.cells_moved[i];
  const auto at = [&](SiteIndex site) {
    return model_.sublattices()[static_cast<std::size_t>(hops_.sublattice(site))].fractional;
  };
  const Vector3d moved =
      at(state_.site_of[i]) - at(state_.origin[i]) + Vector3d(cells[0], cells[1], cells[2]);
  return model_.host_lattice().cartesian(moved);
}

void KmcEngine::displacements_A(std::span<Vector3d> out) const noexcept {
  for (std::int64_t ion = 0; ion < n_ions(); ++ion)
    out[static_cast<std::size_t>(ion)] = displacement_A(ion);
}

Matrix3d KmcEngine::sum_squared_hops_A2() const noexcept {
  Matrix3d sum = Matrix3d::Zero();
  for (std::size_t h = 0; h < state_.hop_counts.size(); ++h) {
    const Vector3d& dr = hops_.network().hops[h].vector_A;
    sum += static_cast<double>(state_.hop_counts[h]) * dr * dr.transpose();
  }
  return sum;
}

void KmcEngine::reset_displacements() noexcept {
  state_.origin = state_.site_of;
  std::fill(state_.cells_moved.begin(), state_.cells_moved.end(), std::array<std::int32_t, 3>{});
  std::fill(state_.hop_counts.begin(), state_.hop_counts.end(), 0);
}

}  // namespace lithiate::kmc
