import unittest

from clamp import clamp


class ClampTest(unittest.TestCase):
    def test_bounds(self):
        self.assertEqual(clamp(-1, 0, 10), 0)
        self.assertEqual(clamp(5, 0, 10), 5)
        self.assertEqual(clamp(11, 0, 10), 10)

    def test_wrong_bounds(self):
        with self.assertRaises(ValueError):
            clamp(1, 2, 1)


if __name__ == "__main__":
    unittest.main()
