#include "kmc/basin.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <set>
#include <utility>

namespace lithiate::kmc {
namespace {

using Leap = RejectionFree::Leap;

/// Ions that are not where they were in state 0. Ions are told apart and cells counted, so that
/// displacements follow from the state, and rates obey detailed balance in a field too.
struct Moved {
  std::int32_t ion;
  SiteIndex home, site;
  std::array<std::int32_t, 3> cells;
  bool operator==(const Moved&) const = default;
};
using Key = std::vector<Moved>;  // ascending in ion

class Growth {
 public:
  Growth(RejectionFree& engine, const BasinConfig& config, std::int32_t number, BasinMarks& marks)
      : engine_(engine), config_(config), number_(number), marks_(marks) {
    std::size_t most = 0;
    for (const auto& s : engine_.model().sublattices()) most = std::max(most, s.neighbors.size());
    neighbors_.resize(most);
  }

  int n_states() const { return static_cast<int>(keys_.size()); }

  std::optional<Basin> run(EventIndex seed) {
    claim(engine_.leap(seed));
    least_flux_ = engine_.rate_Hz(seed) / config_.flux_ratio;
    add({}, {}, 1.0);
    while (!open_.empty() && std::ssize(keys_) < config_.max_states) {
      const Candidate best = open_.top();
      open_.pop();
      enter(best);
    }
    auto basin = built();
    if (basin)
      for (const SiteIndex site : sources_) ++marks_.watched[static_cast<std::size_t>(site)];
    else
      for (const EventIndex e : events_) owner(e) = -1;
    return basin;
  }

 private:
  struct Candidate {  // a hop that leads to a new state
    double flux;      // in equilibrium, if state 0 has weight 1
    int state;
    EventIndex event;
    bool operator<(const Candidate& o) const {
      return flux != o.flux ? flux < o.flux : std::pair(state, event) > std::pair(o.state, o.event);
    }
  };

  template <class Act>  // act(event)
  void each_affected(const Leap& leap, Act act) const {
    engine_.hops().visit_affected(leap.from, leap.number, [&](SiteIndex source, int, auto slots) {
      for (const auto k : slots) act(event(source, k));
    });
  }
  EventIndex event(SiteIndex source, int slot) const {
    return static_cast<EventIndex>(source) * engine_.hops().stride() + slot;
  }
  std::int32_t& owner(EventIndex e) const { return marks_.owner[static_cast<std::size_t>(e)]; }

  /// Makes a hop one inside the basin: takes over the rates it affects, of ions that are there or
  /// may come; watches the empty sites at which others would begin. False, with nothing done, if
  /// some of that is another basin's.
  bool claim(const Leap& leap) {
    bool free = marks_.watched[static_cast<std::size_t>(leap.to)] == 0;
    each_affected(leap,
                  [&](EventIndex e) { free = free && (owner(e) == -1 || owner(e) == number_); });
    if (!free) return false;
    home_.insert({leap.from, leap.to});
    each_affected(leap, [&](EventIndex e) {
      const SiteIndex source = engine_.hops().site(e);
      sources_.insert(source);
      if (owner(e) == number_ || (engine_.ion_at(source) < 0 && !home_.contains(source))) return;
      owner(e) = number_;
      events_.push_back(e);
      near_.insert(engine_.leap(e).to);
      if (near_.insert(source).second) {
        engine_.model().list_neighbors(source, neighbors_.data());
        const auto sublattice = static_cast<std::size_t>(engine_.hops().sublattice(source));
        const auto n = engine_.model().sublattices()[sublattice].neighbors.size();
        near_.insert(neighbors_.begin(), neighbors_.begin() + static_cast<long>(n));
      }
    });
    return true;
  }

  /// True if a hop disturbs the basin or depends on it.
  bool touches(EventIndex e) const {
    bool found = owner(e) == number_;
    if (!found)
      each_affected(engine_.leap(e), [&](EventIndex f) { found = found || owner(f) == number_; });
    return found;
  }

  Key after(const Key& key, const Leap& leap) const {
    const std::int32_t ion = engine_.ion_at(leap.from);
    const auto& shift = engine_.hops().network().hops[static_cast<std::size_t>(leap.number)].shift;
    Key next = key;
    auto at = std::lower_bound(next.begin(), next.end(), ion,
                               [](const Moved& m, std::int32_t i) { return m.ion < i; });
    if (at == next.end() || at->ion != ion) at = next.insert(at, {ion, leap.from, leap.from, {}});
    at->site = leap.to;
    for (std::size_t i = 0; i < 3; ++i) at->cells[i] += shift[static_cast<long>(i)];
    if (at->site == at->home && at->cells == std::array<std::int32_t, 3>{}) next.erase(at);
    return next;
  }

  int find(const Key& key) const {
    const auto at = std::find(keys_.begin(), keys_.end(), key);
    return at == keys_.end() ? -1 : static_cast<int>(at - keys_.begin());
  }

  void shift(EventIndex event) { engine_.shift(event, engine_.leap(event)); }

