"""PBE(+U) with GPAW plane waves plus D3(BJ), with a restart file after every ionic step (eV, Angstrom, muB)."""
import json
import os
import time

import numpy as np
from ase.calculators.calculator import Calculator, all_changes
from ase.io import write
from ase.stress import full_3x3_to_voigt_6_stress, voigt_6_to_full_3x3_stress
from gpaw import GPAW, PW, FermiDirac, Mixer, MixerSum
from gpaw.io import Reader

import dispersion

CONVERGENCE = {'energy': 2e-5, 'density': 3e-4, 'eigenstates': 1e-6}


def symmetric_stress(stress, cell, rotations):
    """Voigt stress averaged over rotations given in fractional coordinates (GPAW's convention)."""
    s, back = voigt_6_to_full_3x3_stress(stress), np.linalg.inv(cell)
    turned = [back @ op @ cell for op in rotations]
    return full_3x3_to_voigt_6_stress(sum(r.T @ s @ r for r in turned) / len(turned))


class OutOfTime(Exception):
    """The run's time is over; the job goes on at the next start."""


def swap_second_spin(density, atoms, metal):
    """Turns the spin around the second metal atom over (density of a ferromagnet -> start of an antiferromagnet), in place."""
    v = [i for i, s in enumerate(atoms.symbols) if s == metal]
    n = density.gd.N_c
    frac = np.stack(np.meshgrid(*[np.arange(q) / q for q in n], indexing='ij'), -1)[tuple(slice(b, None) for b in density.gd.beg_c)]
    dist = []
    for i in v:
        diff = frac - atoms.get_scaled_positions()[i]
        dist.append(np.linalg.norm((diff - np.round(diff)) @ atoms.cell.array, axis=-1))
    second = dist[1] < dist[0]
    up, down = density.nt_sG[0].copy(), density.nt_sG[1].copy()
    density.nt_sG[0] = np.where(second, down, up)
    density.nt_sG[1] = np.where(second, up, down)
    for i, d in density.D_asp.items():
        if i == v[1]:
            d[:] = d[::-1].copy()
        elif i != v[0]:
            d[:] = d.mean(axis=0)


def band_gap(calc):
    """Smallest gap over both spins, eV; zero or negative for a metal, zero too if no empty band was computed (Li metal: one band)."""
    top, bottom = -np.inf, np.inf
    for s in range(calc.get_number_of_spins()):
        for k in range(len(calc.get_ibz_k_points())):
            e, f = calc.get_eigenvalues(k, s), calc.get_occupation_numbers(k, s)
            full = f / f.max() > 0.5
            top, bottom = max(top, e[full].max(initial=-np.inf)), min(bottom, e[~full].min(initial=np.inf))
    return float(bottom - top) if np.isfinite(bottom) else 0.0


def gpaw_settings(job):
    """Keywords of GPAW for a job whose mesh is known."""
    setups = dict(job.host.dft['setups'])
    if job.U:
        setups[job.host.metal] = f"{setups.get(job.host.metal, '')}:d,{job.U:.4f}"
    mixer = MixerSum(job.beta, 5, 50) if job.spin else Mixer(job.beta, 5, 50)
    return dict(mode=PW(job.ecut), xc=job.host.dft['xc'], occupations=FermiDirac(job.w), kpts={'size': job.kpts, 'gamma': True},
                setups=setups, spinpol=bool(job.spin), nbands='110%', mixer=mixer, convergence=CONVERGENCE,
                symmetry={'tolerance': 1e-5, 'point_group': bool(job.sym)}, maxiter=job.maxiter)


