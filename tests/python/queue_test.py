"""workflows/dft without a DFT code: systems, queue lines, stackings, checks, inputs and outputs of VASP and Quantum ESPRESSO."""
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'workflows' / 'dft'))
try:
    import numpy as np
    from ase import Atoms
    from ase.calculators.calculator import Calculator
    from ase.io import read, write
    from ase.neighborlist import neighbor_list
    from ase.optimize import BFGS

    import checks
    import inputs
    import jobs
    import outputs
    import structures
    from system import FOLDER, load_system
except ImportError as missing:
    raise unittest.SkipTest(f'{missing}: Debian packages python3-numpy python3-ase')

HERE = Path(__file__).resolve().parent
VCL3, LCO = load_system('LixVCl3'), load_system('LixCoO2')


class Systems(unittest.TestCase):
    def test_every_shipped_system_can_be_read(self):
        for path in FOLDER.glob('*.toml'):
            self.assertEqual(load_system(path.stem).name, path.stem)

    def test_unknown_keys_and_systems_are_refused(self):
        with tempfile.NamedTemporaryFile('w', suffix='.toml', delete=False) as f:
            f.write((FOLDER / 'LixCoO2.toml').read_text().replace('ecut_eV', 'encut_eV'))
        with self.assertRaisesRegex(ValueError, 'encut_eV'):
            load_system(f.name)
        os.unlink(f.name)
        with self.assertRaisesRegex(ValueError, 'LixVCl3'):
            load_system('LixVCl')

    def test_valences_follow_from_the_charge_balance(self):
        self.assertEqual(VCL3.valences(['V', 'V'] + ['Cl'] * 6), [3, 3])
        self.assertEqual(VCL3.valences(['V', 'V', 'Li'] + ['Cl'] * 6, order=1), [3, 2])
        self.assertEqual(VCL3.moments(['V', 'V', 'Li'] + ['Cl'] * 6), [3.0, 2.0])
        self.assertEqual(LCO.valences(['Co', 'O', 'O', 'Li']), [3])

    def test_the_mesh_is_the_coarsest_that_keeps_the_spacing(self):
        for length in (2.8, 5.6, 14.0):
            n, spacing = LCO.kpts(np.diag([length] * 3))[0], LCO.dft['kspacing_per_A']
            self.assertLessEqual(2 * np.pi / length / n, spacing + 0.01)
            self.assertTrue(n == 1 or 2 * np.pi / length / (n - 1) > spacing)


