"""Gathers converged jobs into an extended XYZ file and a table (eV, Angstrom, GPa, muB).

usage: collect.py OUTPUT_FOLDER FRAMES.xyz RESULTS.csv

Roles: main       common settings, forces at most 0.08 eV/A (fixed cells)
       unrelaxed  common settings, larger forces
       cell       cell relaxed too;  scan  other fixed cells;  check  other U, k-mesh, cutoff or magnetic order
       suspect    converged, but into a state that fails a check below: do not fit to it
Only jobs whose self-consistency converged are written.  Nothing is computed here but units and norms.
"""
import csv
import json
import sys
from pathlib import Path

import numpy as np
from ase.io import read, write

FORCE_LIMIT = 0.08                                  # eV/A
GAP_LIMIT = 0.3                                     # eV, with +U; wrong orbital states of V3+ are nearly gapless
V_STATES = {3: (1.75, 2.15), 2: (2.50, 2.85)}       # valence: window of the moment in the V sphere, muB, with +U
COMMON = dict(U=3.25, kpts='2,2,2', ecut=400.0)


def params(r):
    """Job settings as text; the keys mag2 and afm of either driver version become one flag."""
    p = dict(r['params'])
    p['afm'] = p.get('afm', '0') == '1' or p.get('mag2', '').startswith('-')
    return p


def flags(r):
    """What looks wrong with the electronic state; an empty list if nothing does."""
    v = [abs(m) for m, s in zip(r['magmoms'], r['symbols']) if s == 'V']
    n_li, out = r['symbols'].count('Li'), []
    if r['U'] > 0 and r['gap_eV'] < GAP_LIMIT:
        out.append('small gap')
    if r['U'] > 0 and n_li <= 2:
        low, high = V_STATES[2], V_STATES[3]
        count2 = sum(low[0] <= m <= low[1] for m in v)
        count3 = sum(high[0] <= m <= high[1] for m in v)
        if count2 != n_li or count3 != len(v) - n_li:
            out.append('V moments not those of the valences')
    if not params(r)['afm'] and abs(r['magmom'] - round(r['magmom'])) > 0.05:
        out.append('total moment not an integer')
    return out


def role_of(r):
    """Role of a converged job."""
    p = params(r)
    k, ecut = p['k'], float(p['ecut'])
    if flags(r):
        return 'suspect'
    if p.get('role'):
        return p['role']
    if p.get('cell', '0') == '1':
        return 'cell'
    if abs(r['U'] - COMMON['U']) > 1e-9 or k != COMMON['kpts'] or ecut != COMMON['ecut'] or p['afm']:
        return 'check'
    return 'main' if r['fmax'] <= FORCE_LIMIT else 'unrelaxed'


def relaxed_of(r):
    """Which degrees of freedom were relaxed."""
    p = params(r)
    return 'cell' if p.get('cell', '0') == '1' else 'positions' if int(p['steps']) > 0 else 'none'


def row_of(r, frame):
    """Line of the table."""
    p, cell = params(r), frame.cell.array
    total = [f'{a + b:.2f}' for a, b in zip(r['stress_dft_GPa'], r['stress_d3_GPa'])] if 'stress_d3_GPa' in r else [''] * 3
    moments = ' '.join(f'{m:.2f}' for m, s in zip(r['magmoms'], r['symbols']) if s == 'V')
    cpu = r.get('cpu_s', sum(s['cpu'] for s in r['steps']))
    wall = max(r['wall_s'], sum(s['t'] for s in r['steps']))             # a continued job has earlier steps
    return dict(name=r['name'], role=frame.info['role'], stack=frame.info['stack'], li_sites=frame.info['li_sites'],
                x=frame.info['x'], natoms=r['natoms'], U_eV=r['U'], kpts=p['k'].replace(',', 'x'), smearing_eV=p['w'],
                a_A=f'{np.linalg.norm(cell[0]):.4f}', d_A=f'{cell[2][2]:.4f}', e_dft_eV=f"{r['e_dft']:.5f}",
                e_d3bj_eV=f"{r['e_d3']:.5f}", fmax_eV_per_A=f"{r['fmax']:.3f}", magmom=f"{r['magmom']:.3f}", magmom_V=moments,
                gap_eV=f"{r['gap_eV']:.2f}", stress_xx_GPa=total[0], stress_yy_GPa=total[1], stress_zz_GPa=total[2],
                n_ionic_steps=len(r['steps']), n_scf_iterations=sum(s['niter'] for s in r['steps']),
                cpu_s=round(cpu, 1), wall_s=round(wall, 1), nk=r['nibz'], nsym=r['nsym'],
                flags='; '.join(flags(r)))


def load(folder):
    """(frame, row) of every converged host job of an output folder."""
    out = []
    for path in sorted(Path(folder).glob('*.json')):
        r = json.loads(path.read_text())
        if not (isinstance(r, dict) and r.get('converged')):       # logs, failed jobs
            continue
        at = read(path.with_suffix('.xyz'))
        n_li = r['symbols'].count('Li')
        at.info.update(n_li=n_li, x=n_li / r['symbols'].count('V'), role=role_of(r), relaxed=relaxed_of(r))
        out.append((at, row_of(r, at)))
    return sorted(out, key=lambda q: (q[1]['role'], q[1]['x'], q[1]['stack'], q[1]['name']))


def main():
    """Writes the two files."""
    folder, frames, table = sys.argv[1:4]
    found = load(folder)
    write(frames, [at for at, _ in found], format='extxyz')
    with open(table, 'w', newline='') as f:
        w = csv.DictWriter(f, found[0][1].keys())
        w.writeheader()
        w.writerows(row for _, row in found)
    print(len(found), 'frames,', sum(row['role'] == 'main' for _, row in found), 'main')


if __name__ == '__main__':
    main()
