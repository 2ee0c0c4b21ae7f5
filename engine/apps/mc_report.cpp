#include "apps/mc_report.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "io/results.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

using Method = io::McFile::Method;
using Ensemble = io::McFile::Ensemble;
using observe::Estimate;

std::string method_name(const io::McFile& file) {
  const std::string ensemble = file.ensemble == Ensemble::canonical    ? "canonical"
                               : file.ensemble == Ensemble::semi_grand ? "semi-grand"
                                                                       : "neutral semi-grand";
  return ensemble + (file.method == Method::metropolis  ? " Metropolis"
                     : file.method == Method::tempering ? " parallel tempering"
                                                        : " Wang-Landau");
}

/// What the numbers rest on beside the model.
std::string assumption(const io::McFile& file) {
  std::string text = "one periodic cell of fixed size and phase";
  if (file.ensemble == Ensemble::neutral)
    text += "; whole charges on sites, total charge zero in every state";
  if (file.method == Method::wang_landau)
    text += fmt::format("; errors from {} independent runs, levels that no run met left out",
                        file.runs);
  return text;
}

io::Quantity quantity(const io::McFile& file, const Estimate& e, const std::string& unit,
                      std::map<std::string, double> numbers) {
  io::Quantity q;
  q.value = e.value;
  q.error = e.error;
  q.unit = unit;
  q.method = method_name(file);
  q.role = "calibrated";
  q.numbers = std::move(numbers);
  if (file.method != Method::metropolis || file.ensemble == Ensemble::neutral)
    q.words = {{"assumes", assumption(file)}};
  return q;
}

Table points_table(const io::McFile& file, const McResult& result) {
  Table table;
  for (const char* name : {"temperature", "mu", "x", "x_error", "energy", "energy_error",
                           "variance_n", "sweeps", "acceptance", "equilibrated"})
    table.add_column(name, std::string(name) == "temperature"        ? "K"
                           : std::string(name) == "mu"               ? "eV"
                           : std::string(name).starts_with("energy") ? "eV/f.u."
                                                                     : "");
  for (const std::string& name : result.species) {
    table.add_column("n_" + name);
    table.add_column("n_" + name + "_error");
  }
  for (const mc::StatePoint& p : result.points) {
    const std::optional<double> mu =
        file.ensemble == Ensemble::semi_grand ? std::optional(p.mu_eV) : std::nullopt;
    std::vector<Cell> row{p.temperature_K,    mu,
                          p.x.value,          p.x.error,
                          p.energy_eV.value,  p.energy_eV.error,
                          p.variance_n.value, static_cast<double>(p.sweeps),
                          p.acceptance,       std::string(p.equilibrated ? "yes" : "no")};
    for (const Estimate& e : p.species) {
      row.emplace_back(e.value);
      row.emplace_back(e.error);
    }
    table.add_row(std::move(row));
  }
  return table;
}

void add_points(io::Results& results, const io::McFile& file, const McResult& result) {
  std::vector<io::Quantity> energies, compositions;
  for (const mc::StatePoint& p : result.points) {
    energies.push_back(
        quantity(file, p.energy_eV, "eV/f.u.",
                 {{"x", p.x.value}, {"x_error", p.x.error}, {"temperature_K", p.temperature_K}}));
    for (std::size_t k = 0; k < p.species.size(); ++k) {
      compositions.push_back(
          quantity(file, p.species[k], "1/f.u.", {{"temperature_K", p.temperature_K}}));
      compositions.back().words["species"] = result.species[k];
    }
  }
  results.set("formation_energy", energies);
  if (!compositions.empty()) results.set("composition", compositions);
}

Table ladders_table(const io::McFile& file, const McResult& result) {
  const std::string unit = file.along_voltage ? "V" : "K";
  Table table;
  table.add_column("ladder");
  table.add_column("from", unit);
  table.add_column("to", unit);
  table.add_column("swap_acceptance");
  table.add_column("rounds");
  table.add_column("round_trips");
  for (std::size_t k = 0; k < result.ladders.size(); ++k) {
    const LadderResult& ladder = result.ladders[k];
    for (std::size_t r = 0; r + 1 < ladder.rungs.size(); ++r)
      table.add_row({static_cast<double>(k), ladder.rungs[r], ladder.rungs[r + 1],
                     ladder.done.swap_acceptance[r], static_cast<double>(ladder.done.rounds),
                     static_cast<double>(ladder.done.round_trips)});
  }
  return table;
}

/// Where a ladder or a density stands, for results.json.
std::map<std::string, double> place(std::optional<double> x, std::optional<double> mu_eV) {
  std::map<std::string, double> numbers;
  if (x) numbers["x"] = *x;
  if (mu_eV) numbers["mu_eV"] = *mu_eV;
  return numbers;
}

