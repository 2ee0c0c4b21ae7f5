#include "mc/wang_landau.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace lithiate::mc {
namespace {

constexpr std::int64_t recount_every = 100;  // sweeps
/// Levels are often round numbers: borders between bins lie where these do not.
constexpr double bin_offset = 0.6180339887498949;

std::int64_t bin_of(double P_eV, double width_eV) {
  return static_cast<std::int64_t>(std::floor(P_eV / width_eV + bin_offset));
}

}  // namespace

template <class Ensemble>
WangLandau<Ensemble>::WangLandau(const LatticeModel& model, Ensemble ensemble,
                                 std::vector<Species> occ, const std::string& mobile,
                                 const WangLandauConfig& config, Random random)
    : model_(model),
      ensemble_(std::move(ensemble)),
      state_(model, std::move(occ)),
      config_(config),
      random_(random) {
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b)
    mobile_.push_back(model.species_index(b, mobile));
  ensemble_.attach(state_.occupation());
  recount();
  here_ = slot_at(P_eV_);
}

template <class Ensemble>
void WangLandau<Ensemble>::sweep() {
  const std::int64_t n = ensemble_.moves_per_sweep();
  for (std::int64_t k = 0; k < n; ++k) {
    Move move;
    if (ensemble_.propose(state_, random_, move)) {
      double dE_eV = 0.0;
      const double P_eV = P_eV_ + ensemble_.delta_potential_eV(state_, move, dE_eV);
      const std::size_t there = slot_at(P_eV);
      const double exponent = slots_[here_].log_g - slots_[there].log_g;
      if (exponent >= 0.0 || random_.uniform() < std::exp(exponent)) {
        n_ += change_of_n(move);
        ensemble_.apply(state_, move);
        P_eV_ = P_eV;
        here_ = there;
      }
    }
    visit();
  }
  trials_ += n;
  ++sweeps_;
  if (sweeps_ % recount_every == 0) recount();
  schedule();
}

template <class Ensemble>
void WangLandau<Ensemble>::count(const std::vector<DensityOfStates::Level>& levels,
                                 std::int64_t sweeps) {
  counting_ = true;
  sweeps_ = 0;
  last_ = sweeps;
  slots_.clear();
  slot_of_.clear();
  for (const auto& level : levels) {
    slot_of_[level.bin] = slots_.size();
    slots_.push_back({.log_g = level.log_g, .P0_eV = level.P_eV});
  }
  here_ = slot_at(P_eV_);
}

template <class Ensemble>
std::size_t WangLandau<Ensemble>::slot_at(double P_eV) {
  const auto [at, is_new] = slot_of_.try_emplace(bin_of(P_eV, config_.bin_eV), slots_.size());
  if (!is_new) return at->second;
  double least = 0.0;
  for (std::size_t k = 0; k < slots_.size(); ++k)
    least = k == 0 ? slots_[k].log_g : std::min(least, slots_[k].log_g);
  slots_.push_back({.log_g = least, .P0_eV = P_eV});
  if (counting_) return at->second;
  for (Slot& slot : slots_) slot.seen = false;
  ln_f_ = 1.0;
  inverse_time_ = false;
  trials_ = 0;
  return at->second;
}

template <class Ensemble>
void WangLandau<Ensemble>::visit() noexcept {
  Slot& slot = slots_[here_];
  slot.seen = true;
  if (!counting_) slot.log_g += ln_f_;
  if (!counting_) return;
  const double off = P_eV_ - slot.P0_eV;
  ++slot.visits;
  slot.P += off;
  slot.P2 += off * off;
  slot.n += static_cast<double>(n_);
}

template <class Ensemble>
void WangLandau<Ensemble>::schedule() noexcept {
  if (counting_) return;
  const double inverse_t =
      static_cast<double>(slots_.size()) / static_cast<double>(std::max<std::int64_t>(trials_, 1));
  if (!inverse_time_) {
    const bool all =
        std::all_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.seen; });
    if (!all) return;
    for (Slot& slot : slots_) slot.seen = false;
    ln_f_ /= 2.0;
    inverse_time_ = ln_f_ < inverse_t;
  }
  if (inverse_time_) ln_f_ = std::min(1.0, inverse_t);
}

/// Rounding does not add up.
template <class Ensemble>
void WangLandau<Ensemble>::recount() noexcept {
  const auto& occ = state_.occupation();
  n_ = 0;
  for (SiteIndex site = 0; site < model_.n_sites(); ++site)
    n_ += occ[static_cast<std::size_t>(site)] ==
          mobile_[static_cast<std::size_t>(model_.sublattice(site))];
  P_eV_ = model_.energy_eV(occ) - ensemble_.chemical_eV(occ);
}

template <class Ensemble>
std::int64_t WangLandau<Ensemble>::change_of_n(const Move& move) const noexcept {
  const auto change = [&](SiteIndex site, Species next) {
    const int mobile = mobile_[static_cast<std::size_t>(model_.sublattice(site))];
    return (next == mobile) - (state_[site] == mobile);
  };
  return change(move.i, move.next_i) + (move.j >= 0 ? change(move.j, move.next_j) : 0);
}

