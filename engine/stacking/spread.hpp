#pragma once
#include "crystal/structure.hpp"

namespace lithiate::stacking {

/// Moves pairs of atoms that are nearer than `least_A` apart along the line between them, over and
/// over until there are none or 200 rounds have passed. Atoms without such a neighbour stay where
/// they are, bit for bit. The result depends on the atoms alone.
/// REQUIRES: 0 < least_A, far below the widths of the cell.
void spread(crystal::Atoms& atoms, double least_A);

}  // namespace lithiate::stacking
