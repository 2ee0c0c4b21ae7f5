#include "crystal/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "crystal/assignment.hpp"
#include "crystal/lattice_match.hpp"

namespace lithiate::crystal {
namespace {

/// Cost of a site that does not allow an atom's species: above any squared distance in a cell.
constexpr double forbidden_A2 = 1e6;

/// Number of a species on a site's list, or -1; by element unless the list has charges.
int species_on_site(const Site& site, const std::string& species, const MappingConfig& config) {
  for (std::size_t k = 0; k < site.allowed.size(); ++k)
    if (site.allowed[k] == species) return static_cast<int>(k);
  if (!config.ignore_oxidation_states) return -1;
  for (std::size_t k = 0; k < site.allowed.size(); ++k)
    if (!element_of(species).empty() && site.allowed[k] == element_of(species))
      return static_cast<int>(k);
  return -1;
}

/// Elements that sit only on sites without vacancies, with the number of these sites.
std::map<std::string, int> fixed_elements(const Structure& prim) {
  std::map<std::string, int> n;
  std::set<std::string> elsewhere;
  for (const Site& site : prim.sites) {
    if (site.allowed.size() == 1)
      ++n[element_of(site.allowed.front())];
    else
      for (const std::string& species : site.allowed) elsewhere.insert(element_of(species));
  }
  for (const std::string& element : elsewhere) n.erase(element);
  return n;
}

int count_element(const Atoms& atoms, const std::string& element) {
  return static_cast<int>(std::count_if(atoms.species.begin(), atoms.species.end(),
                                        [&](const auto& s) { return element_of(s) == element; }));
}

/// Primitive cells in the measured cell; nothing if the counts do not fit, with the reason.
std::optional<int> cells_of(const Structure& prim, const Atoms& atoms, std::string& reason) {
  const auto fixed = fixed_elements(prim);
  if (fixed.empty())
    return std::max(1, static_cast<int>(std::lround(atoms.lattice.volume_A3() /
                                                    prim.lattice.volume_A3())));
  std::optional<int> cells;
  for (const auto& [element, per_cell] : fixed) {
    const int n = count_element(atoms, element);
    if (n == 0 || n % per_cell != 0 || (cells && *cells != n / per_cell)) {
      reason = fmt::format("{} {} atoms, expected a multiple of {} ({} per primitive cell) equal for "
                           "all fixed elements",
                           n, element, per_cell, per_cell);
      return std::nullopt;
    }
    cells = n / per_cell;
  }
  return cells;
}

/// Atoms on the sites of one supercell, as good as this cell allows.
struct Placement {
  std::vector<int> site_of;              // per atom
  std::vector<double> displacement_A;    // per atom, after the mean drift is taken out
  double rms_A = std::numeric_limits<double>::infinity();
};

class Placer {
 public:
  Placer(const Structure& prim, const Atoms& atoms, const MappingConfig& config, const Matrix3i& T)
      : prim_(prim), atoms_(atoms), config_(config), cell_(prim, T) {
    for (std::int64_t i = 0; i < cell_.n_sites(); ++i) sites_.push_back(cell_.fractional(i));
  }

  /// Tries to put one reference atom on every site of the primitive cell that allows it.
  Placement best() const {
    Placement best;
    const std::size_t reference = reference_atom();
    for (int basis = 0; basis < cell_.n_basis(); ++basis) {
      if (species_on_site(prim_.sites[static_cast<std::size_t>(basis)], atoms_.species[reference],
                          config_) < 0)
        continue;
      const Vector3d origin =
          sites_[static_cast<std::size_t>(basis)] - atoms_.fractional[reference];
      Placement found = place(origin);
      if (found.rms_A < best.rms_A) best = std::move(found);
    }
    return best;
  }

  const Supercell& cell() const { return cell_; }

 private:
  /// An atom of the rarest element that sits on sites without vacancies, else of the rarest one.
  std::size_t reference_atom() const {
    const auto fixed = fixed_elements(prim_);
    std::size_t best = 0;
    int fewest = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      const std::string element = element_of(atoms_.species[i]);
      const int n = count_element(atoms_, element) + (fixed.contains(element) ? 0 : 1'000'000);
      if (n < fewest) {
        fewest = n;
        best = i;
      }
    }
    return best;
  }

  Placement place(Vector3d origin) const {
    Placement p;
    constexpr int rounds = 3;  // the drift settles after the second
    for (int round = 0; round < rounds; ++round) {
      p.site_of = assign(costs(origin));
      Vector3d drift_A = Vector3d::Zero();
      for (std::size_t i = 0; i < atoms_.size(); ++i) drift_A += displacement(i, p.site_of[i], origin);
      origin -= cell_.lattice().fractional(drift_A / static_cast<double>(atoms_.size()));
    }
    double squares = 0.0;
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      p.displacement_A.push_back(displacement(i, p.site_of[i], origin).norm());
      squares += p.displacement_A.back() * p.displacement_A.back();
    }
    p.rms_A = std::sqrt(squares / static_cast<double>(atoms_.size()));
    return p;
  }

