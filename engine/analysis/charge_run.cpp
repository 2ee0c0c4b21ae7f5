#include "analysis/charge_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "analysis/charge_means.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "parallel/threads.hpp"

namespace lithiate::analysis {
namespace {

using stacking::GlideKinetics;
using stacking::KineticPoint;
using stacking::StackModel;
using stacking::StackState;

/// What one direction leaves behind, as numbers: of a point time, mu, x, energy, then per family
/// and per gap; of a frame the whole state.
struct ChargeTrace {
  std::vector<double> numbers;
  std::vector<std::uint8_t> occupations, registries;
};

void add_numbers(const KineticPoint& p, std::vector<double>& all) {
  all.insert(all.end(), {p.time_s, p.mu_eV, p.seen.x, p.seen.energy_eV});
  for (const auto* list :
       {&p.seen.fraction, &p.seen.domains_per_gap, &p.seen.domain_patches, &p.seen.x_of_gap})
    all.insert(all.end(), list->begin(), list->end());
}

std::size_t numbers_of_point(const StackModel& model) {
  return 4 + 3 * model.families().size() + static_cast<std::size_t>(model.lattice().gaps());
}

KineticPoint kinetic_point(std::span<const double> all, const StackModel& model) {
  KineticPoint p{all[0], all[1], {all[2], all[3], {}, {}, {}, {}}};
  std::size_t at = 4;
  const auto take = [&](std::vector<double>& list, std::size_t n) {
    list.assign(all.begin() + static_cast<std::ptrdiff_t>(at),
                all.begin() + static_cast<std::ptrdiff_t>(at + n));
    at += n;
  };
  for (auto* list : {&p.seen.fraction, &p.seen.domains_per_gap, &p.seen.domain_patches})
    take(*list, model.families().size());
  take(p.seen.x_of_gap, static_cast<std::size_t>(model.lattice().gaps()));
  return p;
}

Archive packed(const ChargeTrace& trace, const GlideKinetics& kinetics) {
  Archive piece;
  piece.put("points", trace.numbers);
  piece.put("occupations", trace.occupations);
  piece.put("registries", trace.registries);
  kinetics.save(piece, "kinetics/");
  return piece;
}

ChargeTrace unpacked(const Archive& piece, GlideKinetics& kinetics) {
  kinetics.restore(piece, "kinetics/");
  return {piece.get<double>("points"), piece.get<std::uint8_t>("occupations"),
          piece.get<std::uint8_t>("registries")};
}

/// Which of n points are among `frames` at equal distances, the last one always.
std::vector<bool> shown(std::size_t n, int frames) {
  std::vector<bool> all;
  const auto f = static_cast<std::size_t>(frames);
  for (std::size_t i = 0; i < n; ++i) all.push_back((i + 1) * f / n > i * f / n);
  return all;
}

/// One direction of one replica, taken from the journal as far as it is there.
class Journey {
 public:
  Journey(std::string name, std::vector<std::int64_t> marks, int frames, const ChargeConfig& config)
      : name_(std::move(name)),
        marks_(std::move(marks)),
        shown_(shown(marks_.size(), frames)),
        config_(config) {}

  /// Ends with `kinetics` in its last state.
  ChargeTrace run(GlideKinetics& kinetics, Journal* journal, Progress& progress) const {
    if (journal == nullptr) return unpacked(walked(kinetics, nullptr, progress), kinetics);
    const Archive piece =
        journal->piece(name_, [&] { return walked(kinetics, journal, progress); });
    journal->forget(state_name());
    return unpacked(piece, kinetics);
  }

  ChargePath path(const ChargeTrace& trace, const GlideKinetics& kinetics) const {
    const std::span<const double> all(trace.numbers);
    const std::size_t each = numbers_of_point(kinetics.stack());
    ChargePath path{{}, kinetics.glides(), kinetics.attempts()};
    for (std::size_t i = 0; i < marks_.size(); ++i)
      path.points.push_back(kinetic_point(all.subspan(i * each, each), kinetics.stack()));
    return path;
  }

  std::vector<ChargeFrame> frames(const ChargeTrace& trace, const ChargePath& path,
                                  const stacking::StackLattice& lattice) const {
    std::vector<ChargeFrame> all;
    auto occupied = trace.occupations.begin();
    auto registry = trace.registries.begin();
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if (!shown_[i]) continue;
      const auto next_occupied = occupied + lattice.n_sites();
      const auto next_registry = registry + lattice.gaps() * lattice.patches();
      all.push_back({path.points[i], {occupied, next_occupied}, {registry, next_registry}});
      occupied = next_occupied;
      registry = next_registry;
    }
    return all;
  }

