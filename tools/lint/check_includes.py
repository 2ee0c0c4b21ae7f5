#!/usr/bin/python3
"""House rules a program can see; exits 1 and lists every breach.

1. Includes inside engine/ follow the direction of dependencies of engine/README.md.
2. Walled libraries appear in the files that own them only.
3. Sources of engine/ have at most 400 lines; headers say #pragma once.
"""
import pathlib
import re
import sys

ORDER = {
    "core": set(),
    "crystal": {"core"},
    "electrostatics": {"core", "crystal"},
    "layers": {"core", "crystal"},
    "cluster": {"core", "crystal"},
    "expansion": {"core", "crystal", "cluster"},
    "model": {"core", "crystal", "cluster", "expansion"},
    "observe": {"core"},
    "parallel": {"core"},
    "stacking": {"core", "crystal", "layers", "cluster", "expansion", "model", "observe"},
    "mc": {"core", "crystal", "cluster", "expansion", "model", "observe", "parallel"},
    "kmc": {"core", "crystal", "cluster", "expansion", "model", "observe", "parallel"},
}
ORDER["analysis"] = set(ORDER) - {"analysis"}
ORDER["benchmark"] = set(ORDER) - {"benchmark"}
ORDER["io"] = set(ORDER) - {"io", "benchmark"}
ORDER["apps"] = set(ORDER) - {"apps"}

WALLS = {
    "spglib.h": {"crystal/space_group.cpp"},
    "cxxopts.hpp": {"apps/options.cpp"},
    "gemmi/": {"io/read_cif.cpp"},
    "toml++/": {"io/toml_text.hpp"},
    "Random123/": {"core/random.cpp"},
    "hdf5.h": {"io/checkpoint.cpp"},
    "mpi.h": {"parallel/session_mpi.cpp"},
}


def breaches(engine):
    for path in sorted(engine.rglob("*.[ch]pp")):
        name = path.relative_to(engine).as_posix()
        module = name.split("/")[0]
        text = path.read_text()
        lines = text.splitlines()
        if len(lines) > 400:
            yield f"{name}: {len(lines)} lines, at most 400"
        if path.suffix == ".hpp" and "#pragma once" not in text:
            yield f"{name}: no #pragma once"
        for number, line in enumerate(lines, 1):
            found = re.match(r'\s*#include\s+["<]([^">]+)[">]', line)
            if not found:
                continue
            target = found.group(1)
            other = target.split("/")[0]
            if other in ORDER and other != module and other not in ORDER[module]:
                yield f"{name}:{number}: {module} may not include {target}"
            for wall, owners in WALLS.items():
                if target.startswith(wall) and name not in owners:
                    yield f"{name}:{number}: {target} belongs to {', '.join(sorted(owners))}"


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    found = list(breaches(root / "engine"))
    print("\n".join(found) if found else "house rules kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
