#pragma once
#include <filesystem>
#include <vector>

#include "crystal/structure.hpp"

namespace lithiate::io {

/// All structures of a file; the format is told by extension and content: extended XYZ (one or
/// more frames), POSCAR/CONTCAR of VASP 5, CIF, pymatgen JSON (Structure, ComputedStructureEntry or
/// a list of them). Vacancies (Va, X) are left out. Names come from the file ("name=" or the title)
/// or are the file's name, numbered if it holds more than one structure. Key=value pairs of a
/// comment line and the energy of an entry go to Atoms::info as text. Throws InputError with
/// file:line for anything that is not a whole, sensible structure: truncated, wrong counts, unknown
/// species, partial occupancy, singular or left-handed cells, atoms closer than 0.5 A.
std::vector<crystal::Atoms> read_atoms(const std::filesystem::path& path);

}  // namespace lithiate::io
