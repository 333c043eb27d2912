import unittest

from cleaning import remove_negative


class CleaningTest(unittest.TestCase):
    def test_neighbours(self):
        numbers = [1, -2, -3, 4]
        remove_negative(numbers)
        self.assertEqual(numbers, [1, 4])


if __name__ == "__main__":
    unittest.main()