  /// Moves the ions along the hops by which states were found.
  void go_to(int state) {
    std::vector<int> down;
    for (int s = state; s >= 0; s = places_[static_cast<std::size_t>(s)].parent) down.push_back(s);
    while (std::find(down.begin(), down.end(), here_) == down.end()) {
      shift(places_[static_cast<std::size_t>(here_)].out);
      here_ = places_[static_cast<std::size_t>(here_)].parent;
    }
    for (auto at = std::find(down.begin(), down.end(), here_); at != down.begin();)
      shift(places_[static_cast<std::size_t>(*--at)].in);
    here_ = state;
  }

  void enter(const Candidate& c) {
    go_to(c.state);
    const Leap leap = engine_.leap(c.event);
    Key key = after(keys_[static_cast<std::size_t>(c.state)], leap);
    if (find(key) >= 0 || !claim(leap)) return;
    const double rate_Hz = engine_.rate_Hz(c.event);
    const EventIndex back = engine_.reverse(leap);
    engine_.shift(c.event, leap);
    here_ = static_cast<int>(keys_.size());
    const double weight =
        weights_[static_cast<std::size_t>(c.state)] * rate_Hz / engine_.rate_Hz(back);
    add(std::move(key), {c.state, c.event, back}, weight);
  }

  /// Takes up the state the ions are in, and the frequent hops that lead on from it.
  void add(Key key, const Basin::Place& place, double weight) {
    for (const Moved& m : key)
      if (std::find(ions_.begin(), ions_.end(), m.ion) == ions_.end()) ions_.push_back(m.ion);
    const int state = static_cast<int>(keys_.size());
    keys_.push_back(std::move(key));
    places_.push_back(place);
    weights_.push_back(weight);
    const model::HopTable& hops = engine_.hops();
    for (const SiteIndex site : near_)
      for (int k = 0; engine_.ion_at(site) >= 0 && k < hops.n_slots(hops.sublattice(site)); ++k) {
        const double flux = weight * engine_.rate_Hz(event(site, k));
        if (flux >= least_flux_ && touches(event(site, k)))
          open_.push({flux, state, event(site, k)});
      }
  }

  /// The chain of all states; moves the ions back. Hops that lead to no state are ways out.
  std::optional<Basin> built() {
    std::vector<AbsorbingChain::Transition> transitions;
    std::vector<Basin::Step> steps;
    std::vector<double> exit_Hz(keys_.size(), 0.0);
    for (int s = 0; s < static_cast<int>(keys_.size()); ++s) {
      go_to(s);
      for (const EventIndex e : events_) {
        const double rate_Hz = engine_.rate_Hz(e);
        if (rate_Hz <= 0.0) continue;
        const Leap leap = engine_.leap(e);
        const int next =
            std::find(ions_.begin(), ions_.end(), engine_.ion_at(leap.from)) == ions_.end()
                ? -1
                : find(after(keys_[static_cast<std::size_t>(s)], leap));
        if (next < 0) {
          exit_Hz[static_cast<std::size_t>(s)] += rate_Hz;
        } else {
          transitions.push_back({s, next, rate_Hz});
          steps.push_back({e, leap.number, engine_.clamped(e, leap)});
        }
      }
    }
    go_to(0);
    if (keys_.size() < 2) return std::nullopt;
    if (hops_at_equilibrium(transitions, exit_Hz) < 0.1 * basin_dues(n_states()))
      return std::nullopt;  // not worth the modes
    AbsorbingChain chain(weights_, std::move(transitions), exit_Hz);
    const double hops = chain.mean_transitions(0);
    if (!std::isfinite(hops) || hops < basin_dues(chain.size())) return std::nullopt;
    return Basin{std::move(places_), std::move(steps), events_, {sources_.begin(), sources_.end()},
                 std::move(ions_),   std::move(chain)};
  }

  double hops_at_equilibrium(const std::vector<AbsorbingChain::Transition>& transitions,
                             const std::vector<double>& exit_Hz) const {
    double inside = 0.0, out = 0.0;
    for (const auto& t : transitions)
      inside += weights_[static_cast<std::size_t>(t.from)] * t.rate_Hz;
    for (std::size_t s = 0; s < exit_Hz.size(); ++s) out += weights_[s] * exit_Hz[s];
    return inside / out;
  }

  RejectionFree& engine_;
  const BasinConfig& config_;
  std::int32_t number_;
  BasinMarks& marks_;
  double least_flux_ = 0.0;
  int here_ = 0;  // state the ions are in
  std::vector<Key> keys_;
  std::vector<Basin::Place> places_;
  std::vector<double> weights_;
  std::vector<EventIndex> events_;
  std::set<SiteIndex> home_;          // where the basin's ions may be
  std::set<SiteIndex> sources_;       // of all that its hops affect
  std::set<SiteIndex> near_;          // where events_ begin and end, and what they read
  std::vector<SiteIndex> neighbors_;  // of one site
  std::vector<std::int32_t> ions_;
  std::priority_queue<Candidate> open_;
};

}  // namespace

double basin_dues(int n_states) noexcept {
  const double n = n_states;
  return 10.0 + 8.0 * n + 0.06 * n * n * n;
}

GrownBasin grow_basin(RejectionFree& engine, EventIndex seed, const BasinConfig& config,
                      std::int32_t number, BasinMarks& marks) {
  Growth growth(engine, config, number, marks);
  auto basin = growth.run(seed);
  return {std::move(basin), growth.n_states()};
}

}  // namespace lithiate::kmc
