import unittest

from points import Point


class PointTest(unittest.TestCase):
    def test_points(self):
        self.assertEqual(Point(3, 4).length(), 5)
        self.assertEqual(Point(1), Point(1, 0.0))


if __name__ == "__main__":
    unittest.main()
