#pragma once
#include "apps/options.hpp"
#include "core/table.hpp"
#include "crystal/structure.hpp"

namespace lithiate::apps {

/// `structure FILE --stack ...`: the stack on stdout; with -o DIR also prim.toml, structure.xyz,
/// POSCAR and, with --powder, powder.csv. Returns the exit code.
int run_stacking(const Options& options, const crystal::Structure& prim);

/// Powder lines of a structure with the wavelength and the largest angle of the options.
Table powder_table(const Options& options, const crystal::Structure& structure);
void print_powder(const Table& table);

}  // namespace lithiate::apps
