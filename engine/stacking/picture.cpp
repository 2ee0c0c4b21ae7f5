#include "stacking/picture.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "layers/slab.hpp"
#include "stacking/spread.hpp"

namespace lithiate::stacking {

using layers::Matrix3d;
using layers::Vector3d;
using layers::Vector3i;

namespace {

Matrix3d plane_and_z(const layers::Slab& slab) {
  Matrix3d columns;
  columns << slab.a1_A, slab.a2_A, Vector3d::UnitZ();
  return columns;
}

Vector3d into_cell(Vector3d f) {
  constexpr double rounding = 1e-9;  // must not turn 0 into 1
  for (int k = 0; k < 3; ++k) f[k] -= std::floor(f[k] + rounding);
  return f;
}

int remainder(int i, int n) { return (i % n + n) % n; }

}  // namespace

/// Atoms in Cartesian places, before the third lattice vector is known.
struct Picture::Drawing {
  std::vector<Vector3d> host_A, guests_A;
  std::vector<std::string> host_species;
  std::vector<std::array<int, 2>> host_at, guests_at;  // gap and cell, whose patch has the family
  int gap = 0;
};

Picture::Picture(const StackModel& model, const LayeredMaterial& material, std::string mobile)
    : model_(model),
      material_(material),
      mobile_(std::move(mobile)),
      columns_A_(plane_and_z(material.geometry.front().slab)),
      net_(material.geometry.front().slab.a1_A, material.geometry.front().slab.a2_A) {
  const GapGeometry& first = material.geometry.front();
  const layers::Sheets sheets = layers::sheets(first.slab);
  middle_A_ = (sheets.top_A + sheets.bottom_A) / 2;
  constexpr double wall_A = 6.0;
  const StackShape& shape = model.lattice().shape();
  wall_cells_ = {std::clamp(static_cast<int>(std::lround(wall_A / shape.a1_A)), 1, shape.patch_1),
                 std::clamp(static_cast<int>(std::lround(wall_A / shape.a2_A)), 1, shape.patch_2)};
  for (int site = 0; site < static_cast<int>(first.slab.sites.size()); ++site)
    if (std::find(first.free_sites.begin(), first.free_sites.end(), site) == first.free_sites.end())
      host_sites_.push_back(site);
}

/// Of all displacements that differ by lattice vectors, the one nearest to that of a patch beside.
Picture::Displaced Picture::in_phase(const std::vector<Vector3d>& raw_A) const {
  const StackShape& shape = model_.lattice().shape();
  const std::size_t columns = static_cast<std::size_t>(shape.cells_2 / shape.patch_2);
  Displaced slab;
  for (std::size_t p = 0; p < raw_A.size(); ++p) {
    Vector3d drawn = raw_A[p];
    if (p > 0) {
      const Vector3d& beside = slab.drawn_A[p % columns > 0 ? p - 1 : p - columns];
      drawn = beside + net_.shortest_A(raw_A[p] - beside);
    }
    slab.drawn_A.push_back(drawn);
    slab.behind.push_back(net_.coordinates(raw_A[p] - drawn));
  }
  return slab;
}

/// Mean over a window as wide as a wall: constant but for half its width on both sides of a border.
Vector3d Picture::field_A(const Displaced& slab, const Vector3d& place_A) const {
  const StackLattice& l = model_.lattice();
  const Vector3d s = columns_A_.inverse() * place_A;
  std::array<int, 2> first{};
  std::array<double, 2> cut{};  // of the first cell
  for (std::size_t k = 0; k < 2; ++k) {
    const double low = s[static_cast<int>(k)] - 0.5 * wall_cells_[k];
    first[k] = static_cast<int>(std::floor(low));
    cut[k] = low - first[k];
  }
  const auto weight = [&](std::size_t k, int i) {
    return (i == 0 ? 1.0 - cut[k] : i == wall_cells_[k] ? cut[k] : 1.0) / wall_cells_[k];
  };
  Vector3d sum = Vector3d::Zero();
  for (int i = 0; i <= wall_cells_[0]; ++i)
    for (int j = 0; j <= wall_cells_[1]; ++j)
      sum += weight(0, i) * weight(1, j) *
             slab.drawn_A[static_cast<std::size_t>(l.patch(l.cell_at(first[0] + i, first[1] + j)))];
  return sum;
}

Vector3d Picture::corner_A(int cell) const {
  const auto [i, j] = model_.lattice().place(cell);
  return i * columns_A_.col(0) + j * columns_A_.col(1);
}

int Picture::moved(const Displaced& slab, int cell) const {
  const StackLattice& l = model_.lattice();
  const StackShape& shape = l.shape();
  const Vector3i& by = slab.behind[static_cast<std::size_t>(l.patch(cell))];
  const auto [i, j] = l.place(cell);
  const int in_1 = i % shape.patch_1, in_2 = j % shape.patch_2;
  return l.cell_at(i - in_1 + remainder(in_1 + by[0], shape.patch_1),
                   j - in_2 + remainder(in_2 + by[1], shape.patch_2));
}

double Picture::spacing_A(const StackState& state, int gap) const {
  double sum_A = 0.0;
  const int n = model_.lattice().patches();
  for (int patch = 0; patch < n; ++patch)
    sum_A += material_.geometry[static_cast<std::size_t>(state.registry(gap, patch))].spacing_A;
  return sum_A / n;
}

Vector3d Picture::closure_A(const std::vector<Vector3d>& raw_A) const {
  constexpr double per_A = 1e3;  // to tell displacements apart
  std::map<std::array<long, 2>, std::pair<int, Vector3d>> found;
  for (const Vector3d& raw : raw_A) {
    auto& [number, place] = found[{std::lround(per_A * raw[0]), std::lround(per_A * raw[1])}];
    ++number;
    place = raw;
  }
  const auto most = std::max_element(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.second.first < b.second.first;
  });
  const StackShape& shape = model_.lattice().shape();
  const layers::Net period(shape.cells_1 * columns_A_.col(0), shape.cells_2 * columns_A_.col(1));
  return period.shortest_A(most->second.second);
}

