"""Gathers converged jobs into an extended XYZ file and a table (eV, Angstrom, GPa, muB).

usage: collect.py OUTPUT_FOLDER FRAMES.xyz RESULTS.csv [--system NAME]

Roles: main       common settings, forces at most 0.08 eV/A (fixed cells)
       unrelaxed  common settings, larger forces
       cell       cell relaxed too;  scan  other fixed cells;  check  other U, cutoff, mesh, spin or magnetic order
       path       a point on a hop path: a lithium atom held, a saddle, a minimum between two sites;  reference  Li metal
       suspect    converged, but into a state that fails a check (checks.py): do not fit to it
       replaced   its second try (NAME_again) is fine and lower
Only jobs whose self-consistency converged are written; the others stand in FRAMES_failed.csv.  energy_d3_no_li is the D3 energy
without any pair that has a lithium atom.
"""
import argparse
import csv
import json
from pathlib import Path

import numpy as np
from ase.io import read, write

import dispersion
from checks import flags, high_energies, params, system_of
from system import stacking_of

FORCE_LIMIT = 0.08                                  # eV/A


def changed_settings(r):
    """True if a setting differs from the common ones of the system."""
    p, dft = params(r), system_of(r).dft
    mesh = bool(dft['kpts']) and p['k'] != ','.join(str(q) for q in dft['kpts'])
    return (p['afm'] or mesh or abs(r['U'] - dft['U_eV']) > 1e-9 or float(p['ecut']) != dft['ecut_eV']
            or int(p.get('spin', 1)) != int(dft['spin']) or float(p['w']) != dft['width_eV'])


def other_cell(r, atoms):
    """True for a generated structure whose fixed cell is not the common one of its composition."""
    p, system = params(r), system_of(r)
    if not p.get('stack') or not any(system.cell['a_A']):
        return False
    metals = r['symbols'].count(system.metal)
    a, d, _ = system.common_cell(r['symbols'].count('Li') / metals)
    slabs = metals if system.generator == 'oxide' else 1
    cell = atoms.cell.array
    return abs(np.linalg.norm(cell[0]) - a) > 1e-3 or abs(cell[2][2] / slabs - d) > 1e-3


def role_of(r, atoms):
    """Role of a converged job."""
    p = params(r)
    if flags(r):
        return 'suspect'
    if p.get('role'):
        return p['role']
    if p.get('hold') or float(p.get('between', 0)):
        return 'path'
    if p.get('cell', '0') == '1':
        return 'cell'
    if changed_settings(r):
        return 'check'
    if other_cell(r, atoms):
        return 'scan'
    return 'main' if r['fmax'] <= FORCE_LIMIT else 'unrelaxed'


def relaxed_of(r):
    """Which degrees of freedom were relaxed."""
    p = params(r)
    return 'cell' if p.get('cell', '0') == '1' else 'positions' if int(p['steps']) > 0 else 'none'


def row_of(r, frame):
    """Line of the table."""
    p, cell = params(r), frame.cell.array
    total = [f'{a + b:.2f}' for a, b in zip(r['stress_dft_GPa'], r['stress_d3_GPa'])] if 'stress_d3_GPa' in r else [''] * 3
    moments = ' '.join(f'{m:.2f}' for m, s in zip(r['magmoms'], r['symbols']) if s == system_of(r).metal)
    cpu = r.get('cpu_s', sum(s['cpu'] for s in r['steps']))
    wall = max(r['wall_s'], sum(s['t'] for s in r['steps']))             # a continued job has earlier steps
    wrong = flags(r) + (['energy far above the lowest of its composition'] if frame.info.get('high') else [])
    return dict(name=r['name'], role=frame.info['role'], stack=frame.info['stack'], li_sites=frame.info['li_sites'],
                x=frame.info['x'], natoms=r['natoms'], U_eV=r['U'], kpts=p['k'].replace(',', 'x'), smearing_eV=p['w'],
                a_A=f'{np.linalg.norm(cell[0]):.4f}', d_A=f'{cell[2][2]:.4f}', e_dft_eV=f"{r['e_dft']:.5f}",
                e_d3bj_eV=f"{r['e_d3']:.5f}", fmax_eV_per_A=f"{r['fmax']:.3f}", magmom=f"{r['magmom']:.3f}", moments_metal=moments,
                gap_eV=f"{r['gap_eV']:.2f}", stress_xx_GPa=total[0], stress_yy_GPa=total[1], stress_zz_GPa=total[2],
                n_ionic_steps=len(r['steps']), n_scf_iterations=sum(s['niter'] for s in r['steps']),
                cpu_s=round(cpu, 1), wall_s=round(wall, 1), nk=r['nibz'], nsym=r['nsym'],
                flags='; '.join(wrong))


