#pragma once
/// One function per crystal format, one source file each (read_extxyz.cpp, ...). Names are as the
/// file gives them, empty if it gives none.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "io/json_view.hpp"
#include "io/occupied_structure.hpp"
#include "io/text_file.hpp"

namespace lithiate::io {

enum class Format { extxyz, poscar, cif, json, toml };
/// By extension (.xyz .extxyz .vasp .poscar .cif .json .toml), by name (POSCAR, CONTCAR), else by
/// content. Throws InputError if nothing fits.
Format detect_format(const TextFile& file);

/// https://github.com/libAtoms/extxyz
std::vector<crystal::Atoms> read_extxyz(const TextFile& file);
/// https://www.vasp.at/wiki/POSCAR
crystal::Atoms read_poscar(const TextFile& file);
/// Every data block that holds a cell and atoms, with the symmetry operations of the file applied.
std::vector<OccupiedStructure> read_cif(const TextFile& file);
std::vector<OccupiedStructure> read_pymatgen(const JsonView& json);
/// prim.json of CASM: title, lattice_vectors, coordinate_mode, basis.
crystal::Structure read_casm_prim(const JsonView& json);

}  // namespace lithiate::io