class Queue(unittest.TestCase):
    def lines(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, 'queue.txt')
            path.write_text(text)
            return jobs.read_queue(path)

    def test_common_keys_hold_until_changed_and_own_keys_win(self):
        lines = self.lines('@ system=LixCoO2 steps=0\na stack=O3 # text\nb stack=O1 steps=3\n@\nc stack=O1\nSTOP\n')
        self.assertEqual(lines[0].split(), ['a', 'stack=O3', 'system=LixCoO2', 'steps=0'])
        self.assertEqual(jobs.parse(lines[1])[0].steps, 3)
        self.assertEqual(lines[2:], ['c stack=O1', 'STOP'])

    def test_the_shipped_queues_can_be_read(self):
        for path in (ROOT / 'workflows' / 'dft').glob('*.txt'):
            for line in jobs.read_queue(path):
                jobs.parse(line)

    def test_unknown_keys_sites_and_stacks_are_refused(self):
        for line in ('a system=LixVCl3 stak=O3', 'a system=LixVCl3', 'a system=LixVCl3 stack=O3 role=best'):
            with self.assertRaises(ValueError):
                jobs.parse(line)
        for line in ('a system=LixVCl3 stack=O2', 'a system=LixVCl3 stack=O3 li=7', 'a system=LixCoO2 stack=O3 li=1',
                     'a system=LiMn2O4 stack=O3'):
            job, given = jobs.parse(line)
            with self.assertRaises(ValueError):
                jobs.build(job, given, None)

    def test_the_system_fills_what_the_line_leaves_out(self):
        job, given = jobs.parse('a system=LixVCl3 stack=O3 li=0 order=1 ecut=500')
        at = jobs.build(job, given, None)
        self.assertEqual((job.U, job.ecut, job.k, job.kpts), (3.25, 500.0, '2,2,2', (2, 2, 2)))
        self.assertEqual(list(at.get_initial_magnetic_moments()[:2]), [2.0, 3.0])
        self.assertAlmostEqual(at.cell.array[2][2], 5.85)

    def test_a_frame_is_strained_to_the_common_cell(self):
        prim = structures.oxide('O3', a=2.816, d=4.684, h=1.02, li=['0'])
        del prim[[i for i, s in enumerate(prim.symbols) if s == 'Li']]
        job, given = jobs.parse('a system=LixCoO2 start=p strain=1')
        at = jobs.build(job, given, lambda name: prim)
        self.assertAlmostEqual(at.cell.array[2][2], LCO.common_cell(0.0)[1])
        self.assertEqual(job.stacking, 'O3')

    def test_the_stacking_of_a_start_frame_can_be_named(self):
        self.assertEqual(jobs.parse('a system=LixVCl3 start=p drawn=O1-R3')[0].stacking, 'O1-R3')
        self.assertEqual(jobs.parse('a system=LixVCl3 start=p')[0].stacking, 'frame')

    def test_a_job_between_two_frames_starts_on_the_shortest_way(self):
        one, two = (structures.honeycomb('O3', a=6.126, d=5.85, h=1.40, li=(q,)) for q in ('0', 't0'))
        job, given = jobs.parse('a system=LixVCl3 start=p,q between=0.25 climb=1 drawn=O3')
        at = jobs.build(job, given, {'p': one, 'q': two}.get)
        way = jobs.way_between(one, two)[-1]
        self.assertAlmostEqual(float(np.hypot(*way[:2])), 6.126 / 3)
        self.assertTrue(np.allclose(at.positions[-1], one.positions[-1] + 0.25 * way))
        self.assertTrue(np.allclose(jobs.way_between(one, two[::-1])[-1], way))                  # any order of the atoms
        for line in ('a system=LixVCl3 start=p between=0.5', 'a system=LixVCl3 start=p,q', 'a system=LixVCl3 start=p climb=1'):
            with self.assertRaises(ValueError):
                jobs.parse(line)
        with self.assertRaises(ValueError):
            jobs.way_between(one, structures.honeycomb('O3', li=('0',)))

    def test_climbing_ends_on_the_saddle_of_a_known_surface(self):
        class DoubleWell(Calculator):                    # wells at a distance of +-1 along x, saddle of height 1 at zero
            implemented_properties = ['energy', 'forces']

            def calculate(self, *args):
                super().calculate(*args)
                one, two = self.atoms.positions
                x, y, z = one - two
                pull = np.array([-4 * x * (x * x - 1), -8 * y, -8 * z])
                self.results = dict(energy=(x * x - 1)**2 + 4 * y * y + 4 * z * z + (two @ two) / 2, forces=np.array([pull, -pull - two]))

        at = Atoms('LiH', positions=[[0.4, 0.2, -0.1], [0.3, 0.1, 0.0]])
        at.calc = DoubleWell()
        at.set_constraint(jobs.ClimbingAtom(0, [1.0, 0.0, 0.0], 2))
        BFGS(at, logfile=None, alpha=10).run(fmax=1e-3, steps=200)
        self.assertLess(np.abs(at.positions).max(), 1e-2)
        self.assertAlmostEqual(at.get_potential_energy(), 1.0, places=3)

    def test_a_path_lithium_stands_in_the_host_of_the_start_frame(self):
        start = structures.honeycomb('O3', a=6.126, d=5.85, h=1.40, li=('0',))
        start.positions[2] += [0.0, 0.1, 0.0]
        at = jobs.build(*jobs.parse('a system=LixVCl3 stack=O3 li=t0 start=p'), lambda name: start)
        ideal = structures.honeycomb('O3', a=6.126, d=5.85, h=1.40, li=('t0',))
        self.assertTrue(np.allclose(at.positions[:-1], start.positions[:-1]) and np.allclose(at.positions[-1], ideal.positions[-1]))

    def test_a_held_lithium_stays_against_the_mean_of_the_others(self):
        job, given = jobs.parse('a system=LixVCl3 stack=O3 li=t0 hold=xy')
        at = jobs.build(job, given, None)
        before = at.positions.copy()
        at.set_positions(before + np.random.default_rng(1).normal(size=(len(at), 3)))
        moved = at.positions - before
        self.assertTrue(np.allclose(moved[-1, :2], 0.0) and np.allclose(moved[:-1, :2].mean(axis=0), 0.0))
        self.assertNotAlmostEqual(moved[-1, 2], 0.0)
        with self.assertRaises(ValueError):
            jobs.parse('a system=LixVCl3 stack=O3 li=t0 hold=z')