void Picture::draw_host(const Displaced& slab, double z_A, Drawing& out) const {
  const layers::Slab& own = material_.geometry.front().slab;
  for (int cell = 0; cell < model_.lattice().cells(); ++cell)
    for (const int number : host_sites_) {
      const layers::SlabSite& site = own.sites[static_cast<std::size_t>(number)];
      const Vector3d place = corner_A(cell) + site.position_A;
      out.host_A.push_back(place + field_A(slab, place) + Vector3d(0, 0, z_A));
      out.host_species.push_back(site.species.front());
      out.host_at.push_back({out.gap, cell});
    }
}

void Picture::draw_guests(const Displaced& slab, const StackState& state, double z_A,
                          Drawing& out) const {
  const StackLattice& l = model_.lattice();
  const GapGeometry& own = material_.geometry.front();
  const double half_A = spacing_A(state, out.gap) / 2 + middle_A_;
  for (int cell = 0; cell < l.cells(); ++cell)
    for (int number = 0; number < l.per_cell(); ++number) {
      const SiteIndex site = l.site(out.gap, cell, number);
      if (!state.occupied(site)) continue;
      const int drawn = moved(slab, cell);
      Vector3d place = corner_A(drawn);
      if (l.in_gap(site)) {
        const int registry = state.registry(out.gap, l.patch(cell));
        place +=
            material_.geometry[static_cast<std::size_t>(registry)]
                .registry.octahedra_A[static_cast<std::size_t>(number - l.shape().slab_sites)] +
            Vector3d(0, 0, half_A);
      } else {
        const int free = own.free_sites[static_cast<std::size_t>(number)];
        place += own.slab.sites[static_cast<std::size_t>(free)].position_A;
      }
      out.guests_A.push_back(place + field_A(slab, place) + Vector3d(0, 0, z_A));
      out.guests_at.push_back({out.gap, cell});
    }
}

crystal::Atoms Picture::atoms(const StackState& state) const {
  const StackLattice& l = model_.lattice();
  std::vector<Vector3d> raw_A(static_cast<std::size_t>(l.patches()), Vector3d::Zero());
  Drawing drawing;
  double z_A = 0.0;
  for (drawing.gap = 0; drawing.gap < l.gaps(); ++drawing.gap) {
    const Displaced slab = in_phase(raw_A);
    draw_host(slab, z_A, drawing);
    draw_guests(slab, state, z_A, drawing);
    for (int patch = 0; patch < l.patches(); ++patch)
      raw_A[static_cast<std::size_t>(patch)] +=
          material_.geometry[static_cast<std::size_t>(state.registry(drawing.gap, patch))]
              .registry.shift_A;
    z_A += spacing_A(state, drawing.gap);
  }
  Matrix3d period;
  period << l.shape().cells_1 * columns_A_.col(0), l.shape().cells_2 * columns_A_.col(1),
      closure_A(raw_A) + Vector3d(0, 0, z_A);
  crystal::Atoms atoms{"", crystal::Lattice(period), {}, {}, {}};
  const auto add = [&](const std::string& species, const Vector3d& place,
                       const std::array<int, 2>& at) {
    atoms.species.push_back(species);
    atoms.fractional.push_back(atoms.lattice.fractional(place));
    atoms.labels["gap"].push_back(at[0]);
    atoms.labels["family"].push_back(model_.family(state.registry(at[0], l.patch(at[1]))));
  };
  for (std::size_t i = 0; i < drawing.host_A.size(); ++i)
    add(drawing.host_species[i], drawing.host_A[i], drawing.host_at[i]);
  for (std::size_t i = 0; i < drawing.guests_A.size(); ++i)
    add(mobile_, drawing.guests_A[i], drawing.guests_at[i]);
  constexpr double least_A = 1.0;
  spread(atoms, least_A);
  for (Vector3d& f : atoms.fractional) f = into_cell(f);
  return atoms;
}

}  // namespace lithiate::stacking
