#include "expansion/cluster_basis.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "crystal/supercell.hpp"

namespace lithiate::expansion {
namespace {

using cluster::Orbit;
using cluster::SiteBasis;

int n_species(const crystal::Structure& prim, int basis) {
  return static_cast<int>(prim.sites[static_cast<std::size_t>(basis)].allowed.size());
}

/// Advances a mixed-radix counter; false after the last tuple.
bool advance(std::vector<int>& tuple, const std::vector<int>& radix) {
  for (std::size_t i = 0; i < tuple.size(); ++i) {
    if (++tuple[i] < radix[i]) return true;
    tuple[i] = 0;
  }
  return false;
}

std::vector<ClusterFunction> functions_of(const crystal::Structure& prim, const Orbit& orbit,
                                          std::size_t orbit_index) {
  std::vector<int> radix;
  for (const auto& site : orbit.representative) radix.push_back(n_species(prim, site.basis) - 1);
  std::vector<ClusterFunction> all;
  std::set<std::vector<int>> seen;
  std::vector<int> tuple(radix.size(), 0);
  do {
    if (seen.contains(tuple)) continue;
    std::set<std::vector<int>> equivalent;
    for (const auto& permutation : orbit.permutations) {
      std::vector<int> image(tuple.size());
      for (std::size_t i = 0; i < tuple.size(); ++i)
        image[static_cast<std::size_t>(permutation[i])] = tuple[i];
      equivalent.insert(image);
    }
    seen.insert(equivalent.begin(), equivalent.end());
    all.push_back({orbit_index, {equivalent.begin(), equivalent.end()}});
  } while (advance(tuple, radix));
  return all;
}

}  // namespace

int ClusterBasis::multiplicity(std::size_t alpha) const {
  const ClusterFunction& f = functions[alpha];
  return orbits[f.orbit].multiplicity() * static_cast<int>(f.decorations.size());
}

std::string ClusterBasis::describe(std::size_t alpha) const {
  static const std::vector<std::string> sizes{"constant", "point", "pair", "triplet", "quadruplet"};
  const ClusterFunction& f = functions[alpha];
  const Orbit& orbit = orbits[f.orbit];
  std::string text = sizes[orbit.size()];
  if (orbit.size() == 1) text += fmt::format(" on site {}", orbit.representative[0].basis);
  if (orbit.size() > 1) text += fmt::format(" {:.3f} A", orbit.diameter_A);
  return fmt::format("{}, orbit {}, functions ({})", text, f.orbit,
                     fmt::join(f.decorations.front(), " "));
}

ClusterBasis make_cluster_basis(const crystal::Structure& prim, cluster::BasisKind kind,
                                const cluster::Cutoffs& cutoffs_A) {
  ClusterBasis basis{prim, kind, cutoffs_A, {}, {}};
  basis.orbits = cluster::find_orbits(prim, crystal::find_space_group(prim), cutoffs_A);
  for (std::size_t i = 0; i < basis.orbits.size(); ++i)
    for (auto& f : functions_of(prim, basis.orbits[i], i)) basis.functions.push_back(std::move(f));
  return basis;
}

Eigen::VectorXd correlations(const ClusterBasis& basis, const crystal::Decoration& decoration) {
  const crystal::Supercell cell(basis.prim, decoration.transformation);
  std::vector<SiteBasis> site_bases;
  for (const auto& site : basis.prim.sites)
    site_bases.emplace_back(basis.kind, std::max<int>(2, static_cast<int>(site.allowed.size())));
  Eigen::VectorXd phi = Eigen::VectorXd::Zero(static_cast<long>(basis.size()));
  for (std::size_t alpha = 0; alpha < basis.size(); ++alpha) {
    const ClusterFunction& f = basis.functions[alpha];
    double sum = 0.0;
    for (std::int64_t c = 0; c < cell.n_cells(); ++c)
      for (const auto& image : basis.orbits[f.orbit].images)
        for (const auto& tuple : f.decorations) {
          double product = 1.0;
          for (std::size_t k = 0; k < image.size(); ++k) {
            const auto site = cell.index(translated(image[k], cell.cell(c)));
            product *= site_bases[static_cast<std::size_t>(image[k].basis)](
                tuple[k], decoration.occupation[static_cast<std::size_t>(site)]);
          }
          sum += product;
        }
    phi[static_cast<long>(alpha)] =
        sum / static_cast<double>(cell.n_cells() * basis.multiplicity(alpha));
  }
  return phi;
}

double energy_eV_per_prim(const ClusterExpansion& expansion,
                          const crystal::Decoration& decoration) {
  const Eigen::VectorXd phi = correlations(expansion.basis, decoration);
  double energy = 0.0;
  for (std::size_t alpha = 0; alpha < expansion.basis.size(); ++alpha) {
    const auto i = static_cast<long>(alpha);
    energy += expansion.basis.multiplicity(alpha) * expansion.eci_eV[i] * phi[i];
  }
  return energy;
}

}  // namespace lithiate::expansion
