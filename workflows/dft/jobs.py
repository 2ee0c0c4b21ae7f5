"""One line of the queue file: 'NAME key=value ...'.  Lengths in Angstrom, energies in eV, forces in eV/A.

A line '@ key=value ...' sets keys for the lines below it, '@' alone clears them.
"""
from dataclasses import dataclass, fields

import numpy as np
from ase.geometry import find_mic
from scipy.optimize import linear_sum_assignment

import structures
from system import load_system, stacking_of

ROLES = ('', 'main', 'check', 'scan', 'cell', 'reference', 'path')
HOLDS = ('', 'xy', 'xyz')


@dataclass
class Job:
    """Settings of one structure; what a line leaves out comes from the system.  Unknown keys are errors."""
    name: str
    system: str = ''
    stack: str = ''           # stacking of the system's generator; empty: the frame `start` as it is
    li: str = ''              # lithium sites of the generator, comma separated
    a: float = 0.0            # lattice constant; 0: the common value of this composition
    d: float = 0.0            # slab repeat; 0: the common value of this composition
    h: float = 0.0            # start height of the anion sheets above the metal; 0: common value
    start: str = ''           # frame of this name gives the positions (and the cell, unless a or d is given); A,B with `between`
    between: float = 0.0      # `start` names two frames of the same atoms and cell: start at this fraction of the straight way from A to B
    climb: int = 0            # 1: saddle search, the last lithium atom goes uphill along that way, everything else downhill
    drawn: str = ''           # stacking of a `start` frame, where `stack` is not given
    strain: int = 0           # 1: `start` is drawn on the system's prim cell and brought to a, d
    seed: str = ''            # finished job of this name gives the start density
    order: int = 0            # mixed valence: number of the first metal atom that starts with the lower valence
    breath: float = 0.06      # two metal atoms of different valence, without `start`: anion displacement that favours this order
    mag: str = ''             # start moments of the metal atoms, muB, instead of the ones of the valences
    afm: int = 0              # 1: second metal atom antiparallel
    symmetrise: float = 0.0   # tolerance: positions averaged over the operations found within it
    U: float = -1.0           # Dudarev U on d of the metal; negative: of the system
    ecut: float = 0.0
    k: str = ''               # gamma-centred mesh, e.g. 2,2,2
    w: float = 0.0            # Fermi-Dirac width
    spin: int = -1            # 1 or 0; negative: of the system
    beta: float = 0.0         # density mixing
    maxiter: int = 0          # SCF iterations before a job counts as failed
    sym: int = 1              # 0: no point group; for skewed cells, whose symmetry forces GPAW to a far too fine grid
    steps: int = 10           # ionic steps; 0: single point
    fmax: float = 0.06        # stop of the relaxation
    cell: int = 0             # 1: relaxes the cell too
    d3: int = 1               # 0: relaxes on the functional alone, where D3 has cliffs; its energy and forces are still reported
    hold: str = ''            # xy or xyz: these coordinates of the last lithium atom stay, against the mean of all other atoms
    role: str = ''            # overrides the role that `collect` would give
    rerun_of: str = ''        # set by the driver: this job repeats a suspicious or failed one from another start

    def __post_init__(self):
        dft = load_system(self.system).dft
        if self.role not in ROLES:
            raise ValueError(f'{self.name}: unknown role {self.role}, known are {ROLES[1:]}')
        if self.hold not in HOLDS:
            raise ValueError(f'{self.name}: unknown hold {self.hold}, known are {HOLDS[1:]}')
        if not self.stack and not self.start:
            raise ValueError(f'{self.name}: neither stack nor start is given')
        if bool(self.between) != (self.start.count(',') == 1) or self.climb and (self.hold or not self.between):
            raise ValueError(f'{self.name}: between needs start=A,B (and the reverse), climb needs between, without hold')
        self.U = dft['U_eV'] if self.U < 0 else self.U
        self.ecut = self.ecut or dft['ecut_eV']
        self.w = self.w or dft['width_eV']
        self.beta = self.beta or dft['beta']
        self.maxiter = self.maxiter or dft['maxiter']
        self.spin = int(dft['spin']) if self.spin < 0 else self.spin

    @property
    def host(self):
        """The system."""
        return load_system(self.system)

    @property
    def stacking(self):
        """Stacking of the structure: of the generator, or of the prim cell that a strained frame is drawn on."""
        return stacking_of(vars(self))

    @property
    def sites(self):
        """Lithium sites as a list of names."""
        return [q for q in self.li.split(',') if q]

    @property
    def kpts(self):
        """Size of the gamma-centred mesh; known once the start geometry is built."""
        return tuple(int(q) for q in self.k.split(','))

    def moments(self, symbols):
        """Start moments of the metal atoms, muB."""
        m = self.host.moments(symbols, self.order)
        if self.mag:
            given = [float(q) for q in self.mag.split(',')]
            m = [given[i % len(given)] for i in range(len(m))]
        if self.afm:
            m[1] = -m[1]
        return m

    def fixed_cell(self, given):
        """True if the queue line names the cell, which then wins over the one of `start`."""
        return bool({'a', 'd'} & set(given))


