#include "mc/run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/text.hpp"
#include "model/occupation.hpp"

namespace lithiate::mc {
namespace {

/// Runs until the standard error of x is reached or max_sweeps are spent.
template <class Ensemble>
StatePoint sample(const Sampled& s, Metropolis<Ensemble>& walk, const SamplingConfig& config) {
  Series series;
  for (std::int64_t target = config.min_sweeps;; target = std::min(2 * target, config.max_sweeps)) {
    while (std::ssize(series.n) < target) {
      walk.sweep();
      record(series, s, walk.occupation(), walk.energy_eV());
    }
    StatePoint point = averages(series, s.formula_units);
    point.acceptance = walk.acceptance();
    if (target >= config.max_sweeps) return point;
    if (point.equilibrated && config.x_error > 0.0 && point.x.error <= config.x_error) return point;
  }
}

/// A name that stands for everything the result depends on, but the model.
std::string piece_name(const std::string& ensemble, const std::vector<double>& at,
                       const SamplingConfig& config, const std::vector<Species>& occ,
                       const Random& random) {
  static_assert(sizeof(Species) == 1);
  const std::string_view bytes(reinterpret_cast<const char*>(occ.data()), occ.size());
  return fmt::format("{}:{:a}:{}:{}:{:a}:{}:{}", ensemble, fmt::join(at, ":"), config.min_sweeps,
                     config.max_sweeps, config.x_error, fmt::join(random.saved(), "-"),
                     hex(fnv1a64(bytes)));
}

template <class Compute>  // StatePoint compute(), which leaves the last state in occ
StatePoint journaled(const Sampled& s, const std::string& ensemble, const std::vector<double>& at,
                     const SamplingConfig& config, std::vector<Species>& occ, const Random& random,
                     Compute compute) {
  if (s.journal == nullptr) return compute();
  const Archive piece = s.journal->piece(piece_name(ensemble, at, config, occ, random), [&] {
    Archive result;
    result.put("point", numbers(compute()));
    result.put("occupation", occ);
    return result;
  });
  occ = piece.get<Species>("occupation");
  return state_point(piece.get<double>("point"));
}

}  // namespace

void record(Series& series, const Sampled& s, const std::vector<Species>& occ, double energy_eV) {
  const auto count = [&](const std::string& name) {
    return static_cast<double>(model::count(s.model, occ, name));
  };
  series.n.push_back(count(s.mobile));
  series.energy_eV.push_back(energy_eV);
  series.species.resize(s.counted.size());
  for (std::size_t k = 0; k < s.counted.size(); ++k)
    series.species[k].push_back(count(s.counted[k]));
}

void check(const SamplingConfig& c, InputReport& report) {
  report.require(c.min_sweeps >= 10, "min_sweeps", c.min_sweeps, "must be at least 10");
  report.require(c.max_sweeps >= c.min_sweeps, "max_sweeps", c.max_sweeps,
                 "must be at least min_sweeps");
  report.require(c.x_error >= 0.0, "x_error", c.x_error, "must not be negative");
}

StatePoint sample_semi_grand(const Sampled& s, double temperature_K, double mu_eV,
                             const SamplingConfig& config, std::vector<Species>& occ,
                             const Random& random) {
  return journaled(s, "semigrand", {temperature_K, mu_eV}, config, occ, random, [&] {
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
  return journaled(s, "canonical", {temperature_K}, config, occ, random, [&] {
    Metropolis<Canonical> walk(s.model, Canonical(s.model), std::move(occ), temperature_K, random);
    StatePoint point = sample(s, walk, config);
    point.temperature_K = temperature_K;
    point.x.error = 0.0;
    occ = walk.occupation();
    return point;
  });
}

StatePoint sample_neutral(const Sampled& s, const Charges& charges, double temperature_K,
                          const std::map<std::string, double>& mu_eV, const SamplingConfig& config,
                          std::vector<Species>& occ, const Random& random) {
  std::vector<double> at{temperature_K};
  for (const auto& [name, mu] : mu_eV) at.push_back(mu);
  return journaled(s, "neutral", at, config, occ, random, [&] {
    Metropolis<NeutralSemiGrand> walk(s.model, NeutralSemiGrand(s.model, charges, mu_eV),
                                      std::move(occ), temperature_K, random);
    StatePoint point = sample(s, walk, config);
    point.temperature_K = temperature_K;
    occ = walk.occupation();
    return point;
  });
}

}  // namespace lithiate::mc
