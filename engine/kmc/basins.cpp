#include "kmc/basins.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/error.hpp"

namespace lithiate::kmc {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

// A return counts 2, any other hop -1: ions that wander do not get far, since on most lattices
// fewer than one hop in three goes back.
constexpr std::int32_t returns_enough = 8;

BasinMemory blank(const State& state) {
  return {std::vector<SiteIndex>(state.site_of.size(), -1),
          std::vector<std::int32_t>(state.site_of.size(), 0),
          std::vector<std::int32_t>(state.site_of.size(), 0)};
}

}  // namespace

Basins::Basins(RejectionFree engine, const BasinConfig& config)
    : engine_(std::move(engine)), config_(config), memory_(blank(engine_.state())) {}

Basins::Basins(RejectionFree engine, const BasinConfig& config, BasinMemory memory)
    : engine_(std::move(engine)), config_(config), memory_(std::move(memory)) {
  const std::size_t n = engine_.state().site_of.size();
  if (memory_.came_from.size() != n || memory_.returns.size() != n || memory_.patience.size() != n)
    throw InputError("kMC: the stored returns of ions are not those of the occupation");
}

void Basins::advance_to(double time_s) {
  while (step(time_s)) {
  }
  state().time_s = time_s;
  cut_all();
}

void Basins::perform_hops(std::int64_t n) {
  const std::int64_t end = all_hops(state()) + n;
  while (all_hops(state()) < end && step(never)) {
  }
  cut_all();
}

bool Basins::step(double until_s) {
  const auto first = std::min_element(exit_s_.begin(), exit_s_.end());
  const bool exits = first != exit_s_.end() && *first <= engine_.next_hop_s();
  const double time_s = exits ? *first : engine_.next_hop_s();
  if (time_s > until_s || time_s == never) return false;
  state().time_s = time_s;
  if (exits)
    leave(static_cast<std::size_t>(first - exit_s_.begin()));
  else
    perform(engine_.choose());
  return true;
}

void Basins::perform(EventIndex event) {
  const RejectionFree::Leap leap = engine_.leap(event);
  const std::int32_t ion = engine_.ion_at(leap.from);
  disturb(leap);
  engine_.perform(event);
  if (config_.on) watch(ion, leap);
}

void Basins::watch(std::int32_t ion, const RejectionFree::Leap& leap) {
  SiteIndex& came_from = memory_.came_from[static_cast<std::size_t>(ion)];
  std::int32_t& returns = memory_.returns[static_cast<std::size_t>(ion)];
  if (came_from == leap.to)
    returns += 2;
  else if (returns > 0)
    --returns;
  came_from = leap.from;
  if (returns >= returns_enough) enter(ion, engine_.reverse(leap));
}

void Basins::enter(std::int32_t ion, EventIndex seed) {
  if (marks_.owner.empty()) {
    marks_.owner.assign(static_cast<std::size_t>(engine_.hops().n_events()), -1);
    marks_.watched.assign(static_cast<std::size_t>(engine_.model().n_sites()), 0);
  }
  const auto number =
      static_cast<std::size_t>(std::find(stay_.begin(), stay_.end(), std::nullopt) - stay_.begin());
  auto [basin, n_states] =
      grow_basin(engine_, seed, config_, static_cast<std::int32_t>(number), marks_);
  if (!basin) {
    lose_patience(ion, basin_dues(n_states));
    return;
  }
  if (number == stay_.size()) {
    stay_.emplace_back();
    exit_s_.push_back(never);
  }
  std::vector<double> rates_Hz;
  for (const EventIndex e : basin->events) {
    rates_Hz.push_back(engine_.rate_Hz(e));
    engine_.override_rate(e, 0.0);
  }
  engine_.renew_clock();
  const double now_s = state().time_s;
  exit_s_[number] = now_s + basin->chain.draw_exit_s(0, engine_.random());
  stay_[number] = Stay{std::move(*basin), std::move(rates_Hz), now_s};
  ++stays_;
}

