import unittest

from timing import measured


class MeasuredTest(unittest.TestCase):
    def test_seconds(self):
        times = iter([10, 13])
        log = []
        with measured(log, lambda: next(times)):
            pass
        self.assertEqual(log, [3])


if __name__ == "__main__":
    unittest.main()
