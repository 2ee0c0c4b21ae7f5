#!/usr/bin/python3
"""Kills a kmc run of two ranks (kill -9) at random moments, goes on with other numbers of ranks, and compares the results
with those of the run that nobody disturbed.  Then breaks checkpoints.

usage: kills.py LITHIATE MPIEXEC FIXTURE.toml COMPARE_RUNS KILLS
"""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from ranks import ENVIRONMENT


class Runs:
    def __init__(self, lithiate, mpiexec, fixture, compare, folder):
        self.lithiate, self.mpiexec, self.fixture, self.compare = lithiate, mpiexec, fixture, compare
        self.folder = pathlib.Path(folder)

    def command(self, ranks, name, *more):
        launcher = [self.mpiexec, "-n", str(ranks)] if ranks > 1 else []
        return [*launcher, self.lithiate, "kmc", self.fixture, "-o", str(self.folder / name), "--quiet", "--threads", "1",
                "--checkpoint-every", "0.1", *more]

    def finish(self, ranks, name, *more):
        subprocess.run(self.command(ranks, name, *more), env=ENVIRONMENT, check=True, timeout=900)

    def kill(self, ranks, name, checkpoints):
        """Starts a run and kills all its processes at a random moment after so many checkpoints; false if it had ended."""
        run = subprocess.Popen(self.command(ranks, name), env=ENVIRONMENT, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen, last = 0, None
        while seen < checkpoints and run.poll() is None:
            try:
                now = (self.folder / name / "checkpoint.h5").stat().st_ino
            except FileNotFoundError:
                now = None
            seen += now is not None and now != last
            last = now or last
            time.sleep(0.005)
        time.sleep(random.uniform(0.0, 0.15))
        running = run.poll() is None
        found = subprocess.run(["pgrep", "-f", str(self.folder / name)], capture_output=True, text=True).stdout.split()
        for process in map(int, found):
            if process != os.getpid():
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        run.wait()
        return running

    def same(self, name):
        done = subprocess.run([self.compare, str(self.folder / "undisturbed"), str(self.folder / name)])
        return done.returncode == 0


def main():
    kills = int(sys.argv[5])
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(*sys.argv[1:5], folder)
        runs.finish(2, "undisturbed")
        faults = hits = 0
        for k in range(kills):
            name, ranks = f"killed{k}", (1, 2, 4)[k % 3]
            checkpoints = random.randrange(1, 8)
            killed = runs.kill(2, name, checkpoints)
            hits += killed
            left = sorted(p.name for p in (runs.folder / name).glob("checkpoint*")) if killed else []
            runs.finish(ranks, name, "--restart", "auto")
            good = runs.same(name)
            faults += not good
            print(f"killed after {checkpoints} checkpoints{'' if killed else ' (had ended)'}, {left}, resumed on {ranks} ranks: "
                  f"{'same' if good else 'DIFFERENT'}", flush=True)
        if hits < kills / 2:
            print(f"only {hits} of {kills} runs were killed before their end")
            faults += 1
        faults += broken_checkpoints(runs)
    return 1 if faults else 0


def broken_checkpoints(runs):
    """A checkpoint cut short or with a changed byte is refused with a message and the older one is used."""
    faults = 0
    for name, spoil in (("truncated", lambda b: b[:len(b) // 2]),
                        ("flipped", lambda b: b[:len(b) // 2] + bytes([b[len(b) // 2] ^ 1]) + b[len(b) // 2 + 1:])):
        subprocess.run(runs.command(1, name, "--max-walltime", "00:00:01"), env=ENVIRONMENT, timeout=900)
        newest = runs.folder / name / "checkpoint.h5"
        if not newest.exists() or not (runs.folder / name / "checkpoint.previous.h5").exists():
            print(f"{name}: the run ended before two checkpoints were written")
            faults += 1
            continue
        newest.write_bytes(spoil(newest.read_bytes()))
        done = subprocess.run([a for a in runs.command(1, name, "--restart", "auto") if a != "--quiet"], env=ENVIRONMENT,
                              capture_output=True, text=True, timeout=900)
        good = done.returncode == 0 and "not a usable checkpoint" in done.stderr and runs.same(name)
        print(f"{name} checkpoint: {'refused, the older one used' if good else done.stderr}", flush=True)
        faults += not good
    return faults


if __name__ == "__main__":
    sys.exit(main())
