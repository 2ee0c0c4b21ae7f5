"""What the command line must refuse, and how, and what it must do. One entry of CASES per ctest case."""
import json
import shutil
from dataclasses import dataclass, field
from typing import Callable

import files


@dataclass
class Case:
    exit_code: int
    says: list
    prepare: Callable  # (empty folder, source tree) -> command line without the program
    inspect: Callable = lambda folder: []
    environment: dict = field(default_factory=dict)
    stdout: str = ""  # where it goes if not to the checks
    keeps_out: bool = False  # a refusal for what stands in the folder 'out' already


CASES = {}


def refuse(name, exit_code, says, text=None, file="prim.toml", command=None):
    """A case that writes one file and runs `structure` (or another command) on it."""
    def prepare(folder, source):
        if text is not None:
            data = text if isinstance(text, bytes) else text.encode()
            (folder / file).write_bytes(data)
        return ["structure", file] if command is None else command
    CASES[name] = Case(exit_code, says, prepare)


def change(name, says, file, old, new, verb="voltage", exit_code=3):
    """A case that changes one line of the small valid material and runs a verb on it."""
    def prepare(folder, source):
        files.material(folder)
        path = folder / file
        text = path.read_text()
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1))
        return {"voltage": ["voltage", "voltage.toml", "-o", "out"],
                "diffusion": ["diffusion", "diffusion.toml", "-o", "out"],
                "fit": ["fit", "fit.toml", "-o", "out"],
                "mc": ["mc", "mc.toml", "-o", "out"]}[verb]
    CASES[name] = Case(exit_code, says, prepare)


# usage
refuse("unknown_verb", 2, ["unknown verb 'volage'", "did you mean 'voltage'"], command=["volage"])
refuse("no_arguments", 2, ["usage: lithiate"], command=[])
refuse("unknown_option", 2, ["did you mean '--radius'"], files.PRIM, command=["structure", "prim.toml", "--radios", "3"])
refuse("missing_argument", 2, ["usage: lithiate structure FILE"], command=["structure"])
refuse("missing_output", 2, ["expected -o DIR"], command=["voltage", "x.toml"])
refuse("bad_radius", 2, ["--radius -1"], files.PRIM, command=["structure", "prim.toml", "--radius", "-1"])
refuse("bad_seed", 2, ["abc"], files.PRIM, command=["benchmark", "--seed", "abc"])
refuse("unknown_system", 2, ["no such system"], command=["init", "LixVCl4", "-o", "out"])

