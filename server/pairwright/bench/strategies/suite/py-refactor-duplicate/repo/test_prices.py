import unittest

from prices import gross_price, net_price


class PriceTest(unittest.TestCase):
    def test_prices(self):
        self.assertEqual(gross_price(10), 12)
        self.assertEqual(net_price(12), 10)


if __name__ == "__main__":
    unittest.main()
