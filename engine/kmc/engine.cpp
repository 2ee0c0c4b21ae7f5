#include "kmc/engine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace lithiate::kmc {
namespace {

constexpr std::int64_t trials_between_looks = 1 << 16;
constexpr std::int64_t hops_of_basin_trial = 1 << 16;
constexpr double worthwhile_share = 8.0;  // hops left out per hop; one costs that many of thinning

/// Trials of thinning that cost as much as one hop with all rates kept. Nanoseconds of one core of
/// a 2023 server, from tools/bench: only their ratios matter.
double trials_as_dear_as_a_hop(const Thinning& thinning, const model::LatticeModel& model,
                               const model::HopTable& hops) {
  double events = 0.0, terms = 0.0;
  for (int h = 0; h < static_cast<int>(hops.network().hops.size()); ++h)
    hops.visit_affected(
        model.index(hops.network().hops[static_cast<std::size_t>(h)].from, {0, 0, 0}), h,
        [&](SiteIndex, int, auto slots) { events += std::ssize(slots); });
  events /= static_cast<double>(hops.network().hops.size());
  for (const auto& s : model.sublattices()) terms += static_cast<double>(s.terms.size());
  terms /= static_cast<double>(model.sublattices().size());
  double local = 0.0;  // terms per event
  for (const auto& list : hops.network().local)
    local += static_cast<double>(list.size()) / static_cast<double>(hops.network().hops.size());
  const double hop_ns = 150.0 + 10.0 * events + 4.0 * terms + 1.5 * local * events;
  const double trial_ns = 25.0 + 0.5 * thinning.reads_per_trial();
  return hop_ns / trial_ns;
}

/// True if some class of hops is so much faster than another that ions may hop to and fro.
bool rates_differ_widely(const RateModel& rates, const model::HopNetwork& network) {
  constexpr double wide = 100.0;
  double least_Hz = std::numeric_limits<double>::infinity(), most_Hz = 0.0;
  for (int h = 0; h < static_cast<int>(network.hops.size()); ++h) {
    const double rate_Hz = rates.rate_at_rest_Hz(h);
    if (rate_Hz <= 0.0) continue;
    least_Hz = std::min(least_Hz, rate_Hz);
    most_Hz = std::max(most_Hz, rate_Hz);
  }
  return most_Hz > wide * least_Hz;
}

}  // namespace

KmcEngine::KmcEngine(const model::LatticeModel& model, const model::HopTable& hops,
                     const RateModel& rates, std::vector<Species> occupation, const Random& random,
                     Method method, Flicker flicker)
    : model_(&model),
      hops_(&hops),
      rates_(rates),
      automatic_(method == Method::automatic),
      basins_{.on = flicker == Flicker::basins},
      undecided_(automatic_ && basins_.on && rates_differ_widely(rates, hops.network())) {
  State state = initial_state(model, hops, std::move(occupation));
  if (method != Method::rejection_free && !undecided_) {
    if (auto thinning = Thinning::make(model, hops, rates, state, random)) {
      begin(std::move(*thinning));
      return;
    }
    if (method == Method::thinning)
      throw InputError(
          "kMC: thinning needs a model of the mobile species and vacancies alone in a supercell "
          "whose neighbours are distinct sites");
  }
  engine_.emplace<Basins>(RejectionFree(model, hops, rates, std::move(state), random), basins_);
}

KmcEngine::KmcEngine(const model::LatticeModel& model, const model::HopTable& hops,
                     const RateModel& rates, Snapshot snapshot)
    : model_(&model),
      hops_(&hops),
      rates_(rates),
      automatic_(snapshot.automatic),
      basins_{.on = snapshot.basins},
      undecided_(snapshot.undecided),
      trials_seen_(snapshot.trials_seen),
      hops_seen_(snapshot.hops_seen) {
  check(snapshot.state, model, hops);
  if (snapshot.method == Method::rejection_free) {
    engine_.emplace<Basins>(RejectionFree(model, hops, rates, std::move(snapshot.state),
                                          snapshot.random, snapshot.next_hop_s),
                            basins_, std::move(snapshot.basin_memory));
    return;
  }
  auto thinning = Thinning::make(model, hops, rates, snapshot.state, snapshot.random);
  if (!thinning) throw InputError("kMC: the stored run used thinning, which this model excludes");
  thinning->resume(std::move(snapshot.vacancies), snapshot.trials);
  begin(std::move(*thinning));
}

