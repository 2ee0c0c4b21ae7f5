"""Writes the jobs of a queue file as inputs of VASP or Quantum ESPRESSO (pw.x), one folder per job, through ASE.

usage: inputs.py QUEUE FOLDER --code vasp|espresso [--frames FILE.xyz ...] [--only NAME]

Same geometry, start moments, U, mesh, smearing and D3(BJ) as the GPAW jobs; cut-offs are the code's own (CUTOFF_eV: a queue's
cut-off belongs to GPAW's setups).  Each folder gets job.json with the settings, which outputs.py reads back.  VASP's POTCAR is
licensed and not written: POTCAR.spec lists the usual choices in the order of POSCAR.  Quantum ESPRESSO: the names of the
pseudopotential files are those of the `pseudopotentials` table of the system, or Element.upf.
A U means something else in every code (projectors differ): do not mix energies of two codes in one set.
"""
import argparse
import json
import warnings
from pathlib import Path

import numpy as np
from ase.io import write
from ase.units import Ry

from frames import frame_finder
from jobs import build, parse, read_queue

CUTOFF_eV = {'vasp': 520.0, 'espresso': 60 * Ry}
POTCAR = {'Li': 'Li_sv', 'V': 'V_pv', 'Mn': 'Mn_pv', 'Fe': 'Fe_pv', 'Ni': 'Ni_pv'}      # others: the plain one


def write_vasp(job, atoms, folder):
    """POSCAR, INCAR, KPOINTS and POTCAR.spec; species sorted by name."""
    from ase.calculators.vasp import Vasp
    at = atoms[np.argsort(atoms.symbols, kind='stable')]
    relax = dict(ibrion=2, nsw=60, isif=3 if job.cell else 2, ediffg=-0.02) if job.steps else dict(ibrion=-1, nsw=0, isif=2)
    calc = Vasp(directory=str(folder), xc=job.host.dft['xc'], encut=CUTOFF_eV['vasp'], ediff=1e-6, ismear=0, sigma=job.w,
                kpts=job.kpts, gamma=True, ispin=2 if job.spin else 1, lorbit=11, ivdw=12, lasph=True, prec='Accurate', **relax)
    if job.U:
        calc.set(ldau_luj={s: dict(L=2 if s == job.host.metal else -1, U=job.U if s == job.host.metal else 0.0, J=0.0)
                           for s in sorted(set(at.symbols))}, ldautype=2, lmaxmix=4)
    species = sorted(set(at.symbols))
    calc.spinpol, calc.sort = bool(job.spin), list(range(len(at)))
    calc.symbol_count = [(s, list(at.symbols).count(s)) for s in species]
    calc.write_incar(at, directory=str(folder))
    calc.write_kpoints(at, directory=str(folder))
    write(str(folder / 'POSCAR'), at, format='vasp', direct=True, vasp5=True)
    (folder / 'POTCAR.spec').write_text(''.join(POTCAR.get(s, s) + '\n' for s in species))


def write_espresso(job, atoms, folder):
    """pw.in of Quantum ESPRESSO 6 (Hubbard U in the SYSTEM namelist)."""
    names = {s: job.host.pseudopotentials.get(s, s + '.upf') for s in set(atoms.symbols)}
    calculation = ('vc-relax' if job.cell else 'relax') if job.steps else 'scf'
    data = dict(control=dict(calculation=calculation, tprnfor=True, tstress=True, prefix=job.name, outdir='./tmp', pseudo_dir='.'),
                system=dict(ecutwfc=CUTOFF_eV['espresso'] / Ry, ecutrho=10 * CUTOFF_eV['espresso'] / Ry, occupations='smearing',
                            smearing='fd', degauss=round(job.w / Ry, 6), nspin=2 if job.spin else 1, vdw_corr='dft-d3',
                            dftd3_version=4),
                electrons=dict(conv_thr=1e-8, mixing_beta=0.3), ions={}, cell={})
    if job.U:
        data['system']['lda_plus_u'] = True
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')                     # ASE guesses the valence when it finds no pseudopotential
        write(str(folder / 'pw.in'), atoms, format='espresso-in', input_data=data, pseudopotentials=names, kpts=job.kpts)
    if job.U:                                               # ASE 3.22 stumbles over keys with an index
        path, head = folder / 'pw.in', '&SYSTEM\n'
        lines = ''.join(f'   Hubbard_U({n})     = {job.U}\n' for n in metal_types(atoms, job.host.metal, job.spin))
        path.write_text(path.read_text().replace(head, head + lines, 1))


def metal_types(atoms, metal, spin):
    """Numbers (from 1) of ASE's species of the metal: one per element, with spin one per element and start moment."""
    kinds = []
    for s, m in zip(atoms.symbols, atoms.get_initial_magnetic_moments()):
        kind = (s, m) if spin else s
        if kind not in kinds:
            kinds.append(kind)
    return [n for n, kind in enumerate(kinds, 1) if (kind[0] if spin else kind) == metal]


def main():
    """Writes one folder per job."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('queue')
    p.add_argument('folder')
    p.add_argument('--code', choices=sorted(CUTOFF_eV), required=True)
    p.add_argument('--frames', nargs='*', default=[])
    p.add_argument('--only', default='')
    args = p.parse_args()
    find = frame_finder(args.folder, args.frames)
    for line in read_queue(args.queue):
        if line == 'STOP' or (args.only and line.split()[0] != args.only):
            continue
        job, given = parse(line)
        if job.climb or job.hold:
            print('left out', job.name + ': climb and hold are done by run.py only')
            continue
        folder = Path(args.folder, job.name)
        folder.mkdir(parents=True, exist_ok=True)
        atoms = build(job, given, find)
        {'vasp': write_vasp, 'espresso': write_espresso}[args.code](job, atoms, folder)
        settings = {k: str(v) for k, v in vars(job).items()}
        settings.update(ecut=str(CUTOFF_eV[args.code]), code=args.code)
        (folder / 'job.json').write_text(json.dumps(settings, indent=1))
        print('wrote', folder)


if __name__ == '__main__':
    main()
