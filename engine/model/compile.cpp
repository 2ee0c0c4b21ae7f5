#include "model/compile.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <map>

#include "core/error.hpp"
#include "crystal/supercell.hpp"

namespace lithiate::model {
namespace {

using cluster::SiteBasis;
using crystal::SiteOffset;
using crystal::Vector3i;
using expansion::ClusterBasis;

/// A free site of the host: sublattice and host-cell translation.
struct Place {
  std::array<int, 3> cell{};
  int sublattice = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

using Places = std::vector<Place>;

/// Energy of one cluster of free sites for every choice of their species, last site fastest.
using Values = std::vector<double>;

/// Energy of one image of an orbit for given species: sum over its functions of J prod phi.
class OrbitEnergy {
 public:
  OrbitEnergy(const expansion::ClusterExpansion& expansion) : expansion_(expansion) {
    for (const auto& site : expansion.basis.prim.sites)
      bases_.emplace_back(expansion.basis.kind,
                          std::max<int>(2, static_cast<int>(site.allowed.size())));
    functions_.resize(expansion.basis.orbits.size());
    for (std::size_t alpha = 0; alpha < expansion.basis.size(); ++alpha)
      if (expansion.eci_eV[static_cast<long>(alpha)] != 0.0)
        functions_[expansion.basis.functions[alpha].orbit].push_back(alpha);
  }
  bool vanishes(std::size_t orbit) const { return functions_[orbit].empty(); }
  double operator()(std::size_t orbit, const std::vector<int>& species) const {
    const auto& sites = expansion_.basis.orbits[orbit].representative;
    double energy = 0.0;
    for (const std::size_t alpha : functions_[orbit]) {
      double sum = 0.0;
      for (const auto& tuple : expansion_.basis.functions[alpha].decorations) {
        double product = 1.0;
        for (std::size_t k = 0; k < sites.size(); ++k)
          product *= bases_[static_cast<std::size_t>(sites[k].basis)](tuple[k], species[k]);
        sum += product;
      }
      energy += expansion_.eci_eV[static_cast<long>(alpha)] * sum;
    }
    return energy;
  }

 private:
  const expansion::ClusterExpansion& expansion_;
  std::vector<SiteBasis> bases_;
  std::vector<std::vector<std::size_t>> functions_;
};

/// Folds the frozen species of a host into clusters of its free sites.
class Folder {
 public:
  Folder(const expansion::ClusterExpansion& expansion, const Host& host)
      : prim_(expansion.basis.prim),
        cell_(prim_, host.transformation),
        inverse_(host.transformation.cast<double>().inverse()),
        frozen_(frozen_species(prim_, host)) {
    number_sublattices();
    const OrbitEnergy energy(expansion);
    for (std::size_t orbit = 0; orbit < expansion.basis.orbits.size(); ++orbit) {
      if (energy.vanishes(orbit)) continue;
      for (std::int64_t c = 0; c < cell_.n_cells(); ++c)
        for (const auto& image : expansion.basis.orbits[orbit].images)
          add(image, cell_.cell(c), orbit, energy);
    }
  }

  double constant_eV() const { return constant_eV_; }
  const std::map<Places, Values>& clusters() const { return clusters_; }
  std::vector<Sublattice> empty_sublattices() const {
    std::vector<Sublattice> all;
    for (std::int64_t h = 0; h < cell_.n_sites(); ++h) {
      if (sublattice_[static_cast<std::size_t>(h)] < 0) continue;
      Sublattice s;
      s.species = allowed(h);
      s.fractional = host_fractional(h);
      all.push_back(std::move(s));
    }
    return all;
  }
  int radix(const Place& place) const { return radix_[static_cast<std::size_t>(place.sublattice)]; }
  crystal::Lattice lattice() const { return cell_.lattice(); }

