"""`kmc` with [stack]: charge and discharge of a stack. Adds to the cases of cases.py."""
import subprocess
import sys

from cases import CASES, Case
from more_cases import results

RUN = """model = "{model}"
temperature_K = 600
c_rate_per_h = 1.0
x_range = [0.0, 0.8]
x_step = 0.2
replicas = 2
frames = 4

[stack]
gaps = 2
cells = [3, 3]
patch = [3, 3]
follow_steps = 2

[glides]
barrier_meV_per_A = 20
barrier_source = "invented for tests"
potential_states = 2
max_attempts_per_guest = 5
"""


def charge(name, exit_code, says, old="", new="", options=("-o", "out"), inspect=lambda folder: []):
    """A case that changes one line of a small run on the shipped LixVCl3."""
    def prepare(folder, source):
        text = RUN.format(model=source / "potentials/LixVCl3/model.toml")
        assert old in text, old
        (folder / "charge.toml").write_text(text.replace(old, new, 1))
        return ["kmc", "charge.toml", *options]
    CASES[name] = Case(exit_code, says, prepare, inspect)


def whole(folder):
    out = folder / "out"
    faults = [f"no {name}" for name in ("charge.csv", "results.json", "report.html", "trajectory.xyz") if not (out / name).exists()]
    if faults:
        return faults
    rows = (out / "charge.csv").read_text().splitlines()
    head = "temperature (K),c_rate (1/h),direction,x,voltage (V),voltage_error (V)"
    if not rows[0].startswith(head) or "patches_per_domain_O3" not in rows[0]:
        faults.append("charge.csv has another header")
    # x = 0.2 to 0.8 and back; none at 0
    if [row.split(",")[2] for row in rows[1:]] != ["insertion"] * 4 + ["removal"] * 3:
        faults.append("charge.csv has other rows")
    found = results(folder)["quantities"]
    loop = found["charge_hysteresis_mV"][0]
    if not loop["error"] >= 0 or loop["unit"] != "mV" or loop["barrier_source"] != "invented for tests":
        faults.append(f"hysteresis: {loop}")
    for entry in found["charge_transition_x"]:
        if entry["value"] is None and not entry["reason"]:
            faults.append("a missing transition without a reason")
    if [entry["direction"] for entry in found["charge_transition_x"]] != ["insertion", "removal"]:
        faults.append("transitions of other directions")
    movie = (out / "trajectory.xyz").read_text()
    if movie.count("Properties=species:S:1:pos:R:3:family:I:1:gap:I:1") != 4:
        faults.append("trajectory.xyz has other frames")
    return faults


def one_replica(folder):
    loop = results(folder)["quantities"]["charge_hysteresis_mV"][0]
    faults = [] if loop["value"] is not None and loop.get("error") is None else [f"an error from one replica: {loop}"]
    if (folder / "out/trajectory.xyz").exists():
        faults.append("a movie without frames")
    return faults


charge("charge", 0, ["hysteresis"], inspect=whole)
charge("charge_on_threads", 0, [], options=["-o", "out", "--threads", "2"], inspect=whole)
charge("charge_of_one_replica", 0, [], "replicas = 2\nframes = 4", "replicas = 1\nframes = 0", inspect=one_replica)
charge("charge_plan", 0, ["72 in 36 formula units", "1 per gap, 2 in all", "attempts/s", "slowed down by", "steps expected"],
       options=["--dry-run"])
