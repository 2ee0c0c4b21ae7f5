"""`structure --stack` and `--powder`. Adds to the cases of cases.py."""
import subprocess
import sys

import files
from cases import CASES, Case, refuse

HONEYCOMB, OXIDE = "LixVCl3/V2Cl6_O3.toml", "LixCoO2/O3.toml"


def stack(name, exit_code, says, options, file=HONEYCOMB, inspect=lambda folder: []):
    """`structure` on a shipped prim."""
    CASES[name] = Case(exit_code, says, lambda folder, source: ["structure", str(source / "structures" / file), *options], inspect)


def full_folder(folder):
    out = folder / "out"
    faults = [f"no {name}" for name in ("prim.toml", "structure.xyz", "POSCAR", "powder.csv") if not (out / name).exists()]
    if faults:
        return faults
    prim = (out / "prim.toml").read_text()
    if prim.count("[[site]]") != 36:
        faults.append(f"{prim.count('[[site]]')} sites in prim.toml, expected 36")
    if not (out / "powder.csv").read_text().startswith("h,k,l,d (A),two_theta (deg),multiplicity,intensity (%)"):
        faults.append("powder.csv has another header")
    return faults


stack("stack_of_three_gaps", 0, ["R+ a b (3 gaps per period)", "1, 1, 2", "0, 0, 0", "2theta"],
      ["--stack", "R+ a b", "--powder", "-o", "out"], inspect=full_folder)
stack("stack_o1_r", 0, ["R-3 (148)"], ["--stack", "O1-R"])
stack("stack_o3_abc", 0, ["P3_112 (151)", "a b c"], ["--stack", "O3-abc"])
stack("stack_h13", 0, ["R-3m (166)", "O3 O1", "4.6800", "4.5000", "full", "empty"],
      ["--stack", "H1-3", "--filling", "full empty", "--gap-A", "4.68/4.5"], OXIDE)
stack("stack_twice_the_same", 0, ["holds 3 primitive cells"], ["--stack", "R+ R+ R+"])
stack("stack_list", 0, ["sequence", "       0         1  AAA", "       2         3  a"], ["--stack", "list:1"])
stack("stack_of_a_turned_prim", 0, ["P-3m1 (164)"], ["--stack", "O1"], "LixNiO2/prim.toml")
stack("stack_p3_warns", 0, ["both prisms"], ["--stack", "P3"], OXIDE)
stack("stack_p3_full", 3, ["full P3 gap"], ["--stack", "P3", "--filling", "full", "-o", "out"], OXIDE)
stack("stack_unknown_registry", 3, ["'R+ d'", "'d'", "AAA, R+, R-, a, b, c", "O3-abc"], ["--stack", "R+ d", "-o", "out"])
stack("stack_of_another_kind", 3, ["'O1-R'", "O1, O3, P3", "H1-3"], ["--stack", "O1-R"], OXIDE)
stack("stack_random_malformed", 3, ["O3-random:1", "O3-random:SEED:N"], ["--stack", "O3-random:1"])
stack("stack_list_malformed", 2, ["list:0", "1 to 64"], ["--stack", "list:0"])
stack("stack_list_too_long", 3, ["at most 300000 sequences"], ["--stack", "list:9"])
stack("stack_list_writes_nothing", 2, ["prints only"], ["--stack", "list:2", "-o", "out"])
stack("stack_slabs_touch", 3, ["gap spacing 2.5 A", "expected at least 3.180 A"], ["--stack", "a", "--gap-A", "2.5", "-o", "out"])
stack("stack_spacing_malformed", 2, ["--gap-A '5 x'", "x: expected a distance"], ["--stack", "a b", "--gap-A", "5 x"])
stack("stack_spacing_half_malformed", 2, ["--gap-A '5/y'", "y: expected a distance"], ["--stack", "a b", "--gap-A", "5/y"])
stack("stack_spacings_do_not_match", 2, ["2 values for 3 gaps"], ["--stack", "O3-abc", "--gap-A", "5 6"])
stack("stack_filling_unknown", 2, ["emty", "did you mean 'empty'"], ["--stack", "a", "--filling", "emty"])
stack("stack_needs_a_stack", 2, ["--gap-A without --stack"], ["--gap-A", "5"])
stack("stack_without_a_neighbour_search", 2, ["--stack together with --radius"], ["--stack", "a", "--radius", "3"])
stack("powder_of_a_prim", 0, ["kinematic", "15.3171"], ["--powder", "--max-two-theta", "30"])
stack("powder_angle", 2, ["--max-two-theta 180"], ["--powder", "--max-two-theta", "180"])
stack("powder_wavelength", 2, ["--wavelength-A -1"], ["--powder", "--wavelength-A", "-1"])
stack("powder_too_much", 3, ["site-reflections"], ["--powder", "--wavelength-A", "0.001"])
refuse("stack_of_no_layers", 3, ["toy: not a layered host with one slab per cell"], files.PRIM,
       command=["structure", "prim.toml", "--stack", "a"])


def reread(folder, source):
    """What --stack writes is a prim for the other verbs."""
    program = sys.argv[1]
    subprocess.run([program, "structure", str(source / "structures" / HONEYCOMB), "--stack", "O3-aaa", "-o", "made"], cwd=folder,
                   check=True, capture_output=True)
    return ["structure", "made/prim.toml", "--stack", "O1-AAA"]


CASES["stack_of_a_stack"] = Case(0, ["P-31m (162)"], reread)
