"""Runs the jobs of a queue file with GPAW, one structure per line, one process, one core.

usage: run.py QUEUE OUTPUT_FOLDER [--frames FILE.xyz ...] [--minutes M] [--only NAME]

The queue is read again after every job, so lines may be added or moved while it runs; a line 'STOP' ends the run, as does
the end of the minutes (after the ionic step then running).  A job that was cut off goes on from its last ionic step
(geometry, density, Hessian).  A job that fails leaves NAME.json with converged = false.  A job that fails or ends in a
suspicious state (checks.py) is run once more from another start as NAME_again, and both say so.
"""
import argparse
import json
import os
import time
import traceback
import warnings

os.environ.setdefault('OMP_NUM_THREADS', '1')
warnings.simplefilter('ignore')

import gpaw
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator
from ase.constraints import ExpCellFilter
from ase.io import read, write
from ase.optimize import BFGS
from gpaw import KohnShamConvergenceError

import checks
import dispersion
from calculation import HostCalculator, OutOfTime, band_gap
from frames import frame_finder
from jobs import build, parse, read_queue

GPA = 160.21766                          # eV/A^3 in GPa


def start_of(job, given, folder, find):
    """Atoms and step log: the checkpoint if the job was cut off, else the start geometry."""
    at, log = build(job, given, find), []
    base = os.path.join(folder, job.name)
    if os.path.exists(base + '.traj') and os.path.exists(base + '.log.json'):
        last = read(base + '.traj')
        at.set_cell(last.cell)
        at.positions[:] = last.positions
        with open(base + '.log.json') as f:
            log = json.load(f)
    return at, log


class CarefulBFGS(BFGS):
    """BFGS whose Hessian keeps a floor: noise of the forces makes soft modes look softer, and the steps along them too long.

    stiffness: start Hessian of the strains, eV, if the cell is relaxed.
    """

    def __init__(self, target, stiffness=None, floor=6.0, **options):
        self.floor = floor               # eV/A^2
        super().__init__(target, maxstep=0.06, alpha=30.0, **options)
        if stiffness:
            cell = np.arange(len(self.H0) - 9, len(self.H0))
            self.H0[cell, cell] = stiffness

    def update(self, r, f, r0, f0):
        """Usual update, then the floor."""
        super().update(r, f, r0, f0)
        omega, v = np.linalg.eigh(self.H)
        self.H = v @ np.diag(np.maximum(np.abs(omega), self.floor)) @ v.T


def relax(at, calc, job):
    """Relaxes on the forces (and stress) with D3; a finished relaxation or a single point costs one force call."""
    left = job.steps - max(len(calc.log) - 1, 0)
    if left > 0 and job.cell:                   # no Hessian file: strains count from the start cell, which a restart changes
        stiffness = job.host.cell['stiffness_GPa'] / GPA * at.get_volume()
        CarefulBFGS(ExpCellFilter(at), stiffness, logfile=calc.path('.opt')).run(fmax=job.fmax, steps=left)
    elif left > 0:
        floor = {'floor': 3.0} if job.climb else {}            # along the way up the curvature is small
        CarefulBFGS(at, logfile=calc.path('.opt'), restart=calc.path('.hessian.json'), **floor).run(fmax=job.fmax, steps=left)
    best = calc.best
    if best and not job.climb and best['energy'] < calc.log[-1]['e'] + job.d3 * calc.log[-1]['ed'] - 2e-3:      # the last step was not the best one
        at.set_cell(best['cell'])
        at.positions[:] = best['positions']
    at.get_forces()


def describe(job, at, calc, seconds):
    """Everything about a converged job, for NAME.json."""
    g, p = calc.gpaw, calc.parts
    dft, d3 = g.get_stress(g.atoms), dispersion.stress(at.numbers, at.cell.array, at.positions)
    magmoms = g.get_magnetic_moments() if job.spin else np.zeros(len(at))
    return dict(e_dft=float(p['e']), e_d3=float(p['ed']), fmax=calc.log[-1]['fmax'], stress_dft_GPa=(dft * GPA).tolist(),
                stress_d3_GPa=(d3 * GPA).tolist(), magmom=float(g.get_magnetic_moment()) if job.spin else 0.0, gap_eV=band_gap(g),
                magmoms=magmoms.round(4).tolist(), nibz=len(g.get_ibz_k_points()),
                nsym=len(g.wfs.kd.symmetry.op_scc), fermi=float(g.get_fermi_level()), steps=calc.log, wall_s=round(seconds, 1),
                cpu_s=round(sum(s['cpu'] for s in calc.log), 1), symbols=at.get_chemical_symbols(), natoms=len(at))


def frame_of(job, at, calc, r):
    """Extended XYZ frame: energy, forces and stress are those of the functional; the D3 terms stand beside them."""
    out = at.copy()
    out.set_initial_magnetic_moments(None)
    out.set_constraint()
    largest = r['fmax'] if job.d3 else float(np.linalg.norm(calc.parts['f'] + calc.parts['fd'], axis=1).max())
    alone = {} if job.d3 else {'relaxed_on': 'functional', 'fmax_dft': r['fmax']}
    out.calc = SinglePointCalculator(out, energy=r['e_dft'], forces=calc.parts['f'], magmoms=np.array(r['magmoms']),
                                     stress=np.array(r['stress_dft_GPa']) / GPA)
    out.info = dict(name=job.name, system=job.host.name, functional=job.host.dft['xc'] + (f'+U{job.U:.2f}' if job.U else ''),
                    energy_d3=r['e_d3'], stack=job.stacking, li_sites='s' + '_'.join(job.sites) if job.sites else 'none',
                    start=job.start or 'none', U=job.U, kpts=job.k, ecut=job.ecut, width=job.w, spin=job.spin,
                    magmom_total=r['magmom'], gap=r['gap_eV'], fmax_dft_d3=largest, scf_converged=True, cpu_s=r['cpu_s'],
                    code='GPAW ' + gpaw.__version__, sym=job.sym, **({'hold': job.hold} if job.hold else {}), **alone,
                    **({'between': job.between, 'climb': job.climb} if job.between else {}))
    out.new_array('forces_d3', calc.parts['fd'])
    return out


