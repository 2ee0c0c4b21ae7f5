#include "stacking/stack_lattice.hpp"

#include <limits>

#include "core/report.hpp"

namespace lithiate::stacking {
namespace {

const StackShape& checked(const StackShape& s) {
  InputReport report("stack");
  report.require(s.gaps >= 1, "gaps", s.gaps, "must be at least 1");
  report.require(s.cells_1 >= 1 && s.cells_2 >= 1, "cells",
                 fmt::format("[{}, {}]", s.cells_1, s.cells_2), "must be at least 1 each");
  report.require(
      s.patch_1 >= 1 && s.patch_2 >= 1 && s.cells_1 % s.patch_1 == 0 && s.cells_2 % s.patch_2 == 0,
      "patch", fmt::format("[{}, {}]", s.patch_1, s.patch_2),
      fmt::format("must divide the cells [{}, {}]", s.cells_1, s.cells_2));
  report.require(s.slab_sites >= 0, "slab_sites", s.slab_sites, "must not be negative");
  report.require(s.gap_sites >= 1, "gap_sites", s.gap_sites, "must be at least 1");
  report.require(s.formula_units > 0.0, "formula_units", s.formula_units, "must be above 0");
  const double sites = static_cast<double>(s.gaps) * s.cells_1 * s.cells_2 *
                       (static_cast<double>(s.slab_sites) + s.gap_sites);
  report.require(sites <= std::numeric_limits<SiteIndex>::max(), "sites", sites,
                 "must be at most 2147483647");
  report.throw_if_any();
  return s;
}

int wrapped(int i, int n) { return (i % n + n) % n; }

}  // namespace

StackLattice::StackLattice(const StackShape& shape)
    : shape_(checked(shape)),
      cells_(shape.cells_1 * shape.cells_2),
      per_cell_(shape.slab_sites + shape.gap_sites) {
  const int rows = shape_.cells_1 / shape_.patch_1, columns = shape_.cells_2 / shape_.patch_2;
  cells_of_.resize(static_cast<std::size_t>(rows * columns));
  for (int cell = 0; cell < cells_; ++cell) {
    const auto [i, j] = place(cell);
    patch_of_.push_back(i / shape_.patch_1 * columns + j / shape_.patch_2);
    cells_of_[static_cast<std::size_t>(patch_of_.back())].push_back(cell);
  }
  // the border to the next patch along a1 runs along a2, and the other way round
  const double along_1_A = shape_.patch_2 * shape_.a2_A, along_2_A = shape_.patch_1 * shape_.a1_A;
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      const int here = i * columns + j;
      const int next_1 = (i + 1) % rows * columns + j, next_2 = i * columns + (j + 1) % columns;
      if (next_1 != here) borders_.push_back({here, next_1, along_1_A});
      if (next_2 != here) borders_.push_back({here, next_2, along_2_A});
    }
}

int StackLattice::cell_at(int i, int j) const noexcept {
  return wrapped(i, shape_.cells_1) * shape_.cells_2 + wrapped(j, shape_.cells_2);
}

}  // namespace lithiate::stacking
