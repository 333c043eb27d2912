import unittest

from calendars import is_leap_year


class LeapYearTest(unittest.TestCase):
    def test_usual_years(self):
        self.assertTrue(is_leap_year(2024))
        self.assertFalse(is_leap_year(2023))

    def test_centuries(self):
        self.assertFalse(is_leap_year(1900))


if __name__ == "__main__":
    unittest.main()
