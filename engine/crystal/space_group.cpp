#include "crystal/space_group.hpp"

#include <fmt/format.h>
#include <spglib.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "core/error.hpp"
#include "crystal/reduction.hpp"

namespace lithiate::crystal {
namespace {

/// In the order of spglib; only Pmmm needs the 27th.
const std::string wyckoff_letters = "abcdefghijklmnopqrstuvwxyzA";

/// Sites with the same set of allowed species carry the same label.
std::vector<int> labels(const Structure& s) {
  std::map<std::vector<std::string>, int> known;
  std::vector<int> all;
  for (const Site& site : s.sites) {
    std::vector<std::string> key = site.allowed;
    std::sort(key.begin(), key.end());
    all.push_back(known.try_emplace(key, static_cast<int>(known.size()) + 1).first->second);
  }
  return all;
}

SiteOffset image_of(const Structure& s, const std::vector<int>& label, const SymmetryOperation& op,
                    std::size_t basis, double symprec_A) {
  const Vector3d target = op.rotation.cast<double>() * s.sites[basis].fractional + op.translation;
  for (std::size_t b = 0; b < s.sites.size(); ++b) {
    if (label[b] != label[basis]) continue;
    const Vector3d d = target - s.sites[b].fractional;
    const Vector3d cell(std::round(d[0]), std::round(d[1]), std::round(d[2]));
    if (s.lattice.cartesian(d - cell).norm() > 10.0 * symprec_A) continue;
    SiteOffset image{static_cast<int>(b), {0, 0, 0}};
    return translated(image, cell.cast<int>());
  }
  throw InputError(
      fmt::format("{}: a symmetry operation carries site {} onto no site; positions are "
                  "symmetric only within the tolerance {} A",
                  s.name, basis, symprec_A));
}

/// A structure as spglib takes it.
struct SpglibCell {
  explicit SpglibCell(const Structure& s)
      : positions(std::make_unique<double[][3]>(s.sites.size())), types(labels(s)) {
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) lattice[i][j] = s.lattice.columns()(i, j);
    for (std::size_t i = 0; i < s.sites.size(); ++i)
      for (int j = 0; j < 3; ++j) positions[i][j] = s.sites[i].fractional[j];
  }
  double lattice[3][3];
  std::unique_ptr<double[][3]> positions;
  std::vector<int> types;
};

}  // namespace

int primitive_cells(const SpaceGroup& group) {
  return static_cast<int>(
      std::count_if(group.operations().begin(), group.operations().end(),
                    [](const auto& op) { return op.rotation == Matrix3i::Identity(); }));
}

Structure primitive_cell(const Structure& s, double symprec_A) {
  SpglibCell cell(s);
  const std::vector<int> label = cell.types;
  constexpr int to_primitive = 1, as_given = 1;  // neither moved nor turned
  const int n_primitive =
      spg_standardize_cell(cell.lattice, cell.positions.get(), cell.types.data(),
                           static_cast<int>(s.sites.size()), to_primitive, as_given, symprec_A);
  if (n_primitive < 1)
    throw InputError(fmt::format("{}: no primitive cell found at symprec {} A", s.name, symprec_A));
  Matrix3d columns;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) columns(i, j) = cell.lattice[i][j];
  const Matrix3i reduced = reduction(columns);
  const Matrix3d to_reduced = reduced.cast<double>().inverse();
  Structure out{s.name, Lattice(columns * reduced.cast<double>()), {}, s.source};
  for (std::size_t i = 0; i < static_cast<std::size_t>(n_primitive); ++i) {
    Vector3d f =
        to_reduced * Vector3d(cell.positions[i][0], cell.positions[i][1], cell.positions[i][2]);
    for (int k = 0; k < 3; ++k) {  // into the cell; rounding must not turn 0 into 1
      f[k] -= std::floor(f[k] + 1e-9);
      if (std::abs(f[k]) < 1e-12) f[k] = 0.0;
    }
    const auto same = std::find(label.begin(), label.end(), cell.types[i]);
    out.sites.push_back({f, s.sites[static_cast<std::size_t>(same - label.begin())].allowed});
  }
  return out;
}

SpaceGroup find_space_group(const Structure& s, double symprec_A) {
  SpglibCell cell(s);
  const std::size_t n = s.sites.size();
  const std::unique_ptr<SpglibDataset, decltype(&spg_free_dataset)> set(
      spg_get_dataset(cell.lattice, cell.positions.get(), cell.types.data(), static_cast<int>(n),
                      symprec_A),
      &spg_free_dataset);
  if (!set)
    throw InputError(fmt::format("{}: no space group found for {} sites at symprec {} A: {}",
                                 s.name, n, symprec_A,
                                 spg_get_error_message(spg_get_error_code())));
  SpaceGroup group;
  group.number_ = set->spacegroup_number;
  group.symbol_ = set->international_symbol;
  for (std::size_t i = 0; i < n; ++i) {
    group.wyckoff_.push_back(std::string(1, wyckoff_letters.at(set->wyckoffs[i])));
    group.equivalent_.push_back(set->equivalent_atoms[i]);
  }
  for (int k = 0; k < set->n_operations; ++k) {
    SymmetryOperation op;
    for (int i = 0; i < 3; ++i) {
      op.translation[i] = set->translations[k][i];
      for (int j = 0; j < 3; ++j) op.rotation(i, j) = set->rotations[k][i][j];
    }
    std::vector<SiteOffset> images;
    for (std::size_t b = 0; b < n; ++b) images.push_back(image_of(s, cell.types, op, b, symprec_A));
    group.operations_.push_back(op);
    group.images_.push_back(std::move(images));
  }
  return group;
}

}  // namespace lithiate::crystal
