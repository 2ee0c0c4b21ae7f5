#include "model/local_orbits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "core/error.hpp"
#include "crystal/neighbors.hpp"
#include "crystal/space_group.hpp"
#include "model/host_cell.hpp"

namespace lithiate::model {
namespace {

using crystal::SiteOffset;
using crystal::Vector3d;
using crystal::Vector3i;

constexpr std::size_t max_size = 3, max_clusters = 1'000'000;
constexpr std::array<const char*, max_size> size_names{"point", "pair", "triplet"};

/// A directed bond between two sites of the host cell's structure.
struct Ends {
  SiteOffset from, to;
};

/// The places of a hop of the network, which start in cell 0, in those of the host cell.
class Frame {
 public:
  Frame(const HostCell& host, const Hop& hop) : Frame(host, hop.from, hop.to, hop.shift) {}
  Frame(const HostCell& host, int from, int to, const Vector3i& shift) : host_(host) {
    const auto site = [&](int sublattice) {
      return static_cast<int>(
          std::find(host.sublattice.begin(), host.sublattice.end(), sublattice) -
          host.sublattice.begin());
    };
    ends_.from = {site(from), {0, 0, 0}};
    wrap_ = wrap(ends_.from.basis);
    ends_.to = translated(SiteOffset{site(to), {0, 0, 0}}, shift - wrap_ + wrap(site(to)));
  }
  const Ends& ends() const { return ends_; }
  /// In the network's terms.
  SiteOffset place(const SiteOffset& site) const {
    return translated(SiteOffset{host_.sublattice[static_cast<std::size_t>(site.basis)], site.cell},
                      wrap_ - wrap(site.basis));
  }

