import unittest

from roman import to_roman


class RomanTest(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(to_roman(3), "III")
        self.assertEqual(to_roman(14), "XIV")
        self.assertEqual(to_roman(1990), "MCMXC")

    def test_zero(self):
        with self.assertRaises(ValueError):
            to_roman(0)


if __name__ == "__main__":
    unittest.main()
