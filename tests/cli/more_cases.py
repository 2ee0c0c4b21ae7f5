"""What must not be taken silently: numbers out of range, names that match nothing, files that would land elsewhere,
results of two materials in one file. Adds to the cases of cases.py."""
import json

import files
from cases import CASES, Case, change, refuse


def command(name, exit_code, says, line, prepare=lambda folder: None, inspect=lambda folder: [], keeps_out=False):
    """A command on the small valid material, after a change of its folder."""
    def full(folder, source):
        files.material(folder)
        prepare(folder)
        return line
    CASES[name] = Case(exit_code, says, full, inspect, keeps_out=keeps_out)


def write(file, text):
    return lambda folder: (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())


def edit(file, old, new):
    def change_text(folder):
        text = (folder / file).read_text()
        assert old in text, (file, old)
        (folder / file).write_text(text.replace(old, new, 1))
    return change_text


def absent(*names):
    return lambda folder: [f"left {name}" for name in names if (folder / name).exists()]


def results(folder):
    return json.loads((folder / "out" / "results.json").read_text())


# whole numbers keep their value or are refused
change("repeats_above_32_bit", ["mc.toml:", "supercell.repeats", "4294967300", "1 to 10000"], "mc.toml", "[4, 4, 4]",
       "[4294967300, 4, 4]", "mc")
change("too_many_cells", ["mc.toml:", "supercell.repeats", "expected at most"], "mc.toml", "[4, 4, 4]", "[9000, 9000, 9000]", "mc")
change("too_many_sites", ["mc.toml:", "supercell.min_sites"], "mc.toml", "repeats = [4, 4, 4]", "min_sites = 1000000000000", "mc")
change("frames_above_32_bit", ["diffusion.toml:", "kmc.segments", "4294967304"], "diffusion.toml", "segments = 8",
       "segments = 4294967304", "diffusion")
change("negative_seed_in_file", ["voltage.toml:", "seed = -4", "at least 0"], "voltage.toml", "seed = 1", "seed = -4")
refuse("supercell_above_32_bit", 2, ["--supercell", "4294967297"], files.PRIM,
       command=["structure", "prim.toml", "--supercell", "4294967297 1 1"])
refuse("max_cells_above_32_bit", 2, ["--max-cells 4294967298"], files.PRIM,
       command=["enumerate", "prim.toml", "--max-cells", "4294967298"])
refuse("no_threads", 2, ["--threads 0", "1 to 1024"], command=["voltage", "voltage.toml", "-o", "out", "--threads", "0"])
refuse("absurd_threads", 2, ["--threads 1000000000"], command=["voltage", "voltage.toml", "-o", "out", "--threads", "1000000000"])

# fit files
change("energy_key_twice", ["fit.toml:", "energy_keys", "twice"], "fit.toml", '["energy"]', '["energy", "energy"]', "fit")
change("leave_out_unknown", ["fit.toml:", "leave_out", "'haf'", "did you mean 'half'"], "fit.toml", 'mobile = "Li"',
       'mobile = "Li"\nleave_out = ["haf"]', "fit")
change("leave_out_known", [], "fit.toml", 'mobile = "Li"', 'mobile = "Li"\nleave_out = ["half"]', "fit", 0)
SECOND = files.FIT.split("[[expansion]]")[1]
change("expansion_name_twice", ["fit.toml:", "expansion[1].name", "already"], "fit.toml", "[[expansion]]",
       "[[expansion]]" + SECOND.replace("expansion.json", "other.json") + "\n[[expansion]]", "fit")
change("expansion_output_twice", ["fit.toml:", "expansion[1].output", "already"], "fit.toml", "[[expansion]]",
       "[[expansion]]" + SECOND.replace('"toy"', '"other"') + "\n[[expansion]]", "fit")
change("output_above_the_folder", ["fit.toml:", "output", "without '/'"], "fit.toml", '"expansion.json"', '"../escape.json"', "fit")
change("output_absolute", ["fit.toml:", "output", "without '/'"], "fit.toml", '"expansion.json"', '"/tmp/escape.json"', "fit")
change("output_over_the_results", ["fit.toml:", "output", "results.json"], "fit.toml", '"expansion.json"', '"results.json"', "fit")
change("expansion_name_above_the_folder", ["fit.toml:", "name", "without '/'"], "fit.toml", '"toy"', '"../toy"', "fit")
change("select_unknown_key", ["fit.toml:", "select.nam", "info key 'nam'", "did you mean 'name'"], "fit.toml", "output =",
       'select = { nam = ["full"] }\noutput =', "fit")
