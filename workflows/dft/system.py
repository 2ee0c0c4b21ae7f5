"""A chemical system: settings, valences, common cells and checks, read from systems/NAME.toml (eV, Angstrom, muB)."""
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent / 'systems'
DFT = dict(xc='PBE', U_eV=0.0, ecut_eV=400.0, kpts=None, kspacing_per_A=None, width_eV=0.05, spin=True, setups={},
           beta=0.05, maxiter=80)
CHECKS = dict(gap_eV=0.0, gap_valences=None, above_lowest_eV=0.5)
CELL = dict(x=[0.0], a_A=[0.0], d_A=[0.0], h_A=[0.0], stiffness_GPa=100.0)       # stiffness: first guess of a cell relaxation


def merged(where, defaults, given):
    """Defaults overwritten by the given keys; an unknown key is an error."""
    unknown = set(given) - set(defaults)
    if unknown:
        raise ValueError(f'{where}: unknown keys {sorted(unknown)}, known are {sorted(defaults)}')
    return {**defaults, **given}


@dataclass(frozen=True)
class System:
    """Settings common to all structures of a system."""
    name: str
    metal: str                          # carries the charge that lithium brings, and the Hubbard U
    anion: str
    generator: str                      # function of structures.py behind `stack`
    charges: dict                       # formal charges of the other species
    lithium: str = ''                   # file with the reference frame of Li metal
    dft: dict = field(default_factory=dict)
    valence: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)
    cell: dict = field(default_factory=dict)
    prim: dict = field(default_factory=dict)
    pseudopotentials: dict = field(default_factory=dict)       # element: UPF file of Quantum ESPRESSO
    experiment: dict = field(default_factory=dict)             # average_voltage_V, source; read by tools/dft_summary

    def common_cell(self, x):
        """a, d, h of the common cell at x lithium per metal atom: linear between the given points, constant outside."""
        return tuple(float(np.interp(x, self.cell['x'], self.cell[k])) for k in ('a_A', 'd_A', 'h_A'))

    def valences(self, symbols, order=0):
        """Integer valence of each metal atom by charge balance; the lower ones start at metal number `order`."""
        n = list(symbols).count(self.metal)
        if n == 0:
            return []
        total = -sum(self.charges[s] for s in symbols if s != self.metal)
        low, high = divmod(total, n)
        values = [low] * (n - high) + [low + 1] * high
        return [values[(i - order) % n] for i in range(n)]

    def moments(self, symbols, order=0):
        """Start moments of the metal atoms, muB."""
        return [self.of(v)['moment'] for v in self.valences(symbols, order)]

    def of(self, valence):
        """Entry of one valence."""
        if str(valence) not in self.valence:
            raise ValueError(f'{self.name}: no valence {valence} of {self.metal}, known are {sorted(self.valence)}')
        return self.valence[str(valence)]

    def kpts(self, cell):
        """Gamma-centred mesh of a cell."""
        if self.dft['kpts']:
            return tuple(self.dft['kpts'])
        b = 2 * np.pi * np.linalg.norm(np.linalg.inv(np.asarray(cell)), axis=0)
        return tuple(int(max(1, np.ceil(q / self.dft['kspacing_per_A'] - 1e-3))) for q in b)


@lru_cache(maxsize=None)
def load_system(name):
    """System of this name; a path to another TOML file works too."""
    path = Path(name) if name.endswith('.toml') else FOLDER / f'{name}.toml'
    if not path.exists():
        raise ValueError(f'no system {name}; known are {sorted(p.stem for p in FOLDER.glob("*.toml"))}')
    given = tomllib.loads(path.read_text())
    for key, defaults in (('dft', DFT), ('checks', CHECKS), ('cell', CELL)):
        given[key] = merged(f'{path.name} [{key}]', defaults, given.get(key, {}))
    if not given['dft']['kpts'] and not given['dft']['kspacing_per_A']:
        raise ValueError(f'{path.name} [dft]: kpts or kspacing_per_A is needed')
    fields = set(System.__dataclass_fields__)
    if set(given) - fields:
        raise ValueError(f'{path.name}: unknown keys {sorted(set(given) - fields)}, known are {sorted(fields)}')
    return System(**given)


def stacking_of(p):
    """Stacking of a job's settings: of the generator, as named for a start frame, of the system's frames (or its prim cell), or 'frame'."""
    system = load_system(p['system'])
    drawn = system.prim.get('stack') if str(p.get('strain', 0)) == '1' or system.generator == 'frame' else None
    return p.get('stack') or p.get('drawn') or drawn or 'frame'
