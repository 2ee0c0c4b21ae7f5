#pragma once
#include <vector>

#include "crystal/structure.hpp"

namespace lithiate::layers {

using crystal::Matrix3d;

/// One way to look at a crystal as layers: lattice vectors, the first two in the plane z = 0 and
/// the third above it, and the rotation that brings the crystal there.
struct Setting {
  Matrix3d columns_A;
  Matrix3d rotation;  ///< Cartesian places of the crystal -> places in this setting
};

/// The setting of the first two vectors as given, then those of all other planes whose normals have
/// coordinates of -1, 0, 1 in the reduced cell, by descending distance of the planes.
std::vector<Setting> settings(const crystal::Lattice& lattice);

}  // namespace lithiate::layers
