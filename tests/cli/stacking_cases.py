"""`lithiate voltage` with a table [stacking]: what it must refuse and what it must find."""
import json
import shutil

import files
from cases import CASES, Case

STACKING = """
[stacking]
from = "O1"
to = "O3"
stacking_energy = "computed"
scan_meV = [-30, 30]
scan_points = 31
"""
TARGET = """
[[experiment]]
name = "second step"
voltage_V = 2.93
from = "O1"
to = "O3"
source = "invented for tests"
"""


def stacking(name, exit_code, says, old="", new="", more="", inspect=lambda folder: []):
    """The layered fixture, two steps 0.18 V apart with O1 to O3 from x = 1/2 on, with [stacking]."""
    def prepare(folder, source):
        files.material(folder)
        shutil.copy(source / "tests/fixtures/layered/frames.xyz", folder / "frames.xyz")
        text = (source / "tests/fixtures/layered/voltage.toml").read_text() + STACKING + more
        assert old in text, old
        (folder / "stacking.toml").write_text(text.replace(old, new, 1) if old else text)
        return ["voltage", "stacking.toml", "-o", "out"]
    CASES[name] = Case(exit_code, says, prepare, inspect)


def quantities(folder):
    return json.loads((folder / "out/results.json").read_text())["quantities"]


def at_zero(entries):
    return [e for e in entries if e["temperature_K"] == 0]


def known_answer(folder):
    found = quantities(folder)
    faults = []
    steps = [s["value"] for s in at_zero(found["voltage_steps"])]
    if len(steps) != 2 or abs(steps[0] - steps[1] - 0.18) > 1e-9:
        faults.append(f"steps {steps}, expected two 0.18 V apart")
    change = at_zero(found["stacking_transition_x"])[0]
    if abs(change["value"] - 0.5) > 1e-12 or abs(change["x_end"] - 1.0) > 1e-12 or change["from"] != "O1":
        faults.append(f"transition {change}, expected O1 to O3 from x = 0.5 to 1")
    slope = at_zero(found["dV_t_dE_stack"])[0]["value"]
    if abs(slope + 2.0) > 1e-6:
        faults.append(f"dV/dE {slope}, expected -1/(x_end - x_begin) = -2")
    faults += [f"no {name}" for name in ("stacking.csv", "stacking_curves.csv", "report.html")
               if not (folder / "out" / name).exists()]
    return faults


def null_above_zero(folder):
    """The one phase of the model has no stacking family of the change: null with the reason."""
    entry = [e for e in quantities(folder)["stacking_transition_x"] if e["temperature_K"] > 0][0]
    return [] if entry["value"] is None and "no phase with an expansion" in entry["reason"] else [f"{entry}"]


def calibrated_apart(folder):
    """A fitted energy is nowhere a prediction, and the result without it stays."""
    found = quantities(folder)
    fitted = at_zero(found["E_stack_of_experiment"])[0]
    faults = [] if fitted["role"] == "calibrated" and fitted["value"] is not None else [f"fitted {fitted}"]
    if abs(fitted["V"] - 2.93) > 1e-4:
        faults.append(f"V = {fitted['V']}, expected that of the experiment")
    computed, shifted = at_zero(found["stacking_transition_x"])
    if computed["stacking_energy"] != "computed here" or shifted["stacking_energy"] != "calibrated to a wish":
        faults.append(f"{computed} {shifted}")
    if shifted["role"] != "calibrated" or found["E_stack"]["role"] != "calibrated":
        faults.append("a calibrated energy with another role")
    return faults


def separation(folder):
    """0.17 V below the first step of 3.09 V."""
    fitted = at_zero(quantities(folder)["E_stack_of_experiment"])[0]
    return [] if abs(fitted["value"] + 5.0) < 0.01 and abs(fitted["V"] - 2.92) < 1e-3 else [f"{fitted}"]


