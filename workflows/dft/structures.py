"""Layered cells: stackings and lithium sites, as generators of start geometries (lengths in Angstrom).

Anion sheets are triangular; A, B, C are the three positions of their net.  In the slab: anions on A (bottom), metal on C,
anions on B (top).  The next slab is displaced by an in-plane vector s.

honeycomb (M2X6Li_n, one slab, metal on two of the three C sites, net spacing a/sqrt(3)):
    O1-R3   s = one net vector      R-3 (BiI3), gap octahedra share faces with metal sites
    O1-AAA  s = 0                   P-31m, metal over metal
    O3      s = vector A -> C       C2/m (AlCl3), gap octahedra share edges only
    O3-b, O3-c                      O3 turned by +-120 degrees: with one slab per cell the same crystal
    P3      s = vector A -> B       anions over anions, on the glide path from O1 to O3; no lithium sites
    Lithium sites: '0', '1', '2' are the gap octahedra, 'v' is the slab's own vacancy (honeycomb centre, the origin).
    On hop paths, not for enumeration: 'gv' is the centre of the anion triangle above the slab vacancy; in O3 't0', 't1', 't2' are
    the gap tetrahedra above the slab (t0 shares a face with the vacancy, t1 and t2 with the first and the second metal atom), 'f0',
    'f1', 'f2' the faces between them and an octahedron 0; in O1 't' is a gap tetrahedron above the slab (it shares faces with three
    octahedra, one of each kind, and with no metal).
oxide (MX2Li_n, metal on every C site, net spacing a):
    O1      s = 0                   one slab
    O3      s = vector A -> C       one slab
    H1-3    both in turn            two slabs; gap '0' is O3-like, gap '1' O1-like
    Lithium sites: the octahedra of gap '0', '1'.
bcc: one atom, a the cubic lattice constant.
"""
from itertools import combinations

import numpy as np
from ase import Atoms

STACKS = ('O1-R3', 'O1-AAA', 'O3', 'O3-b', 'O3-c', 'P3')
LI_SITES = ('0', '1', '2', 'v')
PATH_SITES = {'O1-R3': ('gv', 't'), 'O1-AAA': ('gv', 't'), 'O3': ('gv', 't0', 't1', 't2', 'f0', 'f1', 'f2')}


def glide(stack, b1, to_c, to_b):
    """In-plane displacement of the next slab; b1 an anion-net vector, to_c and to_b the vectors A -> C and A -> B of the net."""
    return {'O1-R3': b1, 'O1-AAA': 0 * b1, 'O3': to_c, 'O3-b': to_c + b1, 'O3-c': to_c - b1, 'P3': to_b}[stack]


OXIDE_STACKS = {'O1': (0,), 'O3': (1,), 'H1-3': (1, 0)}     # 1: the next slab is displaced by A -> C


def honeycomb(stack, a=6.012, d=5.78, h=1.36, li=(), metal='V', anion='Cl'):
    """Ideal M2X6 cell.  a: lattice constant, d: slab repeat, h: height of the anions above the metal, li: out of LI_SITES."""
    known = () if stack == 'P3' else LI_SITES + PATH_SITES.get(stack, ())
    if stack not in STACKS or not set(li) <= set(known):
        raise ValueError(f'stack {stack}, lithium sites {list(li)}: known are {STACKS}, {known}')
    t = a / np.sqrt(3)
    b1 = t * np.array([1.0, 0, 0])
    b2 = t * np.array([-0.5, np.sqrt(3) / 2, 0])
    z = np.array([0, 0, 1.0])
    on_b, on_c = (2 * b1 + b2) / 3, (b1 + 2 * b2) / 3
    net = [0 * b1, b1, -b1]                                  # the three net points of the cell
    atoms = [(metal, on_c + net[n]) for n in (1, 2)]         # C site 0 is the vacancy
    atoms += [(anion, net[n] - h * z) for n in range(3)]
    atoms += [(anion, on_b + net[n] + h * z) for n in range(3)]
    gap = on_c if stack.startswith('O1') else 0 * b1         # octahedral column of the gap
    octahedron = {n: gap + net[int(n)] + 0.5 * d * z for n in '012'}
    places = {'v': on_c, 'gv': on_c + h * z, 't': (h + (d - 2 * h) / 4) * z, **octahedron}
    for n in '012' if stack == 'O3' else ():                 # octahedra lie on A, these tetrahedra on C
        places['t' + n] = on_c + net[int(n)] + (h + (d - 2 * h) / 4) * z
        corner = {'0': 0 * b1, '1': 2 * b1 + b2, '2': b2 - b1}[n]                 # the image of octahedron 0 beside it
        places['f' + n] = (corner + 2 * (on_c + net[int(n)])) / 3 + (d + h) / 3 * z
    atoms += [('Li', places[n]) for n in li]
    cell = [2 * b1 + b2, b2 - b1, glide(stack, b1, on_c, on_b) + d * z]
    at = Atoms([s for s, _ in atoms], positions=[p for _, p in atoms], cell=cell, pbc=True)
    at.translate(-on_c)                                      # origin on an inversion centre
    at.wrap(eps=1e-9)
    return at


