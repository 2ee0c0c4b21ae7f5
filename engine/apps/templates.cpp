#include "apps/templates.hpp"

namespace lithiate::apps {

const std::vector<TemplateFile>& material_template() {
  static const std::vector<TemplateFile> files{
      {"prim.toml",
       R"(# The primitive cell and the species each site may hold: here O3-stacked LiCoO2 (R-3m). POSCAR and
# CIF are read as well.
name = "MyOxide"
source = "where lattice and positions come from"
lattice_A = [                    # rows are vectors, right-handed
  [2.84, 0.0, 0.0],
  [-1.42, 2.459512, 0.0],
  [0.0, 1.639675, 4.70],
]

[[site]]
fractional = [0.0, 0.0, 0.0]
species = ["Li", "Va"]           # two or more: this site varies; Va is the vacancy

[[site]]
fractional = [0.5, 0.0, 0.5]
species = ["Co"]                 # one: a spectator

[[site]]
fractional = [0.2375, 0.475, 0.2875]
species = ["O"]

[[site]]
fractional = [0.7625, 0.525, 0.7125]
species = ["O"]
)"},
      {"fit.toml", R"(# DFT energies -> cluster expansion:   lithiate fit fit.toml -o runs/fit
seed = 1

[training]
files = ["training.xyz"]         # extended XYZ, VASP POSCAR, CIF or pymatgen JSON, relaxed structures
energy_keys = ["energy"]         # info keys summed to the energy, eV per cell
formula_unit_species = "Co"      # one atom per formula unit
mobile = "Li"
# leave_out = ["name"]           # frames not to use, by name

[reference]                      # E_f = E - (1 - x) E(empty) - x E(full), by frame name
empty = "CoO2"
full = "LiCoO2"

# [mapping]
# max_strain = 0.12              # of the cell
# max_displacement_A = 0.9       # of an atom from its ideal site

[regression]
method = "ridge"                 # ols, ridge, lasso, ardr, rfe
folds = 5                        # 0: leave one out

[[expansion]]
name = "O3"
prim = "prim.toml"
basis = "chebyshev"              # occupation, chebyshev, trigonometric
cutoffs_A = [6.0, 4.0]           # pairs, triplets, quadruplets
output = "expansion_O3.json"
# select = { role = ["main"] }   # frames whose info keys have one of these values
)"},
      {"model.toml", R"(# Phases of one host on one energy zero.   lithiate check model.toml
name = "MyOxide"
formula = "CoO2"                 # of the empty host: molar mass
mobile = "Li"
formula_unit_species = "Co"
x_max = 1.0
x_max_reason = "one Li site per Co"

[lithium]
energy_eV = -1.9                 # Li metal per atom, same code and functional as the training set
role = "input"
source = "where it comes from"

[[phase]]
name = "O3"
prim = "prim.toml"
expansion = "expansion_O3.json"
# host = "host.vasp"             # frozen species, if sites without Li vary too
hops = "hops.toml"
)"},
      {"hops.toml", R"(# Hops between free sites; one barrier for all, exceptions by class.
max_distance_A = 3.0
e_kra_eV = 0.3                   # E_TS - (E_i + E_f)/2
prefactor_Hz = 1e13
role = "input"
source = "where it comes from"

# [[class]]                      # lithiate check -v prints the classes of each phase
# phase = "O3"
# number = 0
# distance_A = 2.84
# e_kra_eV = 0.25
# source = "NEB, this work"
# role = "input"
# [class.kra_expansion]          # or kra_expansion = "file.toml" with these keys: what the ions around a
# cutoffs_A = [4.0, 3.0]         # bond add. Points, pairs, triplets: from its midpoint to the farthest site
# [[class.kra_expansion.orbit]]  # lithiate check -v lists the orbits within the cut-offs
# number = 0
# radius_A = 2.46
# e_kra_eV = 0.02                # per cluster that is filled; e_kra_eV above: with none filled
# ln_prefactor = 0.0
)"},
      {"voltage.toml", R"(# V(x, T):   lithiate voltage voltage.toml -o runs/voltage
model = "model.toml"
seed = 1
temperature_K = [300]

[supercell]
min_sites = 400                  # free sites; or repeats = [6, 6, 6] of the host cell

[sampling]
min_sweeps = 300
max_sweeps = 3000
x_error = 0.002                  # stop at this standard error of x

[mu]
step_kT = 0.5
)"},
      {"diffusion.toml", R"(# D(x):   lithiate diffusion diffusion.toml -o runs/diffusion
voltage = "voltage.toml"         # model, supercell, sweeps
seed = 1
x = [0.2, 0.4, 0.6, 0.8]
axes = "xy"                      # directions averaged over: xyz in three dimensions

[kmc]
min_sites = 600
equilibration_hops_per_ion = 50
hops_per_ion = 1500
segments = 24
)"}};
  return files;
}

}  // namespace lithiate::apps
