#include "analysis/registry_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/progress.hpp"
#include "core/units.hpp"
#include "parallel/threads.hpp"
#include "stacking/layered_material.hpp"

namespace lithiate::analysis {
namespace {

using stacking::StackPoint;

/// Every estimate of a point, in one order.
template <class Point, class Visit>
void visit_estimates(Point& p, Visit visit) {
  visit(p.x), visit(p.energy_eV);
  for (auto* list : {&p.fraction, &p.x_of_gap, &p.domains_per_gap, &p.domain_patches})
    for (auto& e : *list) visit(e);
}

std::vector<double> numbers(const StackPoint& point) {
  std::vector<double> all{point.temperature_K, point.mu_eV, point.glide_acceptance,
                          point.equilibrated ? 1.0 : 0.0};
  visit_estimates(point, [&](const observe::Estimate& e) {
    const auto own = observe::numbers(e);
    all.insert(all.end(), own.begin(), own.end());
  });
  return all;
}

StackPoint stack_point(std::span<const double> all, std::size_t families, std::size_t gaps) {
  StackPoint p;
  p.temperature_K = all[0], p.mu_eV = all[1], p.glide_acceptance = all[2];
  p.equilibrated = all[3] != 0.0;
  p.fraction.resize(families), p.domains_per_gap.resize(families);
  p.domain_patches.resize(families), p.x_of_gap.resize(gaps);
  std::size_t at = 4;
  visit_estimates(p, [&](observe::Estimate& e) {
    e = observe::estimate(all.subspan(at, 6));
    at += 6;
  });
  return p;
}

/// One direction, taken up after the last point that the journal has; the walk ends in its last
/// state.
std::vector<StackPoint> direction(const std::string& name, stacking::StackWalk& walk,
                                  const std::vector<double>& mu_eV, const RegistryConfig& config,
                                  std::size_t families, Journal* journal, Progress& progress) {
  std::vector<double> all;
  std::size_t done = 0;
  const auto packed = [&] {
    Archive piece;
    piece.put("points", all);
    piece.put<std::uint64_t>("done", {done});
    walk.save(piece, "walk/");
    return piece;
  };
  const auto unpack = [&](const Archive& piece) {
    all = piece.get<double>("points");
    done = piece.scalar<std::uint64_t>("done");
    walk.restore(piece, "walk/");
  };
  const std::string so_far = name + " so far";
  const auto compute = [&] {
    if (const auto kept = journal ? journal->kept(so_far) : std::nullopt) unpack(*kept);
    for (; done < mu_eV.size(); progress.advance()) {
      for (const StackPoint& p :
           sample_path(walk, std::span(mu_eV).subspan(done, 1), {config.sweeps, 1})) {
        const auto own = numbers(p);
        all.insert(all.end(), own.begin(), own.end());
      }
      if (++done < mu_eV.size() && journal) journal->keep(so_far, packed());
    }
    return packed();
  };
  unpack(journal ? journal->piece(name, compute) : compute());
  if (journal) journal->forget(so_far);
  const std::size_t each = all.size() / mu_eV.size();
  std::vector<StackPoint> points;
  for (std::size_t i = 0; i < mu_eV.size(); ++i)
    points.push_back(stack_point(std::span<const double>(all).subspan(i * each, each), families,
                                 static_cast<std::size_t>(config.stack.gaps)));
  return points;
}

std::vector<double> grid(const MuRange& range, double step_kT) {
  const double step_eV = step_kT * k_B * range.temperature_K;
  const auto n = static_cast<int>(std::ceil((range.high_eV - range.low_eV) / step_eV - 1e-9));
  std::vector<double> mu;
  for (int i = 0; i <= std::max(1, n); ++i)
    mu.push_back(range.low_eV + (range.high_eV - range.low_eV) * i / std::max(1, n));
  return mu;
}

}  // namespace

void check(const RegistryConfig& c, InputReport& report) {
  check(c.stack, report);
  report.require(c.glides_per_patch > 0.0 && c.glides_per_patch <= 1000.0, "glides_per_patch",
                 c.glides_per_patch, "must be above 0 and at most 1000");
  report.require(c.sweeps >= 16, "sweeps", c.sweeps, "must be at least 16");
  report.require(c.step_kT > 0.0 && c.step_kT <= 5.0, "step_kT", c.step_kT,
                 "must be above 0 and at most 5");
}

std::vector<RegistrySweeps> registry_run(const model::Material& material,
                                         const RegistryConfig& config,
                                         const std::vector<MuRange>& ranges, Journal* journal) {
  InputReport report("stack");
  check(config, report);
  report.throw_if_any();
  const stacking::LayeredMaterial layered = stacking::layered_material(material);
  std::vector<StackConfig> variants{config.stack};
  if (config.stack.coherency_eV > 0.0) variants.emplace_back(config.stack).coherency_eV = 0.0;
  std::vector<stacking::StackModel> models;
  for (const StackConfig& variant : variants) models.push_back(stack_model(layered, variant));
  std::int64_t points = 0;
  for (const MuRange& range : ranges)
    points += 2 * std::ssize(models) * std::ssize(grid(range, config.step_kT));
  Progress progress("registries of " + material.name, points);
  std::vector<RegistrySweeps> all(ranges.size() * models.size());
  parallel::for_each(std::ssize(all), [&](std::ptrdiff_t i, int) {
    const std::size_t at = static_cast<std::size_t>(i), k = at / models.size();
    const stacking::StackModel& model = models[at % models.size()];
    RegistrySweeps& result = all[at];
    result.coherency_eV = variants[at % models.size()].coherency_eV;
    result.temperature_K = ranges[k].temperature_K;
    result.families = model.families();
    std::vector<double> mu = grid(ranges[k], config.step_kT);
    stacking::WalkSettings settings;
    settings.temperature_K = ranges[k].temperature_K;
    settings.mu_eV = mu.front();
    settings.max_guests = static_cast<std::int64_t>(
        std::floor(layered.x_max * model.lattice().formula_units() + 1e-9));
    settings.glides_per_patch = config.glides_per_patch;
    settings.follow.steps = config.stack.follow_steps;
    stacking::StackWalk walk(model, settings, empty_stack(model),
                             Random(config.seed, Purpose::registries, at));
    const auto run = [&](const char* name) {
      return direction(
          fmt::format("registries {} {:a} {:a}", name, result.temperature_K, result.coherency_eV),
          walk, mu, config, result.families.size(), journal, progress);
    };
    result.up = run("up");
    std::reverse(mu.begin(), mu.end());
    result.down = run("down");
  });
  return all;
}

HalfWay half_way(const std::vector<StackPoint>& path, std::size_t family) {
  std::vector<const StackPoint*> points;
  for (const StackPoint& p : path) points.push_back(&p);
  std::stable_sort(points.begin(), points.end(),
                   [](const auto* a, const auto* b) { return a->mu_eV < b->mu_eV; });
  HalfWay found;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const StackPoint &a = *points[i], &b = *points[i + 1];
    const double fa = a.fraction[family].value - 0.5, fb = b.fraction[family].value - 0.5;
    if ((fa < 0.0) == (fb < 0.0)) continue;
    const double t = fa / (fa - fb);
    found.x = a.x.value + t * (b.x.value - a.x.value);
    found.mu_eV = a.mu_eV + t * (b.mu_eV - a.mu_eV);
    found.x_error = std::hypot(0.5 * std::abs(b.x.value - a.x.value), a.x.error, b.x.error);
    found.mu_error_eV = 0.5 * (b.mu_eV - a.mu_eV);
  }
  if (!found.x)
    found.reason = fmt::format(
        "the family fills {} than half of the gaps at every chemical potential",
        points.empty() || points.front()->fraction[family].value < 0.5 ? "less" : "more");
  return found;
}

Branch branch(const std::vector<StackPoint>& path, Sweep sweep) {
  Branch result;
  result.phase = "stack";
  result.sweep = sweep;
  if (!path.empty()) result.temperature_K = path.front().temperature_K;
  for (const StackPoint& p : path) {
    MuPoint point;
    point.mu_eV = p.mu_eV;
    point.x = p.x.value, point.x_error = p.x.error;
    point.energy_eV_per_fu = p.energy_eV.value, point.energy_error = p.energy_eV.error;
    result.points.push_back(point);
  }
  return result;
}

}  // namespace lithiate::analysis
