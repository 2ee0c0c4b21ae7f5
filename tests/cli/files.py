"""Input files of the cases: a CsCl-like toy host Cl with Li on the body centre, all numbers invented for tests."""
import json
import pathlib

PRIM = """name = "toy"
source = "invented for tests"
lattice_A = [
  [3.0, 0.0, 0.0],
  [0.0, 3.0, 0.0],
  [0.0, 0.0, 3.0],
]

[[site]]
fractional = [0.0, 0.0, 0.0]
species = ["Li", "Va"]

[[site]]
fractional = [0.5, 0.5, 0.5]
species = ["Cl"]
"""

CIF = """data_toy
_cell_length_a 3.0
_cell_length_b 3.0
_cell_length_c 3.0
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'P m -3 m'
loop_
_space_group_symop_operation_xyz
'x, y, z'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Li1 Li 0.0 0.0 0.0 1.0
Cl1 Cl 0.5 0.5 0.5 1.0
"""

POSCAR = """toy
1.0
3.0 0.0 0.0
0.0 3.0 0.0
0.0 0.0 3.0
Li Cl
1 1
Direct
0.0 0.0 0.0
0.5 0.5 0.5
"""

FRAME_OFF = """4
Lattice="6.0 0 0 0 3.0 0 0 0 3.0" Properties=species:S:1:pos:R:3 name=off energy=-2.0
Cl 1.5 1.5 1.5
Cl 4.5 1.5 1.5
Li 1.5 1.5 0.0
Li 4.5 0.0 1.5
"""

FIT = """seed = 1

[training]
files = ["training.xyz"]
energy_keys = ["energy"]
formula_unit_species = "Cl"
mobile = "Li"

[reference]
empty = "empty"
full = "full"

[regression]
method = "ridge"
lambda = [1e-6]
bootstrap_draws = 0

[[expansion]]
name = "toy"
prim = "prim.toml"
basis = "chebyshev"
cutoffs_A = [3.1]
output = "expansion.json"
"""

MODEL = """name = "toy"
formula = "Cl"
mobile = "Li"
formula_unit_species = "Cl"
x_max = 1.0
x_max_reason = "one site per Cl"

[lithium]
energy_eV = -2.0
role = "input"
source = "invented for tests"

[[phase]]
name = "toy"
prim = "prim.toml"
expansion = "expansion.json"
hops = "hops.toml"
"""

HOPS = """max_distance_A = 3.1
e_kra_eV = 0.3
prefactor_Hz = 1e13
role = "input"
source = "invented for tests"
"""

VOLTAGE = """model = "model.toml"
seed = 1
temperature_K = [600]

[supercell]
repeats = [4, 4, 4]

[sampling]
min_sweeps = 50
max_sweeps = 200
x_error = 0.01

[mu]
step_kT = 2.0
"""

MC = """model = "model.toml"
temperature_K = [600]
x = [0.5]

[supercell]
repeats = [4, 4, 4]

[sampling]
min_sweeps = 50
max_sweeps = 200
"""

KMC = """model = "model.toml"
temperature_K = 600
x = 0.5
hops_per_ion = 20
frames = 4

[supercell]
repeats = [4, 4, 4]
"""

DIFFUSION = """voltage = "voltage.toml"
seed = 1
x = [0.5]
axes = "xyz"

[kmc]
repeats = [4, 4, 4]
equilibration_hops_per_ion = 5
hops_per_ion = 50
segments = 8
"""


def frame(name, n, occupied, energy):
    """n cells along x with Li in the cells listed."""
    atoms = [f"Cl {3.0 * k + 1.5} 1.5 1.5" for k in range(n)] + [f"Li {3.0 * k} 0.0 0.0" for k in occupied]
    head = f'Lattice="{3.0 * n} 0 0 0 3.0 0 0 0 3.0" Properties=species:S:1:pos:R:3 name={name} energy={energy}'
    return f"{len(atoms)}\n{head}\n" + "\n".join(atoms) + "\n"


def training():
    return (frame("empty", 1, [], -1.0) + frame("full", 1, [0], -6.0) + frame("half", 2, [0], -7.04) +
            frame("third", 3, [0], -8.03) + frame("two_thirds", 3, [0, 1], -13.03))



def material(folder):
    """Writes the whole small material into the folder."""
    for name, text in (("prim.toml", PRIM), ("fit.toml", FIT), ("model.toml", MODEL), ("hops.toml", HOPS),
                       ("voltage.toml", VOLTAGE), ("mc.toml", MC), ("kmc.toml", KMC), ("diffusion.toml", DIFFUSION), ("training.xyz", training())):
        (folder / name).write_text(text)
    stored = pathlib.Path(__file__).parent / "inputs" / "expansion.json"
    (folder / "expansion.json").write_text(stored.read_text())


def narrow(folder):
    """A model whose expansion was fitted without the compositions above one half."""
    stored = pathlib.Path(__file__).parent / "inputs" / "expansion_narrow.json"
    (folder / "expansion_narrow.json").write_text(stored.read_text())
    (folder / "model_narrow.toml").write_text(MODEL.replace('"expansion.json"', '"expansion_narrow.json"'))


def tampered(folder):
    """An expansion file in which one number was changed by hand: its checksum no longer holds."""
    content = json.loads((folder / "expansion.json").read_text())
    content["functions"][0]["eci_eV"] += 0.1
    (folder / "expansion.json").write_text(json.dumps(content))
