#!/usr/bin/python3
"""Runs one case of cases.py: exit code, pieces of the message, nothing half-written.

usage: run_case.py --list | run_case.py LITHIATE SOURCE CASE
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import charge_cases  # noqa: F401 (adds its cases)
import mc_cases  # noqa: F401 (adds its cases)
import more_cases
import stack_cases  # noqa: F401 (adds its cases)
import stacking_cases  # noqa: F401


def run(lithiate, source, name):
    case = more_cases.CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        command = case.prepare(folder, pathlib.Path(source))
        with open(case.stdout or folder / ".stdout", "w") as out:
            done = subprocess.run([lithiate, *command], cwd=folder, stdout=out, stderr=subprocess.PIPE, text=True,
                                  timeout=280, env=os.environ | case.environment)
        said = done.stderr + ("" if case.stdout else (folder / ".stdout").read_text())
        faults = []
        if done.returncode != case.exit_code:
            faults.append(f"exit code {done.returncode}, expected {case.exit_code}")
        for piece in case.says:
            if piece not in said:
                faults.append(f"does not say {piece!r}")
        if case.exit_code in (2, 3) and not case.keeps_out and (folder / "out").is_dir():
            faults.append("left the folder 'out' behind")
        faults += case.inspect(folder)
        if faults:
            print(f"lithiate {' '.join(command)}\n{said}\n" + "\n".join(faults))
        return 1 if faults else 0


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(more_cases.CASES))
        return 0
    return run(*sys.argv[1:4])


if __name__ == "__main__":
    sys.exit(main())