class HostCalculator(Calculator):
    """GPAW + D3; rebuilt from the last density when the cell changes; stops with OutOfTime after the deadline."""
    implemented_properties = ['energy', 'free_energy', 'forces', 'stress']

    def __init__(self, job, folder, deadline=np.inf, log=()):
        super().__init__()
        self.job, self.folder, self.deadline = job, folder, deadline
        self.log, self.gpaw, self.parts = list(log), None, {}
        self.best = None                  # lowest step of this run: energy, cell, positions

    def path(self, ending):
        """File of this job in the output folder."""
        return os.path.join(self.folder, self.job.name + ending)

    def _new_gpaw(self):
        """GPAW with the job's settings."""
        return GPAW(txt=open(self.path('.txt'), 'a'), **gpaw_settings(self.job))

    def _seed(self, atoms):
        """Start density: own restart file, else that of the `seed` job; False if there is none that fits the grid."""
        own, other = self.path('.gpw'), os.path.join(self.folder, self.job.seed + '.gpw')
        flip = not os.path.exists(own) and self.job.afm
        source = own if os.path.exists(own) else other if self.job.seed else ''
        if not source:
            return False
        self.gpaw.initialize(atoms)
        reader = Reader(source)
        shape = reader.density.density.shape
        if shape[0] != (2 if self.job.spin else 1) or tuple(shape[1:]) != tuple(self.gpaw.density.gd.N_c):
            print('   grid changed, density not reused', flush=True)
            return False
        self.gpaw.density.read(reader)
        if flip:
            swap_second_spin(self.gpaw.density, atoms, self.job.host.metal)
        return True

    def _electrons(self, atoms, system_changes):
        """PBE+U energy and forces."""
        if self.gpaw is None or not set(system_changes) <= {'positions'}:
            self.gpaw = self._new_gpaw()
            self._seed(atoms)
        return self.gpaw.get_potential_energy(atoms), self.gpaw.get_forces(atoms)

    def calculate(self, atoms=None, properties=('energy',), system_changes=all_changes):
        """Energy, forces (and stress for cell relaxations) of one ionic step, then the restart files."""
        if time.time() > self.deadline:
            raise OutOfTime(self.job.name)
        super().calculate(atoms, properties, system_changes)
        t, cpu = time.time(), time.process_time()
        plain = atoms.copy()
        plain.set_constraint()
        e, f = self._electrons(plain, system_changes)
        z, cell, x = atoms.numbers, atoms.cell.array, atoms.positions
        ed = dispersion.energy(z, cell, x)
        fd = self.gpaw.wfs.kd.symmetry.symmetrize_forces(dispersion.forces(z, cell, x))
        self.parts, on = dict(e=e, f=f, ed=ed, fd=fd), self.job.d3
        self.results = dict(energy=e + on * ed, free_energy=e + on * ed, forces=f + on * fd)
        if self.job.cell:
            total = self.gpaw.get_stress(self.gpaw.atoms) + on * dispersion.stress(z, cell, x)
            self.results['stress'] = symmetric_stress(total, cell, self.gpaw.wfs.kd.symmetry.op_scc)
        free = f + on * fd
        for constraint in atoms.constraints:
            constraint.adjust_forces(atoms, free)
        largest = float(np.linalg.norm(free, axis=1).max())
        self.log.append(dict(t=round(time.time() - t, 2), cpu=round(time.process_time() - cpu, 2), e=float(e), ed=float(ed),
                             niter=int(self.gpaw.get_number_of_iterations()), fmax=largest))
        if self.best is None or e + on * ed < self.best['energy']:
            self.best = dict(energy=e + on * ed, cell=cell.copy(), positions=x.copy())
        print('   step', len(self.log), self.log[-1], flush=True)
        self._save(atoms)

    def _save(self, atoms):
        """Restart files: density, geometry, log.  Each is replaced as a whole."""
        self.gpaw.write(self.path('.new.gpw'))
        os.replace(self.path('.new.gpw'), self.path('.gpw'))
        plain = atoms.copy()
        plain.set_constraint()
        write(self.path('.new.traj'), plain)
        os.replace(self.path('.new.traj'), self.path('.traj'))
        with open(self.path('.log.json'), 'w') as f:
            json.dump(self.log, f)
