#include "apps/mc_methods.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/progress.hpp"
#include "mc/neutral_cell.hpp"
#include "mc/wang_landau_run.hpp"
#include "model/occupation.hpp"

namespace lithiate::apps {
namespace {

using Method = io::McFile::Method;
using Ensemble = io::McFile::Ensemble;
using Occupation = std::vector<model::Species>;

/// What all methods need of a run file.
struct Job {
  const io::McFile& file;
  model::PhaseCell cell;
  mc::Sampled sampled;
  mc::NeutralCell neutral;
  double reference_V;

  Job(const io::McFile& f, Journal* journal)
      : file(f),
        cell(f.cell.compiled()),
        sampled{cell.model, f.cell.material.mobile, cell.formula_units, cell.max_mobile, journal},
        reference_V(f.cell.material.reference_voltage_V()) {
    if (f.ensemble != Ensemble::neutral) return;
    neutral = io::at_place(
        f.where, [&] { return mc::neutral_cell(f.cell.chosen(), cell.model, f.oxidation_states); });
    sampled.counted = mc::species_names(cell.model);
  }
  Job(const Job&) = delete;

  mc::SemiGrand semi_grand(double voltage_V) const {
    return {cell.model,
            {{sampled.mobile, mu_eV(voltage_V)}},
            mc::Cap{sampled.mobile, sampled.max_mobile}};
  }
  double mu_eV(double voltage_V) const { return reference_V - voltage_V; }
  Occupation empty() const { return model::uniform_occupation(cell.model, crystal::vacancy); }
  Occupation at_composition(double x, std::uint64_t place) const {
    Random start(file.seed, Purpose::initial_state, place);
    return random_occupation(cell.model, sampled.mobile, std::llround(x * cell.formula_units),
                             start);
  }
  Occupation neutral_start() const {
    Random start(file.seed, Purpose::initial_state);
    return io::at_place(file.where, [&] {
      mc::ExchangeTable(cell.model, neutral.charges);  // refuses models without an exchange
      return mc::arrangement_of_charge(cell.model, neutral.charges, neutral.total, start);
    });
  }
  std::string title() const { return "mc of " + file.cell.material.name; }
};

/// All state points in order, each started from the last state of the one before it.
void sample_points(const Job& job, McResult& result) {
  const io::McFile& file = job.file;
  const bool neutral = file.ensemble == Ensemble::neutral;
  const std::vector<double> once{0.0};
  const auto& list = neutral ? once : file.x.empty() ? file.voltage_V : file.x;
  Progress progress(job.title(), std::ssize(list) * std::ssize(file.temperature_K));
  auto occ = neutral ? job.neutral_start() : job.empty();
  for (const double T : file.temperature_K)
    for (const double value : list) {
      auto& points = result.points;
      const Random random(file.seed, Purpose::mc_step, points.size());
      if (neutral) {
        points.push_back(sample_neutral(job.sampled, job.neutral.charges, T, file.mu_eV,
                                        file.sampling, occ, random));
      } else if (file.ensemble == Ensemble::semi_grand) {
        points.push_back(
            sample_semi_grand(job.sampled, T, job.mu_eV(value), file.sampling, occ, random));
      } else {
        occ = job.at_composition(value, points.size());
        points.push_back(sample_canonical(job.sampled, T, file.sampling, occ, random));
      }
      progress.advance();
    }
}

/// One ladder of any ensemble, added to the result with its points.
template <class E>
void add_ladder(const Job& job, LadderResult ladder,
                const std::vector<typename mc::Tempering<E>::Rung>& rungs, const Occupation& occ,
                Progress& progress, McResult& result) {
  const std::size_t number = result.ladders.size();
  ladder.done = run_tempering(job.sampled,
                              mc::Tempering<E>(job.cell.model, rungs, occ, job.file.seed, number),
                              job.file.tempering, fmt::format("tempering{}", number),
                              [&](std::int64_t rounds) { progress.advance(rounds); });
  for (std::size_t k = 0; k < rungs.size(); ++k) {
    mc::StatePoint point = ladder.done.points[k];
    point.temperature_K = rungs[k].temperature_K;
    if (ladder.mu_eV) point.mu_eV = *ladder.mu_eV;
    if (job.file.along_voltage) point.mu_eV = job.mu_eV(ladder.rungs[k]);
    if (ladder.x) point.x.error = 0.0;
    result.points.push_back(std::move(point));
  }
  result.ladders.push_back(std::move(ladder));
}

std::int64_t rounds_of(const mc::TemperingConfig& c) {
  return std::max<std::int64_t>(1, c.sweeps / c.sweeps_per_swap);
}

/// Ladders over temperatures, one for each x or voltage.
void temper_temperatures(const Job& job, McResult& result) {
  const io::McFile& file = job.file;
  const bool neutral = file.ensemble == Ensemble::neutral;
  const auto ladders = neutral ? 1 : std::ssize(file.x) + std::ssize(file.voltage_V);
  Progress progress(job.title(), ladders * rounds_of(file.tempering));
  const auto run = [&]<class E>(const E& ensemble, const Occupation& occ, LadderResult ladder) {
    ladder.rungs = file.temperature_K;
    std::vector<typename mc::Tempering<E>::Rung> rungs;
    for (const double T : file.temperature_K) rungs.push_back({T, ensemble});
    add_ladder<E>(job, std::move(ladder), rungs, occ, progress, result);
  };
  if (neutral)
    return run(mc::NeutralSemiGrand(job.cell.model, job.neutral.charges, file.mu_eV),
               job.neutral_start(), {});
  for (const double x : file.x)
    run(mc::Canonical(job.cell.model), job.at_composition(x, result.ladders.size()), {.x = x});
  for (const double V : file.voltage_V)
    run(job.semi_grand(V), job.empty(), {.mu_eV = job.mu_eV(V)});
}

/// Ladders over voltages, one for each temperature.
void temper_voltages(const Job& job, McResult& result) {
  const io::McFile& file = job.file;
  Progress progress(job.title(), std::ssize(file.temperature_K) * rounds_of(file.tempering));
  for (const double T : file.temperature_K) {
    std::vector<mc::Tempering<mc::SemiGrand>::Rung> rungs;
    for (const double V : file.voltage_V) rungs.push_back({T, job.semi_grand(V)});
    add_ladder<mc::SemiGrand>(job, {.temperature_K = T, .rungs = file.voltage_V}, rungs,
                              job.empty(), progress, result);
  }
}

void count_states(const Job& job, McResult& result) {
  const io::McFile& file = job.file;
  Progress progress(job.title(),
                    2000 * file.runs * (std::ssize(file.x) + std::ssize(file.voltage_V)));
  const auto run = [&]<class E>(const E& ensemble, const Occupation& occ, DensityResult density) {
    const std::size_t place = result.densities.size();
    density.runs = run_wang_landau(job.sampled, ensemble, occ, file.wang_landau, file.runs,
                                   file.seed, place, fmt::format("wang-landau{}", place),
                                   [&](std::int64_t done) { progress.advance(done); });
    result.densities.push_back(std::move(density));
  };
  for (const double x : file.x)
    run(mc::Canonical(job.cell.model), job.at_composition(x, result.densities.size()), {.x = x});
  for (const double V : file.voltage_V)
    run(job.semi_grand(V), job.empty(), {.mu_eV = job.mu_eV(V)});
}

}  // namespace

McResult sample_mc(const io::McFile& file, Journal* journal) {
  const Job job(file, journal);
  McResult result;
  result.species = job.sampled.counted;
  result.formula_units = job.cell.formula_units;
  if (file.method == Method::metropolis) sample_points(job, result);
  if (file.method == Method::tempering && file.along_voltage) temper_voltages(job, result);
  if (file.method == Method::tempering && !file.along_voltage) temper_temperatures(job, result);
  if (file.method == Method::wang_landau) count_states(job, result);
  return result;
}

}  // namespace lithiate::apps
