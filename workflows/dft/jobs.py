"""One line of the queue file: 'NAME key=value ...'.  Lengths in Angstrom, energies in eV, forces in eV/A."""
from dataclasses import dataclass, fields

import numpy as np

from structures import LI_SITES, STACKS, breathe, host, symmetrise

ROLES = ('', 'main', 'check', 'scan', 'cell')


@dataclass
class Job:
    """Settings of one structure.  Unknown keys of a queue line are errors."""
    name: str
    stack: str = 'O1-R3'
    li: str = ''              # lithium sites, comma separated: 0 1 2 (gap), v (slab vacancy)
    a: float = 0.0            # lattice constant; 0: the common value of this composition
    d: float = 0.0            # slab repeat; 0: the common value of this composition
    h: float = 0.0            # start height of the Cl sheets above V; 0: common value
    start: str = ''           # frame of this name gives the positions (and the cell, unless a or d is given)
    seed: str = ''            # finished job of this name gives the start density
    order: int = 0            # x = 1/2: index of the V that starts as V2+
    breath: float = 0.06      # x = 1/2, without `start`: displacement of Cl that favours this order
    mag: str = ''             # start moments of the V atoms, muB, instead of the ones from the composition
    afm: int = 0              # 1: second V antiparallel
    symmetrise: float = 0.0   # tolerance: positions averaged over the operations found within it
    U: float = 3.25           # Dudarev U on V d
    ecut: float = 400.0
    k: str = '2,2,2'
    w: float = 0.05           # Fermi-Dirac width
    beta: float = 0.05        # density mixing
    maxiter: int = 80         # SCF iterations before a job counts as failed
    steps: int = 10           # ionic steps; 0: single point
    fmax: float = 0.06        # stop of the relaxation
    cell: int = 0             # 1: relaxes the cell too
    role: str = ''            # overrides the role that `collect` would give

    def __post_init__(self):
        if self.stack not in STACKS or not set(self.sites) <= set(LI_SITES) or self.role not in ROLES:
            raise ValueError(f'{self.name}: unknown stack, lithium site or role')
        n = len(self.sites)
        self.a = self.a or (6.012, 6.126, 6.24)[min(n, 2)]
        self.d = self.d or (5.78, 5.85, 5.92)[min(n, 2)]
        self.h = self.h or (1.36, 1.40, 1.42)[min(n, 2)]

    @property
    def sites(self):
        """Lithium sites as a list of names."""
        return [q for q in self.li.split(',') if q]

    @property
    def kpts(self):
        """Size of the gamma-centred mesh."""
        return tuple(int(q) for q in self.k.split(','))

    def moments(self):
        """Start moments of the two V atoms, muB: V3+ 2, V2+ 3, V1+ 4."""
        n = len(self.sites)
        if self.mag:
            m = [float(q) for q in self.mag.split(',')]
            m = m * 2 if len(m) == 1 else m
        else:
            m = [[2.0, 2.0], [3.0, 2.0], [3.0, 3.0], [4.0, 3.0]][n]
            m = m[::-1] if self.order else m
        return [m[0], -m[1] if self.afm else m[1]]

    def fixed_cell(self, given):
        """True if the queue line names the cell, which then wins over the one of `start`."""
        return bool({'a', 'd'} & set(given))


def parse(line):
    """Job and the keys given in a queue line."""
    name, *pairs = line.split()
    types = {f.name: f.type for f in fields(Job)}
    given = dict(p.split('=', 1) for p in pairs)
    unknown = set(given) - set(types)
    if unknown:
        raise ValueError(f'{name}: unknown keys {sorted(unknown)}')
    return Job(name, **{k: types[k](v) for k, v in given.items()}), set(given)


def read_queue(path):
    """Job lines of a queue file, comments dropped."""
    with open(path) as f:
        return [q.strip() for q in f if q.strip() and not q.startswith('#')]


def build(job, given, find_frame):
    """Start geometry with start moments.  find_frame(name) returns an earlier frame."""
    at = host(job.stack, a=job.a, d=job.d, h=job.h, li=job.sites)
    if job.start:
        source = find_frame(job.start)
        if list(source.numbers) != list(at.numbers):
            raise ValueError(f'{job.name}: atoms differ from those of {job.start}')
        if not job.fixed_cell(given):
            at.set_cell(source.cell)
        at.set_scaled_positions(source.get_scaled_positions(wrap=False))
    elif len(job.sites) == 1:
        breathe(at, -job.breath if job.order else job.breath)
    if job.symmetrise:
        print(f'   {job.name}: symmetrised, largest shift {symmetrise(at, job.symmetrise):.5f} A')
    m = np.zeros(len(at))
    m[at.numbers == 23] = job.moments()
    at.set_initial_magnetic_moments(m)
    return at
