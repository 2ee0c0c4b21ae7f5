"""Climbing-image nudged elastic band between two finished jobs, one process, one core (eV, Angstrom); a check of saddles found by `climb`.

usage: neb.py OUTPUT_FOLDER IMAGES START_FRAME END_FRAME [--frames FILE.xyz ...] [--minutes M] [--fmax F] [--steps N] NAME key=value ...

NAME key=value ... is a queue line (jobs.py) without `start`: settings, start moments, seed.  The IMAGES between the ends start on the straight
way; the highest climbs.  Results are NAME_1.xyz, NAME_2.xyz, ... with role path, and NAME.neb.json with the energies and the band's forces.
Image densities and geometries are saved after every step: the same line goes on where it stopped.
"""
import argparse
import json
import os
import time
import warnings

os.environ.setdefault('OMP_NUM_THREADS', '1')
warnings.simplefilter('ignore')

import gpaw
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io import read, write
from ase.neb import NEB

import run
from calculation import HostCalculator, OutOfTime
from frames import frame_finder
from jobs import build, parse


def image_line(line, number, count, start, end):
    """Queue line of one image."""
    name, *words = line
    return ' '.join([f'{name}_{number}', *words, f'start={start},{end}', f'between={number / (count + 1):.6f}', 'role=path'])


def image(line, folder, find, deadline):
    """(job, atoms with calculator) of one image; at its last geometry if it has one."""
    job, given = parse(line)
    at, log = run.start_of(job, given, folder, find)
    at.set_constraint()
    with open(os.path.join(folder, job.name + '.job.json'), 'w') as f:
        json.dump({k: str(v) for k, v in vars(job).items()}, f)
    at.calc = HostCalculator(job, folder, deadline, log)
    return job, at


def end_image(frame):
    """An end, with its known energy."""
    at = frame.copy()
    at.set_constraint()
    at.calc = SinglePointCalculator(at, energy=frame.get_potential_energy() + frame.info['energy_d3'],
                                    forces=frame.get_forces() + frame.arrays['forces_d3'])
    return at


def finish(job, at, folder):
    """Writes the frame of an image as a finished job."""
    calc = at.calc
    r = dict(name=job.name, U=job.U, gpaw=gpaw.__version__, converged=True, params={k: str(v) for k, v in vars(job).items()})
    r.update(run.describe(job, at, calc, 0.0))
    r['fmax'] = float(np.linalg.norm(calc.results['forces'], axis=1).max())
    write(os.path.join(folder, job.name + '.xyz'), run.frame_of(job, at, calc, r), format='extxyz')
    run.save(folder, r)


def main():
    """Runs the band until its forces are small, the steps are used up or the time is over."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('folder')
    p.add_argument('images', type=int)
    p.add_argument('start')
    p.add_argument('end')
    p.add_argument('line', nargs='+')
    p.add_argument('--frames', nargs='*', default=[])
    p.add_argument('--minutes', type=float, default=np.inf)
    p.add_argument('--fmax', type=float, default=0.08)
    p.add_argument('--steps', type=int, default=15)
    args = p.parse_args()
    find, deadline = frame_finder(args.folder, args.frames), time.time() + 60 * args.minutes
    lines = [image_line(args.line, k + 1, args.images, args.start, args.end) for k in range(args.images)]
    made = [image(q, args.folder, find, deadline) for q in lines]
    band = [end_image(find(args.start)), *(at for _, at in made), end_image(find(args.end))]
    shift = band[-1].positions - band[-2].positions
    band[-1].positions -= np.round(shift @ np.linalg.inv(band[-1].cell.array)) @ band[-1].cell.array    # same images of the atoms
    neb = NEB(band, climb=True, method='improvedtangent')
    history = []

    def note():
        energies = [float(at.get_potential_energy()) for at in band]
        forces = np.linalg.norm(neb.get_forces().reshape(args.images, -1, 3), axis=2).max(axis=1)
        history.append(dict(energies=energies, fmax=forces.tolist()))
        with open(os.path.join(args.folder, args.line[0] + '.neb.json'), 'w') as f:
            json.dump(dict(start=args.start, end=args.end, images=[j.name for j, _ in made], steps=history), f, indent=1)
        print('BAND', [round(e - energies[0], 3) for e in energies], forces.round(3).tolist(), flush=True)

    optimiser = run.CarefulBFGS(neb, floor=3.0, logfile=os.path.join(args.folder, args.line[0] + '.opt'))
    optimiser.attach(note)
    try:
        optimiser.run(fmax=args.fmax, steps=args.steps)
    except OutOfTime:
        print('OUT OF TIME', flush=True)
        return
    for job, at in made:
        finish(job, at, args.folder)


if __name__ == '__main__':
    main()