def other_start(job, given, r, folder):
    """Queue line of the second try of a failed or suspicious job: another density where there is one, slower mixing."""
    words = {k: getattr(job, k) for k in given}
    words.update(rerun_of=job.name, beta=round(job.beta / 2, 4), maxiter=int(1.5 * job.maxiter))
    alike = {'system': job.system, 'stack': job.stack, 'spin': str(job.spin), 'ecut': str(job.ecut)}
    donor = next((q for q in finished(folder) if q['name'] != job.seed and q['symbols'] == r.get('symbols') and q['U'] == job.U
                  and alike.items() <= q['params'].items() and not checks.flags(q)), None)
    if donor:
        words['seed'] = donor['name']
    elif not job.start:
        words['breath'] = 2 * job.breath
    elif not r['converged']:
        words['seed'] = job.name + '.failed'
    return ' '.join([job.name + '_again', *(f'{k}={v}' for k, v in sorted(words.items()))])


def finished(folder):
    """Results of the converged jobs of the folder whose density is kept."""
    for name in sorted(os.listdir(folder)):
        base = os.path.join(folder, name[:-5])
        if name.endswith('.json') and os.path.exists(base + '.gpw') and os.path.exists(base + '.xyz'):
            with open(os.path.join(folder, name)) as f:
                r = json.load(f)
            if isinstance(r, dict) and r.get('converged'):
                yield r


def run_job(job, given, folder, find, deadline):
    """One job from start (or checkpoint) to NAME.json and NAME.xyz."""
    began = time.time()
    r, calc = dict(name=job.name, U=job.U, gpaw=gpaw.__version__, converged=False), None
    try:
        at, log = start_of(job, given, folder, find)
        r.update(symbols=list(at.symbols), params={k: str(v) for k, v in vars(job).items()})
        with open(os.path.join(folder, job.name + '.job.json'), 'w') as f:
            json.dump(r['params'], f)
        at.calc = calc = HostCalculator(job, folder, deadline, log)
        relax(at, calc, job)
        r.update(describe(job, at, calc, time.time() - began), converged=True)
        wrong = checks.flags(r)
        write(os.path.join(folder, job.name + '.xyz'), frame_of(job, at, calc, r), format='extxyz')
    except OutOfTime:
        raise
    except Exception as error:
        traceback.print_exc()
        if calc and calc.gpaw:                      # a later job may go on from it with seed=NAME.failed
            calc.gpaw.write(calc.path('.failed.gpw'))
        r.update(error=repr(error), steps=calc.log if calc else [], wall_s=round(time.time() - began, 1))
        r.setdefault('params', {k: str(v) for k, v in vars(job).items()})
        wrong = ['not converged'] if isinstance(error, KohnShamConvergenceError) else []
    if wrong and not job.rerun_of:
        r.update(suspicious=wrong, rerun=other_start(job, given, r, folder))
    save(folder, r)
    shown = {k: r.get(k) for k in ('e_dft', 'e_d3', 'fmax', 'magmom', 'gap_eV', 'wall_s', 'cpu_s')}
    print('DONE', job.name, 'ok' if r['converged'] else 'FAILED ' + r['error'], shown, r.get('suspicious', ''), flush=True)


def save(folder, r):
    """NAME.json, which says that the job is over."""
    with open(os.path.join(folder, r['name'] + '.json'), 'w') as f:
        json.dump(r, f, indent=1)


def run_line(line, folder, find, deadline):
    """Runs a queue line; a line that cannot be read is a failed job."""
    try:
        job, given = parse(line)
    except ValueError as error:
        print('REFUSED', error, flush=True)
        save(folder, dict(name=line.split()[0], converged=False, error=str(error), params={'line': line}))
        return
    run_job(job, given, folder, find, deadline)


def waiting(queue, folder, only=''):
    """First line of the queue that has not run, second tries included; None if there is none."""
    for line in read_queue(queue):
        name = line.split()[0]
        if only and name != only:
            continue
        path = os.path.join(folder, name + '.json')
        if line == 'STOP' or not os.path.exists(path):
            return None if line == 'STOP' else line
        with open(path) as f:
            again = json.load(f).get('rerun')
        if again and not os.path.exists(os.path.join(folder, again.split()[0] + '.json')):
            return again
    return None


def main():
    """Runs the queue until it is empty, stopped or out of time."""
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('queue')
    p.add_argument('folder')
    p.add_argument('--frames', nargs='*', default=[])
    p.add_argument('--minutes', type=float, default=np.inf)
    p.add_argument('--only', default='', help='one job of the queue')
    args = p.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    deadline, find = time.time() + 60 * args.minutes, frame_finder(args.folder, args.frames)
    while time.time() < deadline:
        line = waiting(args.queue, args.folder, args.only)
        if line is None:
            break
        print('START', line, time.strftime('%H:%M:%S'), flush=True)
        try:
            run_line(line, args.folder, find, deadline)
        except OutOfTime:
            break


if __name__ == '__main__':
    main()
