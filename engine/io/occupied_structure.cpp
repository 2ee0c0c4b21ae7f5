#include "io/occupied_structure.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/text.hpp"
#include "crystal/elements.hpp"

namespace lithiate::io {
namespace {

using crystal::Atoms;
using crystal::Lattice;
using crystal::Structure;
using crystal::Vector3d;

constexpr double overlap_A = 0.5;        // nearer atoms are a mistake in any solid
constexpr double thinnest_cell_A = 1.0;  // also makes wrapped_distance_A exact below overlap_A
constexpr double longest_vector_A = 1e4;
constexpr double farthest_cell = 1e4;         // fractional coordinates beyond this are garbage
constexpr double occupancy_tolerance = 2e-3;  // files round 1/3 to 0.333

double total_occupancy(const OccupiedSite& site) {
  double sum = 0.0;
  for (const Occupant& o : site.occupants) {
    if (!(o.occupancy > 0.0 && o.occupancy <= 1.0 + occupancy_tolerance))
      throw InputError(fmt::format("{}: occupancy of {} = {}: expected above 0, at most 1",
                                   site.where, o.species, o.occupancy));
    sum += o.occupancy;
  }
  if (sum > 1.0 + occupancy_tolerance)
    throw InputError(
        fmt::format("{}: occupancies of one site sum to {}, expected at most 1", site.where, sum));
  return sum;
}

bool is_full(const OccupiedSite& site) {
  return total_occupancy(site) >= 1.0 - occupancy_tolerance && site.occupants.size() == 1;
}

/// "", "3+", "2.5-": what may follow an element symbol.
bool is_charge(const std::string& text) {
  if (text.empty()) return true;
  if (text.size() < 2 || (text.back() != '+' && text.back() != '-')) return false;
  const auto value = parse_number(text.substr(0, text.size() - 1));
  return value && *value > 0.0 && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
}

std::string described(const OccupiedSite& site) {
  std::vector<std::string> words;
  for (const Occupant& o : site.occupants)
    words.push_back(fmt::format("{} {:.4g}", o.species, o.occupancy));
  return joined(words);
}

/// Allowed species of a partly occupied site.
std::vector<std::string> allowed_species(const OccupiedSite& site) {
  std::vector<std::string> allowed;
  for (const Occupant& o : site.occupants)
    if (std::find(allowed.begin(), allowed.end(), o.species) == allowed.end())
      allowed.push_back(o.species);
  const bool has_vacancy =
      std::find(allowed.begin(), allowed.end(), crystal::vacancy) != allowed.end();
  if (total_occupancy(site) < 1.0 - occupancy_tolerance && !has_vacancy)
    allowed.push_back(crystal::vacancy);
  return allowed;
}

void check_structure(const Structure& structure, const std::string& where) {
  InputReport report(where);
  check(structure, report);
  report.throw_if_any();
}

}  // namespace

double wrapped_distance_A(const Lattice& lattice, const Vector3d& a, const Vector3d& b) {
  Vector3d d = b - a;
  for (int i = 0; i < 3; ++i) d[i] -= std::round(d[i]);
  return lattice.cartesian(d).norm();
}

std::string printable(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7F ? ' ' : byte > 0x7F ? '?' : c;
  }
  return trimmed(line);
}

std::string known_species(const std::string& name, const std::string& where) {
  const std::string species = crystal::canonical_species(name);
  if (species == crystal::vacancy) return species;
  const std::string element = crystal::element_of(species);
  if (element.empty() || !is_charge(species.substr(element.size())))
    throw InputError(fmt::format(
        "{}: unknown species '{}', expected an element such as Li, an ion such as Ni3+, or Va{}",
        where, printable(name).substr(0, 40),
        element.empty() ? did_you_mean(name.substr(0, 40), crystal::element_symbols()) : ""));
  return species;
}

