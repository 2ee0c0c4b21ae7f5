#include "stacking/observables.hpp"

#include <algorithm>
#include <numeric>

namespace lithiate::stacking {
namespace {

int root(std::vector<int>& parent, int i) {
  while (parent[static_cast<std::size_t>(i)] != i) {
    int& up = parent[static_cast<std::size_t>(i)];
    i = up = parent[static_cast<std::size_t>(up)];
  }
  return i;
}

observe::Estimate mean_from(const std::vector<double>& series, std::size_t start) {
  return observe::mean_with_error(std::span(series).subspan(start));
}

/// Column `i` of a list member of all observations.
template <class Member>
std::vector<observe::Estimate> means(const std::vector<StackObservation>& all, std::size_t start,
                                     Member member) {
  std::vector<observe::Estimate> result;
  for (std::size_t i = 0; i < (all.front().*member).size(); ++i) {
    std::vector<double> series;
    for (const auto& one : all) series.push_back((one.*member)[i]);
    result.push_back(mean_from(series, start));
  }
  return result;
}

StackPoint averages(const std::vector<StackObservation>& all) {
  std::vector<double> x, energy_eV;
  for (const auto& one : all) {
    x.push_back(one.x);
    energy_eV.push_back(one.energy_eV);
  }
  const auto by_x = observe::equilibration_start(x);
  const auto by_energy = observe::equilibration_start(energy_eV);
  const std::size_t start = std::max(by_x.start, by_energy.start);
  StackPoint point;
  point.x = mean_from(x, start);
  point.energy_eV = mean_from(energy_eV, start);
  point.fraction = means(all, start, &StackObservation::fraction);
  point.x_of_gap = means(all, start, &StackObservation::x_of_gap);
  point.domains_per_gap = means(all, start, &StackObservation::domains_per_gap);
  point.domain_patches = means(all, start, &StackObservation::domain_patches);
  point.equilibrated = by_x.equilibrated && by_energy.equilibrated;
  return point;
}

}  // namespace

std::vector<std::string> families(const StackModel& model) {
  std::vector<std::string> names;
  for (const auto& terms : model.registries())
    if (std::find(names.begin(), names.end(), terms.family) == names.end())
      names.push_back(terms.family);
  return names;
}

std::vector<int> family_of_registry(const StackModel& model) {
  const auto names = families(model);
  std::vector<int> numbers;
  for (const auto& terms : model.registries())
    numbers.push_back(
        static_cast<int>(std::find(names.begin(), names.end(), terms.family) - names.begin()));
  return numbers;
}

std::vector<Domain> domains(const StackModel& model, const StackState& state, int gap) {
  const auto family = family_of_registry(model);
  const int n = model.lattice().patches();
  const auto of = [&](int patch) {
    return family[static_cast<std::size_t>(state.registry(gap, patch))];
  };
  std::vector<int> parent(static_cast<std::size_t>(n));
  std::iota(parent.begin(), parent.end(), 0);
  for (const Border& border : model.lattice().borders())
    if (of(border.first) == of(border.second))
      parent[static_cast<std::size_t>(root(parent, border.first))] = root(parent, border.second);
  std::vector<int> size(static_cast<std::size_t>(n), 0);
  for (int patch = 0; patch < n; ++patch) ++size[static_cast<std::size_t>(root(parent, patch))];
  std::vector<Domain> found;
  for (int patch = 0; patch < n; ++patch)
    if (size[static_cast<std::size_t>(patch)] > 0)
      found.push_back({of(patch), size[static_cast<std::size_t>(patch)]});
  return found;
}

StackObservation observe_stack(const StackModel& model, const StackState& state, double energy_eV) {
  const StackLattice& l = model.lattice();
  const std::size_t n = families(model).size();
  const double fu = l.formula_units();
  StackObservation seen{static_cast<double>(state.guests()) / fu,
                        energy_eV / fu,
                        std::vector<double>(n, 0.0),
                        {},
                        std::vector<double>(n, 0.0),
                        std::vector<double>(n, 0.0)};
  for (int gap = 0; gap < l.gaps(); ++gap) {
    seen.x_of_gap.push_back(static_cast<double>(state.guests_of_gap(gap)) * l.gaps() / fu);
    for (const Domain& domain : domains(model, state, gap)) {
      const auto f = static_cast<std::size_t>(domain.family);
      seen.fraction[f] += domain.patches;
      seen.domains_per_gap[f] += 1.0;
    }
  }
  for (std::size_t f = 0; f < n; ++f) {
    if (seen.domains_per_gap[f] > 0.0)
      seen.domain_patches[f] = seen.fraction[f] / seen.domains_per_gap[f];
    seen.fraction[f] /= l.gaps() * l.patches();
    seen.domains_per_gap[f] /= l.gaps();
  }
  return seen;
}

void check(const StackSampling& sampling, InputReport& report) {
  report.require(sampling.sweeps >= 1, "sweeps", sampling.sweeps, "must be at least 1");
  report.require(sampling.sample_every >= 1 && sampling.sample_every <= sampling.sweeps,
                 "sample_every", sampling.sample_every,
                 fmt::format("must be 1 to sweeps = {}", sampling.sweeps));
}

std::vector<StackPoint> sample_path(StackWalk& walk, std::span<const double> mu_eV,
                                    const StackSampling& sampling) {
  InputReport report("stack");
  check(sampling, report);
  report.throw_if_any();
  std::vector<StackPoint> points;
  for (const double mu : mu_eV) {
    walk.set_mu_eV(mu);
    walk.clear_counts();
    std::vector<StackObservation> all;
    for (std::int64_t k = 1; k <= sampling.sweeps; ++k) {
      walk.sweep();
      if (k % sampling.sample_every == 0)
        all.push_back(observe_stack(walk.stack(), walk.state(), walk.energy_eV()));
    }
    points.push_back(averages(all));
    points.back().temperature_K = walk.temperature_K();
    points.back().mu_eV = mu;
    points.back().glide_acceptance = walk.glide_acceptance();
  }
  return points;
}

}  // namespace lithiate::stacking
