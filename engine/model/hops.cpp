#include "model/hops.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/error.hpp"
#include "crystal/neighbors.hpp"
#include "crystal/space_group.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::model {
namespace {

using crystal::SiteOffset;
using crystal::Vector3d;
using crystal::Vector3i;

constexpr double same_distance_A = 0.02;  // figures in files are rounded to 0.01 A

/// The host cell and the free sites in it.
struct HostCell {
  crystal::Structure structure;  // positions in [0, 1)
  std::vector<int> sublattice;   // per host site; -1 frozen
  std::vector<Vector3i> wrap;    // whole cells taken off LatticeModel's position of the site
};

HostCell make_host_cell(const crystal::Structure& prim, const Host& host) {
  const crystal::Supercell cell(prim, host.transformation);
  const crystal::Matrix3d inverse = host.transformation.cast<double>().inverse();
  const std::vector<int> frozen = frozen_species(prim, host);
  HostCell h{{prim.name, cell.lattice(), {}, prim.source}, {}, {}};
  int n_free = 0;
  for (std::int64_t i = 0; i < cell.n_sites(); ++i) {
    const SiteOffset offset = cell.offset(i);
    const crystal::Site& site = prim.sites[static_cast<std::size_t>(offset.basis)];
    const Vector3d f = inverse * (site.fractional + offset.cell_vector().cast<double>());
    const Vector3d wrap = f.array().floor();
    const int species = frozen[static_cast<std::size_t>(i)];
    h.structure.sites.push_back({f - wrap, site.allowed});
    if (species >= 0)
      h.structure.sites.back().allowed = {site.allowed[static_cast<std::size_t>(species)]};
    h.wrap.push_back(wrap.cast<int>());
    h.sublattice.push_back(species < 0 ? n_free++ : -1);
  }
  return h;
}

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

/// A symmetry of the crystal in fractional coordinates of the host cell, which it need not carry
/// onto itself: the rotation is not integer then.
struct Motion {
  crystal::Matrix3d rotation;
  Vector3d translation;
};

/// Vectors of the crystal's primitive lattice in host coordinates, from the pure translations of a
/// cell: three shortest independent ones, which form a basis in three dimensions.
crystal::Matrix3d primitive_vectors(const crystal::Lattice& lattice,
                                    const std::vector<Vector3d>& translations) {
  std::vector<Vector3d> candidates;
  for (const Vector3d& t : translations)
    for (int i = -1; i <= 1; ++i)
      for (int j = -1; j <= 1; ++j)
        for (int k = -1; k <= 1; ++k) {
          const Vector3d wrapped = t.array() - t.array().round();
          const Vector3d v = wrapped + Vector3d(i, j, k);
          if (lattice.cartesian(v).norm() > 1e-3) candidates.push_back(v);
        }
  std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return lattice.cartesian(a).norm() < lattice.cartesian(b).norm();
  });
  const double volume = 1.0 / static_cast<double>(translations.size());
  crystal::Matrix3d basis;
  basis.col(0) = candidates.front();
  for (const auto& second : candidates) {
    if (lattice.cartesian(basis.col(0)).cross(lattice.cartesian(second)).norm() < 1e-3) continue;
    basis.col(1) = second;
    for (const auto& third : candidates) {
      basis.col(2) = third;
      if (std::abs(std::abs(basis.determinant()) - volume) > 1e-3 * volume) continue;
      if (basis.determinant() < 0) basis.col(2) *= -1.0;
      return basis;
    }
  }
  throw Error("hops: the translations of the host cell span no lattice");
}

/// All symmetries of the infinite crystal, one per translation modulo the host cell. The group of
/// the host cell alone lacks those that do not fit its shape, and would split classes.
std::vector<Motion> crystal_symmetries(const crystal::Structure& host) {
  std::vector<Vector3d> centring;
  const crystal::SpaceGroup of_cell = crystal::find_space_group(host);
  for (const auto& op : of_cell.operations())
    if (op.rotation.isIdentity()) centring.push_back(op.translation);
  const crystal::Matrix3d basis = primitive_vectors(host.lattice, centring);
  const crystal::Matrix3d inverse = basis.inverse();
  crystal::Structure primitive{
      host.name, crystal::Lattice(host.lattice.columns() * basis), {}, host.source};
  for (const auto& site : host.sites) {
    Vector3d f = inverse * site.fractional;
    f -= f.array().floor().matrix();
    const bool known = std::any_of(
        primitive.sites.begin(), primitive.sites.end(), [&](const crystal::Site& other) {
          return primitive.lattice.distance_A(other.fractional, f) < crystal::default_symprec_A;
        });
    if (!known) primitive.sites.push_back({f, site.allowed});
  }
  std::vector<Motion> motions;
  const crystal::SpaceGroup group = crystal::find_space_group(primitive);
  for (const auto& op : group.operations())
    for (const Vector3d& t : centring)
      motions.push_back({basis * op.rotation.cast<double>() * inverse, basis * op.translation + t});
  return motions;
}

SiteOffset image(const Motion& motion, const crystal::Structure& s, const SiteOffset& site) {
  const auto& home = s.sites[static_cast<std::size_t>(site.basis)];
  const Vector3d f =
      motion.rotation * (home.fractional + site.cell_vector().cast<double>()) + motion.translation;
  for (int b = 0; b < static_cast<int>(s.sites.size()); ++b) {
    const Vector3d apart = f - s.sites[static_cast<std::size_t>(b)].fractional;
    const Vector3d cells = apart.array().round();
    if (s.lattice.cartesian(apart - cells).norm() < 2.0 * crystal::default_symprec_A)
      return {b,
              {static_cast<int>(cells[0]), static_cast<int>(cells[1]), static_cast<int>(cells[2])}};
  }
  throw Error(
      fmt::format("hops: a symmetry of {} carries site {} onto no site", s.name, site.basis));
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
  if (!used) report.fault("hops: no class has a prefactor_Hz above 0, so nothing can move");
}

}  // namespace lithiate::model
