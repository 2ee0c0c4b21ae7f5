#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "fixtures/toy_models.hpp"
#include "fixtures/toy_stacks.hpp"
#include "io/model_file.hpp"
#include "stacking/layered_material.hpp"

using namespace lithiate;
using Catch::Matchers::WithinAbs;
using crystal::Vector3d;
using stacking::LayeredMaterial;
using stacking::StackModel;
using stacking::StackState;

namespace {

const model::Material& vanadium_chloride() {
  static const model::Material material =
      io::read_material(LITHIATE_SOURCE_DIR "/potentials/LixVCl3/model.toml");
  return material;
}

const LayeredMaterial& layered() {
  static const LayeredMaterial material = stacking::layered_material(vanadium_chloride());
  return material;
}

constexpr int n = 3;  // cells along a1 and a2 and gaps: a multiple closes every stack

StackModel uniform_stack() {
  stacking::StackShape shape = layered().cell;
  shape.gaps = shape.cells_1 = shape.cells_2 = shape.patch_1 = shape.patch_2 = n;
  return StackModel(shape, layered().registries, layered().glides);
}

/// Where a site of a stack of one registry is.
Vector3d place_A(const StackModel& model, int registry, double spacing_A,
                 stacking::SiteIndex site) {
  const auto& g = layered().geometry[static_cast<std::size_t>(registry)];
  const auto& lattice = model.lattice();
  const int layer = lattice.layer(site), number = lattice.number(site);
  const auto [i, j] = lattice.place(lattice.cell(site));
  const Vector3d lower = layer * (g.registry.shift_A + Vector3d(0, 0, spacing_A));
  const Vector3d cell = lower + i * g.slab.a1_A + j * g.slab.a2_A;
  const auto v = static_cast<int>(g.free_sites.size());
  if (number < v)
    return cell +
           g.slab.sites[static_cast<std::size_t>(g.free_sites[static_cast<std::size_t>(number)])]
               .position_A;
  return cell + g.registry.octahedra_A[static_cast<std::size_t>(number - v)] +
         Vector3d(0, 0, spacing_A / 2);
}

/// Site of a periodic model at a place, or -1.
model::SiteIndex site_at(const model::LatticeModel& m, const Vector3d& place) {
  crystal::Matrix3d columns = m.host_lattice().columns();
  for (int k = 0; k < 3; ++k) columns.col(k) *= m.repeats()[k];
  const crystal::Lattice period(columns);
  for (model::SiteIndex site = 0; site < m.n_sites(); ++site)
    if (period.distance_A(period.fractional(place), period.fractional(m.position_A(site))) < 0.3)
      return site;
  return -1;
}

/// Whether a motion about the origin carries the slab onto that of the prim.
bool carries_slab(const crystal::Matrix3d& turn, const crystal::Structure& prim) {
  const auto& slab = layered().geometry.front().slab;
  return std::all_of(slab.sites.begin(), slab.sites.end(), [&](const auto& site) {
    return std::any_of(prim.sites.begin(), prim.sites.end(), [&](const auto& other) {
      const Vector3d image = prim.lattice.fractional(turn * site.position_A);
      return other.allowed == site.species &&
             prim.lattice.distance_A(image, other.fractional) < 0.3;
    });
  });
}

/// Sites of the phase's own model for those of the stack, turned as a rigid body: a search that
/// uses positions alone.
std::vector<model::SiteIndex> matched(const model::LatticeModel& m, const crystal::Structure& prim,
                                      const StackModel& stack, int registry) {
  for (int k = 0; k < 24; ++k) {
    const double c = std::cos(k / 4 * M_PI / 3), s = std::sin(k / 4 * M_PI / 3);
    const double y = k % 2 == 0 ? 1 : -1, z = k / 2 % 2 == 0 ? 1 : -1;
    crystal::Matrix3d turn;
    turn << c, -s * y, 0, s, c * y, 0, 0, 0, z;
    if (!carries_slab(turn, prim)) continue;
    std::vector<model::SiteIndex> sites;
    for (stacking::SiteIndex site = 0; site < stack.lattice().n_sites(); ++site) {
      const Vector3d at = place_A(stack, registry, m.host_lattice().columns()(2, 2), site);
      sites.push_back(site_at(m, turn * at));
      if (sites.back() < 0) break;
    }
    if (sites.back() >= 0) return sites;
  }
  return {};
}

}  // namespace