BY_HAND = 'stacking_energy = "calibrated"\nE_stack_meV = -5\ncalibrated_to = "a wish"'
COMPUTED = 'stacking_energy = "computed"'
stacking("stacking_synthetic_answer", 0, [], inspect=known_answer)
stacking("stacking_without_expansions", 0, ["no change of stacking"], inspect=null_above_zero)
stacking("stacking_calibrated_apart", 0, [], COMPUTED, BY_HAND, TARGET, calibrated_apart)
stacking("stacking_unknown_key", 3, ["stacking.toml:", "did you mean 'scan_meV'"], "scan_meV", "scan_mev")
stacking("stacking_unknown_family", 3, ["stacking.toml:", "no family 'O2'", "did you mean"], 'to = "O3"', 'to = "O2"')
stacking("stacking_same_family", 3, ["stacking.from", "another family"], 'to = "O3"', 'to = "O1"')
stacking("stacking_energy_not_said", 3, ["stacking.toml:", "stacking_energy"], COMPUTED, "")
stacking("stacking_energy_unknown", 3, ["did you mean 'computed'"], COMPUTED, 'stacking_energy = "compute"')
stacking("stacking_computed_with_a_shift", 3, ["E_stack_meV", "only with stacking_energy"], COMPUTED, COMPUTED + "\nE_stack_meV = 3")
stacking("stacking_calibrated_to_nothing", 3, ["calibrated_to"], COMPUTED, 'stacking_energy = "calibrated"\nE_stack_meV = 3')
stacking("stacking_scan_one_sided", 3, ["scan_meV", "from below to above zero"], "[-30, 30]", "[5, 30]")
stacking("stacking_scan_too_wide", 3, ["scan_meV", "1000"], "[-30, 30]", "[-30, 3000]")
stacking("stacking_half_an_experiment", 3, ["expected both from and to"], 'to = "O3"\nsource', "source", TARGET)
stacking("stacking_range_without_family", 3, ["expected both family and x_range"], 'voltage_V = 2.93', "x_range = [0.1, 0.2]", TARGET)
stacking("stacking_separation_without_x", 3, ["separation_V", "expected with x"], "voltage_V = 2.93", "separation_V = 0.17", TARGET)
stacking("stacking_separation", 0, [], "voltage_V = 2.93", "separation_V = 0.17\nx = 0.25", TARGET, separation)


REGISTRIES = """
model = "{model}"
temperature_K = 600
seed = 3

[supercell]
min_sites = 36

[sampling]
min_sweeps = 50
max_sweeps = 200
x_error = 0.05

[stacking]
from = "O1"
to = "O3"
stacking_energy = "computed"
scan_meV = [-30, 30]
scan_points = 5
posterior_draws = 2
offset_draws = 2

[stack]
gaps = 2
cells = [3, 3]
patch = [3, 3]
follow_steps = 2
sweeps = 32
step_kT = 2
"""


def registries(name, exit_code, says, old="", new="", inspect=lambda folder: []):
    """The shipped LixVCl3 with [stack]: lithium and registries on one lattice."""
    def prepare(folder, source):
        text = REGISTRIES.format(model=source / "potentials/LixVCl3/model.toml")
        assert old in text, old
        (folder / "voltage.toml").write_text(text.replace(old, new, 1))
        return ["voltage", "voltage.toml", "-o", "out"]
    CASES[name] = Case(exit_code, says, prepare, inspect)


def both_couplings(folder):
    """With a coherency energy every number stands twice, and so do the rows."""
    found = quantities(folder)
    faults = []
    for name in ("registry_transition_x", "registry_transition_V", "registry_hysteresis_mV"):
        if [e["coherency_meV"] for e in found[name]] != [90, 0]:
            faults.append(f"{name}: {found[name]}")
        faults += [f"{name}: null without a reason" for e in found[name] if e["value"] is None and not e["reason"]]
        if found[name][0]["coherency_source"] != "invented for tests" or "coherency_source" in found[name][1]:
            faults.append(f"{name}: source of the coherency energy")
    rows = [row.split(",") for row in (folder / "out/registry.csv").read_text().splitlines()]
    energy = rows[0].index("coherency (meV)")
    if len({row[energy] for row in rows[1:]}) != 2 or {row[rows[0].index("direction")] for row in rows[1:]} != {"up", "down"}:
        faults.append("registry.csv: expected two energies and two directions")
    x = [float(row[rows[0].index("x")]) for row in rows[1:]]
    if not (min(x) < 0.05 and max(x) > 0.95):
        faults.append(f"x from {min(x)} to {max(x)}, expected the whole range")
    if "Lithium and registries together" not in (folder / "out/report.html").read_text():
        faults.append("report.html has no section on registries")
    return faults


WITH_COHERENCY = "sweeps = 32\ncoherency_meV = 90\ncoherency_source = \"invented for tests\""
registries("registries_with_and_without_coherency", 0, [], "sweeps = 32", WITH_COHERENCY, both_couplings)
registries("registries_unknown_key", 3, ["voltage.toml:", "stack", "did you mean 'gaps'"], "gaps = 2", "gap = 2")
registries("registries_coherency_without_source", 3, ["voltage.toml:", "coherency_meV", "coherency_source"], "sweeps = 32", "coherency_meV = 90")
registries("registries_negative_wall", 3, ["wall", "at least 0"], "sweeps = 32", 'wall_meV_per_A = -1\nwall_source = "a wish"')
registries("registries_patch_beside_cells", 3, ["voltage.toml", "patch", "must divide the 3 cells"], "patch = [3, 3]", "patch = [2, 3]")
registries("registries_three_lengths", 3, ["voltage.toml:", "cells", "two whole numbers"], "cells = [3, 3]", "cells = [3, 3, 1]")
registries("registries_too_few_sweeps", 3, ["voltage.toml:", "sweeps", "16"], "sweeps = 32", "sweeps = 3")
stacking("registries_without_stacking", 3, ["stacking.toml:", "expected only beside [stacking]"], STACKING, "\n[stack]\ngaps = 2\n")
