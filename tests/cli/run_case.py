#!/usr/bin/python3
"""Runs one case of cases.py: exit code, pieces of the message, nothing half-written.

usage: run_case.py --list | run_case.py LITHIATE SOURCE CASE
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import cases


def run(lithiate, source, name):
    case = cases.CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        command = case.prepare(folder, pathlib.Path(source))
        done = subprocess.run([lithiate, *command], cwd=folder, capture_output=True, text=True, timeout=280,
                              env=os.environ | case.environment)
        said = done.stdout + done.stderr
        faults = []
        if done.returncode != case.exit_code:
            faults.append(f"exit code {done.returncode}, expected {case.exit_code}")
        for piece in case.says:
            if piece not in said:
                faults.append(f"does not say {piece!r}")
        if case.exit_code in (2, 3) and (folder / "out" / "results.json").exists():
            faults.append("left a results.json behind")
        faults += case.inspect(folder)
        if faults:
            print(f"lithiate {' '.join(command)}\n{said}\n" + "\n".join(faults))
        return 1 if faults else 0


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(cases.CASES))
        return 0
    return run(*sys.argv[1:4])


if __name__ == "__main__":
    sys.exit(main())
