#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <iostream>

#include "apps/cell_warning.hpp"
#include "apps/structure_stack.hpp"
#include "apps/structure_tables.hpp"
#include "apps/verb.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "crystal/neighbors.hpp"
#include "crystal/space_group.hpp"
#include "crystal/supercell.hpp"
#include "io/read_structure.hpp"
#include "io/write_atoms.hpp"

namespace lithiate::apps {
namespace {

using crystal::Structure;

void print_shells(const Structure& s, const crystal::SpaceGroup& group, double radius_A) {
  fmt::print("\nneighbour shells within {} A\n", radius_A);
  for (std::size_t i = 0; i < s.sites.size(); ++i) {
    if (group.equivalent()[i] != static_cast<int>(i)) continue;
    for (const auto& shell : neighbor_shells(s, static_cast<int>(i), radius_A)) {
      std::vector<std::string> kinds;
      for (const auto& site : shell.sites) {
        const std::string kind = joined(s.sites[static_cast<std::size_t>(site.basis)].allowed, "|");
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
      }
      fmt::print("site {:>3}  {:>8.4f} A  {:>3} neighbours  {}\n", i, shell.distance_A,
                 shell.sites.size(), joined(kinds));
    }
  }
}

crystal::Matrix3i parse_supercell(const std::string& text) {
  constexpr long long most = 1000;
  std::vector<long long> n;
  for (const std::string& word : split_words(text)) {
    const auto value = parse_integer(word);
    if (!value || std::abs(*value) > most)
      throw UsageError(fmt::format("--supercell '{}': {}: expected whole numbers from {} to {}",
                                   text, word, -most, most));
    n.push_back(*value);
  }
  crystal::Matrix3i m = crystal::Matrix3i::Zero();
  if (n.size() != 3 && n.size() != 9)
    throw UsageError("--supercell '" + text + "': expected 3 or 9 whole numbers");
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      const auto k = static_cast<std::size_t>(3 * i + j);
      if (n.size() == 9)
        m(j, i) = static_cast<int>(n[k]);  // rows are vectors
      else if (i == j)
        m(i, i) = static_cast<int>(n[static_cast<std::size_t>(i)]);
    }
  return m;
}

/// The supercell with the first allowed species on every site.
void print_supercell(const Structure& s, const std::string& text) {
  const crystal::Supercell cell(s, parse_supercell(text));
  crystal::Atoms atoms{s.name, cell.lattice(), {}, {}, {}};
  for (std::int64_t i = 0; i < cell.n_sites(); ++i) {
    const auto& allowed = s.sites[static_cast<std::size_t>(i % cell.n_basis())].allowed;
    if (allowed.front() == crystal::vacancy) continue;
    atoms.species.push_back(allowed.front());
    atoms.fractional.push_back(cell.fractional(i));
  }
  io::write_extxyz(std::cout, atoms);
}

/// Options that do not go together, or not alone.
void require_one_task(const Options& options) {
  for (const char* other : {"radius", "symprec", "primitive", "stack", "powder"})
    options.exclude("supercell", other);
  for (const char* other : {"radius", "stack", "powder"}) options.exclude("primitive", other);
  for (const char* other : {"radius", "symprec"}) {
    options.exclude("stack", other);
    options.exclude("powder", other);
  }
  for (const char* part : {"gap-A", "filling"}) options.require(part, "stack");
  for (const char* part : {"wavelength-A", "max-two-theta"}) options.require(part, "powder");
  if (!options.output.empty() && !options.on("stack"))
    throw UsageError("--output " + options.output + " without --stack: expected both");
}

int run(const Options& options) {
  require_one_task(options);
  const Structure s =
      io::read_structure(options.arguments.front(), options.on("partial-occupancy"));
  if (options.on("supercell")) {
    print_supercell(s, options.value("supercell", ""));
    return 0;
  }
  if (options.on("stack")) return run_stacking(options, s);
  if (options.on("powder")) {
    print_powder(powder_table(options, s));
    return 0;
  }
  const double symprec_A = options.number("symprec", crystal::default_symprec_A);
  const double radius_A = options.number("radius", 4.0);
  if (!(symprec_A > 0.0))
    throw UsageError(fmt::format("--symprec {}: expected above 0", symprec_A));
  if (!(radius_A > 0.0 && radius_A <= 50.0))
    throw UsageError(fmt::format("--radius {}: expected above 0, at most 50 A", radius_A));
  if (options.on("primitive")) {
    io::write_prim_toml(std::cout, crystal::primitive_cell(s, symprec_A));
    return 0;
  }
  const crystal::SpaceGroup group = find_space_group(s, symprec_A);
  warn_not_primitive(s, group);
  print_overview(s, group);
  print_sites(s, group);
  print_shells(s, group, radius_A);
  return 0;
}

}  // namespace

Verb structure_verb() {
  return {{"structure",
           "FILE",
           1,
           1,
           "space group, Wyckoff sites, neighbour shells, supercells, stackings, powder lines",
           "  lithiate structure structures/LixVCl3/O3.toml --radius 5\n"
           "  lithiate structure LiNiO2.cif --partial-occupancy\n"
           "  lithiate structure prim.toml --supercell '2 2 1' > super.xyz\n"
           "  lithiate structure LiCoO2.cif --partial-occupancy --primitive > prim.toml\n"
           "  lithiate structure structures/LixVCl3/V2Cl6_O3.toml --stack 'R+ a b' -o stack\n"
           "  lithiate structure structures/LixVCl3/V2Cl6_O3.toml --stack list:3\n"
           "  lithiate structure structures/LixCoO2/O3.toml --stack H1-3 --filling 'full empty' "
           "--gap-A 4.68/4.5 --powder\n",
           {{"radius", "radius of the neighbour shells in A (default 4)", "A"},
            {"symprec", "tolerance of the symmetry search in A (default 0.001)", "A"},
            {"supercell", "print a supercell as extended XYZ: 3 or 9 whole numbers", "'N N N'"},
            {"primitive", "print the primitive cell of FILE as prim.toml", ""},
            {"partial-occupancy", "partial occupancies of FILE become allowed species", ""},
            {"stack",
             "stack the slabs of FILE, a prim with one slab per cell: registries of the gaps from "
             "below (MX3: AAA R+ R- a b c Pa Pb Pc; MX2: O1 O3 P3), or O1-AAA, O1-R, O3-aaa, "
             "O3-abc, P3, H1-3, O3-random:SEED:N; list:N prints all distinct sequences of N O1 "
             "and O3 gaps",
             "'R R ...'"},
            {"gap-A",
             "distance of metal planes in A: one, one per gap, or FILLED/EMPTY (default: of FILE)",
             "'A ...'"},
            {"filling", "guests of all gaps or of each: sites (default), full, empty", "'F ...'"},
            {"powder", "print powder lines: kinematic, scattering factors = atomic numbers", ""},
            {"wavelength-A", "of the powder lines (default 1.540593, Cu K alpha 1)", "A"},
            {"max-two-theta", "of the powder lines in degrees (default 90)", "DEG"}},
           with_output},
          run};
}

}  // namespace lithiate::apps