class Stackings(unittest.TestCase):
    def nearest(self, stack, site):
        at = structures.honeycomb(stack, a=6.126, d=5.85, h=1.40, li=(site,))
        distances = at.get_distances(len(at) - 1, range(len(at) - 1), mic=True)
        return sorted((round(float(q), 2), s) for q, s in zip(distances, at.symbols[:-1]))

    def test_points_on_hop_paths_of_the_halide(self):
        self.assertEqual([s for _, s in self.nearest('O3', 't0')[:4]], ['Cl'] * 4)
        self.assertEqual([self.nearest('O3', t)[0] for t in ('t1', 't2')], [(2.16, 'V')] * 2)
        self.assertEqual({d for d, _ in self.nearest('O3', 'f0')[:3]}, {2.07, 2.14})
        self.assertEqual({d for d, _ in self.nearest('O1-AAA', 'gv')[:3]}, {2.04})
        for stack in ('O1-R3', 'O1-AAA'):
            self.assertEqual([d for d, _ in self.nearest(stack, 't')[:4]], [2.18, 2.18, 2.18, 2.29])
            self.assertGreater(self.nearest(stack, 't')[4][0], 2.9)

    def coordination(self, at, symbol):
        i, j = neighbor_list('ij', at, 2.6)
        pairs = [(at.symbols[a], at.symbols[b]) for a, b in zip(i, j)]
        return sum(p == (symbol, 'O') for p in pairs) / list(at.symbols).count(symbol)

    def test_metal_and_lithium_are_octahedral_in_every_oxide_stacking(self):
        for stack, li in (('O1', '0'), ('O3', '0'), ('H1-3', '0'), ('H1-3', '1')):
            at = structures.generate(LCO, stack, [li], *LCO.common_cell(1.0))
            self.assertEqual((self.coordination(at, 'Co'), self.coordination(at, 'Li')), (6, 6), stack)

    def test_lithium_shares_faces_with_the_metal_in_o1_only(self):
        nearest = {}
        for stack in ('O1', 'O3'):
            at = structures.generate(LCO, stack, ['0'], *LCO.common_cell(1.0))
            nearest[stack] = min(neighbor_list('d', at, {('Co', 'Li'): 3.2}))
        self.assertAlmostEqual(nearest['O1'], 4.684 / 2)
        self.assertGreater(nearest['O3'], 2.8)

    def test_distinct_decorations_of_the_halide(self):
        try:
            import spglib  # noqa: F401
        except ImportError:
            self.skipTest('python3-spglib')
        self.assertEqual([len(structures.distinct('O3', n)) for n in range(4)], [1, 4, 4, 3])


class Checks(unittest.TestCase):
    def result(self, **changes):
        r = dict(name='a', converged=True, U=3.25, gap_eV=1.2, magmom=5.0, magmoms=[2.7, 1.95] + [0.0] * 7,
                 symbols=['V', 'V'] + ['Cl'] * 6 + ['Li'], params=dict(system='LixVCl3', stack='O3', ecut='400.0'), e_dft=-40.0, e_d3=-2.0)
        return {**r, **changes}

    def test_a_right_state_has_no_flags(self):
        self.assertEqual(checks.flags(self.result()), [])

    def test_gap_moments_and_total_moment_are_checked(self):
        self.assertEqual(checks.flags(self.result(gap_eV=0.1)), ['small gap'])
        self.assertEqual(checks.flags(self.result(magmoms=[2.3, 2.4] + [0.0] * 7)), ['V moments not those of the valences'])
        self.assertEqual(checks.flags(self.result(magmom=4.7)), ['total moment not an integer'])

    def test_a_metal_is_expected_between_the_ends_of_the_oxide(self):
        metal = dict(U=0.0, gap_eV=-0.2, magmom=0.0, magmoms=[0.0] * 3, params=dict(system='LixCoO2', stack='O3', spin='0', ecut='600.0'))
        self.assertEqual(checks.flags(self.result(symbols=['Co', 'O', 'O'], **metal)), [])
        self.assertEqual(checks.flags(self.result(symbols=['Co', 'O', 'O', 'Li'], **metal)), ['small gap'])

    def test_an_energy_far_above_its_composition_is_named(self):
        found = [self.result(), self.result(name='b', e_dft=-38.5), self.result(name='c', e_dft=-39.9)]
        self.assertEqual(checks.high_energies(found), {'b'})


