#include "stacking/phase_gap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/error.hpp"
#include "model/host_cell.hpp"
#include "model/occupation_polynomial.hpp"

namespace lithiate::stacking {
namespace {

using crystal::SiteOffset;
using layers::Net;
using layers::OneSlab;
using layers::Vector3d;
using layers::Vector3i;
using model::Places;

[[noreturn]] void refuse(const model::Phase& phase, const std::string& reason) {
  throw InputError(fmt::format("phase '{}': {}", phase.name, reason));
}

/// A phase's host cell with its first two vectors in the layers.
struct Host {
  model::HostCell cell;
  OneSlab one;
};

Host host_of(const model::Phase& phase) {
  Host host{model::make_host_cell(phase.expansion.basis.prim, phase.host), {}};
  host.one = layers::take_apart(host.cell.structure);
  const auto& columns = host.cell.structure.lattice.columns();
  constexpr double rounding_A = 1e-6;
  if ((columns.col(0) - host.one.slab.a1_A).norm() > rounding_A ||
      (columns.col(1) - host.one.slab.a2_A).norm() > rounding_A ||
      (columns.col(2) - host.one.third_A).norm() > rounding_A)
    refuse(phase, "expected the first two lattice vectors of the host cell in the layers, z = 0");
  return host;
}

bool is_free(const Host& host, int site) {
  return host.cell.sublattice[static_cast<std::size_t>(site)] >= 0;
}

/// Lengths of one cell in the cell of another, heights kept.
Vector3d rescaled(const Vector3d& x, const layers::Slab& from, const layers::Slab& to) {
  crystal::Matrix3d a, b;
  a << from.a1_A, from.a2_A, Vector3d::UnitZ();
  b << to.a1_A, to.a2_A, Vector3d::UnitZ();
  return b * crystal::Lattice(a).fractional(x);
}

/// Label of a sublattice: role of a slab site or an octahedron, layer and cell of its place in
/// cell 0 of the compiled model.
struct Label {
  bool in_gap = false;
  int number = 0;  ///< among free slab sites or octahedra
  int layer = 0;
  std::array<int, 2> cell{0, 0};
};

class Labels {
 public:
  Labels(const model::Phase& phase, const Reference& reference)
      : phase_(phase),
        reference_(reference),
        net_(reference.slab.a1_A, reference.slab.a2_A),
        host_(host_of(phase)),
        labels_(n_free(host_)) {
    find_registry();
    label_slab();
    label_gap();
    const std::size_t expected = reference.free_sites.size() + registry().octahedra_A.size();
    if (labels_.size() != expected)
      refuse(phase, fmt::format("{} free sites per cell, expected {}: {} of the slab and {} "
                                "octahedra of the gap",
                                labels_.size(), expected, reference.free_sites.size(),
                                registry().octahedra_A.size()));
  }

  const layers::Registry& registry() const {
    return reference_.registries[static_cast<std::size_t>(registry_)];
  }
  const Label& operator[](int sublattice) const {
    return labels_[static_cast<std::size_t>(sublattice)];
  }
  /// Cell of the upper slab minus that of the compiled model.
  const Vector3i& upper_cell() const { return upper_cell_; }
  const crystal::Lattice& lattice() const { return host_.cell.structure.lattice; }
  double spacing_A() const { return host_.one.third_A[2]; }

 private:
  static std::size_t n_free(const Host& host) {
    return static_cast<std::size_t>(std::count_if(
        host.cell.sublattice.begin(), host.cell.sublattice.end(), [](int b) { return b >= 0; }));
  }

  void find_registry() {
    const auto own = layers::registries(host_.one.slab);
    const std::string& name =
        own[static_cast<std::size_t>(layers::registry_of(host_.one, own))].name;
    registry_ = layers::registry_named(name, reference_.registries);
    const Vector3d off =
        rescaled(host_.one.third_A, host_.one.slab, reference_.slab) - registry().shift_A;
    upper_cell_ = net_.coordinates(off);
    if (net_.shortest_A(off).norm() > same_place_A)
      refuse(phase_, "its slab is turned against that of the first phase");
  }

