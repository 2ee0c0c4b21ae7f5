#include "stacking/glide_kinetics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/units.hpp"
#include "stacking/potential.hpp"

namespace lithiate::stacking {
namespace {

const KineticSettings& checked(const KineticSettings& settings) {
  InputReport report("stack");
  check(settings, report);
  report.throw_if_any();
  return settings;
}

}  // namespace

void check(const KineticSettings& s, InputReport& report) {
  report.require(s.temperature_K > 0.0, "temperature_K", s.temperature_K, "must be above 0 K");
  report.require(s.prefactor_Hz > 0.0, "prefactor_Hz", s.prefactor_Hz, "must be above 0 Hz");
  report.require(s.glide_barrier_eV_per_A >= 0.0, "glide_barrier_eV_per_A",
                 s.glide_barrier_eV_per_A, "must not be negative");
  report.require(std::isfinite(s.c_rate_per_h), "c_rate_per_h", s.c_rate_per_h, "must be finite");
  report.require(s.max_guests >= 0, "max_guests", s.max_guests, "must not be negative");
  report.require(s.max_attempts_per_guest > 0.0, "max_attempts_per_guest", s.max_attempts_per_guest,
                 "must be above 0");
  report.require(s.guest_sweeps >= 0, "guest_sweeps", s.guest_sweeps, "must not be negative");
}

GlideKinetics::GlideKinetics(const StackModel& model, const KineticSettings& settings,
                             StackState start, Random random)
    : model_(model),
      settings_(checked(settings)),
      bath_{1.0 / (k_B * settings.temperature_K), 0.0, settings.max_guests, true},
      glide_(model, settings.follow),
      walker_{std::move(start), 0},
      random_(random) {
  walker_.energy = model.energy(walker_.state);
  const StackLattice& l = model.lattice();
  const double barrier_eV = settings.glide_barrier_eV_per_A * l.perimeter_A();
  attempt_rate_Hz_ = 0.5 * settings.prefactor_Hz * std::exp(-bath_.beta * barrier_eV) *
                     glide_.glide().choices() * l.patches() * l.gaps();
  constexpr double s_per_h = 3600.0;
  if (settings.c_rate_per_h != 0.0)
    guest_interval_s_ = s_per_h / (std::abs(settings.c_rate_per_h) * l.formula_units());
  next_guest_s_ = guest_interval_s_;
  if (attempts_per_guest() > settings.max_attempts_per_guest) {
    slowed_by_ = attempts_per_guest() / settings.max_attempts_per_guest;
    attempt_rate_Hz_ /= slowed_by_;
  }
}

bool GlideKinetics::exhausted() const noexcept {
  const auto most = std::min<std::int64_t>(settings_.max_guests, model_.lattice().n_sites());
  return settings_.c_rate_per_h > 0.0 ? walker_.state.guests() >= most
                                      : walker_.state.guests() == 0;
}

bool GlideKinetics::step() {
  const bool current = guest_interval_s_ > 0.0;
  if (current && exhausted()) return false;
  if (attempt()) return true;
  if (!current) return false;
  next_guest_s_ += guest_interval_s_;
  exchange_guest();
  return true;
}

bool GlideKinetics::attempt() {
  const bool current = guest_interval_s_ > 0.0;
  if (!current && attempt_rate_Hz_ <= 0.0) return false;
  for (int k = 0; k < settings_.guest_sweeps; ++k) sweep_guests(model_, walker_, bath_, random_);
  // waiting times have no memory: one that a guest of the reservoir cuts short is drawn again
  const double wait_s = attempt_rate_Hz_ > 0.0
                            ? -std::log(random_.uniform_nonzero()) / attempt_rate_Hz_
                            : std::numeric_limits<double>::infinity();
  if (current && time_s_ + wait_s >= next_guest_s_) {
    time_s_ = next_guest_s_;
    return false;
  }
  time_s_ += wait_s;
  const StackLattice& l = model_.lattice();
  const auto gap = static_cast<int>(random_.below(static_cast<std::uint64_t>(l.gaps())));
  const auto patch = static_cast<int>(random_.below(static_cast<std::uint64_t>(l.patches())));
  ++attempts_;
  glides_ += glide_.draw_and_attempt(gap, patch, walker_, bath_, random_);
  return true;
}

/// Heat bath over all sites where a guest can come (leave).
void GlideKinetics::exchange_guest() {
  const bool comes = settings_.c_rate_per_h > 0.0;
  std::vector<std::int64_t> cost;
  std::vector<SiteIndex> sites;
  for (SiteIndex site = 0; site < model_.lattice().n_sites(); ++site)
    if (walker_.state.occupied(site) != comes) {
      sites.push_back(site);
      cost.push_back(model_.flip_delta(walker_.state, site));
    }
  const std::int64_t least = *std::min_element(cost.begin(), cost.end());
  std::vector<double> sum;
  double total = 0.0;
  for (const std::int64_t c : cost)
    sum.push_back(total += std::exp(-bath_.beta * static_cast<double>(c - least) * unit_eV));
  const auto at = std::upper_bound(sum.begin(), sum.end(), random_.uniform() * total);
  const auto chosen =
      std::min<std::size_t>(static_cast<std::size_t>(at - sum.begin()), sites.size() - 1);
  walker_.state.flip(model_.lattice(), sites[chosen]);
  walker_.energy += cost[chosen];
}

double GlideKinetics::potential_eV(int states) {
  Trials trials;
  for (int k = 0; k < states; ++k) {
    sweep_guests(model_, walker_, bath_, random_);
    add_trials(model_, walker_.state, trials);
  }
  return balanced_potential_eV(trials, bath_.beta);
}

void GlideKinetics::save(Archive& archive, const std::string& prefix) const {
  stacking::save(archive, prefix, walker_, random_);
  archive.put<std::int64_t>(prefix + "glides", {attempts_, glides_});
  archive.put<double>(prefix + "time_s", {time_s_, next_guest_s_});
}

void GlideKinetics::restore(const Archive& archive, const std::string& prefix) {
  const auto& glides = archive.get<std::int64_t>(prefix + "glides");
  const auto& time = archive.get<double>(prefix + "time_s");
  if (glides.size() != 2 || time.size() != 2)
    throw InputError("checkpoint: '" + prefix + "' is of another walk");
  stacking::restore(archive, prefix, model_, walker_, random_);
  attempts_ = glides[0];
  glides_ = glides[1];
  time_s_ = time[0];
  next_guest_s_ = time[1];
}

std::optional<KineticPoint> run_to(GlideKinetics& kinetics, std::int64_t guests,
                                   int potential_states) {
  const std::int64_t start = kinetics.state().guests();
  const std::int64_t sites = kinetics.stack().lattice().n_sites();
  if (static_cast<double>(guests - start) * kinetics.c_rate_per_h() <= 0.0 || guests <= 0 ||
      guests >= sites || potential_states < 1)
    throw InputError(fmt::format(
        "stack: from {} to {} guests at {} per hour with {} states for the potential: expected a "
        "current in that direction, 1 to {} guests, at least 1 state",
        start, guests, kinetics.c_rate_per_h(), potential_states, sites - 1));
  while (kinetics.state().guests() != guests)
    if (!kinetics.step()) return std::nullopt;
  const double time_s = kinetics.time_s();
  while (kinetics.attempt()) {
  }
  const double mu_eV = kinetics.potential_eV(potential_states);
  return KineticPoint{time_s, mu_eV,
                      observe_stack(kinetics.stack(), kinetics.state(), kinetics.energy_eV())};
}

}  // namespace lithiate::stacking