change("select_unknown_value", ["fit.toml:", "select.name", "'ful'", "did you mean 'full'"], "fit.toml", "output =",
       'select = { name = ["ful"] }\noutput =', "fit")
change("cutoff_too_long", ["fit.toml:", "cutoffs_A", "0 to 50 A"], "fit.toml", "cutoffs_A = [3.1]", "cutoffs_A = [10000]", "fit")
change("negative_cutoff", ["fit.toml:", "cutoffs_A", "0 to 50 A"], "fit.toml", "cutoffs_A = [3.1]", "cutoffs_A = [-6.0]", "fit")
change("one_fold", ["fit.toml:", "regression.folds", "at least 2"], "fit.toml", "lambda =", "folds = 1\nlambda =", "fit")
change("negative_folds", ["fit.toml:", "regression.folds = -1"], "fit.toml", "lambda =", "folds = -1\nlambda =", "fit")
change("no_lambda_steps", ["fit.toml:", "regression.lambda_steps = 0"], "fit.toml", "lambda = [1e-6]",
       "lambda = [1e-6, 1e-2]\nlambda_steps = 0", "fit")
change("more_folds_than_structures", ["folds = 1000 for 5 structures"], "fit.toml", "lambda =", "folds = 1000\nlambda =", "fit", 0)
change("misspelt_method_has_a_place", ["fit.toml:", "regression.method"], "fit.toml", '"ridge"', '"rigde"', "fit")
change("misspelt_basis_has_a_place", ["fit.toml:", "expansion[0].basis"], "fit.toml", '"chebyshev"', '"chebychev"', "fit")
change("energy_too_large", ["training.xyz:2", "energy = 1e300"], "training.xyz", "energy=-1.0", "energy=1e300", "fit")
change("energy_that_is_no_number", ["training.xyz:2", "energy = low"], "training.xyz", "energy=-1.0", "energy=low", "fit")
change("unknown_energy_key", ["training.xyz:", "'enrgy'", "did you mean 'energy'"], "fit.toml", '["energy"]', '["enrgy"]', "fit")
command("two_structures_are_counted", 3, ["fit.toml:", "2 structures map"], ["fit", "fit.toml", "-o", "out"],
        lambda folder: (write("training.xyz", files.frame("empty", 1, [], -1.0) + files.frame("full", 1, [0], -6.0))(folder),
                        edit("fit.toml", "lambda = [1e-6]", "lambda = [1e-6, 1e-2]")(folder)))
SERIES = "".join(files.frame(f"s{n}_{k}", n, list(range(k)), -1.0 * n - 5.0 * k + (50.0 if (n, k) == (7, 3) else 0.0))
                 for n in (4, 5, 6, 7) for k in range(1, n))
command("outlier_is_named", 0, ["s7_3 is an outlier"], ["fit", "fit.toml", "-o", "out"],
        write("training.xyz", files.frame("empty", 1, [], -1.0) + files.frame("full", 1, [0], -6.0) + SERIES))

# state points
change("no_temperature", ["mc.toml:", "temperature_K", "at least one"], "mc.toml", "[600]", "[]", "mc")
change("temperature_below_the_floor", ["mc.toml:", "temperature_K", "1 to 10000 K"], "mc.toml", "[600]", "[1e-300]", "mc")
change("x_and_voltage", ["mc.toml:", "voltage_V", "not both"], "mc.toml", "x = [0.5]", "x = [0.5]\nvoltage_V = [2.0]", "mc")
change("neither_x_nor_voltage", ["mc.toml:", ":x:", "voltage_V"], "mc.toml", "x = [0.5]", "", "mc")
change("repeats_and_min_sites", ["mc.toml:", "supercell.min_sites", "not both"], "mc.toml", "repeats = [4, 4, 4]",
       "repeats = [4, 4, 4]\nmin_sites = 400", "mc")
