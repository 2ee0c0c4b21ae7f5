#include "apps/run_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "analysis/figures.hpp"
#include "expansion/hull.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

namespace fs = std::filesystem;
using analysis::Figure;
using analysis::Trace;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

std::string text_at(const Table& table, std::size_t row, const std::string& column) {
  const Cell& cell = table.rows[row][table.column(column)];
  const auto* text = std::get_if<std::string>(&cell);
  return text ? *text : std::string();
}

double number_at(const Table& table, std::size_t row, const std::string& column) {
  return table.number(row, table.column(column)).value_or(nothing);
}

/// Traces by "curve, phase, temperature" in order of appearance.
class TraceGroups {
 public:
  Trace& of(const std::string& key, const std::string& name) {
    const auto [at, fresh] = index_.try_emplace(key, traces_.size());
    if (fresh) traces_.push_back({name, {}, {}, {}});
    return traces_[at->second];
  }
  const std::vector<Trace>& traces() const { return traces_; }

 private:
  std::map<std::string, std::size_t> index_;
  std::vector<Trace> traces_;
};

void add(Trace& trace, double x, double y, double error) {
  trace.x.push_back(x);
  trace.y.push_back(y);
  trace.error.push_back(std::isfinite(error) ? error : 0.0);
}

/// A plateau of V(x): two neighbours of the equilibrium curve at one voltage.
void find_two_phase(const Trace& trace, std::vector<analysis::TwoPhase>& all) {
  constexpr double same_V = 1e-9, wide = 0.02;
  for (std::size_t i = 1; i < trace.x.size(); ++i)
    if (std::abs(trace.y[i] - trace.y[i - 1]) < same_V && trace.x[i] - trace.x[i - 1] > wide)
      all.push_back({trace.x[i - 1], trace.x[i], "two phases"});
}

Figure voltage_figure_of(const Table& table) {
  TraceGroups insertion, removal, equilibrium, zero;
  double capacity = 0.0;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string curve = text_at(table, i, "curve"), phase = text_at(table, i, "phase");
    const double T = number_at(table, i, "temperature"), x = number_at(table, i, "x");
    const double V = number_at(table, i, "voltage");
    const std::string key = fmt::format("{} {}", phase, T);
    if (x > 0.1) capacity = number_at(table, i, "capacity") / x;
    if (curve == "insertion")
      add(insertion.of(key, "insertion, " + phase), x, V, number_at(table, i, "x_error"));
    else if (curve == "removal")
      add(removal.of(key, "removal, " + phase), x, V, number_at(table, i, "x_error"));
    else if (curve == "equilibrium")
      add(equilibrium.of(fmt::format("{}", T), fmt::format("equilibrium, {:g} K", T)), x, V,
          number_at(table, i, "x_error"));
    else
      add(zero.of("DFT", "0 K, DFT hull"), x, V, 0.0);
  }
  analysis::VoltageFigure data;
  data.title = "Voltage against lithium metal";
  data.insertion = insertion.traces();
  data.removal = removal.traces();
  data.equilibrium = equilibrium.traces();
  data.zero_kelvin = zero.traces();
  data.capacity_mAh_per_g = capacity;
  for (const Trace& t : data.equilibrium) find_two_phase(t, data.two_phase);
  return {
      voltage_figure(data),
      "V(x): sweeps of the chemical potential in each phase (insertion, removal), the equilibrium "
      "curve from the free energies, and the steps of the DFT hull at 0 K."};
}

Figure dqdv_figure_of(const Table& table) {
  TraceGroups groups;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const double T = number_at(table, i, "temperature");
    add(groups.of(fmt::format("{}", T), fmt::format("{:g} K", T)), number_at(table, i, "voltage"),
        number_at(table, i, "dQ_dV"), number_at(table, i, "dQ_dV_error"));
  }
  analysis::DqdvFigure data;
  data.title = "Differential capacity";
  data.curves = groups.traces();
  return {dqdv_figure(data), "-dQ/dV of the equilibrium curve; plateaus are broadened by kT."};
}

Trace column_trace(const Table& table, const std::string& name) {
  Trace trace{name, {}, {}, {}};
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    add(trace, number_at(table, i, "x"), number_at(table, i, name),
        number_at(table, i, name + "_error"));
  return trace;
}

constexpr double meV = 1000.0;

Figure parity_of(const Table& table, const std::string& name) {
  analysis::ParityFigure data;
  data.title = "Fit against DFT, " + name;
  data.in_sample.name = "fitted";
  data.held_out.name = "held out (nested)";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const double dft = meV * number_at(table, i, "dft");
    add(data.in_sample, dft, meV * number_at(table, i, "fitted"), 0.0);
    add(data.held_out, dft, meV * number_at(table, i, "held_out"), 0.0);
  }
  return {parity_figure(data), "Formation energies: expansion '" + name +
                                   "' against DFT, for the training set itself and for structures "
                                   "left out of the fit."};
}

Trace hull_of(const Trace& points, const std::string& name) {
  std::vector<expansion::HullPoint> all;
  for (std::size_t i = 0; i < points.x.size(); ++i) all.push_back({points.x[i], points.y[i]});
  Trace hull{name, {}, {}, {}};
  const expansion::LowerHull lower(all);
  for (const int i : lower.vertices())
    add(hull, points.x[static_cast<std::size_t>(i)], points.y[static_cast<std::size_t>(i)], 0.0);
  return hull;
}

Figure hull_figure_of(const Table& table, const std::string& name) {
  analysis::HullFigure data;
  data.title = "Formation energies, " + name;
  data.dft.name = "DFT";
  data.predicted.name = "expansion";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    add(data.dft, number_at(table, i, "x"), meV * number_at(table, i, "dft"), 0.0);
    add(data.predicted, number_at(table, i, "x"), meV * number_at(table, i, "fitted"), 0.0);
  }
  data.dft_hull = hull_of(data.dft, "DFT hull");
  data.predicted_hull = hull_of(data.predicted, "expansion hull");
  return {hull_figure(data),
          "Formation energies of the training set with the lower hulls of DFT and "
          "of the expansion '" +
              name + "'."};
}

}  // namespace

std::vector<Figure> voltage_figures(const fs::path& folder) {
  std::vector<Figure> all;
  if (fs::exists(folder / "voltage.csv"))
    all.push_back(voltage_figure_of(io::read_csv(folder / "voltage.csv")));
  if (fs::exists(folder / "dqdv.csv"))
    all.push_back(dqdv_figure_of(io::read_csv(folder / "dqdv.csv")));
  return all;
}

std::vector<Figure> diffusion_figures(const fs::path& folder) {
  if (!fs::exists(folder / "diffusion.csv")) return {};
  const Table table = io::read_csv(folder / "diffusion.csv");
  analysis::DiffusionFigure data;
  data.title = "Lithium diffusion";
  data.tracer = column_trace(table, "D_tracer");
  data.jump = column_trace(table, "D_J");
  data.chemical = column_trace(table, "D_chem");
  return {
      {diffusion_figure(data),
       "D*, D_J and D_chem = Theta D_J with standard errors; points without D_chem lie inside a "
       "two-phase region."}};
}

std::vector<Figure> fit_figures(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("fit_") && name.ends_with(".csv")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Figure> all;
  for (const fs::path& file : files) {
    const Table table = io::read_csv(file);
    const std::string name = file.stem().string().substr(4);
    all.push_back(parity_of(table, name));
    all.push_back(hull_figure_of(table, name));
  }
  return all;
}

std::string folder_warning(const fs::path& folder) {
  std::ifstream in(folder / "warning.txt");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace lithiate::apps
