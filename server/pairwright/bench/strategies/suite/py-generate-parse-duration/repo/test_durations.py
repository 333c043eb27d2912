import unittest

from durations import parse_duration


class DurationTest(unittest.TestCase):
    def test_durations(self):
        self.assertEqual(parse_duration("90s"), 90)
        self.assertEqual(parse_duration("1h30m"), 5400)

    def test_nonsense(self):
        with self.assertRaises(ValueError):
            parse_duration("soon")


if __name__ == "__main__":
    unittest.main()
