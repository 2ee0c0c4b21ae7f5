#include "stacking/picture.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "fixtures/toy_stacks.hpp"
#include "io/model_file.hpp"
#include "io/read_atoms.hpp"
#include "io/read_structure.hpp"
#include "io/write_atoms.hpp"
#include "layers/stack.hpp"
#include "stacking/spread.hpp"

using namespace lithiate;
using crystal::Vector3d;
using stacking::LayeredMaterial;
using stacking::Picture;
using stacking::StackModel;
using stacking::StackState;

namespace {

LayeredMaterial chloride() {
  return stacking::layered_material(
      io::read_material(LITHIATE_SOURCE_DIR "/potentials/LixVCl3/model.toml"));
}

/// The MX2 slab of LixCoO2 in O1 and O3, without energies.
LayeredMaterial oxide() {
  const auto prim = io::read_structure(LITHIATE_SOURCE_DIR "/structures/LixCoO2/O3.toml");
  const layers::OneSlab taken = layers::take_apart(prim);
  LayeredMaterial m;
  for (const layers::Registry& registry : layers::registries(taken.slab)) {
    if (registry.stacking == "P3") continue;
    m.registries.push_back({registry.name, registry.stacking, 0, {}});
    m.geometry.push_back({taken.slab, {}, registry, taken.third_A[2]});
  }
  m.cell.a1_A = taken.slab.a1_A.norm(), m.cell.a2_A = taken.slab.a2_A.norm();
  return m;
}

const LayeredMaterial& layered(const std::string& formula) {
  static const LayeredMaterial of_chloride = chloride(), of_oxide = oxide();
  return formula == "VCl3" ? of_chloride : of_oxide;
}

StackModel model_of(const LayeredMaterial& material, int gaps, int cells, int patch) {
  stacking::StackShape shape = material.cell;
  shape.gaps = gaps;
  shape.cells_1 = shape.cells_2 = cells;
  shape.patch_1 = shape.patch_2 = patch;
  return StackModel(shape, material.registries, material.glides);
}

int registry_named(const LayeredMaterial& material, const std::string& name) {
  for (std::size_t r = 0; r < material.registries.size(); ++r)
    if (material.registries[r].name == name) return static_cast<int>(r);
  throw Error("no registry " + name);
}

StackState uniform(const StackModel& model, int registry, bool full) {
  StackState state(model.lattice());
  for (int gap = 0; gap < model.lattice().gaps(); ++gap)
    for (int patch = 0; patch < model.lattice().patches(); ++patch)
      state.set_registry(gap, patch, registry);
  for (stacking::SiteIndex site = 0; full && site < model.lattice().n_sites(); ++site)
    state.flip(model.lattice(), site);
  return state;
}

double nearest_A(const crystal::Atoms& atoms) {
  double least = INFINITY;
  for (std::size_t i = 0; i < atoms.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      least = std::min(least, atoms.lattice.distance_A(atoms.fractional[i], atoms.fractional[j]));
  return least;
}

}  // namespace

TEST_CASE("a picture holds every atom of the slabs and every guest", "[stacking]") {
  const LayeredMaterial& m = layered("VCl3");
  const StackModel model = model_of(m, 2, 4, 2);
  const Picture picture(model, m, "Li");
  const int registry = GENERATE(0, 3);
  const crystal::Atoms empty = picture.atoms(uniform(model, registry, false));
  REQUIRE(count(empty, "V") == 2 * 16 * 2);
  REQUIRE(count(empty, "Cl") == 2 * 16 * 6);
  REQUIRE(count(empty, "Li") == 0);
  const crystal::Atoms full = picture.atoms(uniform(model, registry, true));
  REQUIRE(count(full, "Li") == model.lattice().n_sites());
  REQUIRE(full.size() == empty.size() + static_cast<std::size_t>(model.lattice().n_sites()));
  REQUIRE(full.labels.at("gap").size() == full.size());
  for (const int family : full.labels.at("family")) REQUIRE(family == model.family(registry));
}

TEST_CASE("no two atoms of a uniform stack are nearer than 1.5 A", "[stacking]") {
  for (const char* formula : {"VCl3", "CoO2"}) {
    const LayeredMaterial& m = layered(formula);
    const StackModel model = model_of(m, 2, 2, 1);
    const Picture picture(model, m, "Li");
    for (std::size_t r = 0; r < m.registries.size(); ++r) {
      CAPTURE(formula, m.registries[r].name);
      REQUIRE(nearest_A(picture.atoms(uniform(model, static_cast<int>(r), true))) > 1.5);
    }
  }
}

TEST_CASE("a picture of one registry is the stack that the generator makes", "[stacking]") {
  const LayeredMaterial& m = layered("VCl3");
  const std::string name = GENERATE("R+", "AAA");
  const int registry = registry_named(m, name);
  const auto& geometry = m.geometry[static_cast<std::size_t>(registry)];
  const auto known = layers::registries(geometry.slab);
  constexpr int gaps = 2;
  const layers::Stacking stacking{std::vector<int>(gaps, layers::registry_named(name, known)),
                                  std::vector<double>(gaps, geometry.spacing_A),
                                  std::vector<layers::Filling>(gaps, layers::Filling::full)};
  const crystal::Structure made =
      layers::stack(geometry.slab, known, stacking, {"Li", crystal::vacancy});
  const StackModel model = model_of(m, gaps, 3, 3);
  const crystal::Atoms drawn = Picture(model, m, "Li").atoms(uniform(model, registry, true));
  // the period of the picture is one of the generator's, and every atom lies at one of its sites
  const crystal::Matrix3d repeats = made.lattice.columns().inverse() * drawn.lattice.columns();
  REQUIRE((repeats - repeats.array().round().matrix()).norm() < 1e-9);
  REQUIRE(drawn.size() == 9 * made.sites.size());
  std::vector<int> found(made.sites.size(), 0);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const Vector3d place = made.lattice.fractional(drawn.lattice.cartesian(drawn.fractional[i]));
    for (std::size_t k = 0; k < made.sites.size(); ++k) {
      const auto& species = made.sites[k].allowed;
      if (std::find(species.begin(), species.end(), drawn.species[i]) != species.end() &&
          made.lattice.distance_A(place, made.sites[k].fractional) < 1e-6)
        ++found[k];
    }
  }
  REQUIRE(found == std::vector<int>(made.sites.size(), 9));
}