template <class Ensemble>
double WangLandau<Ensemble>::progress() const noexcept {
  if (counting_) return std::min(1.0, static_cast<double>(sweeps_) / static_cast<double>(last_));
  const double spent = static_cast<double>(sweeps_) / static_cast<double>(config_.max_sweeps);
  return std::min(1.0, std::max(config_.final_ln_f / ln_f_, spent));
}

template <class Ensemble>
DensityOfStates WangLandau<Ensemble>::density() const {
  DensityOfStates d{{}, ln_f_, sweeps_, converged()};
  double all = 0.0, top = -std::numeric_limits<double>::infinity(), sum = 0.0;
  for (const Slot& slot : slots_) all += static_cast<double>(slot.visits);
  for (const Slot& slot : slots_) {
    if (counting_ && slot.visits == 0) continue;
    const double v = static_cast<double>(std::max<std::int64_t>(slot.visits, 1));
    const double off = slot.P / v, share = counting_ ? v / all : 1.0;
    d.levels.push_back({.bin = bin_of(slot.P0_eV, config_.bin_eV),
                        .log_g = slot.log_g + std::log(share),
                        .P_eV = slot.P0_eV + off,
                        .variance_eV2 = std::max(0.0, slot.P2 / v - off * off),
                        .n = slot.n / v,
                        .visits = share,
                        .log_weight = slot.log_g});
    top = std::max(top, d.levels.back().log_g);
  }
  for (const auto& level : d.levels) sum += std::exp(level.log_g - top);
  const double shift = ensemble_.log_states(state_.occupation()) - top - std::log(sum);
  for (auto& level : d.levels) level.log_g += shift;
  std::sort(d.levels.begin(), d.levels.end(),
            [](const auto& a, const auto& b) { return a.P_eV < b.P_eV; });
  return d;
}

template <class Ensemble>
void WangLandau<Ensemble>::save(Archive& archive) const {
  const Random::Saved random = random_.saved();
  std::vector<double> slots;
  for (const Slot& s : slots_)
    slots.insert(slots.end(), {s.log_g, s.P0_eV, static_cast<double>(s.visits), s.P, s.P2, s.n,
                               s.seen ? 1.0 : 0.0});
  archive.put("occupation", state_.occupation());
  archive.put("random", std::vector<std::uint64_t>(random.begin(), random.end()));
  archive.put("slots", std::move(slots));
  archive.put<std::int64_t>("schedule", {static_cast<std::int64_t>(here_), inverse_time_, trials_,
                                         sweeps_, counting_, last_});
  archive.put<double>("ln_f", {ln_f_});
  archive.put<double>("P_eV", {P_eV_});
}

template <class Ensemble>
void WangLandau<Ensemble>::restore(const Archive& archive) {
  const auto& occ = archive.get<Species>("occupation");
  const auto& random = archive.get<std::uint64_t>("random");
  const auto& slots = archive.get<double>("slots");
  const auto& schedule = archive.get<std::int64_t>("schedule");
  constexpr std::size_t per_slot = 7;
  Random::Saved saved{};
  const bool fits = occ.size() == state_.occupation().size() && random.size() == saved.size() &&
                    slots.size() % per_slot == 0 && schedule.size() == 6 && schedule[0] >= 0 &&
                    static_cast<std::size_t>(schedule[0]) < slots.size() / per_slot;
  if (!fits) throw InputError("checkpoint: a density of states of another model");
  for (std::size_t i = 0; i < occ.size(); ++i)
    if (occ[i] >= model_.n_species(static_cast<SiteIndex>(i)))
      throw InputError("checkpoint: a species that its site does not allow");
  std::copy(random.begin(), random.end(), saved.begin());
  random_ = Random::restored(saved);
  state_ = Configuration(model_, occ);
  ensemble_.attach(occ);
  recount();
  slots_.clear();
  slot_of_.clear();
  for (std::size_t k = 0; k < slots.size(); k += per_slot) {
    slot_of_[bin_of(slots[k + 1], config_.bin_eV)] = slots_.size();
    slots_.push_back({slots[k], slots[k + 1], static_cast<std::int64_t>(slots[k + 2]), slots[k + 3],
                      slots[k + 4], slots[k + 5], slots[k + 6] != 0.0});
  }
  here_ = static_cast<std::size_t>(schedule[0]);
  inverse_time_ = schedule[1] != 0;
  trials_ = schedule[2];
  sweeps_ = schedule[3];
  counting_ = schedule[4] != 0;
  last_ = schedule[5];
  ln_f_ = archive.scalar<double>("ln_f");
  P_eV_ = archive.scalar<double>("P_eV");  // as it was carried along, to the last bit
}

template class WangLandau<SemiGrand>;
template class WangLandau<Canonical>;

}  // namespace lithiate::mc
