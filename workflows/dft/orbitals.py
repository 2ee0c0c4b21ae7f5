"""Occupation of the metal d orbitals of finished or cut-off jobs, read from their densities (numbers only, no calculation).

usage: orbitals.py OUTPUT_FOLDER NAME ...

Prints for each V, Mn, Fe, Co, Ni its moment (muB), the eigenvalues of the majority-spin d occupation matrix (PAW projection; 0.1 to 0.25 means empty) and
the weight of d_z2 (z = stacking axis, the a1g orbital of the trigonal field) in each eigenvector.  The V3+ state of lowest energy found so
far has a1g empty: first eigenvalue below 0.1 with weight 1.  Compare energies only between frames in the same state.
"""
import sys
import warnings
from pathlib import Path

warnings.simplefilter('ignore')

import numpy as np
from gpaw import GPAW
from gpaw.hubbard import aoom
from gpaw.utilities import unpack2

METALS = ('V', 'Mn', 'Fe', 'Co', 'Ni')
D_Z2 = 2                 # GPAW order of l = 2: xy, yz, 3z2-r2, xz, x2-y2


def occupations(calc, atom):
    """Moment, eigenvalues and d_z2 weights of the majority-spin d occupation matrix of one atom."""
    density, setup = calc.density.D_asp[atom], calc.setups[atom]
    moment = float((density[0] - density[1]) @ setup.N0_p)
    matrix, _ = aoom(setup, unpack2(density[0 if moment > 0 else 1]), 2)
    values, vectors = np.linalg.eigh(matrix)
    return moment, values, vectors[D_Z2]**2


if __name__ == '__main__':
    for name in sys.argv[2:]:
        gpaw = GPAW(str(Path(sys.argv[1], name + '.gpw')), txt=None)
        for i, symbol in enumerate(gpaw.atoms.symbols):
            if symbol in METALS:
                m, n, z2 = occupations(gpaw, i)
                print(f'{name:20} {symbol}{i} moment {m:5.2f}  occupations', ' '.join(f'{q:.2f}' for q in n), ' d_z2', ' '.join(f'{q:.2f}' for q in z2))
