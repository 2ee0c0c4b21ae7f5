#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <iostream>

#include "analysis/check_glides.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "io/expansion_file.hpp"
#include "io/fit_file.hpp"
#include "io/model_file.hpp"
#include "io/run_settings.hpp"

namespace lithiate::apps {
namespace {

/// The expansion files still reproduce their training set, if the fit file lies beside the model.
std::vector<analysis::ModelCheck> training_checks(const std::filesystem::path& model_file) {
  std::vector<analysis::ModelCheck> all;
  const auto fit_file = model_file.parent_path() / "fit.toml";
  if (!std::filesystem::exists(fit_file)) return all;
  for (const io::FitJob& job : io::read_fit_file(fit_file)) {
    const io::ExpansionFile file = io::read_expansion(model_file.parent_path() / job.output);
    double squares = 0.0;
    for (std::size_t i = 0; i < job.points.size(); ++i) {
      const double fitted =
          energy_eV_per_prim(file.expansion, job.training.entries[i].mapping.decoration) *
          job.prims_per_fu;
      squares += std::pow(fitted - job.points[i].energy_eV, 2);
    }
    const double rmse = std::sqrt(squares / static_cast<double>(job.points.size()));
    all.push_back({job.name, "training energies are met as the fit reported",
                   std::abs(rmse - file.number("rmse_eV_per_fu")), 1e-6, "eV/f.u."});
  }
  return all;
}

void print_hops(const model::Material& material) {
  for (const model::Phase& phase : material.phases) {
    if (!phase.hops) continue;
    fmt::print("\nhop classes of phase {} ({}: {})\n", phase.name, phase.hops_role,
               phase.hops_source);
    for (std::size_t k = 0; k < phase.hops->classes.size(); ++k) {
      const auto& c = phase.hops->classes[k];
      fmt::print("{:>3}  {:.4f} A  {:>2} bonds per host cell  E_KRA {:.3f} eV  {}\n", k,
                 c.distance_A, c.bonds_per_host_cell, c.e_kra_eV, c.description);
      for (std::size_t o = 0; o < c.local.size(); ++o)
        fmt::print("     local orbit {}: {}  E_KRA {:+.4f} eV  ln(prefactor) {:+.3f}\n", o,
                   c.local[o].description, c.local[o].e_kra_eV, c.local[o].ln_prefactor);
    }
  }
}

int run(const Options& options) {
  const std::filesystem::path file = options.arguments.front();
  const model::Material material = io::read_material(file, options.set);
  const double temperature_K = options.number("temperature", 600.0);
  if (!(temperature_K >= io::least_temperature_K && temperature_K <= io::most_temperature_K))
    throw UsageError(fmt::format("--temperature {}: expected {} to {} K", temperature_K,
                                 io::least_temperature_K, io::most_temperature_K));
  auto checks = analysis::check_model(material, temperature_K, options.seed.value_or(1));
  for (auto& c : analysis::check_glides(material, temperature_K, options.seed.value_or(1)))
    checks.push_back(std::move(c));
  for (auto& c : training_checks(file)) checks.push_back(std::move(c));
  int failed = 0;
  for (const auto& c : checks) {
    failed += !c.passed();
    fmt::print("{:<6} {:<10} {:<58} {:.3g} (limit {:.3g} {})\n", c.passed() ? "ok" : "FAILED",
               c.phase, c.law, c.value, c.limit, c.unit);
  }
  if (options.verbose) print_hops(material);
  std::cout.flush();
  if (failed > 0) throw CheckError(fmt::format("{} of {} checks failed", failed, checks.size()));
  return 0;
}

}  // namespace

Verb check_verb() {
  return {{"check",
           "MODEL",
           1,
           1,
           "proves a model's identities and detailed balance",
           "  lithiate check potentials/LixVCl3/model.toml\n"
           "  lithiate check model.toml -v        # with the hop classes and local orbits of every "
           "phase\n",
           {{"temperature", "of the averages and rates, in K (default 600)", "K"}},
           with_set | with_seed | with_verbose},
          run};
}

}  // namespace lithiate::apps