Lattice checked_lattice(const crystal::Matrix3d& rows_A, const std::string& where) {
  if (!rows_A.allFinite() || rows_A.rowwise().norm().maxCoeff() > longest_vector_A)
    throw InputError(fmt::format("{}: lattice: a vector is not finite or longer than {} A", where,
                                 longest_vector_A));
  try {
    Lattice lattice(rows_A.transpose());
    const crystal::Matrix3d inverse = lattice.columns().inverse();
    for (int i = 0; i < 3; ++i) {
      const double height_A = 1.0 / inverse.row(i).norm();
      if (!(height_A >= thinnest_cell_A))
        throw InputError(
            fmt::format("lattice: the cell is {:.3g} A thick across vector {}, expected "
                        "at least {} A; give it in A and reduced",
                        height_A, "abc"[i], thinnest_cell_A));
    }
    return lattice;
  } catch (const InputError& e) {
    throw InputError(where + ": " + e.what());
  }
}

void check_atoms(const Atoms& atoms, const std::vector<std::string>& where) {
  const std::size_t n = atoms.size();
  std::vector<double> x(n);  // first coordinate in [0, 1): sorted along it, only near ones meet
  for (std::size_t i = 0; i < n; ++i) {
    const Vector3d& f = atoms.fractional[i];
    if (!f.allFinite() || f.cwiseAbs().maxCoeff() > farthest_cell)
      throw InputError(fmt::format("{}: the position is not finite or more than {} cells away",
                                   where[i], farthest_cell));
    x[i] = f[0] - std::floor(f[0]);
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  const double reach = overlap_A * atoms.lattice.columns().inverse().row(0).norm();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t step = 1; step < n; ++step) {
      const std::size_t a = order[i], b = order[(i + step) % n];
      if (x[b] - x[a] + (i + step >= n ? 1.0 : 0.0) > reach) break;
      const double d_A =
          wrapped_distance_A(atoms.lattice, atoms.fractional[a], atoms.fractional[b]);
      if (d_A < overlap_A)
        throw InputError(
            fmt::format("{}: atom {} ({}) lies {:.3f} A from atom {} ({}), expected at "
                        "least {} A",
                        where[std::max(a, b)], std::max(a, b), atoms.species[std::max(a, b)], d_A,
                        std::min(a, b), atoms.species[std::min(a, b)], overlap_A));
    }
}

Atoms to_atoms(const OccupiedStructure& occupied) {
  Atoms atoms{occupied.name, occupied.lattice, {}, {}, occupied.info};
  std::vector<std::string> where;
  for (const OccupiedSite& site : occupied.sites) {
    if (!is_full(site))
      throw InputError(
          fmt::format("{}: the site is partly occupied ({}), expected one species "
                      "with occupancy 1",
                      site.where, described(site)));
    if (site.occupants.front().species == crystal::vacancy) continue;
    atoms.species.push_back(site.occupants.front().species);
    atoms.fractional.push_back(site.fractional);
    where.push_back(site.where);
  }
  if (atoms.size() == 0) throw InputError(occupied.where + ": no atoms");
  check_atoms(atoms, where);
  return atoms;
}

Structure to_structure(const OccupiedStructure& occupied, bool partial_occupancy_as_allowed) {
  Structure structure{occupied.name, occupied.lattice, {}, occupied.where};
  for (const OccupiedSite& site : occupied.sites) {
    if (!is_full(site) && !partial_occupancy_as_allowed)
      throw InputError(
          fmt::format("{}: the site is partly occupied ({}); such sites become allowed "
                      "species with --partial-occupancy only",
                      site.where, described(site)));
    structure.sites.push_back({site.fractional, allowed_species(site)});
  }
  check_structure(structure, occupied.where);
  return structure;
}

Structure to_structure(const Atoms& atoms, const std::string& where) {
  Structure structure{atoms.name, atoms.lattice, {}, where};
  for (std::size_t i = 0; i < atoms.size(); ++i)
    structure.sites.push_back({atoms.fractional[i], {atoms.species[i]}});
  check_structure(structure, where);
  return structure;
}

}  // namespace lithiate::io
