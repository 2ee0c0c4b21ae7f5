"""Hop barriers of a training set from its frames: writes barriers.csv from paths.toml (eV, Angstrom; energies with D3).

usage: barriers.py TRAINING_FOLDER [--check]

paths.toml names for every path its stacking, the frames along it in order (both ends and every saddle among them) and the end of it that
stands for another frame by symmetry, if any:

    [[path]]
    name = "gap 0 to slab vacancy"
    along = ["O3_h_0s", "O3_h_f0", "O3_h_t0", "O3_h_gv", "O3_h_v"]
    symmetric = ["O3_dumbbell"]        # frames that symmetry holds on top, found without `climb`
    note = "..."

status: saddle    the highest frame is a stationary point (`climb` = 1, or held by symmetry), forces at most 0.08 eV/A
        point     the highest frame is a lithium atom held on the path, or has larger forces: the barrier is not known
        no top    an end is the highest frame
        band      image of an elastic band (neb.py; `band = true` in paths.toml), a check of a saddle beside it
Barrier: highest frame less first end (back: less last end); E_KRA: highest frame less the mean of the ends.  --check compares, writes nothing.
"""
import argparse
import csv
import io
import sys
import tomllib
from pathlib import Path

import numpy as np
from ase.io import read

FORCE_LIMIT = 0.08                                  # eV/A
SETTINGS = ('U', 'kpts', 'ecut', 'width', 'spin')


def frames_of(folder):
    """Frames of all extended XYZ files of a folder by name."""
    return {at.info['name']: at for path in sorted(Path(folder).glob('*.xyz')) for at in read(path, ':') if 'name' in at.info}


def energies(at):
    """Energy with and without D3, eV per cell."""
    return at.get_potential_energy() + at.info['energy_d3'], at.get_potential_energy()


def setting(at, key):
    """Text of a setting, alike for the ways a mesh is written."""
    return ' '.join(str(at.info[key]).translate(str.maketrans(',[]', '   ')).split())


def check_alike(name, found):
    """Refuses paths whose frames differ in atoms, cell or settings."""
    first = found[0]
    for at in found[1:]:
        if sorted(at.numbers) != sorted(first.numbers) or abs(at.cell.cellpar() - first.cell.cellpar()).max() > 1e-2:
            raise ValueError(f'{name}: atoms or cell of {at.info["name"]} differ from {first.info["name"]}')
        for key in SETTINGS:
            if key in at.info and key in first.info and setting(at, key) != setting(first, key):
                raise ValueError(f'{name}: {key} of {at.info["name"]} differs from {first.info["name"]}')


def status_of(top, path):
    """What the highest frame of a path is."""
    name = top.info['name']
    if name in (path['along'][0], path['along'][-1]):
        return 'no top'
    if path.get('band'):
        return 'band'
    stationary = int(top.info.get('climb', 0)) == 1 or name in path.get('symmetric', ())
    return 'saddle' if stationary and top.info['fmax_dft_d3'] <= FORCE_LIMIT else 'point'


def row_of(path, frames):
    """Line of the table for one path."""
    missing = [q for q in path['along'] if q not in frames]
    if missing:
        raise ValueError(f"{path['name']}: no frames {missing}")
    found = [frames[q] for q in path['along']]
    check_alike(path['name'], found)
    with_d3, without = np.array([energies(at) for at in found]).T
    k = int(np.argmax(with_d3))
    top, cell = found[k], found[k].cell.array
    info = {**found[0].info, **top.info}
    metal = sum(s not in ('Li', 'O', 'Cl', 'Br', 'I', 'P') for s in top.symbols)
    return dict(system=info.get('system', 'LixVCl3'), stacking=info['stack'], path=path['name'], status=status_of(top, path),
                x=round(list(top.symbols).count('Li') / metal, 4), start=path['along'][0], end=path['along'][-1], top=top.info['name'],
                e_start_eV=f'{with_d3[0]:.5f}', e_end_eV=f'{with_d3[-1]:.5f}', e_top_eV=f'{with_d3[k]:.5f}',
                barrier_eV=f'{with_d3[k] - with_d3[0]:.3f}', barrier_back_eV=f'{with_d3[k] - with_d3[-1]:.3f}',
                e_kra_eV=f'{with_d3[k] - (with_d3[0] + with_d3[-1]) / 2:.3f}',
                e_kra_without_d3_eV=f'{without[k] - (without[0] + without[-1]) / 2:.3f}', fmax_eV_per_A=f"{top.info['fmax_dft_d3']:.3f}",
                fmax_ends_eV_per_A=' '.join(f"{found[q].info['fmax_dft_d3']:.3f}" for q in (0, -1)), atoms=len(top),
                **{k: f'{v:.3f}' for k, v in zip(('a_A', 'b_A', 'c_A'), np.linalg.norm(cell, axis=1))}, volume_A3=f'{top.get_volume():.2f}',
                settings=f"PBE{'+U%.2f' % info['U'] if info['U'] else ''}+D3 {info['ecut']:.0f} eV {setting(top, 'kpts').replace(' ', 'x')} {'spin' if info.get('spin', 1) else 'no spin'}",
                along=' '.join(f"{at.info['name']}:{e - with_d3[0]:+.3f}" for at, e in zip(found, with_d3)), note=path.get('note', ''))


def table(folder):
    """Text of barriers.csv."""
    paths = tomllib.loads(Path(folder, 'paths.toml').read_text())['path']
    frames = frames_of(folder)
    rows = [row_of(p, frames) for p in paths]
    out = io.StringIO()
    w = csv.DictWriter(out, list(rows[0]), lineterminator='\n')
    w.writeheader()
    w.writerows(rows)
    return out.getvalue()


def main():
    """Writes the table or compares it."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('folder')
    p.add_argument('--check', action='store_true')
    args = p.parse_args()
    text, target = table(args.folder), Path(args.folder, 'barriers.csv')
    if not args.check:
        target.write_text(text)
        return 0
    same = target.exists() and target.read_text() == text
    print('unchanged' if same else f'{target} differs from the frames')
    return 0 if same else 1


if __name__ == '__main__':
    sys.exit(main())