TEST_CASE("LixVCl3 has the six O1 and O3 registries and all 18 glides", "[stacking]") {
  REQUIRE(layered().registries.size() == 6);
  REQUIRE(layered().glides.size() == 18);
  REQUIRE(layered().cell.slab_sites == 1);
  REQUIRE(layered().cell.gap_sites == 3);
  REQUIRE(layered().cell.formula_units == 2.0);
  const std::vector<std::string> names{"AAA", "R+", "R-", "a", "b", "c"};
  for (std::size_t r = 0; r < names.size(); ++r) REQUIRE(layered().registries[r].name == names[r]);
  REQUIRE_NOTHROW(stacking::PatchGlide(uniform_stack()));
}

TEST_CASE("a uniform stack has the energy of its phase on the rotated configuration",
          "[stacking]") {
  const int registry = GENERATE(0, 1, 2, 3, 4, 5);
  const auto& name = layered().made_from[static_cast<std::size_t>(registry)];
  CAPTURE(layered().registries[static_cast<std::size_t>(registry)].name, name);
  const auto& phases = vanadium_chloride().phases;
  const auto phase =
      std::find_if(phases.begin(), phases.end(), [&](const auto& p) { return p.name == name; });
  const auto own = model::compile(phase->expansion, phase->host, {n, n, n});
  const StackModel stack = uniform_stack();
  const auto sites = matched(own, phase->expansion.basis.prim, stack, registry);
  REQUIRE(static_cast<int>(sites.size()) == stack.lattice().n_sites());
  Random random(7, Purpose::test);
  for (int trial = 0; trial < 20; ++trial) {
    StackState state = fixtures::random_state(stack, random, 0.05 * trial);
    for (int gap = 0; gap < n; ++gap) state.set_registry(gap, 0, registry);
    std::vector<model::Species> occ(sites.size());
    for (stacking::SiteIndex site = 0; site < stack.lattice().n_sites(); ++site) {
      const auto to = sites[static_cast<std::size_t>(site)];
      const int li = own.species_index(own.sublattice(to), "Li");
      occ[static_cast<std::size_t>(to)] =
          static_cast<model::Species>(state.occupied(site) ? li : 1 - li);
    }
    const double per_cell = 1.0 / (n * n * n);
    REQUIRE_THAT((stack.energy_eV(state) - own.energy_eV(occ)) * per_cell, WithinAbs(0.0, 1e-12));
  }
}

TEST_CASE("clusters that span two gaps are refused with their diameter", "[stacking]") {
  model::Material material = vanadium_chloride();
  material.phases.resize(1);
  auto& phase = material.phases.front();
  // gap octahedra one slab apart are 5.78 to 6.7 A from one another
  phase.expansion = fixtures::random_expansion(phase.expansion.basis.prim,
                                               cluster::BasisKind::occupation, {6.8}, 3);
  REQUIRE_THROWS_WITH(stacking::layered_material(material),
                      Catch::Contains("spans more than one gap") && Catch::Contains("diameter"));
}

TEST_CASE("two phases of one registry are refused", "[stacking]") {
  model::Material material = vanadium_chloride();
  material.phases[1] = material.phases[0];
  REQUIRE_THROWS_WITH(stacking::layered_material(material),
                      Catch::Contains("both have the registry"));
}

TEST_CASE("the isometries of an MX3 slab are the twelve of -3m", "[stacking]") {
  REQUIRE(stacking::isometries(layered().geometry.front().slab).size() == 12);
}
