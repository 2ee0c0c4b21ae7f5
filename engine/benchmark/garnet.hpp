#pragma once
#include "benchmark/lattices.hpp"

namespace lithiate::benchmark {

/// Lithium sites of the 2x2x2 cubic garnet cell, edge 49.0672361 bohr: 192 tetrahedral (4
/// neighbours) and 384 octahedral (2 neighbours), B. J. Morgan, R. Soc. Open Sci. 4, 170824 (2017),
/// data doi 10.5281/zenodo.821864, CC-BY-SA-4.0. No energies; one rate for every hop.
HoppingGas garnet_gas();

}  // namespace lithiate::benchmark
