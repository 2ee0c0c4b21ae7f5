#include "apps/diffusion_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "core/log.hpp"
#include "io/run_settings.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

using analysis::DiffusionPoint;
using io::Quantity;
using observe::Estimate;

/// Barriers that are inputs make D an input-driven number; its role is that of the weakest link.
constexpr const char* role = "calibrated";

bool finite(const Estimate& e) { return std::isfinite(e.value) && std::isfinite(e.error); }

Quantity quantity(const DiffusionPoint& p, const std::optional<Estimate>& e,
                  const std::string& unit, const std::string& method, const std::string& reason) {
  Quantity q;
  q.unit = unit;
  q.method = method;
  q.role = role;
  q.numbers = {{"x", p.x}, {"temperature_K", p.temperature_K}};
  q.words = {{"phase", p.phase}, {"metastable", p.metastable ? "yes" : "no"}};
  if (e && finite(*e)) {
    q.value = e->value;
    q.error = e->error;
    const observe::Interval i = observe::interval_95(*e);
    if (std::isfinite(i.low) && std::isfinite(i.high)) {
      q.numbers["low_95"] = i.low;
      q.numbers["high_95"] = i.high;
    }
  } else {
    q.reason = reason.empty() ? "the run was too short to tell" : reason;
  }
  return q;
}

using Get = std::function<std::optional<Estimate>(const DiffusionPoint&)>;

void set_list(io::Results& results, const std::string& name, const std::string& unit,
              const std::string& method, const std::vector<DiffusionPoint>& points,
              const Get& get) {
  std::vector<Quantity> list;
  for (const DiffusionPoint& p : points)
    list.push_back(quantity(p, get(p), unit, method, p.reason));
  results.set(name, list);
}

std::optional<double> number(const std::optional<Estimate>& e, double Estimate::*member) {
  if (!e || !finite(*e)) return std::nullopt;
  return (*e).*member;
}

Table table_of(const std::vector<DiffusionPoint>& points) {
  Table table;
  table.add_column("temperature", "K");
  table.add_column("x");
  table.add_column("phase");
  for (const char* name : {"D_tracer", "D_J", "D_chem"}) {
    table.add_column(name, "cm2/s");
    table.add_column(std::string(name) + "_error", "cm2/s");
  }
  for (const char* name : {"theta", "f", "f_I", "H_R"}) {
    table.add_column(name);
    table.add_column(std::string(name) + "_error");
  }
  table.add_column("clamped_fraction");
  table.add_column("note");
  for (const DiffusionPoint& p : points) {
    std::vector<Cell> row{p.temperature_K, p.x, p.phase};
    for (const std::optional<Estimate>& e :
         {std::optional(p.D_tracer), std::optional(p.D_J), p.D_chem, p.theta, std::optional(p.f),
          std::optional(p.f_I), std::optional(p.H_R)}) {
      row.push_back(number(e, &Estimate::value));
      row.push_back(number(e, &Estimate::error));
    }
    row.push_back(p.clamped_fraction);
    row.push_back(p.reason);
    table.add_row(std::move(row));
  }
  return table;
}

}  // namespace

std::vector<DiffusionPoint> compute_diffusion(const io::DiffusionFile& file,
                                              const analysis::VoltageRun& voltage,
                                              Journal* journal) {
  return io::at_place(file.where, [&] {
    return run_diffusion(file.voltage.material, voltage.equilibria, file.diffusion, journal);
  });
}

void write_diffusion(const std::filesystem::path& folder, const io::DiffusionFile& file,
                     const std::vector<DiffusionPoint>& points) {
  io::Results results = io::Results::open(folder, "diffusion");
  results.inputs(file.inputs);
  results.overrides(file.overrides);
  results.seed(file.diffusion.seed);
  const std::string barriers = file.voltage.material.phases.front().hops_role;
  const std::string kmc = "exact kinetic Monte Carlo, hop barriers: " + barriers;
  set_list(results, "D_tracer", "cm2/s", kmc, points,
           [](const auto& p) { return std::optional(p.D_tracer); });
  set_list(results, "D_J", "cm2/s", kmc, points,
           [](const auto& p) { return std::optional(p.D_J); });
  set_list(results, "D_chem", "cm2/s", "Theta D_J; " + kmc, points,
           [](const auto& p) { return p.D_chem; });
  set_list(results, "theta", "", "N / var N, semi-grand Monte Carlo", points,
           [](const auto& p) { return p.theta; });
  set_list(results, "tracer_correlation_factor", "", kmc, points,
           [](const auto& p) { return std::optional(p.f); });
  set_list(results, "haven_ratio", "", kmc, points,
           [](const auto& p) { return std::optional(p.H_R); });
  io::write_csv(folder / "diffusion.csv", table_of(points));
  results.save();
  for (const DiffusionPoint& p : points) {
    if (!p.lag_converged)
      log::warning(
          fmt::format("x = {:.3f}: D still depends on the lag; raise kmc.hops_per_ion", p.x));
    if (p.clamped_fraction > 0.01)
      log::warning(fmt::format("x = {:.3f}: {:.1f} % of the hops had a barrier below an end state",
                               p.x, 100.0 * p.clamped_fraction));
  }
}

}  // namespace lithiate::apps