  /// Which third vectors take_apart() took off the place of a site.
  int layer_of(int site, const Vector3d& place) const {
    const auto& s = host_.cell.structure;
    const Vector3d p = s.lattice.cartesian(s.sites[static_cast<std::size_t>(site)].fractional);
    constexpr double rounding_A = 1e-5;
    return static_cast<int>(std::floor((p[2] - place[2] + rounding_A) / host_.one.third_A[2]));
  }
  void label(int site, const Vector3d& place, const SiteOffset& at, bool in_gap) {
    if (at.basis < 0)
      refuse(phase_,
             fmt::format("free site {} lies at none of the {}", site,
                         in_gap ? "octahedra of the gap" : "first phase's free slab sites"));
    const Vector3i& wrap = host_.cell.wrap[static_cast<std::size_t>(site)];
    labels_[static_cast<std::size_t>(host_.cell.sublattice[static_cast<std::size_t>(site)])] = {
        in_gap,
        at.basis,
        layer_of(site, place) + wrap[2],
        {at.cell[0] + wrap[0], at.cell[1] + wrap[1]}};
  }
  void label_slab() {
    std::vector<Vector3d> free;
    for (const int i : reference_.free_sites)
      free.push_back(reference_.slab.sites[static_cast<std::size_t>(i)].position_A);
    for (std::size_t i = 0; i < host_.one.slab_sites.size(); ++i) {
      const int site = host_.one.slab_sites[i];
      if (!is_free(host_, site)) continue;
      const Vector3d& place = host_.one.slab.sites[i].position_A;
      label(site, place, site_at(rescaled(place, host_.one.slab, reference_.slab), free, net_),
            false);
    }
  }
  void label_gap() {
    for (std::size_t i = 0; i < host_.one.gap_sites.size(); ++i) {
      const int site = host_.one.gap_sites[i];
      if (!is_free(host_, site)) continue;
      const Vector3d& place = host_.one.gap_A[i];
      label(site, place,
            site_at(rescaled(place, host_.one.slab, reference_.slab), registry().octahedra_A, net_),
            true);
    }
  }

  const model::Phase& phase_;
  const Reference& reference_;
  Net net_;
  Host host_;
  std::vector<Label> labels_;
  int registry_ = 0;
  Vector3i upper_cell_ = Vector3i::Zero();
};

/// Turns sets of places into sets of gaps.
class Sorter {
 public:
  Sorter(const model::Phase& phase, const model::LatticeModel& model, const Labels& labels,
         const Reference& reference)
      : phase_(phase),
        model_(model),
        labels_(labels),
        slab_sites_(static_cast<int>(reference.free_sites.size())),
        gap_sites_(static_cast<int>(labels.registry().octahedra_A.size())) {}

  void add(const Places& places, std::int64_t coefficient, std::vector<GapSet>& sets) const {
    int gap = std::numeric_limits<int>::max(), top = std::numeric_limits<int>::min();
    bool slab_only = true;
    for (const auto& place : places) {
      const Label& label = labels_[place.basis];
      const int layer = label.layer + place.cell[2];
      if (label.in_gap) slab_only = false;
      gap = std::min(gap, layer);
      top = std::max(top, layer + (label.in_gap ? 1 : 0));
    }
    if (slab_only && gap == top) {
      const auto half = shares(coefficient, 2);
      sets.push_back({sites(places, gap), half[0]});
      sets.push_back({sites(places, gap - 1), half[1]});
      return;
    }
    // octahedra of gap g - 1 with slab g alone: lowest layer g - 1 already
    if (top > gap + 1) refuse_span(places);
    sets.push_back({sites(places, gap), coefficient});
  }