 private:
  const Vector3i& wrap(int site) const { return host_.wrap[static_cast<std::size_t>(site)]; }
  const HostCell& host_;
  Ends ends_;
  Vector3i wrap_;
};

/// A symmetry of the crystal followed by whole host cells.
struct Carrier {
  const Motion* motion;
  Vector3i cells;
  SiteOffset operator()(const HostCell& host, const SiteOffset& site) const {
    return translated(image(*motion, host.structure, site), cells);
  }
};

/// Motion and translation that carry one bond onto another, in either direction.
std::optional<Carrier> carrier(const HostCell& host, const Motion& motion, const Ends& bond,
                               const Ends& onto) {
  const SiteOffset from = image(motion, host.structure, bond.from),
                   to = image(motion, host.structure, bond.to);
  for (const auto& [start, end] : {std::pair(from, to), std::pair(to, from)}) {
    const Vector3i cells = onto.from.cell_vector() - start.cell_vector();
    if (translated(start, cells) == onto.from && translated(end, cells) == onto.to)
      return Carrier{&motion, cells};
  }
  return std::nullopt;
}

/// Free sites around a bond and how the symmetries that keep it permute them.
struct Around {
  std::vector<SiteOffset> sites;
  std::vector<double> radius_A;                // smallest of the sites that symmetry makes equal
  std::vector<std::vector<int>> permutations;  // [symmetry][site]
};

Vector3d position(const HostCell& host, const SiteOffset& site) {
  return host.structure.sites[static_cast<std::size_t>(site.basis)].fractional +
         site.cell_vector().cast<double>();
}

std::vector<SiteOffset> sites_near(const HostCell& host, const Ends& bond, double radius_A) {
  std::vector<SiteOffset> found;
  const Vector3d middle = 0.5 * (position(host, bond.from) + position(host, bond.to));
  const Vector3d home = middle.array().floor();
  const crystal::Lattice& lattice = host.structure.lattice;
  const Vector3i n = lattice.cells_within(radius_A) + Vector3i::Ones();
  for (int b = 0; b < static_cast<int>(host.structure.sites.size()); ++b) {
    if (host.sublattice[static_cast<std::size_t>(b)] < 0) continue;
    for (int i = -n[0]; i <= n[0]; ++i)
      for (int j = -n[1]; j <= n[1]; ++j)
        for (int k = -n[2]; k <= n[2]; ++k) {
          const SiteOffset site =
              translated(SiteOffset{b, {i, j, k}}, home.array().round().matrix().cast<int>());
          if (lattice.cartesian(position(host, site) - middle).norm() > radius_A) continue;
          if (site != bond.from && site != bond.to) found.push_back(site);
        }
  }
  return found;
}

Around around(const HostCell& host, const std::vector<Motion>& motions, const Ends& bond,
              double radius_A) {
  std::vector<Carrier> keepers;
  for (const Motion& m : motions)
    if (const auto c = carrier(host, m, bond, bond)) keepers.push_back(*c);
  const Vector3d middle = 0.5 * (position(host, bond.from) + position(host, bond.to));
  std::set<SiteOffset> all;
  // a site at the very limit brings those that symmetry makes equal to it
  for (const SiteOffset& site : sites_near(host, bond, radius_A + crystal::default_symprec_A))
    for (const Carrier& c : keepers) all.insert(c(host, site));
  Around a{{all.begin(), all.end()}, {}, {}};
  const auto number = [&](const SiteOffset& site) {
    return static_cast<int>(std::lower_bound(a.sites.begin(), a.sites.end(), site) -
                            a.sites.begin());
  };
  a.radius_A.assign(a.sites.size(), std::numeric_limits<double>::infinity());
  for (const Carrier& c : keepers) {
    auto& permutation = a.permutations.emplace_back();
    for (std::size_t i = 0; i < a.sites.size(); ++i) {
      const SiteOffset onto = c(host, a.sites[i]);
      permutation.push_back(number(onto));
      const double r_A = host.structure.lattice.cartesian(position(host, onto) - middle).norm();
      a.radius_A[i] = std::min(a.radius_A[i], r_A);
    }
  }
  return a;
}

/// Species of a site, by number in Around::sites, ascending.
using Decorated = std::vector<std::pair<int, std::string>>;

std::vector<std::string> counted_species(const crystal::Site& site) {
  std::vector<std::string> species;
  for (const std::string& s : site.allowed)
    if (s != crystal::vacancy) species.push_back(s);
  if (species.size() == site.allowed.size()) species.pop_back();
  return species;
}

/// All clusters of `size` sites no farther than the radius, with all choices of their species.
std::set<Decorated> decorated_clusters(const HostCell& host, const Around& a, std::size_t size,
                                       double radius_A) {
  std::set<Decorated> clusters{{}};
  for (std::size_t k = 0; k < size; ++k) {
    std::set<Decorated> larger;
    for (const Decorated& c : clusters)
      for (int i = c.empty() ? 0 : c.back().first + 1; i < std::ssize(a.sites); ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (a.radius_A[at] > radius_A + crystal::default_symprec_A) continue;
        const auto basis = static_cast<std::size_t>(a.sites[at].basis);
        for (const std::string& s : counted_species(host.structure.sites[basis])) {
          Decorated next = c;
          next.emplace_back(i, s);
          larger.insert(std::move(next));
        }
        if (larger.size() > max_clusters)
          throw InputError(
              fmt::format("local clusters: more than {}; expected shorter cut-offs", max_clusters));
      }
    clusters = std::move(larger);
  }
  return clusters;
}

std::vector<std::vector<Decorated>> orbits_of(const Around& a, std::set<Decorated> clusters) {
  std::vector<std::vector<Decorated>> orbits;
  while (!clusters.empty()) {
    std::set<Decorated> orbit;
    for (const auto& permutation : a.permutations) {
      Decorated moved = *clusters.begin();
      for (auto& [site, species] : moved) site = permutation[static_cast<std::size_t>(site)];
      std::sort(moved.begin(), moved.end());
      orbit.insert(std::move(moved));
    }
    for (const Decorated& c : orbit) clusters.erase(c);
    orbits.emplace_back(orbit.begin(), orbit.end());
  }
  return orbits;
}

void describe(const HostCell& host, const Around& a, const std::vector<Decorated>& images,
              LocalOrbit& orbit) {
  const Decorated& first = images.front();
  std::string species;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto at = static_cast<std::size_t>(first[i].first);
    species += " " + first[i].second;
    orbit.radius_A = std::max(orbit.radius_A, a.radius_A[at]);
    for (std::size_t j = 0; j < i; ++j)
      orbit.diameter_A = std::max(
          orbit.diameter_A,
          crystal::separation_A(host.structure, a.sites[static_cast<std::size_t>(first[j].first)],
                                a.sites[at])
              .norm());
  }
  orbit.description =
      fmt::format("{}{}, {}{:.3f} A from the midpoint, ", size_names[first.size() - 1], species,
                  first.size() > 1 ? "farthest " : "", orbit.radius_A);
  if (first.size() > 1) orbit.description += fmt::format("{:.3f} A apart, ", orbit.diameter_A);
  orbit.description += fmt::format("{} per bond", images.size());
}

/// The clusters around every hop of the class, by a symmetry that carries the first bond there.
void transport(const HostCell& host, const std::vector<Motion>& motions, const Ends& bond,
               const Around& a, const HopNetwork& network, int hop_class,
               const std::vector<std::vector<Decorated>>& images, std::vector<LocalOrbit>& orbits) {
  for (LocalOrbit& orbit : orbits) orbit.images.resize(network.hops.size());
  for (std::size_t h = 0; h < network.hops.size(); ++h) {
    if (network.hops[h].hop_class != hop_class) continue;
    const Frame frame(host, network.hops[h]);
    std::optional<Carrier> there;
    for (const Motion& m : motions)
      if ((there = carrier(host, m, bond, frame.ends()))) break;
    if (!there)
      throw Error(fmt::format("hops: no symmetry carries class {} onto hop {}", hop_class, h));
    std::vector<SiteOffset> places;
    for (const SiteOffset& site : a.sites) places.push_back(frame.place((*there)(host, site)));
    for (std::size_t o = 0; o < orbits.size(); ++o)
      for (const Decorated& c : images[o]) {
        LocalCluster& cluster = orbits[o].images[h].emplace_back();
        for (const auto& [site, species] : c)
          cluster.push_back({places[static_cast<std::size_t>(site)], species});
        std::sort(cluster.begin(), cluster.end());
      }
  }
}

void check(const LocalCutoffs& cutoffs_A) {
  if (cutoffs_A.size() > max_size)
    throw InputError(
        fmt::format("local clusters: {} cut-offs, expected at most {} (points, pairs, "
                    "triplets)",
                    cutoffs_A.size(), max_size));
  for (const double r_A : cutoffs_A)
    if (!(r_A >= 0.0) || !std::isfinite(r_A))
      throw InputError(fmt::format("local clusters: cut-off {} A, expected 0 or more", r_A));
}

}  // namespace

