#pragma once
/// Lattices of one site kind with nearest neighbours 3 A apart, and what can be built on them.
#include <string>

#include "cluster/site_basis.hpp"
#include "model/hop_table.hpp"
#include "observe/transport.hpp"

namespace lithiate::benchmark {

inline constexpr double nn_A = 3.0;  ///< nearest-neighbour distance

/// Primitive cell whose sites allow Li and Va; directions that do not exist have one period of
/// 20 A.
struct ToyLattice {
  crystal::Structure prim;
  int coordination = 0, dimension = 0;

  observe::Axes axes() const { return {true, dimension > 1, dimension > 2}; }
  /// n primitive cells along each direction that exists.
  crystal::Vector3i repeats(int n) const;
};

/// By the first word of its name: linear, square, triangular, honeycomb, sc, bcc, fcc, hcp,
/// diamond. Throws InputError.
ToyLattice toy_lattice(const std::string& name);

/// Energies of a lattice gas: w_eV for each occupied nearest-neighbour pair, counted once, and
/// point_eV for each Li.
model::LatticeModel pair_gas(const ToyLattice& lattice, const crystal::Vector3i& repeats,
                             double w_eV = 0.0, double point_eV = 0.0);
/// Ising energies -J sum s s over nearest neighbours, each pair once; s = +1 is Li.
model::LatticeModel ising_model(const ToyLattice& lattice, const crystal::Vector3i& repeats,
                                double J_eV);

/// Nearest-neighbour hops with one barrier and prefactor.
model::HopNetwork nn_hops(const ToyLattice& lattice, double e_kra_eV = 0.0,
                          double prefactor_Hz = 1.0);

/// What a kMC run needs beside its state. Engines refer to it: it must outlive them.
struct HoppingGas {
  model::LatticeModel model;
  model::HopTable hops;

  HoppingGas(model::LatticeModel lattice_model, const model::HopNetwork& network)
      : model(std::move(lattice_model)), hops(network, model) {}
};

}  // namespace lithiate::benchmark
