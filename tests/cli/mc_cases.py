"""Methods and ensembles of `mc`. Adds to the cases of more_cases.py."""
import pathlib

import files
from more_cases import change, command, edit, results

MC = ["mc", "mc.toml", "-o", "out"]
TEMPERING = """
[tempering]
sweeps = 4000
sweeps_per_swap = 10
"""
WANG_LANDAU = """
[wang_landau]
bin_eV = 0.02
final_ln_f = 1e-4
runs = 3
"""
NEUTRAL = """model = "model_neutral.toml"
temperature_K = [900]
ensemble = "neutral-semi-grand"

[chemical_potentials_eV]
Li = 0.02

[oxidation_states]
Li = 1
N = -3

[supercell]
repeats = [4, 4, 4]

[sampling]
min_sweeps = 100
max_sweeps = 200
"""


def mc(method, table="", old='x = [0.5]', new='x = [0.5]', temperatures="[600, 700, 800]"):
    """mc.toml of a method, without [sampling], which only Metropolis reads."""
    def prepare(folder):
        path = folder / "mc.toml"
        text = path.read_text().split("[sampling]")[0]
        text = text.replace("[600]", temperatures).replace(old, f'{new}\nmethod = "{method}"')
        path.write_text(text + table)
    return prepare


def neutral(old="", new=""):
    """A nitride of vanadium in two charges, whose lithium brings an electron."""
    def prepare(folder):
        stored = pathlib.Path(__file__).parent / "inputs" / "expansion_neutral.json"
        (folder / "expansion_neutral.json").write_text(stored.read_text())
        model = files.MODEL.replace('"expansion.json"', '"expansion_neutral.json"').replace('prim = "prim.toml"\n', "")
        model = model.replace('hops = "hops.toml"\n', "").replace('"Cl"', '"N"')
        (folder / "model_neutral.toml").write_text(model)
        assert old in NEUTRAL, old
        (folder / "mc.toml").write_text(NEUTRAL.replace(old, new, 1))
    return prepare


def quantities(*names):
    def inspect(folder):
        found = results(folder)["quantities"]
        return [f"results.json: no {name}" for name in names if name not in found]
    return inspect


def electrons(folder):
    """As many V2+ as Li in every state, hence on average, and an assumption that says so."""
    found = results(folder)["quantities"]["composition"]
    value = {entry["species"]: entry["value"] for entry in found}
    faults = [] if abs(value["Li"] - value["V2+"]) < 1e-12 else [f"Li and V2+ differ: {value}"]
    if "charge zero" not in found[0]["assumes"]:
        faults.append("no assumption on the charge")
    return faults


# methods
command("mc_method_unknown", 3, ["mc.toml:", "method", "did you mean 'tempering'"], MC, mc("temperin"))
command("mc_tempering", 0, ["tempering.csv"], MC, mc("tempering", TEMPERING),
        quantities("formation_energy", "round_trips"))
command("mc_tempering_on_threads", 0, [], [*MC, "--threads", "2"], mc("tempering", TEMPERING), quantities("round_trips"))
command("mc_tempering_along_voltages", 0, ["tempering.csv"], MC,
        mc("tempering", TEMPERING + 'along = "voltage"\n', new="voltage_V = [2.9, 3.0, 3.1]", temperatures="[600]"),
        quantities("round_trips"))
command("mc_tempering_of_one_temperature", 3, ["mc.toml:", "temperature_K", "rungs of a ladder"], MC,
        mc("tempering", TEMPERING, temperatures="[600]"))
command("mc_tempering_up_and_down", 3, ["mc.toml:", "temperature_K", "rise or fall"], MC,
        mc("tempering", TEMPERING, temperatures="[600, 800, 700]"))
command("mc_tempering_along_missing_voltages", 3, ["mc.toml:", "tempering.along", "no voltages"], MC,
        mc("tempering", TEMPERING + 'along = "voltage"\n'))
command("mc_tempering_with_few_swaps", 3, ["mc.toml:", "sweeps_per_swap", "ten attempts"], MC,
        mc("tempering", TEMPERING.replace("10", "1000")))
command("mc_sampling_is_of_metropolis", 3, ["mc.toml:", "sampling"], MC,
        mc("tempering", TEMPERING + "\n[sampling]\nmin_sweeps = 100\n"))