 private:
  std::string state_name() const { return name_ + " state"; }

  Archive walked(GlideKinetics& kinetics, Journal* journal, Progress& progress) const {
    ChargeTrace trace;
    if (journal != nullptr)
      if (const auto kept = journal->kept(state_name())) trace = unpacked(*kept, kinetics);
    const std::size_t before = trace.numbers.size() / numbers_of_point(kinetics.stack());
    for (std::size_t i = before; i < marks_.size(); ++i) {
      const auto point = run_to(kinetics, marks_[i], config_.potential_states);
      assert(point);  // a current goes on up to the redox limit, which bounds the marks
      add_numbers(*point, trace.numbers);
      if (shown_[i]) {
        const auto& occupation = kinetics.state().occupation();
        const auto& registries = kinetics.state().registries();
        trace.occupations.insert(trace.occupations.end(), occupation.begin(), occupation.end());
        trace.registries.insert(trace.registries.end(), registries.begin(), registries.end());
      }
      progress.advance();
      if (journal != nullptr && i + 1 < marks_.size())
        journal->keep(state_name(), packed(trace, kinetics));
    }
    return packed(trace, kinetics);
  }

  std::string name_;
  std::vector<std::int64_t> marks_;
  std::vector<bool> shown_;
  const ChargeConfig& config_;
};

/// Everything that the replicas share.
struct Study {
  const stacking::LayeredMaterial& material;
  const StackModel& model;
  const ChargeConfig& config;
  std::vector<std::int64_t> marks;
  Journal* journal;
};

/// Both directions of replica `r` of a loop.
ChargeReplica replica_of(const Study& study, std::size_t number, std::uint64_t r, ChargeLoop& loop,
                         Progress& progress) {
  const ChargeConfig& c = study.config;
  const bool filmed = number == 0 && r == 0;
  ChargeReplica replica;
  StackState start = empty_stack(study.model);
  for (const bool insertion : {true, false}) {
    std::vector<std::int64_t> marks = study.marks;
    if (!insertion) {
      marks.pop_back();
      std::reverse(marks.begin(), marks.end());
    }
    const Journey journey(fmt::format("charge {:a} {:a} {} {}", loop.temperature_K,
                                      loop.c_rate_per_h, r, insertion ? "insertion" : "removal"),
                          std::move(marks),
                          filmed ? (insertion ? c.frames - c.frames / 2 : c.frames / 2) : 0, c);
    const std::uint64_t place = static_cast<std::uint64_t>(number) << 32 | r;
    GlideKinetics kinetics(study.model,
                           kinetic_settings(c, study.material, loop.temperature_K,
                                            insertion ? loop.c_rate_per_h : -loop.c_rate_per_h),
                           start, Random(c.seed, Purpose::stack_charge, place, insertion ? 0 : 1));
    const ChargeTrace trace = journey.run(kinetics, study.journal, progress);
    ChargePath& path = insertion ? replica.insertion : replica.removal;
    path = journey.path(trace, kinetics);
    if (filmed)
      (insertion ? loop.insertion : loop.removal).frames =
          journey.frames(trace, path, study.model.lattice());
    if (r == 0) {
      loop.attempts_per_guest = kinetics.attempts_per_guest();
      loop.slowed_by = kinetics.slowed_by();
    }
    start = kinetics.state();
  }
  return replica;
}

}  // namespace

void check(const ChargeConfig& c, InputReport& report) {
  check(c.stack, report);
  report.require(!c.temperature_K.empty(), "temperature_K", 0, "needs at least one value");
  for (const double T : c.temperature_K)
    report.require(T > 0.0 && std::isfinite(T), "temperature_K", T, "must be above 0 K");
  report.require(!c.c_rate_per_h.empty(), "c_rate_per_h", 0, "needs at least one value");
  for (const double rate : c.c_rate_per_h)
    report.require(rate > 0.0 && std::isfinite(rate), "c_rate_per_h", rate, "must be above 0");
  report.require(c.x_low >= 0.0 && c.x_low < c.x_high && std::isfinite(c.x_high), "x_range",
                 fmt::format("[{}, {}]", c.x_low, c.x_high), "must be 0 <= low < high");
  report.require(c.x_step > 0.0, "x_step", c.x_step, "must be above 0");
  report.require(c.prefactor_Hz > 0.0 && std::isfinite(c.prefactor_Hz), "prefactor_Hz",
                 c.prefactor_Hz, "must be above 0 Hz");
  report.require(c.glide_barrier_eV_per_A >= 0.0 && std::isfinite(c.glide_barrier_eV_per_A),
                 "barrier", c.glide_barrier_eV_per_A, "must be at least 0");
  report.require(c.guest_sweeps >= 0, "guest_sweeps", c.guest_sweeps, "must not be negative");
  report.require(c.potential_states >= 1, "potential_states", c.potential_states,
                 "must be at least 1");
  report.require(c.max_attempts_per_guest > 0.0, "max_attempts_per_guest", c.max_attempts_per_guest,
                 "must be above 0");
  report.require(c.replicas >= 1 && c.replicas <= 1'000'000, "replicas", c.replicas,
                 "must be 1 to 1000000");
  report.require(c.frames >= 0, "frames", c.frames, "must not be negative");
}

