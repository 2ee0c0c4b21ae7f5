#pragma once
#include <optional>
#include <string>
#include <vector>

#include "expansion/cluster_basis.hpp"
#include "model/compile.hpp"
#include "model/hops.hpp"
#include "model/lattice_model.hpp"

namespace lithiate::model {

/// One stacking or structure of a material: an expansion on its prim, the host that Monte Carlo
/// repeats, and the hops of its mobile species.
struct Phase {
  std::string name;
  std::string family;  ///< phases of one stacking family share a transition
  expansion::ClusterExpansion expansion;
  Host host;
  int formula_units_per_host_cell = 1;
  double x_trained_min = 0.0, x_trained_max = 1.0;  ///< Li per formula unit in the training set
  double cv_score_nested_eV_per_fu = 0.0;           ///< of the expansion; 0: unknown
  int training_structures = 0;                      ///< behind the expansion; 0: unknown
  std::optional<HopNetwork> hops;
  std::string hops_role, hops_source;
};

/// A host compound with its phases on one energy zero. Expansion energies are formation energies:
/// E_f(x) = E(x) - (1 - x) E_empty - x E_full per formula unit, so the voltage is
/// V = V_reference - mu_f with V_reference = -(E_full - E_empty - E_Li)  (e = 1).
struct Material {
  std::string name;
  std::string formula;  ///< of one formula unit of the empty host
  double molar_mass_g_per_mol = 0.0;
  std::string mobile = "Li";
  std::string formula_unit_species;  ///< one atom of it per formula unit
  double x_max = 1.0;                ///< redox limit, Li per formula unit
  std::string x_max_reason;
  double empty_eV_per_fu = 0.0, full_eV_per_fu = 0.0;  ///< E_empty, E_full
  double lithium_eV = 0.0;                             ///< Li metal, same code and functional
  std::string lithium_role, lithium_source;
  std::vector<Phase> phases;

  double reference_voltage_V() const { return -(full_eV_per_fu - empty_eV_per_fu - lithium_eV); }
};

/// A phase compiled for a supercell, with its counting of formula units.
struct PhaseCell {
  LatticeModel model;
  double formula_units = 1.0;   ///< in the supercell
  std::int64_t max_mobile = 0;  ///< redox cap: floor(x_max * formula_units), or all sites
};

/// Compiles `phase` for the given repeats, or, if repeats is zero, for the smallest nearly cubic
/// supercell that holds at least `min_sites` free sites and no self-images.
PhaseCell compile_phase(const Material& material, const Phase& phase,
                        const crystal::Vector3i& repeats, std::int64_t min_sites);

/// Repeats n_i of a lattice so that the supercell is near a cube of at least `min_cells` cells.
crystal::Vector3i near_cubic_repeats(const crystal::Lattice& lattice, std::int64_t min_cells);

}  // namespace lithiate::model
