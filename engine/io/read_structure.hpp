#pragma once
#include <filesystem>
#include <iosfwd>

#include "crystal/structure.hpp"

namespace lithiate::io {

/// A primitive cell with allowed species per site, from
/// - prim.toml: name, source, lattice_A = [[..], [..], [..]] (rows are vectors) or [lattice] with
///   a_A, b_A, c_A, alpha, beta, gamma (degrees); [[site]] fractional = [..], species = [..];
/// - prim.json of CASM; a (disordered) pymatgen Structure; CIF; POSCAR; extended XYZ of one frame.
/// Partly occupied sites of CIF and pymatgen files become allowed species, with Va where the sum
/// is below 1, only if `partial_occupancy_as_allowed`; otherwise they are refused.
/// Throws InputError with the place.
crystal::Structure read_structure(const std::filesystem::path& path,
                                  bool partial_occupancy_as_allowed = false);

/// As prim.toml; read_structure() gives the same numbers back.
void write_prim_toml(std::ostream& out, const crystal::Structure& structure);

}  // namespace lithiate::io