std::vector<std::int64_t> charge_marks(const ChargeConfig& config,
                                       const stacking::LayeredMaterial& material,
                                       const stacking::StackLattice& lattice) {
  const auto limit = kinetic_settings(config, material, 1.0, 1.0).max_guests;
  const auto most = std::min<std::int64_t>(limit, lattice.n_sites() - 1);
  std::vector<std::int64_t> marks;
  constexpr double rounding = 1e-9;
  const auto steps =
      static_cast<std::int64_t>((config.x_high - config.x_low) / config.x_step + rounding);
  for (std::int64_t k = 0; k <= steps; ++k) {
    const double x = config.x_low + static_cast<double>(k) * config.x_step;
    const std::int64_t n = std::llround(x * lattice.formula_units());
    if (n >= 1 && n <= most && (marks.empty() || n > marks.back())) marks.push_back(n);
  }
  if (marks.size() < 2)
    throw InputError(fmt::format(
        "x from {} to {} in steps of {}: {} numbers of guests in {} formula units, expected at "
        "least 2",
        config.x_low, config.x_high, config.x_step, marks.size(), lattice.formula_units()));
  return marks;
}

stacking::KineticSettings kinetic_settings(const ChargeConfig& config,
                                           const stacking::LayeredMaterial& material,
                                           double temperature_K, double c_rate_per_h) {
  stacking::KineticSettings s;
  s.temperature_K = temperature_K;
  s.prefactor_Hz = config.prefactor_Hz;
  s.glide_barrier_eV_per_A = config.glide_barrier_eV_per_A;
  s.c_rate_per_h = c_rate_per_h;
  const double formula_units = material.cell.formula_units * config.stack.gaps *
                               config.stack.cells[0] * config.stack.cells[1];
  constexpr double rounding = 1e-9;
  s.max_guests = static_cast<std::int64_t>(std::floor(material.x_max * formula_units + rounding));
  s.guest_sweeps = config.guest_sweeps;
  s.max_attempts_per_guest = config.max_attempts_per_guest;
  s.follow.steps = config.stack.follow_steps;
  return s;
}

ChargeRun charge_run(const stacking::LayeredMaterial& material, const StackModel& model,
                     const ChargeConfig& config, Journal* journal) {
  InputReport report("stack");
  check(config, report);
  report.throw_if_any();
  const Study study{material, model, config, charge_marks(config, material, model.lattice()),
                    journal};
  ChargeRun run;
  run.families = model.families();
  const auto family = static_cast<std::size_t>(model.family(empty_stack(model).registry(0, 0)));
  run.empty_family = run.families[family];
  for (const double T : config.temperature_K)
    for (const double rate : config.c_rate_per_h) {
      run.loops.emplace_back();
      run.loops.back().temperature_K = T, run.loops.back().c_rate_per_h = rate;
    }
  const auto replicas = static_cast<std::size_t>(config.replicas);
  std::vector<std::vector<ChargeReplica>> all(run.loops.size(),
                                              std::vector<ChargeReplica>(replicas));
  Progress progress("charge and discharge",
                    std::ssize(run.loops) * config.replicas * (2 * std::ssize(study.marks) - 1));
  parallel::for_each(std::ssize(run.loops) * config.replicas, [&](std::ptrdiff_t i, int) {
    const std::size_t number = static_cast<std::size_t>(i) / replicas;
    const std::size_t r = static_cast<std::size_t>(i) % replicas;
    all[number][r] = replica_of(study, number, r, run.loops[number], progress);
  });
  for (std::size_t k = 0; k < run.loops.size(); ++k)
    set_means(all[k], family, run.empty_family, run.loops[k]);
  return run;
}

}  // namespace lithiate::analysis