def results(folder, system=''):
    """Converged results of a folder."""
    for path in sorted(Path(folder).glob('*.json')):
        r = json.loads(path.read_text())
        if isinstance(r, dict) and r.get('converged') and (not system or system_of(r).name == system):      # not logs, failed jobs
            yield r


def load(folder, system=''):
    """(frame, row) of every converged job of an output folder."""
    found, out = list(results(folder, system)), []
    high, by_name = high_energies(found), {r['name']: r for r in found}
    for r in found:
        at = read(Path(folder, r['name'] + '.xyz'))
        n_li, n_metal = r['symbols'].count('Li'), r['symbols'].count(system_of(r).metal)
        if r['params'].get('system'):
            at.info['stack'] = stacking_of(r['params'])
        at.info['energy_d3_no_li'] = dispersion.energy(at.numbers, at.cell.array, at.positions, without=(3,))
        at.info.update(n_li=n_li, x=n_li / n_metal if n_metal else 0.0, role=role_of(r, at), relaxed=relaxed_of(r),
                       scf_converged=True, forces_converged=bool(r['fmax'] <= FORCE_LIMIT))
        again = by_name.get(r['name'] + '_again')
        if r['name'] in high and at.info['role'] != 'path':
            at.info.update(role='suspect', high=True)
        elif again and not flags(again) and again['e_dft'] + again['e_d3'] < r['e_dft'] + r['e_d3'] - 1e-3:
            at.info['role'] = 'replaced'
        if params(r).get('rerun_of'):
            at.info['rerun_of'] = params(r)['rerun_of']
        out.append((at, row_of(r, at)))
    return sorted(out, key=lambda q: (q[1]['role'], q[1]['x'], q[1]['stack'], q[1]['name']))


def failed(folder, system=''):
    """Rows of the jobs that did not finish, or were refused."""
    for path in sorted(Path(folder).glob('*.json')):
        r = json.loads(path.read_text())
        if isinstance(r, dict) and r.get('converged') is False and 'params' in r:
            p = r['params']
            if not system or p.get('system', 'LixVCl3') == system:
                yield dict(name=r['name'], stack=p.get('stack', ''), li=p.get('li', ''), ionic_steps=len(r.get('steps', [])),
                           wall_s=r.get('wall_s', ''), error=r['error'], again=(r.get('rerun') or '').split(' ')[0])


def main():
    """Writes the two files."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('folder')
    p.add_argument('frames')
    p.add_argument('table')
    p.add_argument('--system', default='')
    args = p.parse_args()
    lost = list(failed(args.folder, args.system))
    if lost:
        with open(Path(args.frames).with_suffix('').as_posix() + '_failed.csv', 'w', newline='') as f:
            w = csv.DictWriter(f, lost[0].keys())
            w.writeheader()
            w.writerows(lost)
    found = load(args.folder, args.system)
    if not found:
        raise SystemExit(f'no converged job in {args.folder}, {len(lost)} failed')
    write(args.frames, [at for at, _ in found], format='extxyz')
    with open(args.table, 'w', newline='') as f:
        w = csv.DictWriter(f, found[0][1].keys())
        w.writeheader()
        w.writerows(row for _, row in found)
    print(len(found), 'frames,', sum(row['role'] == 'main' for _, row in found), 'main')


if __name__ == '__main__':
    main()
