#include "model/hops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/error.hpp"
#include "crystal/neighbors.hpp"
#include "crystal/space_group.hpp"
#include "model/host_cell.hpp"

namespace lithiate::model {
namespace {

using crystal::SiteOffset;
using crystal::Vector3d;
using crystal::Vector3i;

constexpr double same_distance_A = 0.02;  // figures in files are rounded to 0.01 A

/// Undirected bond: two host sites and the cells between them; the smaller of both readings.
struct Bond {
  int from = 0, to = 0;
  std::array<int, 3> shift{};
  friend auto operator<=>(const Bond&, const Bond&) = default;
  Vector3i shift_vector() const { return {shift[0], shift[1], shift[2]}; }
};

Bond bond_of(const SiteOffset& from, const SiteOffset& to) {
  Bond there{from.basis, to.basis, {}}, back{to.basis, from.basis, {}};
  for (std::size_t i = 0; i < 3; ++i) {
    there.shift[i] = to.cell[i] - from.cell[i];
    back.shift[i] = -there.shift[i];
  }
  return std::min(there, back);
}

SiteOffset end_of(const Bond& bond) { return {bond.to, bond.shift}; }

bool holds(const crystal::Site& site, const std::string& mobile) {
  const auto has = [&](const std::string& s) {
    return std::find(site.allowed.begin(), site.allowed.end(), s) != site.allowed.end();
  };
  return has(mobile) && has(crystal::vacancy);
}

std::set<Bond> find_bonds(const HostCell& host, const std::string& mobile, double min_A,
                          double max_A) {
  std::set<Bond> bonds;
  const auto& sites = host.structure.sites;
  const auto open = [&](int b) {
    const auto i = static_cast<std::size_t>(b);
    return host.sublattice[i] >= 0 && holds(sites[i], mobile);
  };
  bool any = false;
  for (int b = 0; b < static_cast<int>(sites.size()); ++b) {
    if (!open(b)) continue;
    any = true;
    for (const auto& n : crystal::neighbors_within(host.structure, b, max_A))
      if (n.distance_A >= min_A && open(n.site.basis)) bonds.insert(bond_of({b, {}}, n.site));
  }
  if (!any)
    throw InputError(fmt::format("hops: no free site of {} allows both {} and {}",
                                 host.structure.name, mobile, crystal::vacancy));
  return bonds;
}

/// Orbits of bonds under the symmetry of the crystal; ascending in length, then in first bond.
std::vector<std::vector<Bond>> bond_orbits(const HostCell& host, std::set<Bond> bonds) {
  const std::vector<Motion> motions = crystal_symmetries(host.structure);
  std::vector<std::vector<Bond>> orbits;
  while (!bonds.empty()) {
    const Bond first = *bonds.begin();
    std::set<Bond> orbit{first};
    for (const Motion& m : motions)
      orbit.insert(bond_of(image(m, host.structure, {first.from, {}}),
                           image(m, host.structure, end_of(first))));
    for (const Bond& bond : orbit) bonds.erase(bond);
    orbits.emplace_back(orbit.begin(), orbit.end());
  }
  const auto length = [&](const std::vector<Bond>& o) {
    const double d =
        crystal::separation_A(host.structure, {o.front().from, {}}, end_of(o.front())).norm();
    return std::round(d / crystal::default_symprec_A);
  };
  std::stable_sort(orbits.begin(), orbits.end(),
                   [&](const auto& a, const auto& b) { return length(a) < length(b); });
  return orbits;
}

/// Shells of fixed atoms around the bond's midpoint: the two nearest of each species.
std::string describe(const HostCell& host, const Bond& bond) {
  constexpr double radius_A = 4.5, same_shell_A = 0.02;
  const auto& s = host.structure;
  const auto at = [&](int b) { return s.sites[static_cast<std::size_t>(b)].fractional; };
  const Vector3d middle = 0.5 * (at(bond.from) + at(bond.to) + bond.shift_vector().cast<double>());
  const Vector3d home = middle.array().floor();
  std::map<std::string, std::vector<double>> found;
  const Vector3i n = s.lattice.cells_within(radius_A) + Vector3i::Ones();
  for (const auto& site : s.sites) {
    if (site.allowed.size() > 1 || site.allowed.front() == crystal::vacancy) continue;
    for (int i = -n[0]; i <= n[0]; ++i)
      for (int j = -n[1]; j <= n[1]; ++j)
        for (int k = -n[2]; k <= n[2]; ++k) {
          const Vector3d f = site.fractional + Vector3d(i, j, k) + home - middle;
          const double d = s.lattice.cartesian(f).norm();
          if (d <= radius_A) found[site.allowed.front()].push_back(d);
        }
  }
  std::string text;
  for (auto& [species, distances] : found) {
    std::sort(distances.begin(), distances.end());
    auto first = distances.begin();
    for (int shell = 0; shell < 2 && first != distances.end(); ++shell) {
      const auto last =
          std::find_if(first, distances.end(), [&](double d) { return d > *first + same_shell_A; });
      text += fmt::format("{} {} {} at {:.2f} A", text.empty() ? "midpoint" : ",", last - first,
                          species, *first);
      first = last;
    }
  }
  return text.empty() ? fmt::format("midpoint without fixed atoms within {} A", radius_A) : text;
}

HopClass make_class(const HostCell& host, const std::vector<Bond>& orbit) {
  const Bond& bond = orbit.front();
  HopClass c;
  c.distance_A = crystal::separation_A(host.structure, {bond.from, {}}, end_of(bond)).norm();
  c.bonds_per_host_cell = static_cast<int>(orbit.size());
  c.description = describe(host, bond);
  return c;
}

std::string list_of(const HopNetwork& network) {
  std::string text;
  for (std::size_t c = 0; c < network.classes.size(); ++c)
    text += fmt::format("\n  {}: {:.3f} A, {}", c, network.classes[c].distance_A,
                        network.classes[c].description);
  return text;
}

/// Coefficients by cluster, seen from `shift` cells away.
std::map<LocalCluster, std::pair<double, double>> terms_seen_from(
    const std::vector<LocalTerm>& terms, const Vector3i& shift) {
  std::map<LocalCluster, std::pair<double, double>> seen;
  for (const LocalTerm& term : terms) {
    LocalCluster cluster = term.cluster;
    for (LocalSite& site : cluster) site.place = translated(site.place, -shift);
    std::sort(cluster.begin(), cluster.end());
    auto& [e_kra_eV, ln_prefactor] = seen[cluster];
    e_kra_eV += term.e_kra_eV;
    ln_prefactor += term.ln_prefactor;
  }
  return seen;
}

/// What is wrong with the clusters of a hop by themselves; empty: nothing.
std::string fault_of(const LocalTerm& term, const Hop& hop, const std::string& vacancy) {
  if (!std::isfinite(term.e_kra_eV) || !std::isfinite(term.ln_prefactor))
    return "a value is not finite";
  if (term.cluster.empty()) return "a cluster has no sites";
  const SiteOffset start{hop.from, {0, 0, 0}};
  const SiteOffset end = translated(SiteOffset{hop.to, {0, 0, 0}}, hop.shift);
  std::set<SiteOffset> places;
  for (const LocalSite& site : term.cluster) {
    if (site.place == start || site.place == end) return "a cluster holds an end of the hop";
    if (!places.insert(site.place).second) return "a cluster holds a site twice";
    if (site.species == vacancy) return "a cluster counts the vacancy";
  }
  return {};
}

void check_local(const HopNetwork& network, InputReport& report) {
  if (network.local.size() != network.hops.size()) {
    report.require(false, "local terms of", network.local.size(),
                   fmt::format("expected {} hops", network.hops.size()));
    return;
  }
  for (std::size_t h = 0; h < network.hops.size(); ++h) {
    const Hop& hop = network.hops[h];
    for (const LocalTerm& term : network.local[h])
      if (const std::string fault = fault_of(term, hop, network.vacancy); !fault.empty())
        report.fault(fmt::format("hop {} local terms: {}", h, fault));
    const auto& back = network.local[static_cast<std::size_t>(hop.reverse)];
    if (terms_seen_from(network.local[h], Vector3i::Zero()) != terms_seen_from(back, -hop.shift))
      report.fault(fmt::format("hop {} local terms: are not those of the reverse hop", h));
  }
}

/// Sorts hops by start, class, end and shift, and renews the links to the reverse hops.
void sort_hops(HopNetwork& network) {
  std::vector<int> order(network.hops.size()), place(network.hops.size());
  for (std::size_t h = 0; h < order.size(); ++h) order[h] = static_cast<int>(h);
  const auto key = [&](int h) {
    const Hop& hop = network.hops[static_cast<std::size_t>(h)];
    return std::array<int, 6>{hop.from,     hop.hop_class, hop.to,
                              hop.shift[0], hop.shift[1],  hop.shift[2]};
  };
  std::sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
  std::vector<Hop> sorted;
  for (std::size_t h = 0; h < order.size(); ++h) {
    place[static_cast<std::size_t>(order[h])] = static_cast<int>(h);
    sorted.push_back(network.hops[static_cast<std::size_t>(order[h])]);
  }
  for (Hop& hop : sorted) hop.reverse = place[static_cast<std::size_t>(hop.reverse)];
  network.hops = std::move(sorted);
}

}  // namespace

crystal::Structure host_structure(const crystal::Structure& prim, const Host& host) {
  return make_host_cell(prim, host).structure;
}

HopNetwork find_hops(const crystal::Structure& prim, const Host& host, const std::string& mobile,
                     double max_distance_A, double min_distance_A) {
  const HostCell cell = make_host_cell(prim, host);
  HopNetwork network;
  network.mobile = crystal::canonical_species(mobile);
  const auto bonds = find_bonds(cell, network.mobile, min_distance_A, max_distance_A);
  for (const auto& orbit : bond_orbits(cell, bonds)) {
    const int number = static_cast<int>(network.classes.size());
    network.classes.push_back(make_class(cell, orbit));
    for (const Bond& bond : orbit) {
      const auto from = static_cast<std::size_t>(bond.from), to = static_cast<std::size_t>(bond.to);
      const Vector3i shift = bond.shift_vector() + cell.wrap[from] - cell.wrap[to];
      add_bond(network, cell.sublattice[from], cell.sublattice[to], shift, number,
               crystal::separation_A(cell.structure, {bond.from, {}}, end_of(bond)));
    }
    const Hop& first = network.hops[network.hops.size() - 2 * orbit.size()];
    HopClass& c = network.classes.back();
    c.from = first.from;
    c.to = first.to;
    c.shift = first.shift;
  }
  sort_hops(network);
  return network;
}

void set_barriers(HopNetwork& network, double e_kra_eV, double prefactor_Hz) {
  for (HopClass& c : network.classes) {
    c.e_kra_eV = e_kra_eV;
    c.prefactor_Hz = prefactor_Hz;
  }
}

void set_barrier(HopNetwork& network, int hop_class, double distance_A, double e_kra_eV,
                 double prefactor_Hz) {
  if (hop_class < 0 || hop_class >= static_cast<int>(network.classes.size()))
    throw InputError(fmt::format("hop class {}: expected one of{}", hop_class, list_of(network)));
  HopClass& c = network.classes[static_cast<std::size_t>(hop_class)];
  if (!(std::abs(distance_A - c.distance_A) <= same_distance_A))
    throw InputError(
        fmt::format("hop class {}: distance {} A, expected {:.3f} A; the classes are{}", hop_class,
                    distance_A, c.distance_A, list_of(network)));
  c.e_kra_eV = e_kra_eV;
  c.prefactor_Hz = prefactor_Hz;
}

void add_bond(HopNetwork& network, int from, int to, const Vector3i& shift, int hop_class,
              const Vector3d& vector_A) {
  const int there = static_cast<int>(network.hops.size());
  network.hops.push_back({from, to, shift, hop_class, there + 1, vector_A});
  network.hops.push_back({to, from, -shift, hop_class, there, -vector_A});
}

void check(const HopNetwork& network, InputReport& report) {
  const int n_hops = static_cast<int>(network.hops.size());
  const int n_classes = static_cast<int>(network.classes.size());
  for (int h = 0; h < n_hops; ++h) {
    const Hop& hop = network.hops[static_cast<std::size_t>(h)];
    const std::string key = fmt::format("hop {}", h);
    report.require(hop.hop_class >= 0 && hop.hop_class < n_classes, key + " class", hop.hop_class,
                   fmt::format("expected 0 to {}", n_classes - 1));
    if (hop.reverse < 0 || hop.reverse >= n_hops) {
      report.require(false, key + " reverse", hop.reverse, "expected the number of a hop");
      continue;
    }
    const Hop& back = network.hops[static_cast<std::size_t>(hop.reverse)];
    const bool matches = back.from == hop.to && back.to == hop.from && back.shift == -hop.shift &&
                         back.hop_class == hop.hop_class && back.reverse == h &&
                         (back.vector_A + hop.vector_A).norm() < 1e-9;
    report.require(matches, key + " reverse", hop.reverse, "is not the same bond walked backwards");
  }
  bool used = false;
  for (int c = 0; c < n_classes; ++c) {
    const HopClass& k = network.classes[static_cast<std::size_t>(c)];
    report.require(std::isfinite(k.e_kra_eV), fmt::format("hop class {} e_kra_eV", c), k.e_kra_eV,
                   "must be finite");
    report.require(std::isfinite(k.prefactor_Hz) && k.prefactor_Hz >= 0.0,
                   fmt::format("hop class {} prefactor_Hz", c), k.prefactor_Hz, "must be >= 0");
    used = used || k.prefactor_Hz > 0.0;
  }
  if (report.empty() && !network.local.empty()) check_local(network, report);
  if (!used) report.fault("hops: no class has a prefactor_Hz above 0, so nothing can move");
}

}  // namespace lithiate::model
