#include "io/mc_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/units.hpp"

namespace lithiate::io {
namespace {

using Method = McFile::Method;
using Ensemble = McFile::Ensemble;

constexpr long long most_sweeps = 1'000'000'000'000;

/// Species of all sites of the phase, free or not.
std::vector<std::string> species_of(const PhaseChoice& cell) {
  std::vector<std::string> names;
  for (const auto& site : cell.chosen().expansion.basis.prim.sites)
    names.insert(names.end(), site.allowed.begin(), site.allowed.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// The name of a key of a table by species, in the spelling used inside.
std::string species_key(const Input& table, const std::string& key,
                        const std::vector<std::string>& known) {
  const std::string name = crystal::canonical_species(key);
  if (std::find(known.begin(), known.end(), name) == known.end())
    table.fail(key, "expected one of the species " + joined(known) + did_you_mean(name, known));
  return name;
}

void read_neutral(const Input& input, McFile& file) {
  if (!file.x.empty() || !file.voltage_V.empty())
    input.fail(file.x.empty() ? "voltage_V" : "x",
               "expected [chemical_potentials_eV] alone with ensemble = \"neutral-semi-grand\"");
  const auto known = species_of(file.cell);
  const Input potentials = input.table("chemical_potentials_eV");
  for (const std::string& key : potentials.keys())
    file.mu_eV[species_key(potentials, key, known)] = potentials.number(key);
  if (file.mu_eV.empty())
    input.fail("chemical_potentials_eV", "expected the chemical potential of at least one species");
  if (const auto charges = input.optional_table("oxidation_states"))
    for (const std::string& key : charges->keys())
      file.oxidation_states[species_key(*charges, key, known)] =
          static_cast<int>(charges->integer(key, Range(-8, 8)));
}

void read_ensemble(const Input& input, McFile& file) {
  read_points(input, file.x, file.voltage_V);
  const bool neutral =
      input.has("ensemble") &&
      input.choice("ensemble", {"canonical", "semi-grand", "neutral-semi-grand"}) == 2;
  if (neutral) {
    file.ensemble = Ensemble::neutral;
    file.where = input.where("ensemble");
    return read_neutral(input, file);
  }
  require_points(input, file.x, file.voltage_V);
  file.ensemble = file.x.empty() ? Ensemble::semi_grand : Ensemble::canonical;
  const std::string named = file.x.empty() ? "semi-grand" : "canonical";
  if (input.text("ensemble", named) != named)
    input.fail("ensemble", "expected '" + named + "' with " + (file.x.empty() ? "voltage_V" : "x"));
  for (const double x : file.x) require_composition(input, "x", x, file.cell.material);
}

void read_tempering(const Input& input, McFile& file) {
  if (const auto table = input.optional_table("tempering")) {
    auto& c = file.tempering;
    c.sweeps = table->integer("sweeps", c.sweeps, Range(100, most_sweeps));
    c.sweeps_per_swap = table->integer("sweeps_per_swap", c.sweeps_per_swap, Range(1, most_sweeps));
    if (10 * c.sweeps_per_swap > c.sweeps)
      table->fail(table->has("sweeps_per_swap") ? "sweeps_per_swap" : "sweeps",
                  "expected at least ten attempts: sweeps >= 10 sweeps_per_swap");
    file.along_voltage = table->choice("along", {"temperature", "voltage"}) == 1;
    if (file.along_voltage && file.ensemble != Ensemble::semi_grand)
      table->fail("along", "expected 'temperature', because there are no voltages");
  }
  const std::string key = file.along_voltage ? "voltage_V" : "temperature_K";
  const auto& rungs = file.along_voltage ? file.voltage_V : file.temperature_K;
  const bool rises =
      std::adjacent_find(rungs.begin(), rungs.end(), std::greater_equal<>()) == rungs.end();
  const bool falls =
      std::adjacent_find(rungs.begin(), rungs.end(), std::less_equal<>()) == rungs.end();
  if (rungs.size() < 2 || !(rises || falls))
    input.fail(key, "expected the rungs of a ladder: two or more values that rise or fall");
}

void read_wang_landau(const Input& input, McFile& file) {
  if (file.ensemble == Ensemble::neutral)
    input.fail("method", "expected 'metropolis' or 'tempering' with the neutral ensemble");
  if (const auto table = input.optional_table("wang_landau")) {
    auto& c = file.wang_landau;
    c.bin_eV = table->positive("bin_eV", c.bin_eV);
    c.final_ln_f = table->positive("final_ln_f", c.final_ln_f);
    if (!(c.final_ln_f >= 1e-10 && c.final_ln_f <= 1e-3))
      table->fail("final_ln_f", "expected 1e-10 to 1e-3");
    c.max_sweeps = table->integer("max_sweeps", c.max_sweeps, Range(100, most_sweeps));
    file.runs = static_cast<int>(table->integer("runs", file.runs, Range(2, 1000)));
  }
  const double kT_eV =
      k_B * *std::min_element(file.temperature_K.begin(), file.temperature_K.end());
  if (file.wang_landau.bin_eV > kT_eV)
    input.fail(input.has("wang_landau") ? "wang_landau" : "temperature_K",
               fmt::format("bin_eV = {}: expected at most kT of the lowest temperature, {:.3g} eV",
                           file.wang_landau.bin_eV, kT_eV));
}

}  // namespace

McFile read_mc_file(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
  const ReadScope scope;
  const Input input = Input::read(path, overrides);
  McFile file;
  file.path = path;
  file.overrides = overrides;
  file.temperature_K = read_temperatures(input);
  file.seed = input.seed();
  file.cell = read_phase_choice(input);
  read_ensemble(input, file);
  file.method =
      static_cast<Method>(input.choice("method", {"metropolis", "tempering", "wang-landau"}));
  switch (file.method) {
    case Method::metropolis:
      file.sampling = read_sampling(input);
      break;
    case Method::tempering:
      read_tempering(input, file);
      break;
    case Method::wang_landau:
      read_wang_landau(input, file);
      break;
  }
  input.finish();
  file.inputs = scope.files();
  return file;
}

}  // namespace lithiate::io