change("sampling_has_a_place", ["mc.toml:", "sampling.max_sweeps = 0"], "mc.toml", "max_sweeps = 200", "max_sweeps = 0", "mc")
change("self_image_has_a_place", ["mc.toml:", "supercell", "meets its own image"], "mc.toml", "[4, 4, 4]", "[1, 4, 4]", "mc")
command("list_index_is_explained", 2, ["'expansion' is a list of 1"], ["fit", "fit.toml", "-o", "out", "--set", "expansion.name=x"])

# options that a verb does not use
refuse("structure_has_no_output", 2, ["output"], files.PRIM, command=["structure", "prim.toml", "--output", "out"])
refuse("structure_has_no_set", 2, ["set"], files.PRIM, command=["structure", "prim.toml", "--set", "radius=9"])
command("predict_has_no_output", 2, ["output"], ["predict", "model.toml", "training.xyz", "--output", "out"])
refuse("bounds_crossed", 2, ["--min-per-cell 1 --max-per-cell 0"], files.PRIM,
       command=["enumerate", "prim.toml", "-o", "out", "--species", "Li", "--min-per-cell", "1", "--max-per-cell", "0"])
refuse("bound_without_species", 2, ["--max-per-cell without --species"], files.PRIM,
       command=["enumerate", "prim.toml", "--max-per-cell", "1"])

# nothing half-written, and nothing without bound
for case, text, more, says in (
        ("nothing_varies", files.PRIM.replace('"Li", "Va"', '"Li"'), [], "no site allows"),
        ("unknown_species", files.PRIM, ["--species", "Na", "--max-per-cell", "1"], "'Na'"),
        ("spectator", files.PRIM, ["--species", "Cl", "--max-per-cell", "1"], "its number is fixed"),
        ("over_the_limit", files.PRIM, ["--max-cells", "30"], "more than 1000000 decorations"),
        ("over_a_small_limit", files.PRIM, ["--limit", "3"], "raise --limit")):
    refuse("enumerate_" + case + "_leaves_nothing", 3, ["prim.toml: ", says], text, command=["enumerate", "prim.toml", "-o", "out", *more])
command("poscar_name_above_the_folder", 3, ["prim.toml", "'../evil'"], ["enumerate", "prim.toml", "--poscar", "-o", "out"],
        edit("prim.toml", '"toy"', '"../evil"'), absent("evil_000000.vasp"))


def full_disk(folder, source):
    files.material(folder)
    return ["predict", "model.toml", "training.xyz"]


CASES["full_disk_behind_stdout"] = Case(1, ["cannot write to the standard output"], full_disk, stdout="/dev/full")

# one results.json is about one set of inputs


def results_of(verb, inputs):
    """A results.json as another run of `verb` on other inputs would leave it."""
    def prepare(folder):
        (folder / "out").mkdir()
        (folder / "out" / "results.json").write_text(json.dumps({
            "format": "lithiate-results", "format_version": 1, "verbs": {verb: {"seed": 1}},
            "quantities": {"D_tracer": {"value": 1.0, "verb": verb}},
            "inputs": {path: {"bytes": 1, "fnv1a64": digest, "verbs": [verb]} for path, digest in inputs.items()}}))
    return prepare


command("results_of_another_material", 3, ["results.json", "'diffusion'", "no file is common"], ["mc", "mc.toml", "-o", "out"],
        results_of("diffusion", {"elsewhere/model.toml": "00"}), keeps_out=True)
command("results_of_a_changed_file", 3, ["results.json", "'diffusion'", "model.toml has changed"], ["mc", "mc.toml", "-o", "out"],
        results_of("diffusion", {"model.toml": "00"}), keeps_out=True)
command("results_of_the_same_verb_are_replaced", 0, [], ["mc", "mc.toml", "-o", "out"],
        results_of("mc", {"elsewhere/model.toml": "00"}))


def inputs_recorded(folder):
    found = results(folder)
    wanted = {"mc.toml", "model.toml", "prim.toml", "expansion.json", "hops.toml"}
    faults = [] if wanted == set(found["inputs"]) else [f"inputs {sorted(found['inputs'])}, expected {sorted(wanted)}"]
    if found["verbs"]["mc"]["set"] != ["x=[0.25]", "seed=3"]:
        faults.append(f"--set not recorded: {found['verbs']['mc']}")
    return faults