TEST_CASE("atoms and guests bear gap and family of their patch", "[stacking]") {
  const LayeredMaterial& m = layered("VCl3");
  const StackModel model = model_of(m, 2, 4, 2);
  StackState state = uniform(model, registry_named(m, "R+"), false);
  const int o3 = registry_named(m, "a");
  state.set_registry(1, 2, o3);
  const crystal::Atoms atoms = Picture(model, m, "Li").atoms(state);
  std::array<int, 2> changed{0, 0};
  for (std::size_t i = 0; i < atoms.size(); ++i)
    if (atoms.labels.at("family")[i] == model.family(o3))
      ++changed[static_cast<std::size_t>(atoms.labels.at("gap")[i])];
  REQUIRE(changed == std::array<int, 2>{0, 4 * 8});  // 4 cells of the slab below the gap
}

TEST_CASE("a picture of patches in many registries is a file that can be read", "[stacking]") {
  const std::string formula = GENERATE("VCl3", "CoO2");
  const LayeredMaterial& m = layered(formula);
  const StackModel model = model_of(m, 3, 6, GENERATE(1, 3));
  Random random(91, Purpose::test);
  for (int k = 0; k < 5; ++k) {
    const StackState state = fixtures::random_state(model, random, 0.3);
    const crystal::Atoms atoms = Picture(model, m, "Li").atoms(state);
    REQUIRE(count(atoms, "Li") == state.guests());
    const auto path = std::filesystem::temp_directory_path() /
                      ("lithiate_picture_" + std::to_string(k) + formula + ".xyz");
    {
      std::ofstream out(path);
      io::write_extxyz(out, atoms);
    }
    const auto read = io::read_atoms(path);
    std::filesystem::remove(path);
    REQUIRE(read.size() == 1);
    REQUIRE(read[0].species == atoms.species);
  }
}

TEST_CASE("atoms that coincide are moved apart, all others stay", "[stacking]") {
  crystal::Atoms atoms{"", crystal::Lattice(10.0 * crystal::Matrix3d::Identity()), {}, {}, {}};
  const auto add = [&](double x, double y, double z) {
    atoms.species.push_back("Cl");
    atoms.fractional.emplace_back(x, y, z);
  };
  add(0.5, 0.5, 0.5), add(0.3, 0.3, 0.3);
  add(0.99, 0.1, 0.1), add(0.01, 0.1, 0.1);  // 0.2 A across the border
  add(0.7, 0.7, 0.7), add(0.7, 0.7, 0.7), add(0.7, 0.7, 0.7);
  const auto before = atoms.fractional;
  stacking::spread(atoms, 1.0);
  REQUIRE(nearest_A(atoms) >= 1.0);
  REQUIRE(atoms.fractional[0] == before[0]);
  REQUIRE(atoms.fractional[1] == before[1]);
  REQUIRE(std::abs(atoms.fractional[3][1] - 0.1) < 1e-12);  // along the line between them
}