std::size_t LocalOrbit::size() const noexcept {
  for (const auto& clusters : images)
    if (!clusters.empty()) return clusters.front().size();
  return 0;
}

std::vector<LocalOrbit> find_local_orbits(const crystal::Structure& prim, const Host& host,
                                          const HopNetwork& network, int hop_class,
                                          const LocalCutoffs& cutoffs_A) {
  check(cutoffs_A);
  const HostCell cell = make_host_cell(prim, host);
  const std::vector<Motion> motions = crystal_symmetries(cell.structure);
  const HopClass& c = network.classes.at(static_cast<std::size_t>(hop_class));
  const Frame frame(cell, c.from, c.to, c.shift);
  const double longest_A =
      cutoffs_A.empty() ? 0.0 : *std::max_element(cutoffs_A.begin(), cutoffs_A.end());
  const Around a = around(cell, motions, frame.ends(), longest_A);
  std::vector<std::tuple<std::size_t, double, double, std::size_t, std::size_t>> order;
  std::vector<std::vector<Decorated>> images;
  std::vector<LocalOrbit> found;
  for (std::size_t size = 1; size <= cutoffs_A.size(); ++size) {
    if (cutoffs_A[size - 1] == 0.0) continue;
    for (auto& orbit : orbits_of(a, decorated_clusters(cell, a, size, cutoffs_A[size - 1]))) {
      describe(cell, a, orbit, found.emplace_back());
      const auto rounded = [](double d) { return std::round(d / crystal::default_symprec_A); };
      order.emplace_back(size, rounded(found.back().radius_A), rounded(found.back().diameter_A),
                         orbit.size(), order.size());
      images.push_back(std::move(orbit));
    }
  }
  std::sort(order.begin(), order.end());
  std::vector<std::vector<Decorated>> sorted_images;
  std::vector<LocalOrbit> orbits;
  for (const auto& [size, radius, diameter, clusters, at] : order) {
    sorted_images.push_back(std::move(images[at]));
    orbits.push_back(std::move(found[at]));
  }
  transport(cell, motions, frame.ends(), a, network, hop_class, sorted_images, orbits);
  return orbits;
}

void add_local_terms(HopNetwork& network, const LocalOrbit& orbit, double e_kra_eV,
                     double ln_prefactor) {
  network.local.resize(network.hops.size());
  for (std::size_t h = 0; h < orbit.images.size(); ++h)
    for (const LocalCluster& cluster : orbit.images[h])
      network.local[h].push_back({cluster, e_kra_eV, ln_prefactor});
}

}  // namespace lithiate::model