def pairs_of(words, where):
    """Dictionary of 'key=value' words."""
    types = {f.name: f.type for f in fields(Job)}
    given = dict(p.split('=', 1) for p in words)
    unknown = set(given) - set(types)
    if unknown:
        raise ValueError(f'{where}: unknown keys {sorted(unknown)}')
    return {k: types[k](v) for k, v in given.items()}


def parse(line):
    """Job and the keys given in a queue line."""
    name, *words = line.split()
    given = pairs_of(words, name)
    return Job(name, **given), set(given)


def read_queue(path):
    """Job lines of a queue file: comments dropped, '@' lines written into the lines below them."""
    common, lines = [], []
    with open(path) as f:
        for q in (q.split('#')[0].strip() for q in f):
            if q.startswith('@'):
                common = q[1:].split()
            elif q:
                own = {w.split('=')[0] for w in q.split()[1:]}
                lines.append(' '.join([q, *(w for w in common if w.split('=')[0] not in own)]) if q != 'STOP' else q)
    return lines


class HeldAtom:
    """Constraint: coordinates of one atom do not move against the mean of all others, as for a point on a hop path."""

    def __init__(self, index, axes):
        self.index, self.axes = index, ['xyz'.index(q) for q in axes]

    def _held(self, moves):
        """Moves (or forces) without those of the held coordinates and without the mean of the other atoms along them."""
        others = [i for i in range(len(moves)) if i != self.index]
        for axis in self.axes:
            moves[self.index, axis] = 0.0
            moves[others, axis] -= moves[others, axis].mean()

    def adjust_positions(self, atoms, new):
        """Called by ASE with the positions to be set."""
        moves = new - atoms.positions
        self._held(moves)
        new[:] = atoms.positions + moves

    def adjust_forces(self, atoms, forces):
        """Called by ASE with the forces that an optimiser sees."""
        self._held(forces)

    def get_removed_dof(self, atoms):
        """Degrees of freedom taken out."""
        return 2 * len(self.axes)


class ClimbingAtom:
    """Constraint: turns the force around along one way of one atom against all others, so that a minimiser climbs to a saddle.

    The force is reflected in the space of all atoms, which keeps its length: where it vanishes is a stationary point.
    """

    def __init__(self, index, way, atoms):
        self.mode = np.full((atoms, 3), -np.asarray(way, float) / (atoms - 1))
        self.mode[index] = way
        self.mode /= np.linalg.norm(self.mode)

    def adjust_positions(self, atoms, new):
        """Called by ASE; nothing is held."""

    def adjust_forces(self, atoms, forces):
        """Called by ASE with the forces that an optimiser sees."""
        forces -= 2 * (forces * self.mode).sum() * self.mode

    def get_removed_dof(self, atoms):
        """Degrees of freedom taken out."""
        return 0