def oxide(stack, a, d, h, li=(), metal='Co', anion='O'):
    """Ideal MX2 cell.  a: lattice constant, d: slab repeat, h: height of the anions above the metal, li: gaps with lithium."""
    glides = OXIDE_STACKS.get(stack)
    if glides is None or not set(li) <= {str(n) for n in range(len(glides))}:
        raise ValueError(f'stack {stack}, gaps {list(li)}: known stacks are {sorted(OXIDE_STACKS)}')
    t1, t2 = a * np.array([1.0, 0, 0]), a * np.array([-0.5, np.sqrt(3) / 2, 0])
    z, on_b, on_c = np.array([0, 0, 1.0]), (2 * t1 + t2) / 3, (t1 + 2 * t2) / 3
    origin, metals, anions, lithium = 0 * t1, [], [], []
    for n, glided in enumerate(glides):
        metals.append(origin + on_c)
        anions += [origin - h * z, origin + on_b + h * z]
        if str(n) in li:
            lithium.append(origin + (0 if glided else 1) * on_c + 0.5 * d * z)
        origin = origin + glided * on_c + d * z
    positions = np.array(metals + anions + lithium) - on_c           # origin on an inversion centre
    at = Atoms([metal] * len(metals) + [anion] * len(anions) + ['Li'] * len(lithium), positions=positions,
               cell=[t1, t2, origin], pbc=True)
    at.wrap(eps=1e-9)
    return at


def metals(system, stack):
    """Number of metal atoms of a generated cell."""
    return {'honeycomb': 2, 'bcc': 1}.get(system.generator) or len(OXIDE_STACKS.get(stack, (0,)))


def generate(system, stack, li, a, d, h):
    """Start geometry of a system's generator; the stacking 'bcc' is Li metal in every system."""
    if stack == 'bcc':
        return Atoms('Li', cell=a / 2 * np.array([[-1, 1, 1], [1, -1, 1], [1, 1, -1]]), pbc=True)
    make = {'honeycomb': honeycomb, 'oxide': oxide}.get(system.generator)
    if make is None:
        raise ValueError(f'{system.name} has no generator of stackings: give start=NAME instead of stack={stack}')
    return make(stack, a=a, d=d, h=h, li=li, metal=system.metal, anion=system.anion)


def bare(frame):
    """Species, cell and positions of a frame, without results."""
    return Atoms(frame.symbols, cell=frame.cell, positions=frame.positions, pbc=True)


def breathe(atoms, shift, metal='V', anion='Cl'):
    """Charge-order seed: moves every anion by `shift` Angstrom away from the first metal, towards the second (in place)."""
    v = [i for i, s in enumerate(atoms.symbols) if s == metal]
    moves = {}
    for i, s in enumerate(atoms.symbols):
        if s == anion:
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
    at = honeycomb(stack, li=li)
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
    empty = honeycomb(stack)
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
