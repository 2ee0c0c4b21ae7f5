"""Reads finished VASP or Quantum ESPRESSO folders of inputs.py, or GPAW results, into one extended XYZ file (eV, Angstrom).

usage: outputs.py FOLDER FRAMES.xyz

A job is FOLDER/NAME with job.json and vasprun.xml, OUTCAR or pw.out, or FOLDER/NAME.json with NAME.xyz (GPAW).  The energy is
the code's, extrapolated to zero smearing where it says so; VASP and pw.x add D3(BJ) themselves, so energy_d3 is 0 there and
d3_included is true.  Left out, and named: unfinished jobs, electronic steps that did not converge.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write

from system import load_system, stacking_of

FORCE_LIMIT = 0.08                                  # eV/A


class Unfinished(Exception):
    """The output cannot be used; the message says why."""


def read_vasp(folder):
    """Last ionic step of vasprun.xml, or of OUTCAR."""
    for name, form in (('vasprun.xml', 'vasp-xml'), ('OUTCAR', 'vasp-out')):
        path = folder / name
        if path.exists():
            try:
                at = read(str(path), index=-1, format=form)
            except Exception as error:
                raise Unfinished(f'{name} cannot be read: {error}') from error
            if form == 'vasp-xml' and not at.calc.results:
                raise Unfinished('no complete ionic step')
            if getattr(at.calc, 'converged', True) is False:
                raise Unfinished('electronic steps not converged')
            return at
    raise Unfinished('no vasprun.xml or OUTCAR')


def read_espresso(folder):
    """Last ionic step of pw.out."""
    path = folder / 'pw.out'
    if not path.exists():
        raise Unfinished('no pw.out')
    text = path.read_text(errors='replace')
    if 'convergence NOT achieved' in text:
        raise Unfinished('electronic steps not converged')
    if 'JOB DONE' not in text:
        raise Unfinished('not finished')
    return read(str(path), index=-1, format='espresso-out')


def frame_of(folder):
    """One frame of a VASP or Quantum ESPRESSO folder."""
    p = json.loads((folder / 'job.json').read_text())
    at = {'vasp': read_vasp, 'espresso': read_espresso}[p['code']](folder)
    results, system = at.calc.results, load_system(p['system'])
    if 'energy' not in results or 'forces' not in results:
        raise Unfinished('no energy or forces')
    largest = float(np.linalg.norm(results['forces'], axis=1).max())
    symbols = list(at.symbols)
    out = at.copy()
    out.info, out.constraints = {}, None
    out.set_initial_magnetic_moments(None)
    kept = {k: results[k] for k in ('energy', 'forces', 'stress', 'magmoms') if k in results}
    out.calc = SinglePointCalculator(out, **kept)
    out.info = dict(name=p['name'], system=system.name, code=p['code'], functional=system.dft['xc'], U=float(p['U']), kpts=p['k'],
                    ecut=float(p['ecut']), energy_d3=0.0, d3_included=True, stack=stacking_of(p), fmax_dft_d3=largest,
                    n_li=symbols.count('Li'), x=symbols.count('Li') / max(symbols.count(system.metal), 1), scf_converged=True,
                    forces_converged=largest <= FORCE_LIMIT, role=p['role'] or ('main' if largest <= FORCE_LIMIT else 'unrelaxed'))
    return out


def collect(folder):
    """Frames of a folder, and what was left out: list of (name, reason)."""
    found, left = [], []
    for path in sorted(Path(folder).glob('*/job.json')):
        try:
            found.append(frame_of(path.parent))
        except Unfinished as why:
            left.append((path.parent.name, str(why)))
    for path in sorted(Path(folder).glob('*.xyz')):
        r = path.with_suffix('.json')
        if r.exists() and json.loads(r.read_text()).get('converged'):
            found.append(read(str(path)))
    return found, left


def main():
    """Writes the file and says what is missing."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('folder')
    p.add_argument('frames')
    args = p.parse_args()
    found, left = collect(args.folder)
    if found:
        write(args.frames, found, format='extxyz')
    print(len(found), 'frames')
    for name, why in left:
        print('left out', name + ':', why)


if __name__ == '__main__':
    main()
