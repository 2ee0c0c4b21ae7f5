#include "io/hops_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "core/error.hpp"
#include "io/expansion_file.hpp"
#include "io/input.hpp"
#include "io/run_settings.hpp"
#include "model/local_orbits.hpp"

namespace lithiate::io {
namespace {

using model::HopNetwork;
using model::LocalOrbit;
using model::Phase;

constexpr double same_radius_A = 0.02;  // figures in files are rounded to 0.01 A
constexpr double most_ln_prefactor = 100.0, most_e_kra_eV = 10.0;

double read_e_kra_eV(const Input& entry) {
  const double e_kra_eV = entry.number("e_kra_eV");
  if (std::abs(e_kra_eV) > most_e_kra_eV)
    entry.fail("e_kra_eV", fmt::format("expected -{0} to {0} eV", most_e_kra_eV));
  return e_kra_eV;
}

std::string list_of(const std::vector<LocalOrbit>& orbits) {
  std::string text;
  for (std::size_t o = 0; o < orbits.size(); ++o)
    text += fmt::format("\n  {}: {}", o, orbits[o].description);
  return text.empty() ? " none within the cut-offs" : text;
}

void read_orbit(const Input& entry, const std::vector<LocalOrbit>& orbits,
                std::set<std::size_t>& seen, std::vector<model::LocalCoefficient>& found) {
  const auto number = static_cast<std::size_t>(entry.integer("number", Range(0, 1'000'000)));
  const double radius_A = entry.positive("radius_A");
  if (number >= orbits.size())
    entry.fail("number", "no such local orbit; there are" + list_of(orbits));
  if (!(std::abs(radius_A - orbits[number].radius_A) <= same_radius_A))
    entry.fail("radius_A", fmt::format("orbit {} reaches {:.3f} A; there are{}", number,
                                       orbits[number].radius_A, list_of(orbits)));
  if (!seen.insert(number).second) entry.fail("number", "this orbit was given already");
  found[number].e_kra_eV = read_e_kra_eV(entry);
  found[number].ln_prefactor = entry.number("ln_prefactor", 0.0);
  if (std::abs(found[number].ln_prefactor) > most_ln_prefactor)
    entry.fail("ln_prefactor",
               fmt::format("expected -{0} to {0}: it is a logarithm", most_ln_prefactor));
}

/// The orbits of a class with their coefficients, added to the network.
void read_expansion(const Input& table, const Phase& phase, int hop_class, HopNetwork& network) {
  const auto cutoffs_A = table.numbers("cutoffs_A");
  for (const double r_A : cutoffs_A)
    if (!(r_A >= 0.0 && r_A <= longest_cutoff_A))
      table.fail("cutoffs_A", fmt::format("{} A: expected 0 to {} A", r_A, longest_cutoff_A));
  const auto orbits = at_place(table.where("cutoffs_A"), [&] {
    return find_local_orbits(phase.expansion.basis.prim, phase.host, network, hop_class, cutoffs_A);
  });
  auto& found = network.classes[static_cast<std::size_t>(hop_class)].local;
  for (const LocalOrbit& orbit : orbits) found.push_back({orbit.description});
  std::set<std::size_t> seen;
  for (const Input& entry : table.tables("orbit")) read_orbit(entry, orbits, seen, found);
  for (std::size_t o = 0; o < orbits.size(); ++o)
    if (found[o].e_kra_eV != 0.0 || found[o].ln_prefactor != 0.0)
      add_local_terms(network, orbits[o], found[o].e_kra_eV, found[o].ln_prefactor);
}

void read_kra_expansion(const Input& entry, const Phase& phase, int hop_class,
                        HopNetwork& network) {
  if (!entry.has("kra_expansion")) return;
  if (!network.classes[static_cast<std::size_t>(hop_class)].local.empty())
    entry.fail("kra_expansion", "this class has a local expansion already");
  if (!entry.is_text("kra_expansion"))
    return read_expansion(entry.table("kra_expansion"), phase, hop_class, network);
  const Input file = Input::read(entry.file("kra_expansion"));
  read_expansion(file, phase, hop_class, network);
  file.finish();
}

void read_class(const Input& entry, const Phase& phase, HopNetwork& network) {
  const auto number = static_cast<int>(entry.integer("number", Range(0, 1'000'000)));
  const double prefactor_Hz = entry.positive("prefactor_Hz", network.classes.front().prefactor_Hz);
  try {
    set_barrier(network, number, entry.positive("distance_A"), read_e_kra_eV(entry), prefactor_Hz);
  } catch (const InputError& e) {
    entry.fail("number", e.what());
  }
  auto& hop_class = network.classes[static_cast<std::size_t>(number)];
  hop_class.source = entry.text("source");
  hop_class.role = entry.text("role");
  read_kra_expansion(entry, phase, number, network);
}

/// Keys of another phase's class are known too.
void skip_class(const Input& entry) {
  for (const char* key : {"number", "distance_A", "e_kra_eV", "prefactor_Hz", "source", "role"})
    entry.has(key);
  if (!entry.has("kra_expansion") || entry.is_text("kra_expansion")) return;
  const Input table = entry.table("kra_expansion");
  table.has("cutoffs_A");
  for (const Input& orbit : table.tables("orbit"))
    for (const char* key : {"number", "radius_A", "e_kra_eV", "ln_prefactor"}) orbit.has(key);
}

}  // namespace

void read_hops(const std::filesystem::path& file, const std::string& mobile, Phase& phase) {
  const Input input = Input::read(file);
  const double max_A = input.positive("max_distance_A"),
               min_A = input.number("min_distance_A", 0.0);
  HopNetwork network = find_hops(phase.expansion.basis.prim, phase.host, mobile, max_A, min_A);
  if (network.hops.empty())
    input.fail("max_distance_A", "no two free sites of phase '" + phase.name + "' are that near");
  phase.hops_role = input.text("role");
  phase.hops_source = input.text("source");
  set_barriers(network, read_e_kra_eV(input), input.positive("prefactor_Hz"));
  for (auto& hop_class : network.classes) {
    hop_class.role = phase.hops_role;
    hop_class.source = phase.hops_source;
  }
  for (const Input& entry : input.tables("class")) {
    if (entry.text("phase") == phase.name)
      read_class(entry, phase, network);
    else
      skip_class(entry);
  }
  input.finish();
  phase.hops = std::move(network);
}

}  // namespace lithiate::io