class OtherCodes(unittest.TestCase):
    """The outputs in inputs/ are short synthetic ones, written for these tests: no calculation stands behind them."""

    def written(self, code, folder, line='a system=LixVCl3 stack=O1-R3 li=0 cell=1'):
        job, given = jobs.parse(line)
        at = jobs.build(job, given, None)
        getattr(inputs, 'write_' + code)(job, at, folder)
        return job, at

    def test_vasp_inputs_carry_moments_u_and_mesh_in_the_order_of_poscar(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.written('vasp', folder)
            incar, at = (folder / 'INCAR').read_text(), read(folder / 'POSCAR', format='vasp')
            self.assertEqual(list(at.symbols), ['Cl'] * 6 + ['Li'] + ['V'] * 2)
            for text in ('LDAUU = 0.000 0.000 3.250', 'MAGMOM = 7*0.0000 1*3.0000 1*2.0000', 'ISIF = 3', 'IVDW = 12'):
                self.assertIn(text, incar)
            self.assertIn('2 2 2', (folder / 'KPOINTS').read_text())
            self.assertEqual((folder / 'POTCAR.spec').read_text().split(), ['Cl', 'Li_sv', 'V_pv'])

    def test_espresso_inputs_give_each_moment_a_species_and_each_metal_species_a_u(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            _, at = self.written('espresso', folder)
            text = (folder / 'pw.in').read_text()
            for part in ('Hubbard_U(1)     = 3.25', 'Hubbard_U(2)     = 3.25', 'nspin            = 2', "calculation      = 'vc-relax'"):
                self.assertIn(part, text)
            self.assertNotIn('Hubbard_U(3)', text)
            again = read(folder / 'pw.in', format='espresso-in')
            self.assertTrue(np.allclose(again.positions, at.positions, atol=1e-8))

    def folder_with(self, base, name, code, source, target):
        folder = Path(base, name)
        folder.mkdir()
        settings = dict(name=name, system='LixVCl3', code=code, U='3.25', k='2,2,2', ecut='520', stack='O3', role='', strain='0')
        (folder / 'job.json').write_text(json.dumps(settings))
        (folder / target).write_text((HERE / 'inputs' / source).read_text())
        return folder

    def test_outputs_of_the_three_codes_become_frames(self):
        with tempfile.TemporaryDirectory() as base:
            self.folder_with(base, 'v', 'vasp', 'synthetic_vasprun.xml', 'vasprun.xml')
            self.folder_with(base, 'q', 'espresso', 'synthetic_pw.out', 'pw.out')
            at = Atoms('Li', cell=[3, 3, 3], pbc=True)
            at.info.update(name='g', energy_d3=-0.1)
            write(Path(base, 'g.xyz'), at, format='extxyz')
            Path(base, 'g.json').write_text(json.dumps(dict(name='g', converged=True)))
            found, left = outputs.collect(base)
        self.assertEqual(left, [])
        frames = {f.info['name']: f for f in found}
        self.assertEqual(set(frames), {'v', 'q', 'g'})
        self.assertAlmostEqual(frames['v'].get_potential_energy(), -10.25)
        self.assertAlmostEqual(frames['v'].info['fmax_dft_d3'], 0.05)
        self.assertAlmostEqual(frames['q'].get_potential_energy(), -15.85 * 13.605693, places=3)

    def test_an_unconverged_or_cut_off_output_is_left_out_by_name(self):
        with tempfile.TemporaryDirectory() as base:
            folder = self.folder_with(base, 'q', 'espresso', 'synthetic_pw.out', 'pw.out')
            text = (folder / 'pw.out').read_text()
            (folder / 'pw.out').write_text(text.replace('JOB DONE.', ''))
            self.assertEqual(outputs.collect(base), ([], [('q', 'not finished')]))
            (folder / 'pw.out').write_text(text + 'convergence NOT achieved after 100 iterations')
            self.assertEqual(outputs.collect(base)[1], [('q', 'electronic steps not converged')])
            self.folder_with(base, 'v', 'vasp', 'synthetic_vasprun.xml', 'wrong_name.xml')
            self.assertIn(('v', 'no vasprun.xml or OUTCAR'), outputs.collect(base)[1])


if __name__ == '__main__':
    unittest.main()
