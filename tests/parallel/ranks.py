#!/usr/bin/python3
"""The same trajectory, and the same ensemble of exact ones, on any processes and threads: runs each run file by the
launcher and compares state_hash.

usage: ranks.py LITHIATE MPIEXEC [small] KMC.toml ...

With `small` a smaller supercell and fewer shapes: for builds with sanitizers.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# OpenMPI refuses root and more ranks than cores, and pins a lone rank to one core.
ENVIRONMENT = os.environ | {
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none", "OMPI_MCA_mpi_yield_when_idle": "1", "OMP_WAIT_POLICY": "passive"}


SMALL = ["--set", "supercell.repeats=[48,48,1]", "--set", "hops_per_ion=4"]


def run(lithiate, mpiexec, fixture, ranks, threads, folder, small):
    out = pathlib.Path(folder) / f"{ranks}x{threads}"
    launcher = [mpiexec, "-n", str(ranks)] if ranks > 1 else []
    subprocess.run([*launcher, lithiate, "kmc", fixture, "-o", str(out), "--threads", str(threads), "--quiet",
                    *(SMALL if small else [])],
                   env=ENVIRONMENT, check=True, timeout=900)
    results = json.loads((out / "results.json").read_text())
    assert results["run"]["ranks"] == ranks and results["run"]["threads"] == threads, results["run"]
    assert small or results["run"]["hops"] >= 1e4, results["run"]["hops"]
    print(f"{ranks} ranks x {threads} threads: {results['state_hash']}, {results['run']['hops']:.0f} hops, "
          f"{results['run']['kmc_wall_s']:.1f} s", flush=True)
    return results["state_hash"]


def main():
    lithiate, mpiexec, *files = sys.argv[1:]
    small = files[0] == "small"
    shapes = [(1, 1), (2, 2)] if small else [(r, t) for r in (1, 2, 4) for t in (1, 2)]
    faults = 0
    for fixture in files[1:] if small else files:
        with tempfile.TemporaryDirectory() as folder:
            hashes = {run(lithiate, mpiexec, fixture, r, t, folder, small) for r, t in shapes}
        print("equal" if len(hashes) == 1 else f"different: {sorted(hashes)}")
        faults += len(hashes) != 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