  /// From the site to the atom, Angstrom, in the ideal cell's metric.
  Vector3d displacement(std::size_t atom, int site, const Vector3d& origin) const {
    return cell_.lattice().shortest_A(sites_[static_cast<std::size_t>(site)],
                                      atoms_.fractional[atom] + origin);
  }

  Eigen::MatrixXd costs(const Vector3d& origin) const {
    Eigen::MatrixXd cost(static_cast<long>(atoms_.size()), static_cast<long>(sites_.size()));
    for (std::size_t i = 0; i < atoms_.size(); ++i)
      for (std::size_t j = 0; j < sites_.size(); ++j) {
        const Site& site = prim_.sites[j % prim_.sites.size()];
        cost(static_cast<long>(i), static_cast<long>(j)) =
            species_on_site(site, atoms_.species[i], config_) < 0
                ? forbidden_A2
                : displacement(i, static_cast<int>(j), origin).squaredNorm();
      }
    return cost;
  }

  const Structure& prim_;
  const Atoms& atoms_;
  const MappingConfig& config_;
  Supercell cell_;
  std::vector<Vector3d> sites_;
};

/// Fills the decoration; the reason why not if a site without an atom allows no vacancy.
std::string fill(const Structure& prim, const Atoms& atoms, const MappingConfig& config,
                 const Placement& placement, Decoration& decoration, std::int64_t n_sites) {
  decoration.name = atoms.name;
  for (std::int64_t j = 0; j < n_sites; ++j) {
    const Site& site = prim.sites[static_cast<std::size_t>(j) % prim.sites.size()];
    const auto va = std::find(site.allowed.begin(), site.allowed.end(), vacancy);
    decoration.occupation.push_back(static_cast<Species>(va - site.allowed.begin()));
  }
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const auto j = static_cast<std::size_t>(placement.site_of[i]);
    const int species = species_on_site(prim.sites[j % prim.sites.size()], atoms.species[i], config);
    if (species < 0) return atoms.species[i] + " " + std::to_string(i) + " finds no site that allows it";
    decoration.occupation[j] = static_cast<Species>(species);
  }
  for (std::size_t j = 0; j < decoration.occupation.size(); ++j)
    if (decoration.occupation[j] >= prim.sites[j % prim.sites.size()].allowed.size())
      return "a site of the primitive cell that allows no vacancy stays empty";
  return {};
}

void judge(const Atoms& atoms, const MappingConfig& config, const Placement& best, Mapping& out) {
  const auto worst = static_cast<std::size_t>(
      std::max_element(best.displacement_A.begin(), best.displacement_A.end()) -
      best.displacement_A.begin());
  out.rms_displacement_A = best.rms_A;
  out.max_displacement_A = best.displacement_A[worst];
  out.worst_atom = fmt::format("{} {}", atoms.species[worst], worst);
  if (out.max_displacement_A > config.max_displacement_A)
    out.reason = fmt::format("{} lies {:.2f} A from the nearest ideal site left for it, expected at most "
                             "{:.2f} A (rms of all atoms {:.2f} A, strain {:.1f} %)",
                             out.worst_atom, out.max_displacement_A, config.max_displacement_A,
                             best.rms_A, 100.0 * out.strain);
}

std::string counts_fault(const Structure& prim, const Atoms& atoms, const MappingConfig& config) {
  if (atoms.size() == 0) return "no atoms";
  for (const std::string& species : atoms.species) {
    const bool known = std::any_of(prim.sites.begin(), prim.sites.end(), [&](const Site& site) {
      return species_on_site(site, species, config) >= 0;
    });
    if (!known) return "no site of '" + prim.name + "' allows species '" + species + "'";
  }
  return {};
}

}  // namespace

Mapping map_structure(const Structure& prim, const Atoms& atoms, const MappingConfig& config) {
  Mapping out;
  out.reason = counts_fault(prim, atoms, config);
  if (!out.reason.empty()) return out;
  const auto cells = cells_of(prim, atoms, out.reason);
  if (!cells) return out;
  if (static_cast<std::size_t>(*cells) * prim.sites.size() < atoms.size()) {
    out.reason = fmt::format("{} atoms for {} sites", atoms.size(),
                             static_cast<std::size_t>(*cells) * prim.sites.size());
    return out;
  }
  const auto matches = match_lattice(prim.lattice, atoms.lattice, *cells, config.max_strain);
  if (matches.empty()) {
    out.reason = fmt::format("no supercell of {} primitive cells fits within a strain of {:.0f} %",
                             *cells, 100.0 * config.max_strain);
    return out;
  }
  Placement best;
  std::int64_t n_sites = 0;
  for (const LatticeMatch& match : matches) {
    const Placer placer(prim, atoms, config, match.transformation);
    Placement found = placer.best();
    if (found.rms_A >= best.rms_A - 1e-6) continue;
    best = std::move(found);
    out.strain = match.strain;
    out.decoration.transformation = match.transformation;
    n_sites = placer.cell().n_sites();
  }
  judge(atoms, config, best, out);
  if (out.reason.empty()) out.reason = fill(prim, atoms, config, best, out.decoration, n_sites);
  out.accepted = out.reason.empty();
  return out;
}

}  // namespace lithiate::crystal
