"""tools/dft_summary: what is counted, what is null, on small invented sets."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = {'LixVCl3', 'LixVBr3', 'LixVI3', 'LixCoO2', 'Li2MnO3', 'LiFePO4', 'LiMn2O4', 'LiNiO2'}


def frame(name, n_li, energy, role='main', fmax=0.02, stack='O3', metal='Co', ecut=600.0):
    """Extended XYZ text of an invented frame."""
    atoms = [metal] * bool(metal) + ['Li'] * n_li
    head = (f'Lattice="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3 name={name} energy={energy} energy_d3=-0.5 stack={stack} '
            f'fmax_dft_d3={fmax} role={role} ecut={ecut} scf_converged=T')
    return f'{len(atoms)}\n{head}\n' + ''.join(f'{s} 0.0 0.0 0.0\n' for s in atoms)


def summary(text, failed='', extra=None):
    """Entries of the program for a folder that holds one LixCoO2 set."""
    with tempfile.TemporaryDirectory() as folder:
        training = Path(folder, 'potentials', 'LixCoO2', 'training')
        training.mkdir(parents=True)
        (training / 'frames.xyz').write_text(text)
        if failed:
            (training / 'frames_failed.csv').write_text(failed)
        for name, content in (extra or {}).items():
            (training.parent / name).write_text(content)
        out = Path(folder, 'out.json')
        subprocess.run([sys.executable, '-B', ROOT / 'tools' / 'dft_summary', '--root', folder, '--json', out], check=True, capture_output=True)
        return json.loads(out.read_text())


LITHIUM = frame('Li', 1, -1.5, role='reference', stack='bcc', metal='')
ENDS = frame('empty', 0, -10.0) + frame('full', 1, -15.5)


class Summary(unittest.TestCase):
    def of(self, entries, stacking='O3'):
        return next(e for e in entries if e['system'] == 'LixCoO2' and e['stacking'] == stacking)

    def test_the_voltage_is_the_energy_difference_against_lithium(self):
        e = self.of(summary(ENDS + LITHIUM))
        self.assertAlmostEqual(e['average_voltage_V'], 5.5 - 2.0)

    def test_without_lithium_the_voltage_is_null_with_a_reason(self):
        e = self.of(summary(ENDS))
        self.assertIsNone(e['average_voltage_V'])
        self.assertIn('Li metal', e['reasons']['average_voltage_V'])

    def test_lithium_of_another_cut_off_is_refused(self):
        e = self.of(summary(ENDS + LITHIUM.replace('ecut=600.0', 'ecut=400.0')))
        self.assertIsNone(e['average_voltage_V'])

    def test_large_forces_and_suspect_frames_are_unconverged(self):
        e = self.of(summary(ENDS + frame('rough', 1, -15.0, fmax=0.09) + frame('wrong', 1, -15.0, role='suspect')))
        self.assertEqual((e['structures'], e['unconverged']), (2, 2))

    def test_a_frame_relaxed_without_dispersion_is_judged_by_its_own_forces(self):
        e = self.of(summary(ENDS + frame('pbe', 1, -15.0, fmax=0.3).replace(' role=', ' relaxed_on=functional fmax_dft=0.05 role=')))
        self.assertEqual((e['structures'], e['unconverged']), (3, 0))

    def test_checks_and_other_cells_are_not_structures(self):
        e = self.of(summary(ENDS + frame('u', 0, -9.0, role='check') + frame('s', 0, -9.0, role='scan')))
        self.assertEqual((e['structures'], e['unconverged'], e['checks']), (2, 0, 2))

    def test_failed_jobs_are_counted_as_unconverged(self):
        e = self.of(summary(ENDS, failed='name,stack\nbroken,O3\n'))
        self.assertEqual(e['unconverged'], 1)

    def test_stackings_are_apart_and_every_system_appears(self):
        entries = summary(ENDS + frame('a', 0, -10.0, stack='O1') + frame('b', 0, -10.0, stack='H1-3'))
        self.assertEqual({e['stacking'] for e in entries if e['system'] == 'LixCoO2'}, {'O1', 'O3', 'H1-3'})
        self.assertEqual({e['system'] for e in entries}, SYSTEMS)

    def test_only_saddles_of_the_stacking_are_barriers_and_each_counts_once(self):
        table = 'stacking,status,top\nO3,saddle,s\nO3,saddle,s\nO3,point,p\nO1-R3,saddle,a\nO1-AAA,saddle,b\n'
        entries = summary(ENDS + frame('b', 0, -10.0, stack='O1-R3'), extra={'training/barriers.csv': table})
        self.assertEqual((self.of(entries)['barriers'], self.of(entries, 'O1')['barriers']), (1, 2))

    def test_pairs_of_stackings_are_judged_by_their_held_out_energies(self):
        text = ''.join(frame(n, 0, -10.0, stack=s).replace('stack=', 'li_sites=none stack=') for n, s in (('a', 'O3'), ('b', 'O1'))) + ENDS
        table = 'name,dft (eV/f.u.),held_out (eV/f.u.)\n'
        e = self.of(summary(text, extra={'fit_O3.csv': table + 'a,0.010,0.013\n', 'fit_O1.csv': table + 'b,0.020,0.021\n'}))
        self.assertAlmostEqual(e['paired_rms_meV'], 4.0)
        self.assertIsNone(self.of(summary(text))['paired_rms_meV'])

    def test_the_worst_expansion_of_a_family_is_shown(self):
        score = '{"numbers": {"cv_score_nested_eV_per_fu": %s}}'
        files = {'expansion_O1-R3.json': score % 0.014, 'expansion_O1-AAA.json': score % 0.020}
        entries = summary(ENDS + frame('b', 0, -10.0, stack='O1-R3'), extra=files)
        self.assertAlmostEqual(self.of(entries, 'O1')['cv_meV_per_fu'], 20.0)
        self.assertIsNone(self.of(entries)['cv_meV_per_fu'])

    def test_numbers_are_numbers(self):
        for e in summary(ENDS + LITHIUM):
            for key in ('structures', 'unconverged', 'barriers'):
                self.assertIsInstance(e[key], int)
            for key in ('cv_meV_per_fu', 'paired_rms_meV', 'average_voltage_V', 'experiment_V'):
                self.assertTrue(e[key] is None and e['reasons'][key] or isinstance(e[key], (int, float)))

    def test_the_shipped_sets_can_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, 'out.json')
            subprocess.run([sys.executable, '-B', ROOT / 'tools' / 'dft_summary', '--json', out], check=True, capture_output=True)
            chloride = [e for e in json.loads(out.read_text()) if e['system'] == 'LixVCl3']
        self.assertGreater(sum(e['structures'] for e in chloride), 20)


if __name__ == '__main__':
    unittest.main()
