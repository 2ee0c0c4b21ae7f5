#include "stacking/stack_walk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/units.hpp"

namespace lithiate::stacking {
namespace {

const WalkSettings& checked(const WalkSettings& settings) {
  InputReport report("stack");
  check(settings, report);
  report.throw_if_any();
  return settings;
}

}  // namespace

void check(const WalkSettings& s, InputReport& report) {
  report.require(s.temperature_K > 0.0, "temperature_K", s.temperature_K, "must be above 0 K");
  report.require(std::isfinite(s.mu_eV), "mu_eV", s.mu_eV, "must be finite");
  report.require(s.max_guests >= 0, "max_guests", s.max_guests, "must not be negative");
  report.require(s.glides_per_patch >= 0.0, "glides_per_patch", s.glides_per_patch,
                 "must not be negative");
  report.require(s.glides_per_gap >= 0.0, "glides_per_gap", s.glides_per_gap,
                 "must not be negative");
}

StackWalk::StackWalk(const StackModel& model, const WalkSettings& settings, StackState start,
                     Random random)
    : model_(model),
      temperature_K_(settings.temperature_K),
      bath_{1.0 / (k_B * checked(settings).temperature_K), settings.mu_eV, settings.max_guests,
            settings.closed},
      glide_(model, settings.follow),
      walker_{std::move(start), 0},
      random_(random) {
  walker_.energy = model.energy(walker_.state);
  const StackLattice& l = model.lattice();
  patch_glides_ = std::llround(settings.glides_per_patch * l.gaps() * l.patches());
  if (l.patches() > 1) gap_glides_ = std::llround(settings.glides_per_gap * l.gaps());
}

void StackWalk::sweep() {
  sweep_guests(model_, walker_, bath_, random_);
  const auto gaps = static_cast<std::uint64_t>(model_.lattice().gaps());
  const auto patches = static_cast<std::uint64_t>(model_.lattice().patches());
  for (std::int64_t k = 0; k < patch_glides_ + gap_glides_; ++k) {
    const auto gap = static_cast<int>(random_.below(gaps));
    const int patch =
        k < patch_glides_ ? static_cast<int>(random_.below(patches)) : GlideMove::whole_gap;
    glided_ += glide_.draw_and_attempt(gap, patch, walker_, bath_, random_);
  }
  tried_ += patch_glides_ + gap_glides_;
}

void StackWalk::save(Archive& archive, const std::string& prefix) const {
  const Random::Saved random = random_.saved();
  archive.put(prefix + "occupation", walker_.state.occupation());
  archive.put(prefix + "registry", walker_.state.registries());
  archive.put(prefix + "random", std::vector<std::uint64_t>(random.begin(), random.end()));
  archive.put<std::int64_t>(prefix + "glides", {tried_, glided_});
  archive.put<double>(prefix + "mu_eV", {bath_.mu_eV});
}

void StackWalk::restore(const Archive& archive, const std::string& prefix) {
  const auto& random = archive.get<std::uint64_t>(prefix + "random");
  const auto& glides = archive.get<std::int64_t>(prefix + "glides");
  Random::Saved saved{};
  if (random.size() != saved.size() || glides.size() != 2)
    throw InputError("checkpoint: '" + prefix + "' is of another walk");
  std::copy(random.begin(), random.end(), saved.begin());
  walker_.state = StackState(model_.lattice(), archive.get<std::uint8_t>(prefix + "occupation"),
                             archive.get<std::uint8_t>(prefix + "registry"),
                             static_cast<int>(model_.registries().size()));
  walker_.energy = model_.energy(walker_.state);  // whole numbers: the same as carried along
  random_ = Random::restored(saved);
  bath_.mu_eV = archive.scalar<double>(prefix + "mu_eV");
  tried_ = glides[0];
  glided_ = glides[1];
}

}  // namespace lithiate::stacking
