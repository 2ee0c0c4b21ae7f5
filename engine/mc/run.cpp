#include "mc/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "model/occupation.hpp"

namespace lithiate::mc {
namespace {

/// Time series of one state point, one entry per sweep.
struct Series {
  std::vector<double> n, energy_eV;
};

template <class Ensemble>
void extend(Series& series, Metropolis<Ensemble>& walk, const Sampled& s, std::int64_t sweeps) {
  for (std::int64_t k = 0; k < sweeps; ++k) {
    walk.sweep();
    series.n.push_back(static_cast<double>(model::count(s.model, walk.occupation(), s.mobile)));
    series.energy_eV.push_back(walk.energy_eV());
  }
}

std::span<const double> after(const std::vector<double>& series, std::size_t start) {
  return std::span<const double>(series).subspan(start);
}

observe::Estimate per_formula_unit(observe::Estimate e, double formula_units) {
  e.value /= formula_units;
  e.error /= formula_units;
  return e;
}

/// Runs until the standard error of x is reached or max_sweeps are spent.
template <class Ensemble>
StatePoint sample(const Sampled& s, Metropolis<Ensemble>& walk, const SamplingConfig& config) {
  Series series;
  StatePoint point;
  std::size_t start = 0;
  for (std::int64_t target = config.min_sweeps;; target = std::min(2 * target, config.max_sweeps)) {
    extend(series, walk, s, target - std::ssize(series.n));
    const auto by_n = observe::equilibration_start(series.n);
    const auto by_energy = observe::equilibration_start(series.energy_eV);
    start = std::max(by_n.start, by_energy.start);
    point.equilibrated = by_n.equilibrated && by_energy.equilibrated;
    point.x = per_formula_unit(observe::mean_with_error(after(series.n, start)), s.formula_units);
    if (target >= config.max_sweeps) break;
    if (point.equilibrated && config.x_error > 0.0 && point.x.error <= config.x_error) break;
  }
  point.energy_eV =
      per_formula_unit(observe::mean_with_error(after(series.energy_eV, start)), s.formula_units);
  point.variance_n =
      per_formula_unit(observe::variance_with_error(after(series.n, start)), s.formula_units);
  point.sweeps = std::ssize(series.n) - static_cast<std::int64_t>(start);
  point.acceptance = walk.acceptance();
  return point;
}

/// A name that stands for everything the result depends on, but the model.
std::string piece_name(const std::vector<double>& at, const SamplingConfig& config,
                       const std::vector<Species>& occ, const Random& random) {
  std::uint64_t sum = 0xcbf29ce484222325;  // FNV-1a
  for (const Species s : occ) sum = (sum ^ s) * 0x100000001b3;
  return fmt::format("{}:{:a}:{}:{}:{:a}:{}:{:016x}", at.size() == 1 ? "canonical" : "semigrand",
                     fmt::join(at, ":"), config.min_sweeps, config.max_sweeps, config.x_error,
                     fmt::join(random.saved(), "-"), sum);
}

std::vector<double> numbers(const StatePoint& p) {
  std::vector<double> all{p.temperature_K, p.mu_eV, static_cast<double>(p.sweeps),
                          p.equilibrated ? 1.0 : 0.0, p.acceptance};
  for (const observe::Estimate* e : {&p.x, &p.energy_eV, &p.variance_n})
    for (const double number : observe::numbers(*e)) all.push_back(number);
  return all;
}

StatePoint state_point(const std::vector<double>& all) {
  if (all.size() != 23)
    throw InputError("checkpoint: a state point of other numbers than expected");
  const auto estimate = [&](std::size_t k) {
    return observe::estimate(std::span<const double>(all).subspan(5 + 6 * k, 6));
  };
  return {.temperature_K = all[0],
          .mu_eV = all[1],
          .x = estimate(0),
          .energy_eV = estimate(1),
          .variance_n = estimate(2),
          .sweeps = static_cast<std::int64_t>(all[2]),
          .equilibrated = all[3] != 0.0,
          .acceptance = all[4]};
}

template <class Compute>  // StatePoint compute(), which leaves the last state in occ
StatePoint journaled(const Sampled& s, const std::vector<double>& at, const SamplingConfig& config,
                     std::vector<Species>& occ, const Random& random, Compute compute) {
  if (s.journal == nullptr) return compute();
  const Archive piece = s.journal->piece(piece_name(at, config, occ, random), [&] {
    Archive result;
    result.put("point", numbers(compute()));
    result.put("occupation", occ);
    return result;
  });
  occ = piece.get<Species>("occupation");
  return state_point(piece.get<double>("point"));
}

}  // namespace

void check(const SamplingConfig& c, InputReport& report) {
  report.require(c.min_sweeps >= 10, "min_sweeps", c.min_sweeps, "must be at least 10");
  report.require(c.max_sweeps >= c.min_sweeps, "max_sweeps", c.max_sweeps,
                 "must be at least min_sweeps");
  report.require(c.x_error >= 0.0, "x_error", c.x_error, "must not be negative");
}

StatePoint sample_semi_grand(const Sampled& s, double temperature_K, double mu_eV,
                             const SamplingConfig& config, std::vector<Species>& occ,
                             const Random& random) {
  return journaled(s, {temperature_K, mu_eV}, config, occ, random, [&] {
    Metropolis<SemiGrand> walk(s.model,
                               SemiGrand(s.model, {{s.mobile, mu_eV}}, Cap{s.mobile, s.max_mobile}),
                               std::move(occ), temperature_K, random);
    StatePoint point = sample(s, walk, config);
    point.temperature_K = temperature_K;
    point.mu_eV = mu_eV;
    occ = walk.occupation();
    return point;
  });
}

StatePoint sample_canonical(const Sampled& s, double temperature_K, const SamplingConfig& config,
                            std::vector<Species>& occ, const Random& random) {
  return journaled(s, {temperature_K}, config, occ, random, [&] {
    Metropolis<Canonical> walk(s.model, Canonical(s.model), std::move(occ), temperature_K, random);
    StatePoint point = sample(s, walk, config);
    point.temperature_K = temperature_K;
    point.x.error = 0.0;
    occ = walk.occupation();
    return point;
  });
}

}  // namespace lithiate::mc
