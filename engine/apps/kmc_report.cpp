#include "apps/kmc_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/log.hpp"
#include "core/text.hpp"
#include "core/units.hpp"
#include "io/results.hpp"
#include "io/table_file.hpp"
#include "kmc/window_bias.hpp"

namespace lithiate::apps {
namespace {

using observe::Estimate;

/// Means over the replicas of one state point.
struct PointMeans {
  KmcMember first;
  double x = 0.0;
  Estimate d_tracer, d_jump, f, haven;
};

std::vector<PointMeans> means(const KmcSystem& system, const std::vector<KmcNumbers>& all) {
  const auto members = system.members();
  const auto replicas = static_cast<std::size_t>(system.file().replicas);
  std::vector<PointMeans> points;
  for (std::size_t begin = 0; begin < members.size(); begin += replicas) {
    const auto mean = [&](Estimate KmcNumbers::*which) {
      std::vector<Estimate> list;
      for (std::size_t k = 0; k < replicas; ++k) list.push_back(all[begin + k].*which);
      return observe::mean_of_estimates(list);
    };
    double ions = 0.0;
    for (std::size_t k = 0; k < replicas; ++k) ions += static_cast<double>(all[begin + k].ions);
    points.push_back({members[begin], ions / static_cast<double>(replicas) / system.formula_units(),
                      mean(&KmcNumbers::d_tracer), mean(&KmcNumbers::d_jump), mean(&KmcNumbers::f),
                      mean(&KmcNumbers::haven)});
  }
  return points;
}

std::string method(const KmcSystem& system, const KmcJob* job) {
  return fmt::format("{} kinetic Monte Carlo, hop barriers: {}",
                     job != nullptr ? fmt::format("tiled (window {:.3g} s)", job->window_s())
                                    : std::string("exact"),
                     system.file().cell.chosen().hops_role);
}

io::Quantity quantity(const PointMeans& point, const Estimate& e, const std::string& unit,
                      const std::string& method) {
  io::Quantity q;
  q.unit = unit;
  q.method = method;
  q.role = "calibrated";
  q.numbers = {{"x", point.x}, {"temperature_K", point.first.temperature_K}};
  if (point.first.voltage_V) q.numbers["voltage_V"] = *point.first.voltage_V;
  if (std::isfinite(e.value) && std::isfinite(e.error)) {
    q.value = e.value;
    q.error = e.error;
  } else {
    q.reason = "the run was too short to tell";
  }
  return q;
}

/// D* at window 0 from windows tau, tau/2, tau/4, whose bias grows as tau^2.
void report_bias(io::Results& results, const PointMeans& point, const KmcJob& job,
                 const observe::Axes& axes, const std::string& method) {
  std::array<Estimate, 3> d;
  for (std::size_t k = 0; k < 3; ++k) d[k] = job.outcomes()[k].transport.result(axes).d_tracer;
  const auto fit = kmc::extrapolate_window(d);
  const auto set = [&](const std::string& name, const Estimate& e) {
    results.set(name, quantity(point, scaled(e, cm2_per_A2), "cm2/s", method));
  };
  set("D_tracer_without_bias", fit.limit);
  set("D_tracer_bias", fit.bias);
  log::info(fmt::format("bias of D* at window {:.3g} s: {:.2g} +- {:.2g} % ({})", job.window_s(),
                        100.0 * fit.bias.value / fit.limit.value,
                        100.0 * fit.bias.error / fit.limit.value,
                        fit.resolved ? "resolved" : "unresolved: smaller than its error"));
}

void write_ensemble(const std::string& folder, const KmcSystem& system,
                    const std::vector<KmcNumbers>& all) {
  Table table;
  for (const auto& [name, unit] :
       std::vector<std::pair<std::string, std::string>>{{"temperature", "K"},
                                                        {"voltage", "V"},
                                                        {"x", ""},
                                                        {"replica", ""},
                                                        {"hops", ""},
                                                        {"simulated", "s"},
                                                        {"D_tracer", "cm2/s"},
                                                        {"D_tracer_error", "cm2/s"},
                                                        {"D_J", "cm2/s"},
                                                        {"D_J_error", "cm2/s"},
                                                        {"f", ""},
                                                        {"f_error", ""},
                                                        {"haven_ratio", ""},
                                                        {"haven_ratio_error", ""},
                                                        {"state_hash", ""},
                                                        {"folder", ""}})
    table.add_column(name, unit);
  const auto number = [](double x) { return std::isfinite(x) ? std::optional(x) : std::nullopt; };
  for (const KmcMember& m : system.members()) {
    const KmcNumbers& n = all[m.number];
    std::vector<Cell> row{
        m.temperature_K,
        m.voltage_V,
        static_cast<double>(n.ions) / system.formula_units(),
        static_cast<double>(m.number % static_cast<std::uint64_t>(system.file().replicas)),
        static_cast<double>(n.hops),
        n.time_s};
    for (const auto& [e, unit] :
         {std::pair(n.d_tracer, cm2_per_A2), {n.d_jump, cm2_per_A2}, {n.f, 1.0}, {n.haven, 1.0}}) {
      row.push_back(number(unit * e.value));
      row.push_back(number(unit * e.error));
    }
    row.push_back(fmt::format("{:016x}", n.hash));
    row.push_back("members/" + m.name(system.file().replicas));
    table.add_row(std::move(row));
  }
  io::write_csv(std::filesystem::path(folder) / "ensemble.csv", table);
}

/// One number for the last states of all trajectories.
std::uint64_t hash_of(const std::vector<KmcNumbers>& all) {
  if (all.size() == 1) return all[0].hash;
  std::string text;
  for (const KmcNumbers& n : all) text += hex(n.hash);
  return fnv1a64(text);
}

}  // namespace

KmcNumbers numbers_of(const KmcSystem& system, const KmcMember& member, const KmcOutcome& outcome) {
  const auto result = outcome.transport.result(system.file().axes);
  return {member.number,
          outcome.hash,
          outcome.transport.n_ions(),
          outcome.done.hops,
          outcome.hops_in_basins,
          outcome.done.time_s,
          outcome.wall_s,
          result.d_tracer,
          result.d_jump,
          result.f,
          result.haven};
}

void report_kmc(const std::string& folder, const KmcSystem& system,
                const std::vector<KmcNumbers>& all, const parallel::Session& session,
                const KmcJob* job) {
  io::Results results = io::Results::open(folder, "kmc");
  results.inputs(system.file().inputs);
  results.overrides(system.file().overrides);
  results.seed(system.file().seed);
  results.text("state_hash", hex(hash_of(all)));
  const auto points = means(system, all);
  const std::string how = method(system, job);
  const auto set = [&](const std::string& name, Estimate PointMeans::*which, double factor,
                       const std::string& unit) {
    std::vector<io::Quantity> list;
    for (const PointMeans& p : points)
      list.push_back(quantity(p, scaled(p.*which, factor), unit, how));
    list.size() == 1 ? results.set(name, list[0]) : results.set(name, list);
  };
  set("D_tracer", &PointMeans::d_tracer, cm2_per_A2, "cm2/s");
  set("D_J", &PointMeans::d_jump, cm2_per_A2, "cm2/s");
  set("tracer_correlation_factor", &PointMeans::f, 1.0, "");
  set("haven_ratio", &PointMeans::haven, 1.0, "");
  if (system.file().measure_bias) report_bias(results, points[0], *job, system.file().axes, how);
  if (all.size() > 1) write_ensemble(folder, system, all);
  double hops = 0.0, in_basins = 0.0, simulated_s = 0.0, wall_s = 0.0;
  for (const KmcNumbers& n : all) {
    hops += static_cast<double>(n.hops);
    in_basins += n.hops_in_basins;
    simulated_s += n.time_s;
    wall_s += n.wall_s;
  }
  results.run_info("ranks", session.size());
  results.run_info("hops", hops);
  if (!system.file().tiles) results.run_info("hops_in_basins", in_basins);
  results.run_info("simulated_s", simulated_s);
  results.run_info("kmc_wall_s", wall_s);
  results.save();
  log::info(fmt::format("{:.0f} hops in {:.3g} s of simulated time, {} trajectories of {} ions",
                        hops, simulated_s, all.size(), all[0].ions));
}

}  // namespace lithiate::apps