void KmcEngine::begin(Thinning thinning) {
  trials_per_hop_limit_ = trials_as_dear_as_a_hop(thinning, *model_, *hops_);
  engine_.emplace<Thinning>(std::move(thinning));
}

Snapshot KmcEngine::snapshot() const {
  if (const auto* t = std::get_if<Thinning>(&engine_))
    return {.state = t->state(),
            .random = t->random(),
            .method = Method::thinning,
            .automatic = automatic_,
            .vacancies = t->vacancies(),
            .trials = t->trials(),
            .trials_seen = trials_seen_,
            .hops_seen = hops_seen_,
            .basins = basins_.on,
            .basin_memory = {}};
  const Basins& basins = std::get<Basins>(engine_);
  const RejectionFree& all = basins.engine();
  return {.state = all.state(),
          .random = all.random(),
          .method = Method::rejection_free,
          .automatic = automatic_,
          .vacancies = {},
          .next_hop_s = all.next_hop_s(),
          .basins = basins_.on,
          .undecided = undecided_,
          .basin_memory = basins.memory()};
}

const State& KmcEngine::state() const noexcept {
  if (const auto* thinning = std::get_if<Thinning>(&engine_)) return thinning->state();
  return std::get_if<Basins>(&engine_)->state();
}

std::string_view KmcEngine::method() const noexcept {
  return std::holds_alternative<Thinning>(engine_) ? "thinning" : "rejection-free";
}

double KmcEngine::total_rate_Hz() const noexcept {
  if (const auto* thinning = std::get_if<Thinning>(&engine_)) return thinning->total_rate_Hz();
  return std::get_if<Basins>(&engine_)->engine().total_rate_Hz();
}

std::int64_t KmcEngine::perform_hops(std::int64_t n) {
  const std::int64_t start = hops(), end = start + n;
  if (n <= 0 || !can_hop()) return 0;  // hops are reversible: if one is possible, one always is
  while (hops() < end) {
    if (auto* thinning = std::get_if<Thinning>(&engine_)) {
      thinning->perform_hops(end - hops(), trials_between_looks);
      reconsider();
    } else {
      const std::int64_t left = end - hops();
      std::get<Basins>(engine_).perform_hops(undecided_ ? std::min(left, hops_of_basin_trial)
                                                        : left);
      decide_on_basins();
    }
  }
  return hops() - start;
}

void KmcEngine::advance_to(double time_s) {
  while (auto* thinning = std::get_if<Thinning>(&engine_)) {
    const double span_s = trials_between_looks / thinning->trial_rate_Hz();
    thinning->advance_to(std::min(time_s, state().time_s + span_s));
    if (state().time_s >= time_s) return;
    reconsider();
  }
  std::get<Basins>(engine_).advance_to(time_s);
  decide_on_basins();
}

/// The clock stands at the end of a span chosen beforehand, or at a trial: from there the process
/// is the same for either method.
void KmcEngine::reconsider() {
  const auto& thinning = std::get<Thinning>(engine_);
  const std::int64_t trials = thinning.trials() - trials_seen_;
  if (!automatic_ || trials < trials_between_looks / 2) return;
  const std::int64_t hops = state().hops - hops_seen_;
  trials_seen_ = thinning.trials();
  hops_seen_ = state().hops;
  if (static_cast<double>(trials) <= trials_per_hop_limit_ * static_cast<double>(hops)) return;
  RejectionFree next(*model_, *hops_, rates_, thinning.state(), thinning.random());
  engine_.emplace<Basins>(std::move(next), basins_);
}

void KmcEngine::decide_on_basins() {
  if (!undecided_ || state().hops < hops_of_basin_trial) return;
  undecided_ = false;
  if (state().expected_hops > worthwhile_share * static_cast<double>(state().hops)) return;
  const Random& random = std::get<Basins>(engine_).engine().random();
  if (auto thinning = Thinning::make(*model_, *hops_, rates_, state(), random)) {
    hops_seen_ = state().hops;
    begin(std::move(*thinning));
  }
}

void KmcEngine::reset_displacements() {
  std::visit(
      [](auto& e) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(e)>, std::monostate>)
          kmc::reset_displacements(e.state());
      },
      engine_);
}

}  // namespace lithiate::kmc
