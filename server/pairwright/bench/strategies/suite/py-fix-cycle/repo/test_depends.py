import unittest

from depends import install_order


class OrderTest(unittest.TestCase):
    def test_order(self):
        self.assertEqual(install_order({"b": ["a"], "a": []}), ["a", "b"])


if __name__ == "__main__":
    unittest.main()
