#include "analysis/diffusion_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/progress.hpp"
#include "core/units.hpp"
#include "kmc/run.hpp"
#include "model/occupation.hpp"
#include "parallel/threads.hpp"

namespace lithiate::analysis {
namespace {

using observe::Estimate;

/// Where a composition lies on the equilibrium curve.
struct Location {
  std::string phase;
  const Plateau* plateau = nullptr;
  std::optional<double> mu_eV;
};

Location locate(const Equilibrium& eq, double x) {
  Location at;
  at.plateau = eq.plateau_at(x);
  if (at.plateau != nullptr) {
    const bool left = x - at.plateau->x_left < at.plateau->x_right - x;
    at.phase = left ? at.plateau->phase_left : at.plateau->phase_right;
    return at;
  }
  if (const auto voltage = eq.voltage_at(x)) at.mu_eV = eq.reference_voltage_V - *voltage;
  double nearest = 1e300;
  for (const CurvePoint& point : eq.curve)
    if (std::abs(point.x - x) < nearest) {
      nearest = std::abs(point.x - x);
      at.phase = point.phase;
    }
  return at;
}

const model::Phase& phase_named(const model::Material& material, const std::string& name) {
  for (const model::Phase& phase : material.phases)
    if (phase.name == name) return phase;
  throw Error("diffusion: no phase '" + name + "'");
}

class PointRun {
 public:
  PointRun(const model::Material& material, const Equilibrium& eq, double x,
           const DiffusionConfig& config, std::uint64_t place, Journal* journal)
      : at_(locate(eq, x)),
        phase_(phase_named(material, at_.phase)),
        cell_(compile_phase(material, phase_, config.repeats, config.min_sites)),
        sampled_{cell_.model, material.mobile, cell_.formula_units, cell_.max_mobile, journal},
        config_(config),
        place_(place) {
    out_.temperature_K = eq.temperature_K;
    out_.phase = at_.phase;
    out_.metastable = at_.plateau != nullptr;
    const auto n = std::llround(x * cell_.formula_units);
    out_.ions = std::clamp<std::int64_t>(n, 1, cell_.max_mobile);
    out_.x = static_cast<double>(out_.ions) / cell_.formula_units;
  }

  DiffusionPoint run() {
    if (!transport()) return out_;
    fluctuations();
    if (out_.theta) {
      const double value = out_.theta->value * out_.D_J.value;
      const double relative =
          std::hypot(out_.theta->error / out_.theta->value, out_.D_J.error / out_.D_J.value);
      Estimate D_chem = out_.D_J;  // its degrees of freedom: the larger of the two errors
      D_chem.value = value;
      D_chem.error = std::abs(value) * relative;
      out_.D_chem = D_chem;
    }
    return out_;
  }

 private:
  Random random(Purpose why, std::uint64_t cycle) const {
    return Random(config_.seed, why, place_, cycle);
  }

  /// A canonical equilibrium state at this composition.
  std::vector<model::Species> equilibrated() const {
    Random start = random(Purpose::initial_state, 0);
    auto occ = model::random_occupation(cell_.model, sampled_.mobile, out_.ions, start);
    sample_canonical(sampled_, out_.temperature_K, config_.sampling, occ,
                     random(Purpose::mc_step, 0));
    return occ;
  }

  /// False, with the reason, if no ion can move.
  bool transport() {
    const auto compute = [this] { return trajectory(); };
    const Archive done =
        sampled_.journal == nullptr
            ? compute()
            : sampled_.journal->piece(fmt::format("diffusion:{}", place_), compute);
    const auto& counts = done.get<std::int64_t>("counts");  // hops, clamped, lag converged
    const auto estimate = [&](const char* name) {
      return observe::estimate(done.get<double>(name));
    };
    out_.D_tracer = scaled(estimate("d_tracer"), cm2_per_A2);
    out_.D_J = scaled(estimate("d_jump"), cm2_per_A2);
    out_.f = estimate("f");
    out_.f_I = estimate("f_collective");
    out_.H_R = estimate("haven");
    if (counts.empty()) {
      out_.reason = "no hop is possible in the equilibrium state: its layers are full or empty";
      return false;
    }
    out_.hops = counts[0];
    out_.clamped_fraction =
        counts[0] > 0 ? static_cast<double>(counts[1]) / static_cast<double>(counts[0]) : 0.0;
    out_.lag_converged = counts[2] != 0;
    return true;
  }

