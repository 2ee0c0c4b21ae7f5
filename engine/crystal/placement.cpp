#include "crystal/placement.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "crystal/assignment.hpp"

namespace lithiate::crystal {
namespace {

/// Cost of a site that does not take an atom: above any sum of squared displacements.
constexpr double forbidden_A2 = 1e6;
/// Reward for a site that may not stay empty: above any squared displacement in a cell.
constexpr double must_fill_A2 = 1e3;
/// The drift settles after the second.
constexpr int rounds = 3;

class Placer {
 public:
  Placer(const Structure& prim, const Atoms& atoms, const Matrix3i& transformation,
         const MappingConfig& config)
      : atoms_(atoms), cell_(prim, transformation) {
    for (std::int64_t j = 0; j < cell_.n_sites(); ++j) sites_.push_back(cell_.fractional(j));
    for (const std::string& species : atoms.species) {
      auto& takes = takes_[species];
      if (!takes.empty()) continue;
      for (const Site& site : prim.sites)
        takes.push_back(species_on_site(site, species, config) >= 0);
    }
    for (const Site& site : prim.sites) must_fill_.push_back(!allows_vacancy(site));
  }

  /// REQUIRES: some site takes the reference atom.
  Placement best() const {
    Placement best;
    const std::size_t reference = reference_atom();
    const auto& takes = takes_.at(atoms_.species[reference]);
    for (std::size_t basis = 0; basis < takes.size(); ++basis) {
      if (!takes[basis]) continue;
      Placement found = place(sites_[basis] - atoms_.fractional[reference]);
      constexpr double same_A = 1e-6;  // of equivalent origins the first wins
      if (best.site_of.empty() || found.misfits < best.misfits ||
          (found.misfits == best.misfits && found.rms_A < best.rms_A - same_A))
        best = std::move(found);
    }
    return best;
  }

 private:
  std::size_t basis_of(std::size_t site) const { return site % must_fill_.size(); }

  /// An atom of the rarest species that only sits where no vacancy may be, else of the rarest.
  std::size_t reference_atom() const {
    std::size_t best = 0;
    std::pair<bool, int> least{true, std::numeric_limits<int>::max()};
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      const auto& takes = takes_.at(atoms_.species[i]);
      bool movable = false;
      for (std::size_t b = 0; b < takes.size(); ++b)
        movable = movable || (takes[b] && !must_fill_[b]);
      const std::pair<bool, int> key{movable, count(atoms_, atoms_.species[i])};
      if (key >= least) continue;
      least = key;
      best = i;
    }
    return best;
  }

  Placement place(Vector3d origin) const {
    Placement p;
    const double n = static_cast<double>(atoms_.size());
    for (int round = 0; round < rounds; ++round) {
      p.site_of = assign(costs(origin));
      Vector3d drift_A = Vector3d::Zero();
      for (std::size_t i = 0; i < atoms_.size(); ++i)
        drift_A += displacement_A(i, static_cast<std::size_t>(p.site_of[i]), origin);
      origin -= cell_.lattice().fractional(drift_A / n);
    }
    double squares_A2 = 0.0;
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      const auto site = static_cast<std::size_t>(p.site_of[i]);
      p.displacement_A.push_back(displacement_A(i, site, origin).norm());
      squares_A2 += p.displacement_A.back() * p.displacement_A.back();
      if (!takes_.at(atoms_.species[i])[basis_of(site)]) ++p.misfits;
    }
    p.rms_A = std::sqrt(squares_A2 / n);
    return p;
  }

  /// From the site to the nearest image of the atom, in the ideal cell's metric.
  Vector3d displacement_A(std::size_t atom, std::size_t site, const Vector3d& origin) const {
    return cell_.lattice().shortest_A(sites_[site], atoms_.fractional[atom] + origin);
  }

  Eigen::MatrixXd costs(const Vector3d& origin) const {
    Eigen::MatrixXd cost(static_cast<long>(atoms_.size()), static_cast<long>(sites_.size()));
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      const auto& takes = takes_.at(atoms_.species[i]);
      for (std::size_t j = 0; j < sites_.size(); ++j) {
        const std::size_t basis = basis_of(j);
        cost(static_cast<long>(i), static_cast<long>(j)) =
            takes[basis] ? displacement_A(i, j, origin).squaredNorm() -
                               (must_fill_[basis] ? must_fill_A2 : 0.0)
                         : forbidden_A2;
      }
    }
    return cost;
  }

  const Atoms& atoms_;
  Supercell cell_;
  std::vector<Vector3d> sites_;
  std::map<std::string, std::vector<bool>> takes_;  // [species][basis site]
  std::vector<bool> must_fill_;                     // per basis site
};

}  // namespace

int species_on_site(const Site& site, const std::string& species, const MappingConfig& config) {
  const auto at = std::find(site.allowed.begin(), site.allowed.end(), species);
  if (at != site.allowed.end()) return static_cast<int>(at - site.allowed.begin());
  const std::string element = element_of(species);
  if (!config.ignore_oxidation_states || element.empty()) return -1;
  int found = -1, states = 0;
  for (std::size_t k = 0; k < site.allowed.size(); ++k) {
    if (site.allowed[k] == element) return static_cast<int>(k);
    if (element_of(site.allowed[k]) != element) continue;
    found = static_cast<int>(k);
    ++states;
  }
  return species == element && states == 1 ? found : -1;
}

bool allows_vacancy(const Site& site) {
  return std::find(site.allowed.begin(), site.allowed.end(), vacancy) != site.allowed.end();
}

Placement place_atoms(const Structure& prim, const Atoms& atoms, const Matrix3i& transformation,
                      const MappingConfig& config) {
  return Placer(prim, atoms, transformation, config).best();
}

}  // namespace lithiate::crystal
