#!/usr/bin/python3
"""Real Slurm: a cluster of one node in a temporary folder, on which the shipped batch script runs a job that is stopped by its
time limit, queues again and ends with the same results as a run that nobody stopped.  Needs root, slurmctld, slurmd, munge.

usage: slurm.py LITHIATE PMI TILES.toml BATCH.sbatch COMPARE_RUNS

PMI: pmix for OpenMPI, pmi2 for MPICH.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """ClusterName=local
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
"""


class Cluster:
    """One node, up while the object is used."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.environment = os.environ | {"SLURM_CONF": str(self.folder / "slurm.conf"), "OMP_WAIT_POLICY": "passive",
                                         "OMPI_MCA_mpi_yield_when_idle": "1"}

    def __enter__(self):
        (self.folder / "state").mkdir()
        (self.folder / "spool").mkdir()
        (self.folder / "slurm.conf").write_text(
            CONFIGURATION.format(host=socket.gethostname(), folder=self.folder, cores=os.cpu_count()))
        if subprocess.run(["pgrep", "-x", "munged"], stdout=subprocess.DEVNULL).returncode != 0:
            os.makedirs("/run/munge", exist_ok=True)
            shutil.chown("/run/munge", "munge", "munge")
            self.run("runuser", "-u", "munge", "--", "munged")
        self.run("slurmctld")
        self.run("slurmd")
        for _ in range(100):
            if "idle" in self.run("sinfo", "-h", "-o", "%T", check=False):
                return self
            time.sleep(0.2)
        sys.exit("the node did not come up: " + (self.folder / "slurmctld.log").read_text()[-2000:])

    def __exit__(self, *_):
        self.run("scancel", "-u", "root", check=False)
        self.run("scontrol", "shutdown", check=False)
        time.sleep(2)

    def run(self, *command, check=True):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def wait(self, job):
        while True:
            time.sleep(0.5)
            state = self.run("squeue", "-h", "-j", job, "-o", "%T", check=False).strip()
            if not state or "Invalid job" in state:
                return


def state_hash(folder):
    return json.loads((folder / "results.json").read_text())["state_hash"]


def main():
    lithiate, pmi, tiles, batch, compare = sys.argv[1:6]
    faults = 0
    with tempfile.TemporaryDirectory() as folder, Cluster(folder) as cluster:
        work = pathlib.Path(folder)
        plain = [lithiate, "kmc", tiles, "--quiet"]
        cluster.run(*plain, "-o", str(work / "alone"))
        cluster.run("srun", f"--mpi={pmi}", "-n", "2", "--overcommit", *plain, "-o", str(work / "srun"), "--threads", "1")
        good = state_hash(work / "alone") == state_hash(work / "srun")
        print(f"srun --mpi={pmi} -n 2: {'the same bits' if good else 'DIFFERENT'}", flush=True)
        faults += not good

        said = cluster.run("srun", "--mpi=none", "-n", "2", "--overcommit", *plain, "-o", str(work / "none"), check=False)
        good = "srun --mpi=pmix" in said and "exit code 2" in said and not (work / "none").exists()
        print(f"srun without an interface: {'refused with exit code 2' if good else said}", flush=True)
        faults += not good

        long = work / "long.toml"
        source = pathlib.Path(tiles)
        long.write_text(source.read_text().replace("hops_per_ion = 20\n", "hops_per_ion = 12000\n")
                        .replace('"lattice_gas/', f'"{source.parent}/lattice_gas/'))
        cluster.environment |= {"LITHIATE": lithiate, "LITHIATE_MPI": pmi}
        job = cluster.run("sbatch", "--parsable", "-n", "2", "-c", "1", "--overcommit", "--time=1", "--signal=USR1@55",
                          f"--output={work}/job.log", batch, str(long), str(work / "batch")).strip()
        cluster.run("squeue")
        cluster.wait(job)
        log = (work / "job.log").read_text()
        stops = log.count("stopped by SIGUSR1")
        cluster.run(lithiate, "kmc", str(long), "--quiet", "-o", str(work / "undisturbed"))
        same = subprocess.run([compare, str(work / "undisturbed"), str(work / "batch")], check=False).returncode == 0
        print(f"batch job: stopped {stops} times, {'the same results' if same else 'DIFFERENT'}")
        if stops == 0 or not same:
            print(log)
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