command("inputs_and_overrides_are_recorded", 0, [], ["mc", "mc.toml", "-o", "out", "--set", "x=[0.25]", "--seed", "3"],
        inspect=inputs_recorded)

# files of other programs
refuse("poscar_more_rows_than_counts", 3, ["POSCAR:11", "after the 2 atoms"], files.POSCAR + "0.25 0.25 0.25\n", "POSCAR",
       ["structure", "POSCAR"])
refuse("poscar_with_velocities", 0, ["Pm-3m"], files.POSCAR + "\n0.25 0.25 0.25\n0.1 0.1 0.1\n", "POSCAR", ["structure", "POSCAR"])
refuse("cif_cut_off", 3, ["toy.cif:", "the file ends in the middle of line 13"], files.CIF[:files.CIF.index("_atom_site_type") - 2],
       "toy.cif", ["structure", "toy.cif"])
NAMED = files.CIF.split("loop_")[0] + "_space_group_IT_number 227\nloop_" + files.CIF.split("loop_")[2]
refuse("cif_two_space_groups", 3, ["toy.cif:", "227", "221"], NAMED, "toy.cif", ["structure", "toy.cif"])
refuse("json_number_too_large", 3, ["toy.json", "larger than any double"], '{"lattice": [1e999]}', "toy.json", ["structure", "toy.json"])
command("comma_in_a_name", 0, ['"a,b",0.0'], ["predict", "model.toml", "new.xyz"],
        write("new.xyz", files.frame('"a,b"', 1, [], -1.0)))
command("byte_order_mark", 0, ["empty,0.0"], ["predict", "model.toml", "training.xyz"],
        lambda folder: write("training.xyz", b"\xef\xbb\xbf" + files.training().encode())(folder))
refuse("site_that_is_always_empty", 0, ["site 1 allows Va only"], files.PRIM.replace('"Cl"', '"Va"'))
refuse("lattice_in_pm", 0, ["is the lattice in A?"], files.PRIM.replace("3.0", "300.0"))
DOUBLED = files.PRIM.replace("[3.0, 0.0, 0.0]", "[6.0, 0.0, 0.0]").split("[[site]]")
DOUBLED = DOUBLED[0] + "".join("[[site]]" + site.replace("[0.0,", f"[{0.5 * k},").replace("[0.5, 0.5", f"[{0.25 + 0.5 * k}, 0.5")
                               for site in DOUBLED[1:] for k in (0, 1))
refuse("cell_that_is_not_primitive", 0, ["holds 2 primitive cells"], DOUBLED)
refuse("primitive_cell", 0, ["[3, 0, 0]"], DOUBLED, command=["structure", "prim.toml", "--primitive"])

# init
command("init_makes_a_new_folder", 0, [], ["init", "template"], inspect=lambda folder: [] if (folder / "template/prim.toml").exists()
        else ["no template/prim.toml"])
command("init_refuses_an_old_folder", 3, ["exists already"], ["init", "template"], lambda folder: (folder / "template").mkdir())
command("init_names_the_library", 2, ["--library"], ["init", "LixNiO2"])

# stopping and going on
KMC = ["kmc", "kmc.toml", "-o", "out"]
command("wall_time_malformed", 2, ["--max-walltime 5", "HH:MM:SS"], [*KMC, "--max-walltime", "5"])
command("stops_at_the_wall_time", 75, ["stopped by the wall time", "--restart auto"],
        [*KMC, "--max-walltime", "00:00:01", "--set", "hops_per_ion=1e7"],
        inspect=lambda folder: [] if (folder / "out/checkpoint.h5").exists() else ["no checkpoint"])
command("restart_auto_in_a_new_folder", 0, [], [*KMC, "--restart", "auto"])
command("restart_from_no_file", 3, ["none.h5", "no such checkpoint"], [*KMC, "--restart", "none.h5"])
command("restart_from_another_file", 3, ["kmc.toml", "not a usable checkpoint"], [*KMC, "--restart", "kmc.toml"])
command("algorithm_unknown", 3, ["algorithm", "did you mean 'tiles'"], KMC, edit("kmc.toml", "frames = 4", 'frames = 4\nalgorithm = "tile"'))
command("ensemble_of_tiles", 3, ["algorithm", "4 trajectories"], KMC,
        edit("kmc.toml", "frames = 4", 'frames = 4\nreplicas = 4\nalgorithm = "tiles"'))
