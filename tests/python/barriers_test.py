"""workflows/dft/barriers.py: barriers from invented frames, and the shipped tables against the shipped frames."""
import csv
import io
import re
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'workflows' / 'dft'))
try:
    from ase import Atoms
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.io import write

    import barriers
except ImportError as missing:
    raise unittest.SkipTest(f'{missing}: Debian packages python3-numpy python3-ase')


def frame(name, energy, fmax=0.05, length=5.0, **info):
    """Invented frame of four atoms."""
    at = Atoms('CoO2Li', positions=[[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3]], cell=[length] * 3, pbc=True)
    at.calc = SinglePointCalculator(at, energy=energy)
    at.info = dict(name=name, system='LixCoO2', stack='O3', energy_d3=-0.5, fmax_dft_d3=fmax, U=0.0, kpts='2,2,2', ecut=600.0, spin=0, **info)
    return at


class Barriers(unittest.TestCase):
    def rows(self, frames, paths):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder, 'frames.xyz'), frames, format='extxyz')
            Path(folder, 'paths.toml').write_text(paths)
            return list(csv.DictReader(io.StringIO(barriers.table(folder))))

    def of(self, top, along='"a", "top", "b"', more=''):
        path = f'[[path]]\nname = "p"\nalong = [{along}]\n{more}'
        return self.rows([frame('a', -10.0), top, frame('b', -9.8)], path)[0]

    def test_barrier_and_kinetically_resolved_barrier_of_a_saddle(self):
        row = self.of(frame('top', -9.4, climb=1))
        self.assertEqual((row['status'], row['top'], row['x']), ('saddle', 'top', '1.0'))
        self.assertEqual([row[k] for k in ('barrier_eV', 'barrier_back_eV', 'e_kra_eV')], ['0.600', '0.400', '0.500'])
        self.assertEqual(row['along'], 'a:+0.000 top:+0.600 b:+0.200')

    def test_a_held_or_unrelaxed_top_is_no_barrier(self):
        self.assertEqual(self.of(frame('top', -9.4))['status'], 'point')
        self.assertEqual(self.of(frame('top', -9.4, fmax=0.09, climb=1))['status'], 'point')
        self.assertEqual(self.of(frame('top', -9.9, climb=1))['status'], 'no top')
        self.assertEqual(self.of(frame('top', -9.4), more='band = true\n')['status'], 'band')

    def test_a_saddle_that_symmetry_holds_is_named(self):
        self.assertEqual(self.of(frame('top', -9.4), more='symmetric = ["top"]\n')['status'], 'saddle')

    def test_frames_of_other_cells_or_settings_and_missing_ones_are_refused(self):
        with self.assertRaisesRegex(ValueError, 'cell of top'):
            self.of(frame('top', -9.4, length=5.1, climb=1))
        with self.assertRaisesRegex(ValueError, 'width of top'):
            self.rows([frame('a', -10.0, width=0.1), frame('top', -9.4, width=0.2)], '[[path]]\nname = "p"\nalong = ["a", "top"]\n')
        with self.assertRaisesRegex(ValueError, 'no frames'):
            self.of(frame('top', -9.4), along='"a", "other", "b"')

    def test_the_shipped_tables_follow_from_the_frames(self):
        for path in sorted((ROOT / 'potentials').glob('*/training/paths.toml')):
            self.assertEqual(barriers.table(path.parent), (path.parent / 'barriers.csv').read_text(), path.parent)

    def test_barriers_of_shipped_models_are_those_of_the_tables(self):
        for path in sorted((ROOT / 'potentials').glob('*/hops.toml')):
            for hop in tomllib.loads(path.read_text()).get('class', []):
                if hop['role'] == 'computed':
                    with (path.parent / 'training' / 'barriers.csv').open() as f:
                        known = [float(r['e_kra_eV']) for r in csv.DictReader(f) if r['status'] == 'saddle' and r['stacking'] == hop['phase']
                                 and {r['top'], r['start'], r['end']} <= set(re.findall(r'\w+', hop['source']))]
                    self.assertEqual(known, [hop['e_kra_eV']], hop['source'])


if __name__ == '__main__':
    unittest.main()
