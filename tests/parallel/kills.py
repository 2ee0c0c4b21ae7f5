#!/usr/bin/python3
"""Kills runs (kill -9) at random moments, goes on, and compares the results with those of a run that nobody disturbed: kmc
by tiles and an ensemble of it on two ranks resumed on 1, 2 and 4, and voltage on two threads.  Then breaks checkpoints.

usage: kills.py LITHIATE MPIEXEC KMC.toml ENSEMBLE.toml VOLTAGE.toml COMPARE_RUNS KILLS
"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from ranks import ENVIRONMENT


def written(folder):
    """The checkpoints below a folder, as they are now."""
    found = set()
    for path in folder.rglob("checkpoint.h5"):
        try:
            found.add((path, path.stat().st_ino))
        except FileNotFoundError:
            pass
    return found


class Runs:
    """Runs of one command in folders beside each other."""

    def __init__(self, lithiate, mpiexec, verb, file, compare, folder, what=None, settings=()):
        self.lithiate, self.mpiexec, self.verb, self.file, self.compare = lithiate, mpiexec, verb, file, compare
        self.what, self.settings = what or verb, [word for s in settings for word in ("--set", s)]
        self.folder = pathlib.Path(folder) / self.what

    def command(self, ranks, name, *more):
        launcher = [self.mpiexec, "-n", str(ranks)] if ranks > 1 else []
        threads = "1" if self.verb == "kmc" else "2"
        return [*launcher, self.lithiate, self.verb, self.file, "-o", str(self.folder / name), "--threads", threads,
                "--checkpoint-every", "0.1", *self.settings, *more]

    def finish(self, ranks, name, *more):
        subprocess.run(self.command(ranks, name, "--quiet", *more), env=ENVIRONMENT, check=True, timeout=900)

    def kill(self, ranks, name, checkpoints):
        """Starts a run and kills all its processes at a random moment after so many checkpoints; false if it had ended."""
        run = subprocess.Popen(self.command(ranks, name), env=ENVIRONMENT, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen = set()
        while len(seen) < checkpoints and run.poll() is None:
            seen |= written(self.folder / name)
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

    def kills(self, n, ranks, resumed_on):
        """n killed runs; the number of faults."""
        self.finish(ranks, "undisturbed")
        faults = hits = 0
        for k in range(n):
            name, now, checkpoints = f"killed{k}", resumed_on[k % len(resumed_on)], random.randrange(1, 8)
            killed = self.kill(ranks, name, checkpoints)
            hits += killed
            left = sorted({p.name for p in (self.folder / name).rglob("checkpoint*")})
            self.finish(now, name, "--restart", "auto")
            good = self.same(name)
            faults += not good
            print(f"{self.what} killed after {checkpoints} checkpoints{'' if killed else ' (had ended)'}, {left}, resumed on "
                  f"{now} ranks: {'same' if good else 'DIFFERENT'}", flush=True)
        if hits < n / 2:
            print(f"only {hits} of {n} runs were killed before their end")
            faults += 1
        return faults

    def leave_two_checkpoints(self, name):
        """By a run killed before its end; one killed between two renames leaves one under its own name."""
        for _ in range(5):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            killed = self.kill(1, name, 3)
            if killed and all((self.folder / name / f"checkpoint{kind}.h5").exists() for kind in ("", ".previous")):
                return True
        return False

    def broken_checkpoints(self):
        """A checkpoint cut short or with a changed byte is refused with a message and the older one is used."""
        faults = 0
        for name, spoil in (("truncated", lambda b: b[:len(b) // 2]),
                            ("flipped", lambda b: b[:len(b) // 2] + bytes([b[len(b) // 2] ^ 1]) + b[len(b) // 2 + 1:])):
            newest = self.folder / name / "checkpoint.h5"
            if not self.leave_two_checkpoints(name):
                print(f"{name}: no two checkpoints were left by five killed runs")
                faults += 1
                continue
            newest.write_bytes(spoil(newest.read_bytes()))
            done = subprocess.run(self.command(1, name, "--restart", "auto"), env=ENVIRONMENT, capture_output=True,
                                  text=True, timeout=900)
            good = done.returncode == 0 and "not a usable checkpoint" in done.stderr and self.same(name)
            print(f"{self.verb}: {name} checkpoint {'refused, the older one used' if good else done.stderr}", flush=True)
            faults += not good
        return faults


def main():
    lithiate, mpiexec, kmc, ensemble, voltage, compare = sys.argv[1:7]
    kills = int(sys.argv[7])
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(lithiate, mpiexec, "kmc", kmc, compare, folder)
        faults = runs.kills(kills, 2, (1, 2, 4)) + runs.broken_checkpoints()
        longer = ["hops_per_ion=300"]
        faults += Runs(lithiate, mpiexec, "kmc", ensemble, compare, folder, "ensemble", longer).kills(kills, 2, (1, 2, 4))
        faults += Runs(lithiate, mpiexec, "voltage", voltage, compare, folder).kills(kills, 1, (1,))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