command("ensemble_of_no_replicas", 3, ["replicas", "expected"], [*KMC, "--set", "replicas=0"])
command("ensemble_of_x_and_voltage", 3, ["voltage_V", "not both"], [*KMC, "--set", "voltage_V=[3.5]"])
command("ensemble", 0, ["4 trajectories"], [*KMC, "--set", "x=[0.25,0.5]", "--set", "replicas=2"],
        inspect=lambda folder: [] if len((folder / "out/ensemble.csv").read_text().splitlines()) == 5
        and (folder / "out/members/T600_x0.5_r1/trajectory.xyz").exists() else ["members are missing"])
command("ensemble_stops", 75, ["stopped", "--restart auto"],
        [*KMC, "--set", "replicas=3", "--max-walltime", "00:00:01", "--set", "hops_per_ion=1e7"],
        inspect=lambda folder: [] if list((folder / "out/members").glob("*/checkpoint.h5")) else ["no checkpoint"])
command("ensemble_of_voltages", 0, [], [*KMC, "--set", "x=[]", "--set", "voltage_V=[2.8,3.0]"])
command("voltage_without_ions", 3, ["kmc.toml: voltage_V = 9", "lower voltage"], [*KMC, "--set", "x=[]", "--set", "voltage_V=9"])
command("dry_run", 0, ["events", "hops/s", "wall time", "bytes per site"], ["kmc", "kmc.toml", "--dry-run"],
        inspect=lambda folder: ["something was written"] if (folder / "out").exists() else [])
command("basin_off", 0, [], [*KMC, "--set", "basin=off"])
command("basin_unknown", 3, ["basin", "did you mean 'auto'"], KMC, edit("kmc.toml", "frames = 4", 'frames = 4\nbasin = "aut"'))
command("basin_is_not_for_tiles", 3, ["basin"], KMC, edit("kmc.toml", "frames = 4", 'frames = 4\nalgorithm = "tiles"\nbasin = "auto"'))
command("tiles_in_one_process", 0, ["sectors"], KMC, edit("kmc.toml", "frames = 4", 'frames = 4\nalgorithm = "tiles"'))

# barriers that depend on what is around a hop
CLASS = """
[[class]]
phase = "toy"
number = 0
distance_A = 3.0
e_kra_eV = 0.25
source = "invented for tests"
role = "input"
"""
ORBIT = """
[class.kra_expansion]
cutoffs_A = [3.4, 3.4]
[[class.kra_expansion.orbit]]
number = 0
radius_A = 3.354
e_kra_eV = 0.01
ln_prefactor = 0.05
"""
IN_FILE = ORBIT.replace("[class.kra_expansion]\n", "").replace("class.kra_expansion.orbit", "orbit")


def barriers(text, old="", new=""):
    def prepare(folder):
        assert old in text, old
        with open(folder / "hops.toml", "a") as file:
            file.write(CLASS + text.replace(old, new, 1))
    return prepare


def barriers_in_file(folder):
    barriers('kra_expansion = "kra.toml"\n')(folder)
    (folder / "kra.toml").write_text(IN_FILE)


def alike(folder):
    """A barrier from a file is that from hops.toml."""
    found = results(folder)
    return [] if "kra.toml" in found["inputs"] else [f"inputs {sorted(found['inputs'])}"]


CHECK = ["check", "model.toml", "-v"]
command("kra_expansion_is_listed", 0, ["local orbit 0: point Li, 3.354 A from the midpoint, 8 per bond  E_KRA +0.0100 eV",
                                       "local orbit 1: pair Li Li", "ok     toy        rates kept up"], CHECK, barriers(ORBIT))
command("kra_expansion_in_a_file", 0, [], KMC, barriers_in_file, inspect=alike)
command("kra_expansion_in_tiles", 0, ["sectors"], [*KMC, "--set", 'algorithm="tiles"'], barriers(ORBIT))
command("kra_expansion_of_another_phase", 0, ["E_KRA 0.300 eV"], CHECK,
        lambda folder: (folder / "hops.toml").write_text(files.HOPS + (CLASS + ORBIT).replace('"toy"', '"other"')))