  /// kMC from an equilibrium state; without counts if no ion can move.
  Archive trajectory() const {
    const model::HopTable hops(*phase_.hops, cell_.model);
    kmc::KmcEngine engine(cell_.model, hops, kmc::RateModel(*phase_.hops, out_.temperature_K),
                          equilibrated(), random(Purpose::kmc_event, 0));
    observe::TransportResult result;
    std::vector<std::int64_t> counts;
    if (engine.can_hop()) {
      const observe::TransportConfig how;
      kmc::KmcConfig kmc;
      kmc.equilibration_hops_per_ion = config_.equilibration_hops_per_ion;
      kmc.samples = static_cast<std::int64_t>(config_.segments) * how.segment_samples;
      kmc.sampling_hops_per_ion = config_.hops_per_ion / static_cast<double>(kmc.samples);
      observe::Transport record(static_cast<int>(out_.ions), how);
      const kmc::KmcRun done = run_kmc(engine, kmc, record);
      result = record.result(config_.axes);
      counts = {done.hops, done.clamped, result.lag_converged ? 1 : 0};
    } else {
      for (Estimate* e :
           {&result.d_tracer, &result.d_jump, &result.f, &result.f_collective, &result.haven})
        *e = observe::undefined();
    }
    Archive archive;
    archive.put("counts", counts);
    archive.put("d_tracer", numbers(result.d_tracer));
    archive.put("d_jump", numbers(result.d_jump));
    archive.put("f", numbers(result.f));
    archive.put("f_collective", numbers(result.f_collective));
    archive.put("haven", numbers(result.haven));
    return archive;
  }

  void fluctuations() {
    if (at_.plateau != nullptr) {
      out_.reason = fmt::format("x lies between {:.3f} ({}) and {:.3f} ({}): two phases coexist",
                                at_.plateau->x_left, at_.plateau->phase_left, at_.plateau->x_right,
                                at_.plateau->phase_right);
      return;
    }
    if (!at_.mu_eV) {
      out_.reason = "x lies outside the equilibrium curve";
      return;
    }
    auto occ = equilibrated();
    const mc::StatePoint p = sample_semi_grand(sampled_, out_.temperature_K, *at_.mu_eV,
                                               config_.sampling, occ, random(Purpose::mc_step, 1));
    if (!(p.variance_n.value > 0.0)) {
      out_.reason = "nothing fluctuates at this composition";
      return;
    }
    Estimate theta = p.variance_n;
    theta.value = p.x.value / p.variance_n.value;
    theta.error =
        theta.value * std::hypot(p.x.error / p.x.value, p.variance_n.error / p.variance_n.value);
    out_.theta = theta;
  }

  Location at_;
  const model::Phase& phase_;
  model::PhaseCell cell_;
  mc::Sampled sampled_;
  const DiffusionConfig& config_;
  std::uint64_t place_;
  DiffusionPoint out_;
};

}  // namespace

void check(const DiffusionConfig& c, InputReport& report) {
  report.require(!c.x.empty(), "x", "[]", "needs at least one composition");
  report.require(c.min_sites >= 8 && c.min_sites <= 100'000'000, "kmc.min_sites", c.min_sites,
                 "must be 8 to 100000000");
  report.require(c.segments >= 8, "kmc.segments", c.segments, "must be at least 8 for an error");
  report.require(c.hops_per_ion >= 10.0, "kmc.hops_per_ion", c.hops_per_ion, "must be at least 10");
  report.require(c.equilibration_hops_per_ion >= 0.0, "kmc.equilibration_hops_per_ion",
                 c.equilibration_hops_per_ion, "must not be negative");
}

std::vector<DiffusionPoint> run_diffusion(const model::Material& material,
                                          const std::vector<Equilibrium>& equilibria,
                                          const DiffusionConfig& config, Journal* journal) {
  const std::size_t n_x = config.x.size();
  std::vector<DiffusionPoint> all(equilibria.size() * n_x);
  Progress progress("diffusion of " + material.name, std::ssize(all));
  parallel::for_each(std::ssize(all), [&](std::ptrdiff_t i, int) {
    const auto task = static_cast<std::size_t>(i);
    all[task] =
        PointRun(material, equilibria[task / n_x], config.x[task % n_x], config, task, journal)
            .run();
    progress.advance();
  });
  return all;
}

}  // namespace lithiate::analysis