void Basins::leave(std::size_t number) {
  const Stay& stay = *stay_[number];
  const AbsorbingChain& chain = stay.basin.chain;
  const int state =
      draw_from(chain.exit_states(0, exit_s_[number] - stay.start_s), engine_.random());
  const Basin basin = settle(number, state);
  std::vector<EventIndex> inside;
  for (std::size_t i = 0; i < basin.steps.size(); ++i)
    if (basin.chain.transitions()[i].from == state) inside.push_back(basin.steps[i].event);
  Eigen::VectorXd rates_Hz(std::ssize(basin.events));
  for (std::size_t i = 0; i < basin.events.size(); ++i) {
    const EventIndex e = basin.events[i];
    const bool out = std::find(inside.begin(), inside.end(), e) == inside.end();
    rates_Hz[static_cast<long>(i)] = out ? engine_.rate_Hz(e) : 0.0;
  }
  perform(basin.events[static_cast<std::size_t>(draw_from(rates_Hz, engine_.random()))]);
}

/// Ends the stays that a hop disturbs: it changes their rates, or brings an ion whose rates would
/// depend on them.
void Basins::disturb(const RejectionFree::Leap& leap) {
  if (stay_.empty()) return;
  engine_.hops().visit_affected(leap.from, leap.number, [&](SiteIndex source, int, auto slots) {
    for (const auto k : slots) {
      const auto e = static_cast<EventIndex>(source) * engine_.hops().stride() + k;
      if (const std::int32_t o = marks_.owner[static_cast<std::size_t>(e)]; o >= 0)
        cut(static_cast<std::size_t>(o));
    }
  });
  if (marks_.watched[static_cast<std::size_t>(leap.to)] == 0) return;
  for (std::size_t number = 0; number < stay_.size(); ++number) {
    if (!stay_[number]) continue;
    const auto& sources = stay_[number]->basin.sources;
    if (std::binary_search(sources.begin(), sources.end(), leap.to)) cut(number);
  }
}

void Basins::cut(std::size_t number) {
  const Stay& stay = *stay_[number];
  settle(number, draw_from(stay.basin.chain.occupation(0, state().time_s - stay.start_s),
                           engine_.random()));
}

void Basins::cut_all() {
  if (stay_.empty()) return;
  for (std::size_t number = 0; number < stay_.size(); ++number)
    if (stay_[number]) cut(number);
  stay_.clear();  // numbers begin anew, here and in a run that is taken up from here
  exit_s_.clear();
  engine_.renew_clock();
}

void Basins::lose_patience(std::int32_t ion, double dues) {
  constexpr std::int32_t most = 1 << 24;
  std::int32_t& patience = memory_.patience[static_cast<std::size_t>(ion)];
  patience = std::clamp(2 * patience, static_cast<std::int32_t>(dues), most);
  memory_.returns[static_cast<std::size_t>(ion)] = -patience;
}

/// Ends a stay now, in one of its states: the ions move there, and its events go on in the engine.
Basin Basins::settle(std::size_t number, int end) {
  Stay stay = std::move(*stay_[number]);
  stay_[number].reset();
  exit_s_[number] = never;
  Basin& basin = stay.basin;
  for (std::size_t i = 0; i < basin.events.size(); ++i) {
    engine_.override_rate(basin.events[i], stay.rates_Hz[i]);
    marks_.owner[static_cast<std::size_t>(basin.events[i])] = -1;
  }
  for (const SiteIndex site : basin.sources) --marks_.watched[static_cast<std::size_t>(site)];
  std::vector<EventIndex> path;
  for (int s = end; s > 0; s = basin.places[static_cast<std::size_t>(s)].parent)
    path.push_back(basin.places[static_cast<std::size_t>(s)].in);
  for (auto hop = path.rbegin(); hop != path.rend(); ++hop) engine_.shift(*hop, engine_.leap(*hop));

  const auto counts = basin.chain.expected_counts(0, end, state().time_s - stay.start_s);
  double sum = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    state().expected_counts[static_cast<std::size_t>(basin.steps[i].hop)] += counts[i];
    state().expected_clamped += basin.steps[i].clamped ? counts[i] : 0.0;
    sum += counts[i];
  }
  state().expected_hops += sum;
  const double dues = basin_dues(basin.chain.size());
  for (const std::int32_t ion : basin.ions) {
    memory_.came_from[static_cast<std::size_t>(ion)] = -1;
    if (sum >= dues) {
      memory_.returns[static_cast<std::size_t>(ion)] = returns_enough - 2;
      memory_.patience[static_cast<std::size_t>(ion)] = 0;
    } else {
      lose_patience(ion, dues);
    }
  }
  return std::move(basin);
}

}  // namespace lithiate::kmc
