"""tools/learning_curve: the extrapolation."""
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / 'tools' / 'learning_curve'


def loaded():
    """The tool as a module."""
    spec = spec_from_loader('learning_curve', SourceFileLoader('learning_curve', str(TOOL)))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class LearningCurve(unittest.TestCase):
    def test_a_power_law_is_followed_to_the_goal(self):
        self.assertEqual(loaded().needed([5, 10, 20], [40.0, 20.0, 10.0], 5.01), 40)

    def test_a_curve_that_does_not_fall_gives_no_number(self):
        self.assertIsNone(loaded().needed([5, 10, 20], [10.0, 10.0, 10.5], 5.0))


if __name__ == '__main__':
    unittest.main()
