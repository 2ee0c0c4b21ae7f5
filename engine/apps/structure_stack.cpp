#include "apps/structure_stack.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "apps/cell_warning.hpp"
#include "apps/structure_tables.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "crystal/space_group.hpp"
#include "io/directory.hpp"
#include "io/read_structure.hpp"
#include "io/table_file.hpp"
#include "io/text_file.hpp"
#include "io/write_atoms.hpp"
#include "layers/powder.hpp"
#include "layers/sequence.hpp"
#include "layers/stack.hpp"

namespace lithiate::apps {
namespace {

using crystal::Structure;
using layers::Filling;
using layers::Registry;

const std::vector<std::string> filling_names{"sites", "full", "empty"};  // in the order of Filling

/// The words of an option, one per gap; a single word counts for all gaps.
std::vector<std::string> per_gap(const Options& options, const std::string& name,
                                 const std::string& fallback, std::size_t n) {
  auto words = split_words(options.value(name, fallback));
  if (words.size() == 1) words.resize(n, words.front());
  if (words.size() != n)
    throw UsageError(fmt::format("--{} '{}': {} values for {} gaps, expected 1 or {}", name,
                                 options.value(name, fallback), words.size(), n, n));
  return words;
}

std::vector<Filling> fillings(const Options& options, std::size_t n) {
  std::vector<Filling> all;
  for (const std::string& word : per_gap(options, "filling", "sites", n)) {
    const auto at = std::find(filling_names.begin(), filling_names.end(), word);
    if (at == filling_names.end())
      throw UsageError(fmt::format("--filling '{}': {}: expected {}{}",
                                   options.value("filling", ""), word, joined(filling_names),
                                   did_you_mean(word, filling_names)));
    all.push_back(static_cast<Filling>(at - filling_names.begin()));
  }
  return all;
}

double distance_A(const Options& options, const std::string& word) {
  const auto value = parse_number(word);
  if (!value || !(*value > 0.0))
    throw UsageError(fmt::format("--gap-A '{}': {}: expected a distance in A above 0",
                                 options.value("gap-A", ""), word));
  return *value;
}

/// One word per gap, a number or FILLED/EMPTY.
std::vector<double> spacings(const Options& options, const std::vector<Filling>& filling,
                             double of_prim_A) {
  if (!options.on("gap-A")) return std::vector<double>(filling.size(), of_prim_A);
  std::vector<double> all;
  const auto words = per_gap(options, "gap-A", "", filling.size());
  for (std::size_t g = 0; g < words.size(); ++g) {
    const std::size_t slash = words[g].find('/');
    const bool second = slash != std::string::npos && filling[g] == Filling::empty;
    all.push_back(
        distance_A(options, second ? words[g].substr(slash + 1) : words[g].substr(0, slash)));
    if (slash != std::string::npos && !second)  // the other one must be a number as well
      static_cast<void>(distance_A(options, words[g].substr(slash + 1)));
  }
  return all;
}

/// To the digits of print_gaps(), without the minus of -0.0000.
double shown(double x_A) { return std::round(x_A * 1e4) / 1e4 + 0.0; }

void print_gaps(const layers::Slab& slab, const std::vector<Registry>& known,
                const layers::Stacking& stacking) {
  fmt::print("stacking     {} ({} gaps per period)\n\n", layers::text(stacking.registries, known),
             stacking.registries.size());
  fmt::print("{:>4}  {:<8} {:<8} {:>9} {:>9}  {:>11}  {:<7}  {}\n", "gap", "registry", "stacking",
             "shift x A", "y A", "spacing A", "filling", "metal faces per gap site");
  for (std::size_t g = 0; g < stacking.registries.size(); ++g) {
    const Registry& r = known[static_cast<std::size_t>(stacking.registries[g])];
    fmt::print("{:>4}  {:<8} {:<8} {:>9.4f} {:>9.4f}  {:>11.4f}  {:<7}  {}\n", g, r.name,
               r.stacking, shown(r.shift_A[0]), shown(r.shift_A[1]), stacking.spacing_A[g],
               filling_names[static_cast<std::size_t>(stacking.filling[g])],
               fmt::join(layers::shared_faces(slab, r), ", "));
  }
  fmt::print("\n");
}

/// The first allowed species on every site.
crystal::Atoms first_species(const Structure& s) {
  crystal::Atoms atoms{s.name, s.lattice, {}, {}, {}};
  for (const auto& site : s.sites) {
    if (site.allowed.front() == crystal::vacancy) continue;
    atoms.species.push_back(site.allowed.front());
    atoms.fractional.push_back(site.fractional);
  }
  return atoms;
}

template <class Write, class What>
void write_file(const std::string& path, const Write& write, const What& what) {
  std::ostringstream text;
  write(text, what);
  io::write_text_atomically(path, text.str());
}

void write_stack(const std::string& folder, const Structure& s,
                 const std::optional<Table>& powder) {
  const io::OutputFolder guard(folder);
  write_file(folder + "/prim.toml", io::write_prim_toml, s);
  write_file(folder + "/structure.xyz", io::write_extxyz, first_species(s));
  write_file(folder + "/POSCAR", io::write_poscar, first_species(s));
  if (powder) io::write_csv(folder + "/powder.csv", *powder);
}

/// `--stack list:N`
int print_distinct(const Options& options, const layers::OneSlab& taken,
                   const std::vector<Registry>& known) {
  for (const char* other : {"gap-A", "filling", "powder"})
    if (options.on(other))
      throw UsageError(
          fmt::format("--{} together with --stack list:N: expected one of them", other));
  if (!options.output.empty())
    throw UsageError("--output together with --stack list:N, which prints only");
  const std::string number = options.value("stack", "").substr(5);
  const auto n = parse_integer(number);
  constexpr long long most = 64;
  if (!n || *n < 1 || *n > most)
    throw UsageError(
        fmt::format("--stack list:{}: expected a whole number from 1 to {}", number, most));
  const auto all = layers::distinct_sequences(
      taken.slab, known, layers::registries_of({"O1", "O3"}, known), static_cast<int>(*n));
  fmt::print("{:>8}  {:>8}  {}\n", "sequence", "copies", "registries");
  for (std::size_t i = 0; i < all.size(); ++i)
    fmt::print("{:>8}  {:>8}  {}\n", i, all[i].copies, layers::text(all[i].sequence, known));
  return 0;
}

void warn_of_prisms(const std::vector<Registry>& known, const layers::Stacking& stacking) {
  for (std::size_t g = 0; g < stacking.registries.size(); ++g)
    if (known[static_cast<std::size_t>(stacking.registries[g])].stacking == "P3" &&
        stacking.filling[g] == Filling::sites) {
      log::warning(
          "P3 gaps list both prisms of every column: neighbouring ones cannot be filled at "
          "once, as structure.xyz, POSCAR and powder lines have them");
      return;
    }
}

}  // namespace

Table powder_table(const Options& options, const Structure& structure) {
  layers::PowderConfig config;
  config.wavelength_A = options.number("wavelength-A", config.wavelength_A);
  config.max_two_theta_deg = options.number("max-two-theta", config.max_two_theta_deg);
  if (!(config.wavelength_A > 0.0))
    throw UsageError(fmt::format("--wavelength-A {}: expected above 0", config.wavelength_A));
  if (!(config.max_two_theta_deg > 0.0 && config.max_two_theta_deg < 180.0))
    throw UsageError(fmt::format("--max-two-theta {}: expected above 0 and below 180 degrees",
                                 config.max_two_theta_deg));
  Table table;
  for (const char* name : {"h", "k", "l"}) table.add_column(name);
  table.add_column("d", "A");
  table.add_column("two_theta", "deg");
  table.add_column("multiplicity");
  table.add_column("intensity", "%");
  for (const auto& p : layers::powder_pattern(structure, config))
    table.add_row(
        {p.hkl[0], p.hkl[1], p.hkl[2], p.d_A, p.two_theta_deg, p.multiplicity, p.intensity});
  return table;
}

void print_powder(const Table& table) {
  fmt::print("powder lines: kinematic intensities, scattering factors = atomic numbers\n");
  fmt::print("{:>4} {:>4} {:>4}  {:>9}  {:>9}  {:>12}  {:>9}\n", "h", "k", "l", "d A", "2theta",
             "multiplicity", "intensity");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto at = [&](std::size_t column) { return *table.number(i, column); };
    fmt::print("{:>4} {:>4} {:>4}  {:>9.5f}  {:>9.4f}  {:>12}  {:>9.4f}\n", at(0), at(1), at(2),
               at(3), at(4), at(5), at(6));
  }
}

int run_stacking(const Options& options, const Structure& prim) {
  const layers::OneSlab taken = layers::take_apart(prim);
  const auto known = layers::registries(taken.slab);
  const std::string name = trimmed(options.value("stack", ""));
  if (name.starts_with("list:")) return print_distinct(options, taken, known);
  layers::Stacking stacking{layers::parse_sequence(name, known), {}, {}};
  stacking.filling = fillings(options, stacking.registries.size());
  stacking.spacing_A = spacings(options, stacking.filling, taken.third_A[2]);
  Structure s = layers::stack(taken.slab, known, stacking, layers::guest_species(prim, taken));
  s.name = fmt::format("{}, stacked {}", prim.name, name);
  s.source = prim.source;
  const auto group = crystal::find_space_group(s);
  warn_not_primitive(s, group);
  warn_of_prisms(known, stacking);
  const auto powder = options.on("powder") ? std::optional(powder_table(options, s)) : std::nullopt;
  if (!options.output.empty()) write_stack(options.output, s, powder);
  print_gaps(taken.slab, known, stacking);
  print_overview(s, group);
  print_sites(s, group);
  if (powder) {
    fmt::print("\n");
    print_powder(*powder);
  }
  return 0;
}

}  // namespace lithiate::apps