void add_ladders(io::Results& results, const io::McFile& file, const McResult& result) {
  std::vector<io::Quantity> trips;
  for (const LadderResult& ladder : result.ladders) {
    auto numbers = place(ladder.x, ladder.mu_eV);
    if (file.along_voltage) numbers["temperature_K"] = ladder.temperature_K;
    numbers["rounds"] = static_cast<double>(ladder.done.rounds);
    io::Quantity q =
        quantity(file, {.value = static_cast<double>(ladder.done.round_trips)}, "", numbers);
    q.error.reset();
    trips.push_back(std::move(q));
    if (ladder.done.round_trips < 10)
      log::warning(
          fmt::format("tempering: {} round trips, expected 10 or more: set more rungs or "
                      "tempering.sweeps",
                      ladder.done.round_trips));
  }
  results.set("round_trips", trips);
}

/// A quantity of mc::ThermodynamicPoint.
struct Member {
  const char *name, *unit;
  Estimate mc::ThermodynamicPoint::*estimate;
};
const Member members[] = {{"x", "", &mc::ThermodynamicPoint::x},
                          {"free_energy", "eV/f.u.", &mc::ThermodynamicPoint::free_energy_eV},
                          {"potential", "eV/f.u.", &mc::ThermodynamicPoint::P_eV},
                          {"entropy", "k_B/f.u.", &mc::ThermodynamicPoint::entropy_kB},
                          {"heat_capacity", "k_B/f.u.", &mc::ThermodynamicPoint::heat_capacity_kB}};

void write_thermodynamics(io::Results& results, const std::filesystem::path& folder,
                          const io::McFile& file, const McResult& result) {
  Table table;
  table.add_column("temperature", "K");
  table.add_column("mu", "eV");
  std::map<std::string, std::vector<io::Quantity>> quantities;
  for (const Member& m : members) {
    table.add_column(m.name, m.unit);
    table.add_column(std::string(m.name) + "_error", m.unit);
  }
  for (const DensityResult& density : result.densities)
    for (const double T_K : file.temperature_K) {
      const auto point = thermodynamic_point(density.runs, T_K, result.formula_units);
      auto numbers = place(density.x, density.mu_eV);
      numbers["temperature_K"] = T_K;
      std::vector<Cell> row{T_K, density.mu_eV};
      for (const Member& m : members) {
        const Estimate& e = point.*m.estimate;
        row.emplace_back(e.value);
        row.emplace_back(e.error);
        if (std::string(m.name) != "x")
          quantities[m.name].push_back(quantity(file, e, m.unit, numbers));
      }
      table.add_row(std::move(row));
    }
  for (const auto& [name, list] : quantities) results.set(name, list);
  io::write_csv(folder / "thermodynamics.csv", table);
}

Table densities_table(const McResult& result) {
  Table table;
  table.add_column("x");
  table.add_column("mu", "eV");
  table.add_column("run");
  table.add_column("potential", "eV");
  table.add_column("log_g");
  for (const DensityResult& density : result.densities)
    for (std::size_t r = 0; r < density.runs.size(); ++r)
      for (const auto& level : density.runs[r].levels)
        table.add_row({density.x, density.mu_eV, static_cast<double>(r), level.P_eV, level.log_g});
  return table;
}

void warn_of_short_runs(const McResult& result) {
  for (const DensityResult& density : result.densities)
    for (const auto& run : density.runs)
      if (!run.converged)
        log::warning(
            fmt::format("Wang-Landau: ln f is {:.2g} after {} sweeps, above final_ln_f: "
                        "raise wang_landau.max_sweeps or bin_eV",
                        run.ln_f, run.sweeps));
}

}  // namespace

void write_mc(const std::string& folder, const io::McFile& file, const McResult& result) {
  const std::filesystem::path path(folder);
  io::Results results = io::Results::open(folder, "mc");
  results.inputs(file.inputs);
  results.overrides(file.overrides);
  results.seed(file.seed);
  std::string files = "mc.csv";
  if (file.method == Method::wang_landau) {
    warn_of_short_runs(result);
    write_thermodynamics(results, path, file, result);
    io::write_csv(path / "density_of_states.csv", densities_table(result));
    files = "thermodynamics.csv, density_of_states.csv";
  } else {
    add_points(results, file, result);
    io::write_csv(path / "mc.csv", points_table(file, result));
  }
  if (file.method == Method::tempering) {
    add_ladders(results, file, result);
    io::write_csv(path / "tempering.csv", ladders_table(file, result));
    files += ", tempering.csv";
  }
  results.save();
  log::info("wrote " + folder + "/" + files + ", results.json");
}

}  // namespace lithiate::apps