# structures
refuse("missing_file", 3, ["nowhere.toml"], command=["structure", "nowhere.toml"])
refuse("empty_file", 3, ["prim.toml", "empty"], "")
refuse("binary_file", 3, ["prim.toml"], bytes(range(256)) * 8)
refuse("malformed_toml", 3, ["prim.toml:"], "name = \"x\nlattice = [")
refuse("unknown_key", 3, ["prim.toml:", "latice_A", "lattice_A"], files.PRIM.replace("lattice_A", "latice_A"))
refuse("wrong_type", 3, ["prim.toml:", "name"], files.PRIM.replace('name = "toy"', "name = 3"))
refuse("overlapping_sites", 3, ["overlap"], files.PRIM.replace("[0.5, 0.5, 0.5]", "[0.01, 0.0, 0.0]"))
refuse("left_handed_cell", 3, ["left-handed"], files.PRIM.replace("[0.0, 0.0, 3.0]", "[0.0, 0.0, -3.0]"))
refuse("singular_cell", 3, ["singular"], files.PRIM.replace("[0.0, 0.0, 3.0]", "[3.0, 3.0, 0.0]"))
refuse("unknown_species", 3, ["Xx"], files.PRIM.replace('"Cl"', '"Xx"'))
refuse("no_sites", 3, ["prim.toml"], files.PRIM.split("[[site]]")[0])
refuse("truncated_cif", 3, ["toy.cif"], files.CIF[:len(files.CIF) * 2 // 3], "toy.cif", ["structure", "toy.cif"])
refuse("partial_occupancy", 3, ["partial"], files.CIF.replace("Cl1 Cl 0.5 0.5 0.5 1.0", "Cl1 Cl 0.5 0.5 0.5 0.5"), "toy.cif",
       ["structure", "toy.cif"])
refuse("partial_occupancy_with_flag", 0, ["Cl, Va"], files.CIF.replace("Cl1 Cl 0.5 0.5 0.5 1.0", "Cl1 Cl 0.5 0.5 0.5 0.5"),
       "toy.cif", ["structure", "toy.cif", "--partial-occupancy"])
refuse("poscar_wrong_count", 3, ["POSCAR"], files.POSCAR.replace("1 1\n", "1 4\n"), "POSCAR", ["structure", "POSCAR"])
refuse("nothing_varies", 3, ["no site allows"], files.PRIM.replace('"Li", "Va"', '"Li"'), command=["enumerate", "prim.toml"])
refuse("bad_supercell", 2, ["--supercell"], files.PRIM, command=["structure", "prim.toml", "--supercell", "2 2"])

# run files of a small valid material
change("voltage_unknown_key", ["voltage.toml:", "tempreature_K", "did you mean 'temperature_K'"], "voltage.toml", "temperature_K",
       "tempreature_K = [300]\ntemperature_K")
change("negative_temperature", ["temperature_K", "-300"], "voltage.toml", "[600]", "[-300]")
change("wrong_type_temperature", ["voltage.toml:", "temperature_K"], "voltage.toml", "[600]", '"hot"')
change("self_image", ["meets its own image", "repeats"], "voltage.toml", "repeats = [4, 4, 4]", "repeats = [1, 4, 4]")
change("sweeps_out_of_order", ["max_sweeps"], "voltage.toml", "max_sweeps = 200", "max_sweeps = 5")
change("missing_model", ["voltage.toml:", "model"], "voltage.toml", '"model.toml"', '"modell.toml"')
change("unknown_formula_element", ["unknown element"], "model.toml", 'formula = "Cl"', 'formula = "Qq"')
change("no_formula_unit_species", ["holds no 'Br'"], "model.toml", 'species = "Cl"', 'species = "Br"')
change("foreign_expansion", ["fit.toml", "JSON"], "model.toml", '"expansion.json"', '"fit.toml"')
change("x_above_redox_limit", ["expected 0 < x <= 1"], "diffusion.toml", "x = [0.5]", "x = [1.5]", "diffusion")
change("negative_prefactor", ["hops.toml:", "prefactor_Hz"], "hops.toml", "1e13", "-1e13", "diffusion")
change("hops_too_short", ["hops.toml:", "max_distance_A"], "hops.toml", "max_distance_A = 3.1", "max_distance_A = 0.2", "diffusion")
change("too_few_segments", ["kmc.segments"], "diffusion.toml", "segments = 8", "segments = 2", "diffusion")
change("bad_axes", ["diffusion.toml:", "axes"], "diffusion.toml", '"xyz"', '"xq"', "diffusion")
change("nan_energy", ["energy", "nan"], "training.xyz", "energy=-1.0", "energy=nan", "fit")
change("missing_energy", ["no energy 'energy'"], "training.xyz", "energy=-1.0", "emergy=-1.0", "fit")
change("unknown_reference", ["fit.toml:", "empty"], "fit.toml", 'empty = "empty"', 'empty = "emty"', "fit")
change("unknown_basis", ["did you mean 'chebyshev'"], "fit.toml", '"chebyshev"', '"chebychev"', "fit")
change("unknown_method", ["did you mean 'ridge'"], "fit.toml", '"ridge"', '"rigde"', "fit")
change("too_many_cutoffs", ["cut-offs"], "fit.toml", "cutoffs_A = [3.1]", "cutoffs_A = [3.1, 3.1, 3.1, 3.1]", "fit")
change("one_structure", ["expected at least 2"], "fit.toml", 'output =', 'select = { name = ["full"] }\noutput =', "fit")


def unwritable(folder, source):
    files.material(folder)
    (folder / "out").write_text("a file where the folder should be")
    return ["fit", "fit.toml", "-o", "out"]


CASES["unwritable_output"] = Case(3, ["cannot write"], unwritable)


def outside_range(folder, source):
    files.material(folder)
    files.narrow(folder)
    return ["predict", "model_narrow.toml", "training.xyz"]


CASES["outside_trained_range"] = Case(3, ["outside the trained range"], outside_range)


def tampered(folder, source):
    files.material(folder)
    files.tampered(folder)
    return ["check", "model.toml"]


CASES["tampered_expansion"] = Case(3, ["expansion.json", "checksum"], tampered)


def does_not_map(folder, source):
    files.material(folder)
    (folder / "new.xyz").write_text(files.FRAME_OFF)
    return ["predict", "model.toml", "new.xyz"]


CASES["structure_that_does_not_map"] = Case(3, ["'off'", "does not map"], does_not_map)


# what must work
def layered(folder, source):
    shutil.copytree(source / "tests/fixtures/layered", folder / "layered")
    files.material(folder)
    text = (folder / "layered/voltage.toml").read_text()
    (folder / "voltage2.toml").write_text(text)
    shutil.copy(folder / "layered/frames.xyz", folder / "frames.xyz")
    return ["voltage", "voltage2.toml", "-o", "out"]


def layered_numbers(folder):
    found = json.loads((folder / "out/results.json").read_text())["quantities"]
    steps = [s["value"] for s in found["voltage_steps"]]
    faults = []
    if len(steps) != 2 or abs(steps[0] - steps[1] - 0.18) > 1e-9:
        faults.append(f"steps {steps}, expected two 0.18 V apart")
    if abs(found["stacking_transition_x"]["value"] - 0.5) > 1e-12:
        faults.append(f"transition {found['stacking_transition_x']}, expected x = 0.5")
    return faults


CASES["layered_steps_and_transition"] = Case(0, [], layered, layered_numbers)


def two_seeds(folder, source):
    files.material(folder)
    return ["voltage", "voltage.toml", "-o", "out", "--threads", "1"]


def full_tables(folder):
    wanted = ["results.json", "voltage.csv", "dqdv.csv"]
    return [f"no {name}" for name in wanted if not (folder / "out" / name).exists()]


CASES["voltage_writes_its_tables"] = Case(0, [], two_seeds, full_tables)
CASES["check_glides_of_stackings"] = Case(0, [f"ok     stack      a glide and its reverse {law}, each map" for law in ("return the state bit for bit", "obey detailed balance")],
                                          lambda folder, source: ["check", str(source / "potentials/LixVCl3/model.toml")])
CASES["check_passes"] = Case(0, ["detailed balance"], lambda folder, source: (files.material(folder), ["check", "model.toml"])[1])
CASES["version"] = Case(0, ["lithiate 0."], lambda folder, source: ["--version"])
CASES["help_of_a_verb"] = Case(0, ["Examples:"], lambda folder, source: ["fit", "--help"])
CASES["template"] = Case(0, ["wrote"], lambda folder, source: ["init", "template", "-o", "out"])
CASES["enumerate_counts"] = Case(
    0, ["symmetry-distinct decorations"],
    lambda folder, source: ((folder / "prim.toml").write_text(files.PRIM), ["enumerate", "prim.toml", "--max-cells", "3"])[1])
CASES["several_ranks"] = Case(2, ["2 processes were launched"],
                              lambda folder, source: ((folder / "prim.toml").write_text(files.PRIM), ["structure", "prim.toml"])[1],
                              environment={"OMPI_COMM_WORLD_SIZE": "2"})
