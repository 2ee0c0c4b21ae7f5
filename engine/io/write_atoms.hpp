#pragma once
#include <iosfwd>

#include "crystal/structure.hpp"

namespace lithiate::io {

/// One frame of extended XYZ: Lattice, Properties, name and every info pair in the comment line,
/// labels as columns. read_atoms() gives the same atoms back within 1e-10 A, without the labels.
/// REQUIRES: label names that need no quotes and hold no colon.
void write_extxyz(std::ostream& out, const crystal::Atoms& atoms);

/// VASP 5 POSCAR in fractional coordinates, atoms sorted by element in order of first appearance.
/// Oxidation states and info are lost.
void write_poscar(std::ostream& out, const crystal::Atoms& atoms);

}  // namespace lithiate::io