 private:
  std::vector<GapSite> sites(const Places& places, int gap) const {
    std::vector<GapSite> all;
    for (const auto& place : places) {
      const Label& label = labels_[place.basis];
      GapSite site{label.number, {label.cell[0] + place.cell[0], label.cell[1] + place.cell[1]}};
      if (label.in_gap) site.role += slab_sites_;
      if (label.layer + place.cell[2] > gap) {  // of the slab above
        site.role += slab_sites_ + gap_sites_;
        site.cell[0] += labels_.upper_cell()[0];
        site.cell[1] += labels_.upper_cell()[1];
      }
      all.push_back(site);
    }
    return all;
  }
  [[noreturn]] void refuse_span(const Places& places) const {
    std::string names;
    double diameter_A = 0.0;
    std::vector<Vector3d> at;
    for (const auto& p : places) {
      const auto& s = model_.sublattices()[static_cast<std::size_t>(p.basis)];
      at.push_back(labels_.lattice().cartesian(s.fractional + p.cell_vector().cast<double>()));
      for (const Vector3d& other : at)
        diameter_A = std::max(diameter_A, (at.back() - other).norm());
      names += fmt::format("{}site {} in cell ({}, {}, {})", names.empty() ? "" : ", ", p.basis,
                           p.cell[0], p.cell[1], p.cell[2]);
    }
    refuse(phase_, fmt::format("a set of sites spans more than one gap: {}; diameter {:.2f} A, "
                               "expected clusters within one gap and the slabs beside it",
                               names, diameter_A));
  }

  const model::Phase& phase_;
  const model::LatticeModel& model_;
  const Labels& labels_;
  int slab_sites_, gap_sites_;
};

/// Number of the mobile species per sublattice. Throws unless it and the vacancy are all there is.
std::vector<model::Species> mobile_species(const model::LatticeModel& model,
                                           const model::Phase& phase, const std::string& mobile) {
  std::vector<model::Species> one;
  for (int b = 0; b < static_cast<int>(model.sublattices().size()); ++b) {
    const int index = model.species_index(b, mobile);
    if (index < 0 || model.species_index(b, crystal::vacancy) < 0 ||
        model.sublattices()[static_cast<std::size_t>(b)].species.size() != 2)
      refuse(phase, fmt::format("free site {}: expected {} and vacancies alone", b, mobile));
    one.push_back(static_cast<model::Species>(index));
  }
  if (!model::OccupationPolynomial::applies(model))
    refuse(phase, "a cluster has more than 17 sites");
  return one;
}

/// Every set of a polynomial once.
std::map<Places, std::int64_t> all_sets(const model::OccupationPolynomial& polynomial,
                                        int sublattices) {
  std::map<Places, std::int64_t> sets;
  for (int b = 0; b < sublattices; ++b)
    for (const auto& set : polynomial.sets_through(b)) {
      Places places = set.others;
      places.push_back({b, {0, 0, 0}});
      std::sort(places.begin(), places.end());
      const Vector3i back = -places.front().cell_vector();
      for (auto& p : places) p = crystal::translated(p, back);
      sets[places] = set.coefficient;
    }
  return sets;
}

double empty_eV_per_cell(const model::LatticeModel& model, const std::vector<model::Species>& one) {
  std::vector<model::Species> occ;
  for (model::SiteIndex site = 0; site < model.n_sites(); ++site)
    occ.push_back(
        static_cast<model::Species>(1 - one[static_cast<std::size_t>(model.sublattice(site))]));
  return model.energy_eV(occ) / static_cast<double>(model.n_cells());
}

}  // namespace

Reference reference(const model::Phase& phase) {
  const Host host = host_of(phase);
  Reference r{host.one.slab, {}, layers::registries(host.one.slab)};
  for (std::size_t i = 0; i < host.one.slab_sites.size(); ++i)
    if (is_free(host, host.one.slab_sites[i])) r.free_sites.push_back(static_cast<int>(i));
  return r;
}

PhaseGap phase_gap(const model::Material& material, const model::Phase& phase,
                   const Reference& reference) {
  const Labels labels(phase, reference);
  const model::PhaseCell cell = compile_phase(material, phase, Vector3i::Zero(), 1);
  const auto one = mobile_species(cell.model, phase, material.mobile);
  const model::OccupationPolynomial polynomial(cell.model, one);
  const Sorter sorter(phase, cell.model, labels, reference);
  PhaseGap gap{
      {reference.slab, reference.free_sites, labels.registry(), labels.spacing_A()},
      {labels.registry().name, phase.family, in_units(empty_eV_per_cell(cell.model, one)), {}},
      static_cast<double>(phase.formula_units_per_host_cell)};
  for (const auto& [places, coefficient] :
       all_sets(polynomial, static_cast<int>(cell.model.sublattices().size())))
    sorter.add(places, coefficient, gap.terms.sets);
  return gap;
}

}  // namespace lithiate::stacking
