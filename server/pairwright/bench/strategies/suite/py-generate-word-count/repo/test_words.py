import unittest

from words import most_common


class MostCommonTest(unittest.TestCase):
    def test_order(self):
        self.assertEqual(most_common("b a b. C c a b", 2), [("b", 3), ("a", 2)])


if __name__ == "__main__":
    unittest.main()
