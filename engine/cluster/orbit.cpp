#include "cluster/orbit.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "core/error.hpp"
#include "crystal/neighbors.hpp"

namespace lithiate::cluster {
namespace {

using crystal::SpaceGroup;
using crystal::Structure;
using crystal::Vector3i;

/// Distances closer than this are the same shell: far above rounding, far below real differences.
constexpr double same_distance_A = 1e-4;

bool is_active(const Structure& prim, int basis) {
  return prim.sites[static_cast<std::size_t>(basis)].allowed.size() > 1;
}

/// Moves the cluster so that its smallest site lies in the home cell; the order of sites is kept.
Sites home(Sites sites) {
  if (sites.empty()) return sites;
  // the smallest by (cell, basis) is the same site for every translate of the cluster
  const auto& first =
      *std::min_element(sites.begin(), sites.end(), [](const SiteOffset& a, const SiteOffset& b) {
        return std::tie(a.cell, a.basis) < std::tie(b.cell, b.basis);
      });
  const Vector3i shift = -first.cell_vector();
  for (SiteOffset& site : sites) site = translated(site, shift);
  return sites;
}

/// What names a cluster whatever the order of its sites and the cell it stands in.
Sites key_of(const Sites& sites) {
  Sites key = home(sites);
  std::sort(key.begin(), key.end());
  return key;
}

double diameter_A(const Structure& prim, const Sites& sites) {
  double longest = 0.0;
  for (std::size_t i = 0; i < sites.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      longest = std::max(longest, separation_A(prim, sites[i], sites[j]).norm());
  return longest;
}

/// Where each of the representative's sites goes: image[i] = representative[permutation[i]].
std::vector<int> permutation_between(const Sites& representative, const Sites& image) {
  std::vector<int> permutation;
  for (const SiteOffset& site : image)
    permutation.push_back(static_cast<int>(
        std::find(representative.begin(), representative.end(), site) - representative.begin()));
  return permutation;
}

Orbit orbit_of(const Structure& prim, const SpaceGroup& group, const Sites& sites) {
  Orbit orbit;
  orbit.representative = home(sites);
  orbit.diameter_A = diameter_A(prim, sites);
  std::map<Sites, Sites> images;
  std::set<std::vector<int>> permutations;
  const Sites own_key = key_of(sites);
  images.emplace(own_key, orbit.representative);
  for (std::size_t op = 0; op < group.operations().size(); ++op) {
    Sites image;
    for (const SiteOffset& site : orbit.representative) image.push_back(group.image(op, site));
    image = home(std::move(image));
    const Sites key = key_of(image);
    if (key == own_key) permutations.insert(permutation_between(orbit.representative, image));
    images.emplace(key, std::move(image));
  }
  for (auto& [key, image] : images) orbit.images.push_back(std::move(image));
  orbit.permutations.assign(permutations.begin(), permutations.end());
  return orbit;
}

/// Grows clusters by one site each round; keeps one orbit per set of equivalent clusters.
class OrbitFinder {
 public:
  OrbitFinder(const Structure& prim, const SpaceGroup& group) : prim_(prim), group_(group) {}

  std::vector<Orbit> points() {
    std::vector<Orbit> found;
    for (int b = 0; b < static_cast<int>(prim_.sites.size()); ++b)
      if (is_active(prim_, b)) add({SiteOffset{b, {0, 0, 0}}}, found);
    return found;
  }

  std::vector<Orbit> grown(const std::vector<Orbit>& smaller, double cutoff_A) {
    std::vector<Orbit> found;
    for (const Orbit& orbit : smaller) {
      const SiteOffset first = orbit.representative.front();
      for (const auto& near : neighbors_within(prim_, first.basis, cutoff_A + same_distance_A)) {
        if (!is_active(prim_, near.site.basis)) continue;
        const SiteOffset extra = translated(near.site, first.cell_vector());
        Sites sites = orbit.representative;
        if (std::find(sites.begin(), sites.end(), extra) != sites.end()) continue;
        sites.push_back(extra);
        if (diameter_A(prim_, sites) <= cutoff_A + same_distance_A) add(sites, found);
      }
    }
    std::stable_sort(found.begin(), found.end(), [](const Orbit& a, const Orbit& b) {
      const double da = std::round(a.diameter_A / same_distance_A);
      const double db = std::round(b.diameter_A / same_distance_A);
      return da != db ? da < db : a.representative < b.representative;
    });
    return found;
  }

 private:
  void add(const Sites& sites, std::vector<Orbit>& found) {
    if (seen_.contains(key_of(sites))) return;
    Orbit orbit = orbit_of(prim_, group_, sites);
    for (const Sites& image : orbit.images) seen_.insert(key_of(image));
    found.push_back(std::move(orbit));
  }

  const Structure& prim_;
  const SpaceGroup& group_;
  std::set<Sites> seen_;
};

}  // namespace

std::vector<Orbit> find_orbits(const Structure& prim, const SpaceGroup& group,
                               const Cutoffs& cutoffs_A) {
  if (cutoffs_A.size() > 3)
    throw InputError("cluster cut-offs: more than three given (pairs, triplets, quadruplets)");
  for (const double cutoff_A : cutoffs_A)
    if (!std::isfinite(cutoff_A) || cutoff_A < 0.0)
      throw InputError("cluster cut-off " + std::to_string(cutoff_A) +
                       " A: expected a finite length, 0 to leave a size out");
  OrbitFinder finder(prim, group);
  Orbit empty;
  empty.images.emplace_back();
  empty.permutations.emplace_back();
  std::vector<Orbit> all{empty};
  const std::vector<Orbit> points = finder.points();
  if (points.empty())
    throw InputError(prim.name + ": no site allows two or more species, so nothing can vary");
  all.insert(all.end(), points.begin(), points.end());
  // triplets may reach further than pairs, so each size grows from the widest smaller clusters
  std::vector<Orbit> smaller = points;
  for (std::size_t k = 0; k < cutoffs_A.size(); ++k) {
    const double widest =
        *std::max_element(cutoffs_A.begin() + static_cast<long>(k), cutoffs_A.end());
    smaller = finder.grown(smaller, widest);
    for (const Orbit& orbit : smaller)
      if (orbit.diameter_A <= cutoffs_A[k] + same_distance_A) all.push_back(orbit);
  }
  return all;
}

}  // namespace lithiate::cluster
