#pragma once
#include <vector>

#include "crystal/lattice.hpp"

namespace lithiate::crystal {

/// One way to see a measured cell as a strained supercell of a primitive one.
struct LatticeMatch {
  Matrix3i transformation;  ///< columns: the measured vectors in prim vectors, ideal
  double strain = 0.0;      ///< largest |lambda - 1| of the stretch that carries ideal to measured
};

/// All integer matrices with determinant n_cells whose cell matches `measured` up to a rotation and
/// a stretch with |lambda - 1| <= max_strain; ascending in strain, at most `most` of them.
std::vector<LatticeMatch> match_lattice(const Lattice& prim, const Lattice& measured, int n_cells,
                                        double max_strain, std::size_t most = 64);

}  // namespace lithiate::crystal
