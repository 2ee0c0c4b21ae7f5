#include "kmc/rejection_free.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace lithiate::kmc {
namespace {

bool has_terms(const model::LatticeModel& model) {
  return std::any_of(model.sublattices().begin(), model.sublattices().end(),
                     [](const model::Sublattice& s) { return !s.terms.empty(); });
}

}  // namespace

RejectionFree::RejectionFree(const model::LatticeModel& model, const model::HopTable& hops,
                             RateModel rates, State state, Random random)
    : RejectionFree(model, hops, std::move(rates), std::move(state), random, 0.0) {
  draw_next();
}

RejectionFree::RejectionFree(const model::LatticeModel& model, const model::HopTable& hops,
                             RateModel rates, State state, Random random, double next_hop_s)
    : model_(model),
      hops_(hops),
      rates_(std::move(rates)),
      local_(model, hops),
      interacting_(has_terms(model)),
      state_(std::move(state)),
      ion_at_(ions_by_site(state_)),
      tree_(hops.n_events()),
      random_(random),
      next_hop_s_(next_hop_s) {
  if (interacting_ && HopEnergies::applies(model_, hops_))
    energies_.emplace(model_, hops_, state_.occupation);
  std::vector<std::int16_t> all(static_cast<std::size_t>(hops_.stride()));
  std::iota(all.begin(), all.end(), std::int16_t{0});
  for (SiteIndex site = 0; site < model_.n_sites(); ++site) {
    const int sub = hops_.sublattice(site);
    renew_rates(site, sub, {all.data(), static_cast<std::size_t>(hops_.n_slots(sub))});
  }
  tree_.flush();
}

void RejectionFree::draw_next() noexcept {
  const double total_Hz = tree_.total_Hz();
  next_hop_s_ = total_Hz > 0.0 ? state_.time_s - std::log(random_.uniform_nonzero()) / total_Hz
                               : std::numeric_limits<double>::infinity();
}

bool RejectionFree::step() noexcept {
  if (tree_.total_Hz() <= 0.0) return false;
  state_.time_s = next_hop_s_;
  perform(tree_.choose(random_.uniform()));
  return true;
}

void RejectionFree::advance_to(double time_s) noexcept {
  while (next_hop_s_ <= time_s) step();
  state_.time_s = time_s;
}

void RejectionFree::perform(model::EventIndex event) noexcept {
  const Leap leap = this->leap(event);
  state_.clamped += clamped(event, leap);
  ++state_.hop_counts[static_cast<std::size_t>(leap.number)];
  ++state_.hops;
  shift(event, leap);
  draw_next();
}

RejectionFree::Leap RejectionFree::leap(model::EventIndex event) const noexcept {
  const SiteIndex from = hops_.site(event);
  const int slot = static_cast<int>(event - static_cast<model::EventIndex>(from) * hops_.stride());
  return {from, hops_.target(from, slot), slot, hops_.hop_numbers(hops_.sublattice(from))[slot]};
}

bool RejectionFree::clamped(model::EventIndex event, const Leap& leap) noexcept {
  const model::Hop& hop = hops_.network().hops[static_cast<std::size_t>(leap.number)];
  return clamped(leap.number, leap.from, dE_eV(event, leap.from, leap.to, hop));
}

model::EventIndex RejectionFree::reverse(const Leap& leap) const noexcept {
  const int back = hops_.network().hops[static_cast<std::size_t>(leap.number)].reverse;
  const int sublattice = hops_.sublattice(leap.to);
  const int* numbers = hops_.hop_numbers(sublattice);
  return static_cast<model::EventIndex>(leap.to) * hops_.stride() +
         (std::find(numbers, numbers + hops_.n_slots(sublattice), back) - numbers);
}

void RejectionFree::shift(model::EventIndex event, const Leap& leap) noexcept {
  assert(tree_.rate_Hz(event) > 0.0);
  const auto [from, to, slot, number] = leap;
  const model::Hop& hop = hops_.network().hops[static_cast<std::size_t>(number)];
  const std::int32_t ion = std::exchange(ion_at_[static_cast<std::size_t>(from)], -1);
  ion_at_[static_cast<std::size_t>(to)] = ion;
  relocate(state_, hops_, static_cast<std::size_t>(ion), to, number);
  if (energies_) {
    energies_->toggle(from);
    energies_->toggle(to);
  }
  for (int k = 0; k < hops_.n_slots(hop.from); ++k) tree_.set(event - slot + k, 0.0);
  hops_.visit_affected(from, number, [this](SiteIndex source, int sub, auto slots) {
    if (occupied(source, sub)) renew_rates(source, sub, slots);  // others have no rates
  });
  tree_.flush();
}

double RejectionFree::dE_eV(model::EventIndex event, SiteIndex from, SiteIndex to,
                            const model::Hop& hop) noexcept {
  if (!interacting_) return 0.0;
  if (energies_) return energies_->dE_eV(event, from, to);
  return model_.delta_energy_eV(state_.occupation, from,
                                static_cast<Species>(hops_.vacancy(hop.from)), to,
                                static_cast<Species>(hops_.mobile(hop.to)));
}

template <class Rate>
void RejectionFree::renew_rates_by(SiteIndex source, int sublattice,
                                   std::span<const std::int16_t> slots, Rate rate_Hz) noexcept {
  const model::EventIndex first = static_cast<model::EventIndex>(source) * hops_.stride();
  const model::CellGrid::Anchor anchor = hops_.grid().anchor(source);
  const int* number = hops_.hop_numbers(sublattice);
  for (const std::int16_t k : slots) {
    const int sub = hops_.network().hops[static_cast<std::size_t>(number[k])].to;
    const SiteIndex target = hops_.target(anchor, sublattice, k);
    tree_.set(first + k, vacant(target, sub) ? rate_Hz(first + k, number[k], target, sub) : 0.0);
  }
}

void RejectionFree::renew_rates(SiteIndex source, int sublattice,
                                std::span<const std::int16_t> slots) noexcept {
  if (slots.empty() || !occupied(source, sublattice)) return;
  if (!local_.empty())
    renew_rates_by(source, sublattice, slots,
                   [&](model::EventIndex event, int number, SiteIndex target, int) {
                     const auto& hop = hops_.network().hops[static_cast<std::size_t>(number)];
                     return rates_.rate_Hz(number, dE_eV(event, source, target, hop),
                                           local_(state_.occupation, source, number));
                   });
  else if (!interacting_)
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

void RejectionFree::renew_rates_by_terms(SiteIndex source, int sublattice,
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

}  // namespace lithiate::kmc
