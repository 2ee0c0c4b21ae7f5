#!/usr/bin/python3
"""The lattice gas on 1e8 sites fits into 8 GiB.

usage: large.py LITHIATE KMC.toml
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile


def main():
    lithiate, file = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        settings = ["temperature_K=600", "x=0.5", "replicas=1", "supercell.repeats=[10000,10000,1]", "frames=0",
                    "equilibration_hops_per_ion=0.01", "hops_per_ion=0.5"]
        subprocess.run([lithiate, "kmc", file, "-o", folder, *[word for s in settings for word in ("--set", s)]], check=True)
        run = json.loads((pathlib.Path(folder) / "results.json").read_text())["run"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"{run['hops']:.3g} hops in {run['kmc_wall_s']:.0f} s, peak memory {peak:.2f} GiB")
    return 0 if run["hops"] > 2**24 and peak < 8.0 else 1


if __name__ == "__main__":
    sys.exit(main())
