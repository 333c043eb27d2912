import unittest

from orderdesk.money import format_amount, parse_amount, percentage


class MoneyTest(unittest.TestCase):
    def test_parse_amount(self):
        self.assertEqual(parse_amount("12.50"), 1250)
        self.assertEqual(parse_amount(" $3 "), 300)

    def test_format_amount(self):
        self.assertEqual(format_amount(1250), "$12.50")
        self.assertEqual(format_amount(7), "$0.07")

    def test_percentage_rounds_half_up(self):
        self.assertEqual(percentage(250, 15), 38)
        self.assertEqual(percentage(1000, 20), 200)

    def test_parse_thousands_separators(self):
        self.assertEqual(parse_amount("$1,250.00"), 125000)
