#include "crystal/mapping.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"
#include "crystal/lattice_match.hpp"
#include "crystal/placement.hpp"
#include "crystal/reduction.hpp"
#include "crystal/space_group.hpp"

namespace lithiate::crystal {
namespace {

/// Supercells tried, after symmetric duplicates; real structures are found among the first few.
constexpr std::size_t most_supercells = 200;
/// Lattice matches looked at before symmetric duplicates are taken out.
constexpr std::size_t most_matches = 200'000;

/// Sites whose elements sit on no other sites, none of them with a vacancy: counting their atoms
/// counts primitive cells.
struct FullGroup {
  std::set<std::string> elements;
  int sites = 0;
};

std::vector<FullGroup> full_groups(const Structure& prim) {
  struct Part {
    FullGroup group;
    bool full = true;
  };
  std::vector<Part> parts;
  for (const Site& site : prim.sites) {
    Part merged;
    merged.group.sites = 1;
    merged.full = !allows_vacancy(site);
    for (const std::string& species : site.allowed)
      if (species != vacancy) merged.group.elements.insert(element_of(species));
    std::vector<Part> apart;
    for (Part& part : parts) {
      const bool shared = std::any_of(
          part.group.elements.begin(), part.group.elements.end(),
          [&](const std::string& element) { return merged.group.elements.contains(element); });
      if (!shared) {
        apart.push_back(std::move(part));
        continue;
      }
      merged.group.elements.merge(part.group.elements);
      merged.group.sites += part.group.sites;
      merged.full = merged.full && part.full;
    }
    apart.push_back(std::move(merged));
    parts = std::move(apart);
  }
  std::vector<FullGroup> full;
  for (const Part& part : parts)
    if (part.full) full.push_back(part.group);
  return full;
}

/// Possible numbers of primitive cells in the measured cell.
struct CellRange {
  int least = 1, most = 1;
};

/// By volume, as far as the strain limit lets it change.
CellRange cells_by_volume(const Structure& prim, const Atoms& atoms, double max_strain) {
  const double ratio = atoms.lattice.volume_A3() / prim.lattice.volume_A3();
  const double shrunk = std::pow(std::max(0.5, 1.0 - max_strain), 3);
  const int least = static_cast<int>(std::ceil(ratio / std::pow(1.0 + max_strain, 3)));
  const int sites = static_cast<int>(prim.sites.size());
  const int needed = (static_cast<int>(atoms.size()) + sites - 1) / sites;
  return {std::max({1, least, needed}), static_cast<int>(std::floor(ratio / shrunk))};
}

/// Primitive cells in the measured cell; nothing, with the reason, if the counts do not fit.
std::optional<CellRange> cells_of(const Structure& prim, const Atoms& atoms,
                                  const MappingConfig& config, std::string& reason) {
  const auto groups = full_groups(prim);
  if (groups.empty()) return cells_by_volume(prim, atoms, config.max_strain);
  std::optional<int> cells;
  for (const FullGroup& group : groups) {
    const auto n = static_cast<int>(std::count_if(
        atoms.species.begin(), atoms.species.end(),
        [&](const std::string& species) { return group.elements.contains(element_of(species)); }));
    const std::string elements = joined({group.elements.begin(), group.elements.end()}, " + ");
    if (n == 0 || n % group.sites != 0) {
      reason = fmt::format("{} {} atoms, expected a multiple of {} (its sites in the prim '{}')", n,
                           elements, group.sites, prim.name);
      return std::nullopt;
    }
    if (cells && *cells != n / group.sites) {
      reason = fmt::format("{} {} atoms fill {} primitive cells, but the other elements {}", n,
                           elements, n / group.sites, *cells);
      return std::nullopt;
    }
    cells = n / group.sites;
  }
  return CellRange{*cells, *cells};
}

/// Why the atoms cannot fit whatever their positions; empty if they may.
std::string counts_fault(const Structure& prim, const Atoms& atoms, const MappingConfig& config) {
  if (atoms.size() == 0) return "no atoms";
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const bool known = std::any_of(prim.sites.begin(), prim.sites.end(), [&](const Site& site) {
      return species_on_site(site, atoms.species[i], config) >= 0;
    });
    if (!known)
      return fmt::format("no site of the prim '{}' takes {} {}", prim.name, atoms.species[i], i);
    if (!atoms.fractional[i].allFinite())
      return fmt::format("the position of {} {} is not finite", atoms.species[i], i);
  }
  return {};
}

/// Leaves one of the matches that proper rotations of the prim carry into one another.
std::vector<LatticeMatch> distinct_matches(const Structure& prim,
                                           const std::vector<LatticeMatch>& matches) {
  std::vector<Matrix3i> rotations;
  const SpaceGroup group = find_space_group(prim);
  for (const SymmetryOperation& op : group.operations())
    if (op.rotation.cast<double>().determinant() > 0.0) rotations.push_back(op.rotation);
  const auto key = [](const Matrix3i& t) { return std::vector<int>(t.data(), t.data() + 9); };
  std::set<std::vector<int>> seen;
  std::vector<LatticeMatch> distinct;
  for (const LatticeMatch& match : matches) {
    if (seen.contains(key(match.transformation))) continue;
    for (const Matrix3i& rotation : rotations) seen.insert(key(rotation * match.transformation));
    distinct.push_back(match);
    if (distinct.size() == most_supercells) break;
  }
  return distinct;
}

std::vector<LatticeMatch> matches_of(const Structure& prim, const Lattice& measured,
                                     CellRange cells, double max_strain, std::size_t most) {
  std::vector<LatticeMatch> all;
  for (int n = cells.least; n <= cells.most; ++n) {
    const auto some = match_lattice(prim.lattice, measured, n, max_strain, most);
    all.insert(all.end(), some.begin(), some.end());
  }
  std::stable_sort(all.begin(), all.end(), [](const LatticeMatch& a, const LatticeMatch& b) {
    constexpr double same_strain = 1e-7;  // rounding must not shuffle equal ones
    return std::round(a.strain / same_strain) < std::round(b.strain / same_strain);
  });
  return all;
}

/// Says how far the best supercell is from fitting; `strain` becomes its strain.
std::string strain_fault(const Structure& prim, const Lattice& measured, CellRange cells,
                         double max_strain, double& strain) {
  constexpr double widest = 0.4;
  std::vector<LatticeMatch> matches;
  for (double limit = 1.5 * max_strain; limit < widest && matches.empty(); limit *= 1.5)
    matches = matches_of(prim, measured, cells, limit, 1);
  strain = matches.empty() ? widest : matches.front().strain;
  const std::string number = cells.least == cells.most
                                 ? std::to_string(cells.least)
                                 : fmt::format("{} to {}", cells.least, cells.most);
  return fmt::format(
      "no supercell of {} primitive cells of '{}' fits within a strain of {:.1f} %; the best has "
      "{}{:.1f} %",
      number, prim.name, 100.0 * max_strain, matches.empty() ? "more than " : "", 100.0 * strain);
}

/// The measured atoms in a reduced cell of the same lattice.
Atoms reduced(const Atoms& atoms, const Matrix3i& u) {
  Atoms same = atoms;
  same.lattice = Lattice(atoms.lattice.columns() * u.cast<double>());
  const Matrix3d inverse = u.cast<double>().inverse();
  for (Vector3d& f : same.fractional) f = inverse * f;
  return same;
}

struct Best {
  LatticeMatch match;
  Placement placement;
};

/// Least rms displacement plus strain times the distance between sites (what the strain alone
/// moves a neighbour by); fewer misfits come first.
std::optional<Best> best_placement(const Structure& prim, const Atoms& atoms,
                                   const std::vector<LatticeMatch>& matches,
                                   const MappingConfig& config) {
  const double spacing_A =
      std::cbrt(prim.lattice.volume_A3() / static_cast<double>(prim.sites.size()));
  constexpr double same_A = 1e-6;  // of equal supercells the first wins
  std::optional<Best> best;
  double least_A = 0.0;
  for (const LatticeMatch& match : matches) {
    const double strain_A = spacing_A * match.strain;
    if (best && best->placement.misfits == 0 && strain_A > least_A) break;  // strain only grows
    Placement found = place_atoms(prim, atoms, match.transformation, config);
    const double score_A = found.rms_A + strain_A;
    const bool better = !best || found.misfits < best->placement.misfits ||
                        (found.misfits == best->placement.misfits && score_A < least_A - same_A);
    if (!better) continue;
    least_A = score_A;
    best = Best{match, std::move(found)};
  }
  return best;
}

/// Species per site of the supercell; empty sites hold the vacancy. The reason, if one may not.
std::string fill(const Structure& prim, const Atoms& atoms, const MappingConfig& config,
                 const Placement& placement, Decoration& decoration) {
  const Supercell cell(prim, decoration.transformation);
  std::vector<int> atom_on(static_cast<std::size_t>(cell.n_sites()), -1);
  for (std::size_t i = 0; i < atoms.size(); ++i)
    atom_on[static_cast<std::size_t>(placement.site_of[i])] = static_cast<int>(i);
  for (std::size_t j = 0; j < atom_on.size(); ++j) {
    const Site& site = prim.sites[j % prim.sites.size()];
    const std::string& species =
        atom_on[j] < 0 ? vacancy : atoms.species[static_cast<std::size_t>(atom_on[j])];
    const int number = species_on_site(site, species, config);
    if (number < 0)
      return atom_on[j] < 0
                 ? fmt::format("site {} ({}) stays empty, but allows no vacancy",
                               j % prim.sites.size(), joined(site.allowed))
                 : fmt::format("{} {} finds no site left that takes it", species, atom_on[j]);
    decoration.occupation.push_back(static_cast<Species>(number));
  }
  return {};
}

void judge(const Structure& prim, const Atoms& atoms, const MappingConfig& config,
           const Placement& best, Mapping& out) {
  const auto worst = static_cast<std::size_t>(
      std::max_element(best.displacement_A.begin(), best.displacement_A.end()) -
      best.displacement_A.begin());
  out.rms_displacement_A = best.rms_A;
  out.max_displacement_A = best.displacement_A[worst];
  out.worst_atom = fmt::format("{} {}", atoms.species[worst], worst);
  if (out.rms_displacement_A > config.max_rms_displacement_A)
    out.reason = fmt::format(
        "rms displacement {:.2f} A from the ideal sites of '{}' at a strain of {:.1f} %, expected "
        "at "
        "most {:.2f} A; {} lies furthest, {:.2f} A",
        best.rms_A, prim.name, 100.0 * out.strain, config.max_rms_displacement_A, out.worst_atom,
        out.max_displacement_A);
  if (out.max_displacement_A <= config.max_displacement_A) return;
  const std::size_t site = static_cast<std::size_t>(best.site_of[worst]) % prim.sites.size();
  out.reason = fmt::format(
      "{} lies {:.2f} A from the nearest ideal site left for it (site {} of '{}': {}), expected at "
      "most {:.2f} A; the best fit has an rms displacement of {:.2f} A at a strain of {:.1f} %",
      out.worst_atom, out.max_displacement_A, site, prim.name, joined(prim.sites[site].allowed),
      config.max_displacement_A, best.rms_A, 100.0 * out.strain);
}

void map_checked(const Structure& prim, const Atoms& measured, const MappingConfig& config,
                 Mapping& out) {
  out.reason = counts_fault(prim, measured, config);
  if (!out.reason.empty()) return;
  const auto cells = cells_of(prim, measured, config, out.reason);
  if (!cells) return;
  const std::size_t n_sites = static_cast<std::size_t>(cells->most) * prim.sites.size();
  if (n_sites < measured.size()) {
    out.reason = fmt::format("{} atoms for {} sites", measured.size(), n_sites);
    return;
  }
  const Matrix3i u = reduction(measured.lattice.columns());
  const Atoms atoms = reduced(measured, u);
  const auto matches = matches_of(prim, atoms.lattice, *cells, config.max_strain, most_matches);
  const auto best = best_placement(prim, atoms, distinct_matches(prim, matches), config);
  if (!best) {
    out.reason = strain_fault(prim, atoms.lattice, *cells, config.max_strain, out.strain);
    return;
  }
  out.strain = best->match.strain;
  const Eigen::Matrix3d back = u.cast<double>().inverse().array().round();
  out.decoration.name = measured.name;
  out.decoration.transformation = best->match.transformation * back.cast<int>();
  judge(prim, atoms, config, best->placement, out);
  if (out.reason.empty()) out.reason = fill(prim, atoms, config, best->placement, out.decoration);
}

}  // namespace

Mapping map_structure(const Structure& prim, const Atoms& atoms, const MappingConfig& config) {
  Mapping out;
  try {
    map_checked(prim, atoms, config, out);
  } catch (const Error& error) {
    out.reason = error.what();
  }
  out.accepted = out.reason.empty();
  return out;
}

}  // namespace lithiate::crystal