charge("charge_without_current", 3, ["charge.toml:", "c_rate_per_h"], "c_rate_per_h = 1.0\n")
charge("charge_at_a_negative_current", 3, ["charge.toml:3:c_rate_per_h", "above 0"], "c_rate_per_h = 1.0", "c_rate_per_h = [1.0, -1.0]")
charge("charge_at_one_current_twice", 3, ["charge.toml:3:c_rate_per_h", "twice"], "c_rate_per_h = 1.0", "c_rate_per_h = [1.0, 1.0]")
charge("charge_temperature", 3, ["charge.toml:2:temperature_K"], "temperature_K = 600", "temperature_K = 0")
charge("charge_range_reversed", 3, ["charge.toml:4:x_range", "low < high"], "[0.0, 0.8]", "[0.8, 0.0]")
charge("charge_range_of_three", 3, ["charge.toml:4:x_range", "low < high"], "[0.0, 0.8]", "[0.0, 0.4, 0.8]")
charge("charge_beyond_the_redox_limit", 3, ["charge.toml:4:x_range", "redox limit"], "[0.0, 0.8]", "[0.0, 1.2]")
charge("charge_step", 3, ["charge.toml:5:x_step"], "x_step = 0.2", "x_step = 0")
charge("charge_step_too_wide", 3, ["charge.toml:5:x_step", "width of x_range"], "x_step = 0.2", "x_step = 0.9")
charge("charge_of_one_point", 3, ["charge.toml:", "stack", "at least 2"], "x_step = 0.2", "x_step = 0.8")
charge("charge_replicas", 3, ["charge.toml:6:replicas"], "replicas = 2", "replicas = 0")
charge("charge_frames", 3, ["charge.toml:7:frames"], "frames = 4", "frames = -1")
charge("charge_patch_does_not_divide", 3, ["charge.toml:", "stack", "must divide the 3 cells"], "patch = [3, 3]", "patch = [3, 2]")
charge("charge_cells_of_one_number", 3, ["charge.toml:", "stack.cells"], "cells = [3, 3]", "cells = [3]")
charge("charge_gaps", 3, ["charge.toml:", "stack.gaps"], "gaps = 2", "gaps = 0")
charge("charge_wall_without_source", 3, ["charge.toml:", "stack.wall_meV_per_A", "wall_source"], "gaps = 2", "gaps = 2\nwall_meV_per_A = 3")
charge("charge_without_glides", 3, ["charge.toml:", "glides"], RUN[RUN.index("[glides]"):], "")
charge("charge_without_barrier", 3, ["charge.toml:", "barrier_meV_per_A"], "barrier_meV_per_A = 20\n")
charge("charge_with_a_negative_barrier", 3, ["charge.toml:", "glides.barrier_meV_per_A"], "barrier_meV_per_A = 20", "barrier_meV_per_A = -1")
charge("charge_without_a_source", 3, ["charge.toml:", "barrier_source"], 'barrier_source = "invented for tests"\n')
charge("charge_with_an_empty_source", 3, ["charge.toml:", "glides.barrier_source", "comes from"], '"invented for tests"', '""')
charge("charge_prefactor", 3, ["charge.toml:", "glides.prefactor_Hz"], "potential_states = 2", "potential_states = 2\nprefactor_Hz = 0")
charge("charge_potential_states", 3, ["charge.toml:", "glides.potential_states"], "potential_states = 2", "potential_states = 0")
charge("charge_attempts", 3, ["charge.toml:", "glides.max_attempts_per_guest"], "max_attempts_per_guest = 5", "max_attempts_per_guest = 0")
charge("charge_guest_sweeps", 3, ["charge.toml:", "glides.guest_sweeps"], "potential_states = 2", "potential_states = 2\nguest_sweeps = -1")
charge("charge_unknown_key", 3, ["charge.toml:", "glides.prefactr_Hz", "prefactor_Hz"], "potential_states = 2",
       "potential_states = 2\nprefactr_Hz = 1e12")
charge("charge_has_no_phase", 3, ["charge.toml:", "phase"], "x_step = 0.2", 'x_step = 0.2\nphase = "O3"')


def interrupted(folder, source):
    """Stopped after a second, here within a direction, then taken up again."""
    (folder / "charge.toml").write_text(RUN.format(model=source / "potentials/LixVCl3/model.toml").replace("steps = 2", "steps = 5000"))
    line = [sys.argv[1], "kmc", "charge.toml"]
    subprocess.run([*line, "-o", "whole"], cwd=folder, check=True, capture_output=True)
    stopped = subprocess.run([*line, "-o", "out", "--max-walltime", "00:00:01"], cwd=folder, capture_output=True)
    assert stopped.returncode == 75, stopped.stderr
    return [*line[1:], "-o", "out", "--restart", "auto"]


def as_in_one_piece(folder):
    return [f"{name} differs from that of the run in one piece" for name in ("charge.csv", "trajectory.xyz")
            if (folder / "out" / name).read_bytes() != (folder / "whole" / name).read_bytes()]


CASES["charge_interrupted"] = Case(0, [], interrupted, as_in_one_piece)