command("kra_expansion_file_missing", 3, ["hops.toml:", "kra_expansion", "none.toml"], CHECK,
        barriers('kra_expansion = "none.toml"\n'))
command("kra_expansion_unknown_key", 3, ["hops.toml:", "did you mean 'ln_prefactor'"], CHECK,
        barriers(ORBIT, "ln_pref", "lnpref"))
command("kra_expansion_unknown_orbit", 3, ["hops.toml:", "number = 9", "0: point Li, 3.354 A"], CHECK,
        barriers(ORBIT, "number = 0", "number = 9"))
command("kra_expansion_other_radius", 3, ["hops.toml:", "radius_A = 3.1", "reaches 3.354 A"], CHECK,
        barriers(ORBIT, "3.354", "3.1"))
command("kra_expansion_orbit_twice", 3, ["hops.toml:", "was given already"], CHECK,
        barriers(ORBIT + ORBIT[ORBIT.index("[[class"):]))
command("kra_expansion_class_twice", 3, ["hops.toml:", "has a local expansion already"], CHECK, barriers(ORBIT + CLASS + ORBIT))
command("kra_expansion_negative_cutoff", 3, ["hops.toml:", "cutoffs_A", "expected 0 to 50 A"], CHECK,
        barriers(ORBIT, "[3.4, 3.4]", "[-3.4]"))
command("kra_expansion_four_cutoffs", 3, ["hops.toml:", "cutoffs_A", "at most 3"], CHECK,
        barriers(ORBIT, "[3.4, 3.4]", "[3.4, 3.4, 3.4, 3.4]"))
command("kra_expansion_prefactor_for_logarithm", 3, ["hops.toml:", "ln_prefactor", "logarithm"], CHECK,
        barriers(ORBIT, "0.05", "1e13"))
command("kra_expansion_too_wide_for_the_supercell", 3, ["meets its own image or that of the hop", "more repeats"],
        [*KMC, "--set", "supercell.repeats=[2, 4, 4]"],
        barriers(ORBIT.replace("[3.4, 3.4]", "[4.6]").replace("number = 0", "number = 1").replace("3.354", "4.5")))

# runs that look often whether to stop, and what no run should begin with
command("stops_within_a_long_equilibration", 75, ["stopped by the wall time"],
        [*KMC, "--max-walltime", "00:00:01", "--set", "equilibration_hops_per_ion=1e8"],
        inspect=lambda folder: [] if (folder / "out/checkpoint.h5").exists() and not (folder / "out/trajectory.xyz").exists()
        else ["no checkpoint, or a trajectory"])
command("hops_without_end", 3, ["hops_per_ion", "at most 1e+09"], [*KMC, "--set", "hops_per_ion=1e30"])
command("full_cell", 3, ["kmc.toml: x = 1", "all 64 sites"], [*KMC, "--set", "x=1"],
        inspect=lambda folder: ["something was left"] if (folder / "out").exists() else [])
command("barrier_without_end", 3, ["e_kra_eV", "-10 to 10 eV"], ["check", "model.toml"],
        edit("hops.toml", "e_kra_eV = 0.3", "e_kra_eV = 5000"))
command("state_point_twice", 3, ["x", "stands there twice"], [*KMC, "--set", "x=[0.5,0.5]"])
command("window_too_long", 3, ["window_s = 1000", "expected"], [*KMC, "--set", "window_s=1e3"],
        edit("kmc.toml", "frames = 4", 'frames = 4\nalgorithm = "tiles"'))
command("window_too_short", 3, ["window_s = 1e-30", "expected"], [*KMC, "--set", "window_s=1e-30"],
        edit("kmc.toml", "frames = 4", 'frames = 4\nalgorithm = "tiles"'))
command("wang_landau_bin_above_kT", 3, ["bin_eV = 0.5", "at most kT"],
        ["mc", "mc.toml", "-o", "out", "--set", 'method="wang-landau"', "--set", "wang_landau.bin_eV=0.5"],
        lambda folder: (folder / "mc.toml").write_text("\n".join(
            line for line in (folder / "mc.toml").read_text().splitlines() if "sweeps" not in line and line != "[sampling]") + "\n"))