 private:
  const std::vector<std::string>& allowed(std::int64_t h) const {
    return prim_.sites[static_cast<std::size_t>(h % cell_.n_basis())].allowed;
  }
  /// Not wrapped into the host cell: cell shifts refer to this image.
  crystal::Vector3d host_fractional(std::int64_t h) const {
    const SiteOffset site = cell_.offset(h);
    return inverse_ * (prim_.sites[static_cast<std::size_t>(site.basis)].fractional +
                       site.cell_vector().cast<double>());
  }
  void number_sublattices() {
    for (std::int64_t h = 0; h < cell_.n_sites(); ++h) {
      const bool free = frozen_[static_cast<std::size_t>(h)] < 0;
      sublattice_.push_back(free ? static_cast<int>(radix_.size()) : -1);
      if (free) radix_.push_back(static_cast<int>(allowed(h).size()));
    }
    if (radix_.empty()) throw InputError("host: every site is frozen, so nothing can move");
  }
  /// The free place of a site, in whole host cells.
  Place place(const SiteOffset& site, std::int64_t h) const {
    const Vector3i rest = site.cell_vector() - cell_.offset(h).cell_vector();
    const crystal::Vector3d n = inverse_ * rest.cast<double>();
    Place p;
    for (int i = 0; i < 3; ++i)
      p.cell[static_cast<std::size_t>(i)] = static_cast<int>(std::lround(n[i]));
    p.sublattice = sublattice_[static_cast<std::size_t>(h)];
    return p;
  }
  void add(const cluster::Sites& image, const Vector3i& cell, std::size_t orbit,
           const OrbitEnergy& energy);