def last_lithium(atoms):
    """Index of the lithium atom that `hold` and `climb` speak of."""
    return [i for i, s in enumerate(atoms.symbols) if s == 'Li'][-1]


def way_between(one, two):
    """Shortest displacement of every atom of one frame to its partner (nearest of its element) in another of the same cell."""
    if sorted(one.numbers) != sorted(two.numbers) or abs(one.cell.array - two.cell.array).max() > 1e-3:
        raise ValueError(f'{one.info.get("name")}, {two.info.get("name")}: atoms or cells differ')
    ways = np.array([find_mic(two.positions - p, one.cell, pbc=True)[0] for p in one.positions])
    cost = np.linalg.norm(ways, axis=2) + 1e3 * (one.numbers[:, None] != two.numbers[None])
    return ways[linear_sum_assignment(cost**2)]


def lithium_per_metal(job, atoms):
    """x of a structure."""
    symbols = list(atoms.symbols)
    return symbols.count('Li') / max(symbols.count(job.host.metal), 1)


def _generated(job, given, find_frame):
    """Geometry of the generator, or of `start` with the atoms of the generator."""
    x = len(job.sites) / structures.metals(job.host, job.stack)
    common = job.host.common_cell(x)
    job.a, job.d, job.h = (q or c for q, c in zip((job.a, job.d, job.h), common))
    at = structures.generate(job.host, job.stack, job.sites, job.a, job.d, job.h)
    if job.start:
        source = find_frame(job.start)
        if list(source.numbers) != list(at.numbers):
            raise ValueError(f'{job.name}: atoms differ from those of {job.start}')
        if not job.fixed_cell(given):
            at.set_cell(source.cell)
        own = at.get_scaled_positions()[-1]
        at.set_scaled_positions(source.get_scaled_positions(wrap=False))
        if job.sites and job.sites[-1] not in structures.LI_SITES:     # on a hop path: only the host is that of `start`
            at.positions[-1] = own @ at.cell.array
    elif len(set(job.host.valences(at.symbols))) == 2 and list(at.symbols).count(job.host.metal) == 2 and job.spin:
        structures.breathe(at, -job.breath if job.order else job.breath, job.host.metal, job.host.anion)
    return at


def _from_frame(job, find_frame):
    """A frame as it is, or strained from the prim cell to the common cell of its composition (stacking axis z)."""
    names = job.start.split(',')
    at = structures.bare(find_frame(names[0]))
    if job.between:
        way = way_between(at, find_frame(names[1]))
        at.positions += job.between * way
        if job.climb:
            at.set_constraint(ClimbingAtom(last_lithium(at), way[last_lithium(at)], len(at)))
    if job.strain:
        a, d, _ = job.host.common_cell(lithium_per_metal(job, at))
        job.a, job.d = job.a or a, job.d or d
        scale = np.diag([job.a / job.host.prim['a_A']] * 2 + [job.d / job.host.prim['d_A']])
        at.set_cell(at.cell.array @ scale, scale_atoms=True)
    return at


def build(job, given, find_frame):
    """Start geometry with start moments; sets job.k.  find_frame(name) returns an earlier frame."""
    at = _generated(job, given, find_frame) if job.stack else _from_frame(job, find_frame)
    if job.symmetrise:
        print(f'   {job.name}: symmetrised, largest shift {structures.symmetrise(at, job.symmetrise):.5f} A')
    job.k = job.k or ','.join(str(q) for q in job.host.kpts(at.cell.array))
    if job.hold:
        at.set_constraint(HeldAtom(last_lithium(at), job.hold))
    if job.spin:
        m = np.zeros(len(at))
        m[[s == job.host.metal for s in at.symbols]] = job.moments(at.symbols)
        at.set_initial_magnetic_moments(m)
    return at
