"""Layered V2Cl6Li_n cells: one VCl3 slab per cell, stackings and lithium sites (lengths in Angstrom).

The Cl sheets are triangular with spacing a/sqrt(3); A, B, C are the three positions of the Cl net.  In the slab: Cl on A
(bottom), V on two of the three C sites (a honeycomb), Cl on B (top).  The next slab is displaced by the in-plane vector s:

    O1-R3   s = one Cl-net vector   R-3 (BiI3), gap octahedra share faces with V sites
    O1-AAA  s = 0                   P-31m, V over V
    O3      s = vector A -> C       C2/m (AlCl3), gap octahedra share edges only
    O3-b, O3-c                      O3 turned by +-120 degrees: with one slab per cell the same crystal

Lithium sites: '0', '1', '2' are the gap octahedra, 'v' is the slab's own vacancy (honeycomb centre, the origin).
"""
from itertools import combinations

import numpy as np
from ase import Atoms

STACKS = ('O1-R3', 'O1-AAA', 'O3', 'O3-b', 'O3-c')
LI_SITES = ('0', '1', '2', 'v')


def glide(stack, b1, to_c):
    """In-plane displacement of the next slab; b1 a Cl-net vector, to_c the vector A -> C of the net."""
    return {'O1-R3': b1, 'O1-AAA': 0 * b1, 'O3': to_c, 'O3-b': to_c + b1, 'O3-c': to_c - b1}[stack]


def host(stack, a=6.012, d=5.78, h=1.36, li=()):
    """Ideal cell.  a: lattice constant, d: slab repeat, h: height of the Cl sheets above V, li: sites out of LI_SITES."""
    t = a / np.sqrt(3)
    b1 = t * np.array([1.0, 0, 0])
    b2 = t * np.array([-0.5, np.sqrt(3) / 2, 0])
    z = np.array([0, 0, 1.0])
    on_b, on_c = (2 * b1 + b2) / 3, (b1 + 2 * b2) / 3
    net = [0 * b1, b1, -b1]                                  # the three net points of the cell
    atoms = [('V', on_c + net[n]) for n in (1, 2)]           # C site 0 is the vacancy
    atoms += [('Cl', net[n] - h * z) for n in range(3)]
    atoms += [('Cl', on_b + net[n] + h * z) for n in range(3)]
    gap = on_c if stack.startswith('O1') else 0 * b1         # octahedral column of the gap
    atoms += [('Li', on_c if n == 'v' else gap + net[int(n)] + 0.5 * d * z) for n in li]
    cell = [2 * b1 + b2, b2 - b1, glide(stack, b1, on_c) + d * z]
    at = Atoms([s for s, _ in atoms], positions=[p for _, p in atoms], cell=cell, pbc=True)
    at.translate(-on_c)                                      # origin on an inversion centre
    at.wrap(eps=1e-9)
    return at


def breathe(atoms, shift):
    """Charge-order seed: moves every Cl by `shift` Angstrom away from the first V, towards the second (in place)."""
    v = [i for i, s in enumerate(atoms.symbols) if s == 'V']
    moves = {}
    for i, s in enumerate(atoms.symbols):
        if s == 'Cl':
            u = [atoms.get_distance(k, i, mic=True, vector=True) for k in v]
            w = u[0] / np.linalg.norm(u[0]) - u[1] / np.linalg.norm(u[1])
            moves[i] = shift * w / np.linalg.norm(w)
    for i, step in moves.items():
        atoms.positions[i] += step


def symmetry(atoms, tol=1e-3):
    """Rotations and translations (fractional) of a cell, found by spglib."""
    import spglib
    s = spglib.get_symmetry((atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers), tol)
    return list(zip(s['rotations'], s['translations']))


def symmetrise(atoms, tol=0.02):
    """Averages the positions over the operations found within tol (in place); returns the largest shift."""
    x = atoms.get_scaled_positions(wrap=False)
    ops = symmetry(atoms, tol)
    total = np.zeros_like(x)
    for rot, tr in ops:
        y = x @ rot.T + np.round(24 * tr) / 24               # GPAW wants the operations about the origin itself
        for i, p in enumerate(y):
            diff = x - p
            diff -= np.round(diff)
            j = np.argmin(np.linalg.norm(diff @ atoms.cell.array, axis=1))
            total[j] += p + np.round(x[j] - p)
    new = total / len(ops)
    shift = np.linalg.norm((new - x) @ atoms.cell.array, axis=1).max()
    atoms.set_scaled_positions(new)
    return float(shift)


def _decorated(stack, li, order):
    """Numbers and fractional positions with the V2+ of the charge order (0, 1 or None) as a different element."""
    at = host(stack, li=li)
    numbers = list(at.numbers)
    if order is not None:
        numbers[order] = 24
    return np.array(numbers), at.get_scaled_positions()


def _same(ops, cell, one, two):
    """True if one operation of the empty host maps decoration one onto decoration two."""
    (za, xa), (zb, xb) = one, two
    for rot, tr in ops:
        diff = (xa @ rot.T + tr)[:, None] - xb[None]
        close = np.linalg.norm((diff - np.round(diff)) @ cell, axis=2) < 0.02
        if (close & (za[:, None] == zb[None])).any(axis=1).all():
            return True
    return False


def distinct(stack, n_li):
    """Symmetry-distinct (li sites, order of the V2+) with n_li lithium; order is None unless n_li = 1."""
    empty = host(stack)
    ops, found = symmetry(empty), []
    for li in combinations(LI_SITES, n_li):
        for order in ((0, 1) if n_li == 1 else (None,)):
            new = _decorated(stack, li, order)
            if not any(_same(ops, empty.cell.array, new, old) for _, _, old in found):
                found.append((li, order, new))
    return [(li, order) for li, order, _ in found]


if __name__ == '__main__':
    for name in STACKS[:3]:
        for count in range(4):
            text = ['+'.join(li) + ('' if o is None else f':V2+ on V{o}') for li, o in distinct(name, count)]
            print(f'{name} {count} Li:', ', '.join(q or 'none' for q in text))
