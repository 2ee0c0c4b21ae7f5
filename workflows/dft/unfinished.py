"""Turns the last saved ionic step of jobs that were cut off into frames of their own, NAME_stepN (eV, Angstrom, muB).

usage: unfinished.py OUTPUT_FOLDER NAME ...

The self-consistency of that step is finished, the relaxation is not.  Nothing is computed but the dispersion; there is no stress.
Run collect.py afterwards.  The job itself stays as it is and can go on.
"""
import json
import sys
from pathlib import Path

import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write
from gpaw import GPAW

import dispersion
from calculation import band_gap


def convert(folder, name):
    """Writes NAME_stepN.json and NAME_stepN.xyz."""
    base = Path(folder, name)
    steps = json.loads(base.with_suffix('.log.json').read_text())
    job = json.loads(base.with_suffix('.job.json').read_text())
    calc, at = GPAW(str(base) + '.gpw', txt=None), read(str(base) + '.traj')
    if abs(calc.atoms.positions - at.positions).max() > 1e-6 or abs(calc.results['energy'] - steps[-1]['e']) > 1e-6:
        raise ValueError(f'{name}: density and geometry belong to different steps')
    forces, magmoms = calc.results['forces'], calc.results.get('magmoms', np.zeros(len(at)))
    fd = dispersion.forces(at.numbers, at.cell.array, at.positions)
    fd = calc.wfs.kd.symmetry.symmetrize_forces(fd)
    new = f'{name}_step{len(steps)}'
    fmax = float(np.linalg.norm(forces + fd, axis=1).max())
    r = dict(name=new, params=job, U=float(job['U']), converged=True, e_dft=steps[-1]['e'], e_d3=steps[-1]['ed'], fmax=fmax,
             magmom=float(calc.results.get('magmom', 0.0)), magmoms=[round(float(m), 4) for m in magmoms], gap_eV=band_gap(calc),
             nibz=len(calc.get_ibz_k_points()), nsym=len(calc.wfs.kd.symmetry.op_scc), steps=steps, symbols=list(at.symbols),
             natoms=len(at), wall_s=0.0, cpu_s=round(sum(s['cpu'] for s in steps), 1))
    sites = [q for q in job['li'].split(',') if q]
    at.set_initial_magnetic_moments(None)
    at.calc = SinglePointCalculator(at, energy=r['e_dft'], forces=forces, magmoms=magmoms)
    at.info = dict(name=new, system=job.get('system', 'LixVCl3'), functional='PBE' + (f"+U{r['U']:.2f}" if r['U'] else ''),
                   energy_d3=r['e_d3'], stack=job['stack'] or 'frame', U=r['U'], kpts=job['k'],
                   li_sites='s' + '_'.join(sites) if sites else 'none', ecut=float(job['ecut']), magmom_total=r['magmom'],
                   gap=r['gap_eV'], fmax_dft_d3=fmax, sym=1)
    at.new_array('forces_d3', fd)
    write(str(Path(folder, new)) + '.xyz', at, format='extxyz')
    Path(folder, new + '.json').write_text(json.dumps(r, indent=1))


if __name__ == '__main__':
    for job_name in sys.argv[2:]:
        convert(sys.argv[1], job_name)
