"""Start density of a job from the metal atoms of a finished job with another anion, to keep V3+ in its orbital state.

usage: transplant.py DONOR.gpw SEED.gpw NAME key=value ...      (the queue line of the job that will have seed=SEED)

The seed has superposed atomic densities, and on the metal atoms the density matrices of the donor (same order of metal atoms, same
orientation of the cell, same setup).
"""
import sys

from ase.units import Bohr, Ha
from gpaw import GPAW
from gpaw.io import Writer
from gpaw.lfc import BasisFunctions

from calculation import gpaw_settings
from frames import frame_finder
from jobs import build, parse


def main():
    """Writes the seed."""
    donor, out, *line = sys.argv[1:]
    job, given = parse(' '.join(line))
    atoms = build(job, given, frame_finder('.', []))
    calc = GPAW(txt=None, **gpaw_settings(job))
    calc.initialize(atoms)
    density, where = calc.density, atoms.get_scaled_positions() % 1.0
    calc.initialize_positions(atoms)
    basis = BasisFunctions(density.gd, [q.phit_j for q in calc.setups], calc.wfs.kd, dtype=calc.wfs.dtype, cut=True)
    basis.set_positions(where)
    density.initialize_from_atomic_densities(basis)
    source = GPAW(donor, txt=None)
    metals, donors = ([i for i, s in enumerate(q.symbols) if s == job.host.metal] for q in (atoms, source.atoms))
    for i, j in zip(metals, donors, strict=True):
        density.D_asp[i][:] = source.density.D_asp[j]
    with Writer(out, calc.world) as w:
        w.write(bohr=Bohr, ha=Ha)
        density.write(w.child('density'))


if __name__ == '__main__':
    main()