  const crystal::Structure& prim_;
  crystal::Supercell cell_;
  crystal::Matrix3d inverse_;
  std::vector<int> frozen_;      // per host site; -1 free
  std::vector<int> sublattice_;  // per host site; -1 frozen
  std::vector<int> radix_;       // species per sublattice
  double constant_eV_ = 0.0;
  std::map<Places, Values> clusters_;
};

void Folder::add(const cluster::Sites& image, const Vector3i& cell, std::size_t orbit,
                 const OrbitEnergy& energy) {
  std::vector<int> species(image.size());
  std::vector<std::pair<Place, std::size_t>> free;  // place, position in the image
  for (std::size_t k = 0; k < image.size(); ++k) {
    const SiteOffset site = translated(image[k], cell);
    const std::int64_t h = cell_.index(site);
    species[k] = frozen_[static_cast<std::size_t>(h)];
    if (species[k] < 0) free.emplace_back(place(site, h), k);
  }
  if (free.empty()) {
    constant_eV_ += energy(orbit, species);
    return;
  }
  std::sort(free.begin(), free.end());
  const auto origin = free.front().first.cell;
  Places key;
  std::size_t size = 1;
  for (auto& [p, k] : free) {
    for (std::size_t i = 0; i < 3; ++i) p.cell[i] -= origin[i];
    key.push_back(p);
    size *= static_cast<std::size_t>(radix(p));
  }
  Values& values = clusters_.try_emplace(key, size, 0.0).first->second;
  for (std::size_t row = 0; row < size; ++row) {
    std::size_t rest = row;
    for (std::size_t j = free.size(); j-- > 0;) {
      const auto n = static_cast<std::size_t>(radix(free[j].first));
      species[free[j].second] = static_cast<int>(rest % n);
      rest /= n;
    }
    values[row] += energy(orbit, species);
  }
}

void refuse_self_images(const std::map<Places, Values>& clusters, const Vector3i& repeats) {
  for (const auto& [places, values] : clusters)
    for (std::size_t i = 0; i < places.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        if (places[i].sublattice != places[j].sublattice) continue;
        Vector3i shift;
        for (int k = 0; k < 3; ++k)
          shift[k] = places[i].cell[static_cast<std::size_t>(k)] -
                     places[j].cell[static_cast<std::size_t>(k)];
        if (shift[0] % repeats[0] == 0 && shift[1] % repeats[1] == 0 && shift[2] % repeats[2] == 0)
          throw InputError(fmt::format(
              "supercell: repeats = [{}, {}, {}]: a cluster of {} sites meets its own image {} {} "
              "{} "
              "cells away; expected more repeats, above [{}, {}, {}] along these directions",
              repeats[0], repeats[1], repeats[2], places.size(), shift[0], shift[1], shift[2],
              std::abs(shift[0]), std::abs(shift[1]), std::abs(shift[2])));
      }
}

/// Slot of a neighbour in the sublattice's list; appended at first use.
std::int32_t slot_of(Sublattice& s, int sublattice, const Vector3i& shift) {
  const std::pair<int, Vector3i> wanted{sublattice, shift};
  const auto at = std::find(s.neighbors.begin(), s.neighbors.end(), wanted);
  if (at != s.neighbors.end()) return static_cast<std::int32_t>(at - s.neighbors.begin());
  s.neighbors.push_back(wanted);
  return static_cast<std::int32_t>(s.neighbors.size() - 1);
}

Vector3i shift_between(const Place& from, const Place& to) {
  Vector3i shift;
  for (int i = 0; i < 3; ++i)
    shift[i] = to.cell[static_cast<std::size_t>(i)] - from.cell[static_cast<std::size_t>(i)];
  return shift;
}

/// The term of one cluster as seen from its site `own`: rows by the others, columns by itself.
void add_term(std::vector<Sublattice>& sublattices, const Folder& folder, const Places& places,
              const Values& values, std::size_t own) {
  Sublattice& s = sublattices[static_cast<std::size_t>(places[own].sublattice)];
  Term term;
  term.first_slot = static_cast<std::int32_t>(s.slots.size());
  term.n_slots = static_cast<std::int32_t>(places.size()) - 1;
  term.first_value = static_cast<std::int64_t>(s.values_eV.size());
  for (std::size_t j = 0; j < places.size(); ++j) {
    if (j == own) continue;
    s.slots.push_back(slot_of(s, places[j].sublattice, shift_between(places[own], places[j])));
    s.slot_radix.push_back(folder.radix(places[j]));
  }
  std::size_t below = 1;  // stride of the own species in `values`
  for (std::size_t j = own + 1; j < places.size(); ++j)
    below *= static_cast<std::size_t>(folder.radix(places[j]));
  const auto n = static_cast<std::size_t>(folder.radix(places[own]));
  for (std::size_t row = 0; row < values.size() / n; ++row)
    for (std::size_t k = 0; k < n; ++k)
      s.values_eV.push_back(values[(row / below) * below * n + k * below + row % below]);
  s.terms.push_back(term);
}

}  // namespace

std::vector<int> frozen_species(const crystal::Structure& prim, const Host& host) {
  const auto n_sites =
      static_cast<std::size_t>(crystal::Supercell(prim, host.transformation).n_sites());
  std::vector<int> frozen = host.frozen;
  if (frozen.empty()) frozen.assign(n_sites, -1);
  if (frozen.size() != n_sites)
    throw InputError(
        fmt::format("host: {} frozen entries, expected {} (one per site)", frozen.size(), n_sites));
  for (std::size_t h = 0; h < n_sites; ++h) {
    const int n_species = static_cast<int>(prim.sites[h % prim.sites.size()].allowed.size());
    if (n_species == 1) frozen[h] = 0;
    if (frozen[h] < -1 || frozen[h] >= n_species)
      throw InputError(fmt::format("host: frozen species {} of site {}, expected -1 to {}",
                                   frozen[h], h, n_species - 1));
  }
  return frozen;
}

Host frozen_host(const crystal::Structure& prim, const crystal::Decoration& decoration,
                 const std::string& mobile) {
  Host host{decoration.transformation, {}};
  const std::size_t n_basis = prim.sites.size();
  for (std::size_t i = 0; i < decoration.occupation.size(); ++i) {
    const auto& allowed = prim.sites[i % n_basis].allowed;
    const bool free = std::find(allowed.begin(), allowed.end(), mobile) != allowed.end();
    host.frozen.push_back(free ? -1 : decoration.occupation[i]);
  }
  return host;
}

LatticeModel compile(const expansion::ClusterExpansion& expansion, const Host& host,
                     const Vector3i& repeats) {
  if (repeats.minCoeff() < 1)
    throw InputError(fmt::format("supercell: repeats = [{}, {}, {}], expected at least 1 each",
                                 repeats[0], repeats[1], repeats[2]));
  const Folder folder(expansion, host);
  refuse_self_images(folder.clusters(), repeats);
  std::vector<Sublattice> sublattices = folder.empty_sublattices();
  for (const auto& [places, values] : folder.clusters())
    for (std::size_t own = 0; own < places.size(); ++own)
      add_term(sublattices, folder, places, values, own);
  return {folder.lattice(), repeats, std::move(sublattices), folder.constant_eV()};
}

}  // namespace lithiate::model
