import unittest

import waves


class WaveTest(unittest.TestCase):
    def test_values(self):
        self.assertEqual(waves.frequency(2), 0.5)

    def test_docstrings(self):
        self.assertTrue(waves.frequency.__doc__)


if __name__ == "__main__":
    unittest.main()
