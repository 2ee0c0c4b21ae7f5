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
