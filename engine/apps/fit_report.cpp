#include "apps/fit_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/table.hpp"
#include "io/table_file.hpp"

namespace lithiate::apps {
namespace {

using expansion::FitReport;
using io::FitJob;
using io::Quantity;

const std::string energy_unit = "eV/f.u.";

Quantity score(const FitJob& job, double value, const std::string& method) {
  Quantity q;
  q.value = value;
  q.unit = energy_unit;
  q.method = method;
  q.role = "predicted";
  q.words["expansion"] = job.name;
  q.numbers["structures"] = static_cast<double>(job.points.size());
  return q;
}

std::string folds_text(const FitJob& job) {
  return job.config.folds == 0 ? "leave one out" : fmt::format("{}-fold", job.config.folds);
}

std::vector<Quantity> formation_energies(const FitJob& job, const FitReport& report) {
  std::vector<Quantity> all;
  for (const expansion::GroundState& g : report.ground_states) {
    Quantity q;
    q.value = g.predicted_eV;
    q.error = report.cv_score_nested_eV;
    q.unit = energy_unit;
    q.method = "cluster expansion '" + job.name + "' of the DFT ground state at this x";
    q.role = "calibrated";
    q.numbers = {{"x", g.x}, {"dft", g.dft_eV}, {"order_error_eV", g.order_error_eV}};
    q.words = {{"expansion", job.name},
               {"structure", job.points[static_cast<std::size_t>(g.dft)].name},
               {"predicted_lowest", job.points[static_cast<std::size_t>(g.predicted)].name}};
    all.push_back(std::move(q));
  }
  return all;
}

std::vector<Quantity> excluded(const FitJob& job) {
  std::vector<Quantity> all;
  for (const io::Excluded& e : job.training.excluded) {
    Quantity q;
    q.reason = e.reason;
    q.method = "mapping on the ideal sites of '" + job.basis.prim.name + "'";
    q.role = "input";
    q.words = {{"name", e.name}, {"expansion", job.name}};
    all.push_back(std::move(q));
  }
  return all;
}

Table structure_table(const FitJob& job, const FitReport& report) {
  Table table;
  table.add_column("name");
  table.add_column("x");
  for (const char* column : {"dft", "fitted", "held_out"}) table.add_column(column, energy_unit);
  table.add_column("weight");
  table.add_column("strain");
  table.add_column("rms_displacement", "A");
  table.add_column("max_displacement", "A");
  for (std::size_t i = 0; i < job.points.size(); ++i) {
    const auto k = static_cast<long>(i);
    const auto& m = job.training.entries[i].mapping;
    table.add_row({job.points[i].name, job.points[i].x, job.points[i].energy_eV,
                   report.predicted_eV[k], report.held_out_eV[k], report.weights[k], m.strain,
                   m.rms_displacement_A, m.max_displacement_A});
  }
  return table;
}

Table eci_table(const FitJob& job, const FitReport& report) {
  Table table;
  table.add_column("function");
  table.add_column("multiplicity");
  table.add_column("eci", "eV");
  table.add_column("description");
  for (std::size_t alpha = 0; alpha < job.basis.size(); ++alpha)
    table.add_row({static_cast<double>(alpha), static_cast<double>(job.basis.multiplicity(alpha)),
                   report.coefficients[static_cast<long>(alpha)], job.basis.describe(alpha)});
  return table;
}

}  // namespace

std::string fit_summary(const FitJob& job, const FitReport& report) {
  int kept = 0;
  for (const auto& g : report.ground_states) kept += g.kept();
  return fmt::format(
      "{}: {} structures used, {} refused; {}, {} of {} functions; rmse {:.1f}, CV {:.1f}, nested "
      "CV "
      "{:.1f} meV/f.u.; lowest structure kept at {} of {} compositions",
      job.name, job.points.size(), job.training.excluded.size(), describe(report.chosen),
      report.n_used, job.basis.size(), 1e3 * report.rmse_eV, 1e3 * report.cv_score_eV,
      1e3 * report.cv_score_nested_eV, kept, report.ground_states.size());
}

io::ExpansionFile expansion_file(const FitJob& job, const FitReport& report) {
  io::ExpansionFile file;
  file.expansion = {job.basis, report.coefficients, report.posterior.samples};
  file.numbers = {{"x_trained_min", job.training.x_min()},
                  {"x_trained_max", job.training.x_max()},
                  {"reference_empty_eV_per_fu", job.training.empty_eV_per_fu},
                  {"reference_full_eV_per_fu", job.training.full_eV_per_fu},
                  {"structures", static_cast<double>(job.points.size())},
                  {"prims_per_fu", job.prims_per_fu},
                  {"rmse_eV_per_fu", report.rmse_eV},
                  {"cv_score_eV_per_fu", report.cv_score_eV},
                  {"cv_score_nested_eV_per_fu", report.cv_score_nested_eV}};
  file.words = {{"name", job.name},
                {"role", "calibrated"},
                {"method", describe(report.chosen)},
                {"cross_validation", folds_text(job)},
                {"energy_zero", "formation energies from " + job.training.empty_name + " and " +
                                    job.training.full_name}};
  return file;
}

void set_fit_quantities(io::Results& results, const std::vector<FitJob>& jobs,
                        const std::vector<FitReport>& reports) {
  std::vector<Quantity> cv, nested, rmse, energies, refused;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string folds = folds_text(jobs[i]);
    cv.push_back(
        score(jobs[i], reports[i].cv_score_eV, folds + ", setting chosen on the same folds"));
    nested.push_back(score(jobs[i], reports[i].cv_score_nested_eV,
                           folds + ", setting chosen anew inside every fold"));
    rmse.push_back(score(jobs[i], reports[i].rmse_eV, "of the training set itself"));
    rmse.back().role = "calibrated";
    for (Quantity& q : formation_energies(jobs[i], reports[i])) energies.push_back(std::move(q));
    for (Quantity& q : excluded(jobs[i])) refused.push_back(std::move(q));
  }
  const auto set = [&](const std::string& name, const std::vector<Quantity>& all) {
    if (all.size() == 1 && name != "excluded")
      results.set(name, all.front());
    else
      results.set(name, all);
  };
  set("cv_score", cv);
  set("cv_score_nested", nested);
  set("fit_rmse", rmse);
  results.set("formation_energies", energies);
  set("excluded", refused);
}

void write_fit_tables(const std::filesystem::path& folder, const std::vector<FitJob>& jobs,
                      const std::vector<FitReport>& reports) {
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    io::write_csv(folder / ("fit_" + jobs[i].name + ".csv"), structure_table(jobs[i], reports[i]));
    io::write_csv(folder / ("eci_" + jobs[i].name + ".csv"), eci_table(jobs[i], reports[i]));
  }
}

}  // namespace lithiate::apps