command("mc_tempering_table_without_the_method", 3, ["mc.toml:", "tempering"], MC,
        edit("mc.toml", "[sampling]", TEMPERING + "\n[sampling]"))
command("mc_tempering_stops_at_the_wall_time", 75, ["--restart auto"],
        [*MC, "--max-walltime", "00:00:01", "--set", "tempering.sweeps=100000000"], mc("tempering", TEMPERING),
        lambda folder: [] if (folder / "out/checkpoint.h5").exists() else ["no checkpoint"])
command("mc_wang_landau", 0, ["thermodynamics.csv, density_of_states.csv"], MC, mc("wang-landau", WANG_LANDAU),
        quantities("entropy", "heat_capacity", "free_energy", "potential"))
command("mc_wang_landau_in_voltages", 0, [], MC, mc("wang-landau", WANG_LANDAU, new="voltage_V = [3.0]"), quantities("entropy"))
command("mc_wang_landau_cut_short", 0, ["above final_ln_f"], MC,
        mc("wang-landau", WANG_LANDAU + "max_sweeps = 200\n"), quantities("entropy"))
command("mc_wang_landau_of_one_run", 3, ["mc.toml:", "wang_landau.runs"], MC, mc("wang-landau", WANG_LANDAU.replace("runs = 3", "runs = 1")))
command("mc_wang_landau_too_coarse", 3, ["mc.toml:", "final_ln_f", "1e-10 to 1e-3"], MC,
        mc("wang-landau", WANG_LANDAU.replace("1e-4", "0.1")))
command("mc_wang_landau_without_width", 3, ["mc.toml:", "bin_eV"], MC, mc("wang-landau", WANG_LANDAU.replace("0.02", "0")))
command("mc_wang_landau_stops_at_the_wall_time", 75, ["--restart auto"],
        [*MC, "--max-walltime", "00:00:01", "--set", "wang_landau.final_ln_f=1e-10", "--set", "wang_landau.max_sweeps=1000000000"],
        mc("wang-landau", WANG_LANDAU), lambda folder: [] if (folder / "out/checkpoint.h5").exists() else ["no checkpoint"])

# ensembles
change("mc_ensemble_of_other_keys", ["mc.toml:", "ensemble", "expected 'canonical' with x"], "mc.toml", "x = [0.5]",
       'x = [0.5]\nensemble = "semi-grand"', "mc")
command("mc_neutral", 0, ["mc.csv"], MC, neutral(), electrons)
command("mc_neutral_tempering", 0, ["tempering.csv"], MC, lambda folder: (neutral()(folder), (folder / "mc.toml").write_text(
    NEUTRAL.split("[sampling]")[0].replace("[900]", "[600, 900]").replace("ensemble", 'method = "tempering"\nensemble') + TEMPERING)),
        electrons)
command("mc_neutral_without_a_charge", 3, ["mc.toml:", "species 'N' has no charge", "oxidation_states.N"], MC, neutral("N = -3\n"))
command("mc_neutral_that_cannot_be", 3, ["mc.toml:", "no arrangement", "neutrality"], MC, neutral("N = -3", "N = -8"))
command("mc_neutral_of_an_unknown_species", 3, ["mc.toml:", "chemical_potentials_eV", "expected one of the species"], MC,
        neutral("Li = 0.02", "Xx = 0.02"))
command("mc_neutral_charge_out_of_range", 3, ["mc.toml:", "oxidation_states.Li"], MC, neutral("Li = 1", "Li = 12"))
command("mc_neutral_without_potentials", 3, ["mc.toml:", "chemical_potentials_eV"], MC,
        neutral("[chemical_potentials_eV]\nLi = 0.02\n"))
command("mc_neutral_with_x", 3, ["mc.toml:", "x", "alone"], MC, neutral("temperature_K", "x = [0.5]\ntemperature_K"))
command("mc_neutral_has_no_density_of_states", 3, ["mc.toml:", "method", "neutral"], MC,
        neutral("ensemble", 'method = "wang-landau"\nensemble'))
command("mc_neutral_where_nothing_compensates", 3, ["mc.toml:", "no exchange of species keeps the charge"], MC,
        edit("mc.toml", "x = [0.5]", 'ensemble = "neutral-semi-grand"\nchemical_potentials_eV = {Li = 0.0}\n'
                                     "oxidation_states = {Li = 1, Cl = -1}"))
