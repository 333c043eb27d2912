import unittest

from matrices import identity, multiply, transpose


class MatrixTest(unittest.TestCase):
    def test_transpose(self):
        self.assertEqual(transpose([[1, 2], [3, 4]]), [[1, 3], [2, 4]])

    def test_identity(self):
        self.assertEqual(multiply([[1, 2], [3, 4]], identity(2)), [[1, 2], [3, 4]])


if __name__ == "__main__":
    unittest.main()
